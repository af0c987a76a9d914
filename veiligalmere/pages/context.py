"""What every public page has: menu, help numbers, canonical address."""

from typing import NamedTuple

from django.conf import settings
from django.utils.encoding import escape_uri_path
from django.utils.functional import SimpleLazyObject

from veiligalmere.editorial.addresses import absolute, address
from veiligalmere.pages import records
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


def place_in_menu(path, plan):
    """Return an address of a handful under which the menu has the same mark as under `path`.

    `plan` is the current one, or None.
    """
    if path in once("menu addresses", lambda: _menu_addresses(plan)):
        return path
    section = path.split("/")[1]
    if section not in {"themas", "jaarplan", "voortgang", "werkwijzen", "cijfers"}:
        return "/-/"
    return f"/{section}/-/acties/-/" if "/acties/" in path else f"/{section}/-/"


def _menu_addresses(plan):
    names = ("home", "themes", "progress", "methods", "figures")
    addresses = {address(name) for name in names}
    return addresses | ({plan.get_absolute_url(), plan.actions_url} if plan else set())


def site(request):
    """Context processor; queries are made only by templates that use them."""
    plan = SimpleLazyObject(records.current_plan)
    return {
        "menu_themes": SimpleLazyObject(lambda: list(records.themes().values())),
        "current_plan": plan,
        "menu_path": SimpleLazyObject(lambda: place_in_menu(request.path, plan)),
        "help_numbers": HELP_NUMBERS,
        "canonical_url": absolute(escape_uri_path(request.path)),
        "site_url": settings.SITE_URL,
        "search_url": address("search"),
        "search_param": "zoek",
        "contact_email": settings.CONTACT_EMAIL,
        "preview": getattr(request, "preview", None),
        "demo": settings.DEMO,
    }
