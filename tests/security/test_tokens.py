"""Signed links open what they were made for, and only if we made them, in the way that we do."""

import pytest
from django.core import signing

from plan.models import Action, Subscription
from veiligalmere.editorial import preview_links
from veiligalmere.pages.following import mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def doors(jaarplan):
    """For each kind of link: its address with a place for the token, and (content, salt) of it."""
    action = Action.objects.public().first()
    follower = Subscription.objects.create(email="anna@voorbeeld.nl", frequency="meteen")
    return {
        "preview": (
            "/voorbeeld/{}/",
            (
                ["plan.action", action.pk, preview_links.last_end(action)],
                preview_links.SALT,
            ),
        ),
        "confirm": ("/volgen/bevestigen/{}/", (follower.key, mails.SALT)),
    }


def status(bezoeker, address, token):
    return bezoeker.get(address.format(token)).status_code


@pytest.mark.parametrize("kind", ["preview", "confirm"])
def test_a_token_opens_its_own_door_and_no_other(bezoeker, doors, kind):
    content, salt = doors[kind][1]
    token = signing.dumps(content, salt=salt)
    assert {name: status(bezoeker, door, token) for name, (door, _token) in doors.items()} == {
        name: 200 if name == kind else 404 for name in doors
    }


@pytest.mark.parametrize("kind", ["preview", "confirm"])
def test_a_token_of_another_key_or_method_opens_nothing(bezoeker, doors, kind):
    address, (content, salt) = doors[kind]
    others = (
        signing.TimestampSigner(key="een-andere-sleutel", salt=salt),
        signing.TimestampSigner(salt=salt, algorithm="sha1"),
    )
    for signer in others:
        assert status(bezoeker, address, signer.sign_object(content)) == 404
    unsigned = signing.TimestampSigner(salt=salt).sign_object(content).rsplit(":", 1)[0]
    assert status(bezoeker, address, unsigned) == 404
    assert status(bezoeker, address, f"{unsigned}:") == 404
