"""A draft that waited for its moment, or for a judgement, and is written on after all."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from plan.models import Action
from tests.tooling.drafts import writing
from tests.tooling.forms import posted
from themes.models import Indicator
from veiligalmere.editorial.due import publish_due
from veiligalmere.editorial.publish import save_draft, schedule, submit
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db
LAPSES = "Wijzigt u hier iets, dan gaat dat niet door"
LAPSED = "De publicatie die gepland was voor 24 december 2099 om 09.00 uur, gaat niet door"
NO_LONGER = "Het is nu niet meer ingediend"
WRITE = writing(summary="Een eerste zin.")


@pytest.fixture
def action(jaarplan):
    return Action.objects.public().first()


def text(response):
    return " ".join(response.content.decode().split())


def saved(client, action, button="_continue", **changes):
    page = f"/beheer/plan/action/{action.pk}/change/"
    return client.post(page, posted(client.get(page), button=button, **changes), follow=True)


@pytest.fixture
def planned_at():
    return timezone.localtime(timezone.now()).replace(
        year=2099, month=12, day=24, hour=9, minute=0, second=0, microsecond=0
    )


@pytest.fixture
def planned(action, eindredacteur, planned_at):
    """An action with a draft that is planned."""
    save_draft(action, WRITE, by=eindredacteur.user)
    schedule(action, planned_at, by=eindredacteur.user, note="Nieuw")
    return action


def test_who_writes_on_what_is_planned_is_told_before_and_after(planned, redacteur, eindredacteur):
    page = f"/beheer/plan/action/{planned.pk}/change/"
    assert LAPSES in text(redacteur.get(page))
    assert LAPSED in text(saved(redacteur, planned, summary="Een andere zin."))
    assert draft_of(planned).publish_at is None
    assert LAPSES not in text(redacteur.get(page))
    assert str(planned) in waiting_on(eindredacteur)
    assert LogEntry.objects.latest("pk").change_message.startswith("Gewijzigd; niet meer gepland")


def waiting_on(client):
    return re.search(r"Wacht op mijn oordeel.*?</section>", text(client.get("/beheer/")))[0]


def test_what_is_planned_waits_for_nobody(action, redacteur, eindredacteur):
    save_draft(action, WRITE, by=redacteur.user)
    submit(action, by=redacteur.user)
    assert str(action) in waiting_on(eindredacteur)
    schedule(action, timezone.now() + timedelta(days=1), by=eindredacteur.user, note="Nieuw")
    assert str(action) not in waiting_on(eindredacteur)
    schedule(action, None, by=eindredacteur.user)
    assert str(action) in waiting_on(eindredacteur)


def test_what_was_returned_is_planned_no_longer(action, redacteur, eindredacteur):
    save_draft(action, WRITE, by=redacteur.user)
    submit(action, by=redacteur.user)
    moment = timezone.now() + timedelta(days=1)
    schedule(action, moment, by=eindredacteur.user, note="Nieuw")
    page = f"/beheer/plan/action/{action.pk}/beoordelen/"
    data = posted(eindredacteur.get(page), form="terugsturen-remark", button="terugsturen")
    data["terugsturen-remark"] = ["Noem de partners."]
    answer = text(eindredacteur.post(page, data, follow=True))
    assert "Teruggestuurd, met uw opmerking erbij. De publicatie die gepland was" in answer
    publish_due(moment)
    assert draft_of(action).publish_at is None
    action.refresh_from_db()
    assert action.summary != "Een eerste zin."


def test_who_puts_a_version_back_over_what_is_planned_is_told(planned, redacteur, eindredacteur):
    page = f"/beheer/plan/action/{planned.pk}/terugzetten/1/"
    answer = text(redacteur.post(page, posted(redacteur.get(page)), follow=True))
    assert LAPSED in answer
    assert "Uw nieuwe tekst is ingediend" in answer
    assert str(planned) in waiting_on(eindredacteur)


def test_who_enters_figures_beside_what_is_planned_is_told(
    jaarplan, redacteur, eindredacteur, planned_at
):
    indicator = Indicator.objects.public().first()
    save_draft(indicator, lambda row: Indicator.objects.filter(pk=row.pk).update(unit="x"))
    schedule(indicator, planned_at, by=eindredacteur.user, note="Nieuw")
    page = f"/beheer/themes/indicator/{indicator.pk}/cijfers-invoeren/"
    sent = {"kind": "tabel", "text": "2018\t12", "area": "Almere"}
    digest = redacteur.post(page, sent).context["digest"]
    answer = text(redacteur.post(page, {**sent, "gezien": digest}, follow=True))
    assert "De cijfers staan in het concept" in answer
    assert LAPSED in answer
    assert str(indicator) in waiting_on(eindredacteur)


def test_who_changes_nothing_lets_it_stand(planned, redacteur):
    assert LAPSED not in text(saved(redacteur, planned))
    assert draft_of(planned).publish_at - timezone.now() > timedelta(days=365)


def test_who_writes_on_what_is_submitted_is_told_to_submit_it_again(action, redacteur):
    save_draft(action, WRITE, by=redacteur.user)
    submit(action, by=redacteur.user)
    page = f"/beheer/plan/action/{action.pk}/change/"
    assert "Wijzigt u hier iets, dan moet het opnieuw worden ingediend" in text(redacteur.get(page))
    assert NO_LONGER in text(saved(redacteur, action, summary="Zonder de tikfout."))
    again = text(saved(redacteur, action, "_indienen", summary="Nu goed."))
    assert NO_LONGER not in again
    again = text(saved(redacteur, action, "_indienen", summary="Nu echt goed."))
    assert NO_LONGER not in again
    assert "U hebt het ingediend ter beoordeling" in again
