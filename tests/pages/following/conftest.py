"""Someone who follows, over HTTP as a browser does it."""

import re

import pytest

from plan.models import Subscription

FORM = "/volgen/"
OURS = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
ADDRESS = "anna@voorbeeld.nl"
LINK = re.compile(r"http://\S+?(/volgen/\S+)")


@pytest.fixture(autouse=True)
def can_mail(settings):
    """A site that sends mail; the tests read it in `mailoutbox`."""
    settings.MAIL_IS_SENT = True
    settings.SITE_URL = "http://testserver"


@pytest.fixture
def ask(bezoeker):
    """A function that sends the form as our own page does; its arguments replace what is sent."""

    def send(headers=OURS, **changes):
        fields = {"wat": "thema/veilige-wijken", "hoe-vaak": "meteen", "mailadres": ADDRESS}
        fields |= {name.replace("_", "-"): value for name, value in changes.items()}
        return bezoeker.post(FORM, {"website": "", **fields}, headers=headers)

    return send


@pytest.fixture
def follow(ask, bezoeker, mailoutbox):
    """A function that follows something, confirmed; it returns the subscription."""

    def confirmed(**changes):
        ask(**changes)
        link = links_in(mailoutbox.pop())[0]
        bezoeker.post(link)
        return Subscription.objects.confirmed().order_by("-pk").first()

    return confirmed


def links_in(mail):
    """Return the paths of this feature that `mail` links to, in order."""
    return LINK.findall(mail.body)
