"""What every public page has: menu, help numbers, canonical address."""

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.functional import SimpleLazyObject

from plan.models import AnnualPlan
from themes.models import Theme
from veiligalmere.pages.once import once


class HelpNumber(NamedTuple):
    """A telephone number that a visitor of a safety site expects.

    `number` is as it is written, `tel` as a telephone link dials it, `source` the official page.
    """

    label: str
    number: str
    tel: str
    when: str
    source: str


HELP_NUMBERS = (
    HelpNumber("Spoed", "112", "112", "Bij direct gevaar", "https://www.112.nl/"),
    HelpNumber(
        "Politie", "0900-8844", "09008844", "Als er geen spoed is", "https://www.politie.nl/"
    ),
    HelpNumber(
        "Meld Misdaad Anoniem",
        "0800-7000",
        "08007000",
        "Gratis, zonder uw naam te noemen",
        "https://www.meldmisdaadanoniem.nl/",
    ),
    HelpNumber(
        "Gemeente Almere",
        "14 036",
        "14036",
        "Voor vragen en meldingen",
        "https://www.almere.nl/",
    ),
)


def absolute(address):
    """Return `address`, a path on this site, with the scheme and host visitors use."""
    return f"{settings.SITE_URL}{address}"


def site(request):
    """Context processor; queries are made only by templates that use them."""
    return {
        "menu_themes": SimpleLazyObject(
            lambda: once(request, "menu_themes", lambda: list(Theme.objects.public()))
        ),
        "current_plan": SimpleLazyObject(
            lambda: once(request, "current_plan", AnnualPlan.objects.current)
        ),
        "help_numbers": HELP_NUMBERS,
        "canonical_url": absolute(escape_uri_path(request.path)),
        "site_url": settings.SITE_URL,
        "search_url": reverse("search"),
        "search_param": "zoek",
        "contact_email": settings.CONTACT_EMAIL,
        "preview": getattr(request, "preview", None),
        "debug": settings.DEBUG,
        "demo": settings.DEMO,
    }
