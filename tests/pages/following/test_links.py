"""The links in the mails: what they may, when they end, and that nobody else learns them."""

import time

import pytest
from django.core import signing

from plan.models import Subscription
from tests.pages.following.conftest import ADDRESS, links_in
from themes.models import Theme
from veiligalmere.editorial.publish import withdraw
from veiligalmere.observation.formatting import without_secrets
from veiligalmere.pages.following import mails

pytestmark = pytest.mark.django_db


def test_the_link_to_confirm_expires(ask, bezoeker, mailoutbox, monkeypatch):
    ask()
    link = links_in(mailoutbox[0])[0]
    later = time.time() + mails.DAYS * 24 * 60 * 60 + 60
    monkeypatch.setattr(signing.time, "time", lambda: later)
    for answer in (bezoeker.get(link), bezoeker.post(link)):
        assert answer.status_code == 404
        assert "Deze link werkt niet meer" in answer.content.decode()
    assert not Subscription.objects.confirmed().exists()


@pytest.mark.parametrize("path", ["bevestigen", "stoppen", "instellen"])
@pytest.mark.parametrize("key", ["x", "%00", "a" * 3000, "../..", "%ff"])
def test_a_false_link_is_refused(bezoeker, jaarplan, path, key):
    answer = bezoeker.get(f"/volgen/{path}/{key}/")
    assert answer.status_code in {400, 404}


def test_one_click_in_a_mail_program_ends_it_and_erases_the_address(follow, bezoeker):
    subscription = follow()
    answer = bezoeker.post(
        f"/volgen/stoppen/{subscription.key}/", {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    assert "Uw mailadres is hiervoor gewist" in answer.content.decode()
    assert not Subscription.objects.filter(email=ADDRESS).exists()
    again = bezoeker.post(f"/volgen/stoppen/{subscription.key}/")
    assert again.status_code == 200


def test_opening_the_link_to_stop_only_asks(follow, bezoeker):
    subscription = follow()
    answer = bezoeker.get(f"/volgen/stoppen/{subscription.key}/")
    assert "Ja, stop deze mails" in answer.content.decode()
    assert Subscription.objects.exists()


def test_all_that_one_address_follows_is_changed_on_one_page(follow, bezoeker):
    theme, subtopic = follow(), follow(wat="onderwerp/woninginbraken")
    other = follow(mailadres="bram@voorbeeld.nl")
    page = f"/volgen/instellen/{theme.key}/"
    text = bezoeker.get(page).content.decode()
    assert "Woninginbraken" in text
    assert ADDRESS not in text, "a forwarded mail tells nobody the address"
    given = {
        f"hoe-vaak-{theme.pk}": "wekelijks",
        f"stop-{subtopic.pk}": "on",
        f"hoe-vaak-{other.pk}": "wekelijks",
        f"stop-{other.pk}": "on",
    }
    answer = bezoeker.post(page, given, follow=True)
    assert "Opgeslagen" in answer.content.decode()
    left = dict(Subscription.objects.values_list("pk", "frequency"))
    assert left == {theme.pk: "wekelijks", other.pk: "meteen"}
    answer = bezoeker.post(page, {"alles-stoppen": ""})
    assert "U krijgt deze mails niet meer" in answer.content.decode()
    assert not Subscription.objects.filter(email=ADDRESS).exists()


def test_strange_input_changes_nothing(follow, bezoeker):
    one = follow()
    bezoeker.post(f"/volgen/instellen/{one.key}/", {f"hoe-vaak-{one.pk}": "elk-uur"})
    one.refresh_from_db()
    assert one.frequency == "meteen"


def test_pages_with_a_key_are_kept_and_told_nowhere(ask, follow, bezoeker, mailoutbox):
    one = follow()
    ask(mailadres="bram@voorbeeld.nl")
    confirm = links_in(mailoutbox[0])[0]
    for page in (confirm, f"/volgen/stoppen/{one.key}/", f"/volgen/instellen/{one.key}/"):
        answer = bezoeker.get(page)
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert page.split("/")[-2] not in without_secrets(page), "nor does the log have it"


def test_what_was_withdrawn_can_still_be_stopped(follow, bezoeker):
    one = follow()
    withdraw(Theme.objects.get(slug="veilige-wijken"), by=None, note="Weg")
    assert bezoeker.get(f"/volgen/instellen/{one.key}/").status_code == 200
    assert bezoeker.post(f"/volgen/stoppen/{one.key}/").status_code == 200
    assert not Subscription.objects.exists()
