"""What was typed in a row of the round and not saved: kept, and offered back."""

import pytest
from django.conf import settings
from django.test import Client

from plan.models import Action, ProgressUpdate, Status
from plan.progress.adoption import adopt
from tests.progress.conftest import publish_update, report_row, values
from tests.tooling.forms import posted
from veiligalmere.editorial.unsaved import UnsavedText

pytestmark = pytest.mark.django_db
PASSWORD = "een-lang-wachtwoord-1"
ROUND = "/beheer/voortgang/ronde/2020-1/"


@pytest.fixture
def mine(redacteur, actions, first_round):
    """Two actions of the editor, who has a password."""
    redacteur.user.set_password(PASSWORD)
    redacteur.user.save()
    redacteur.force_login(redacteur.user)
    Action.objects.filter(pk__in=[one.pk for one in actions[:2]]).update(owner=redacteur.user)
    return actions[:2]


def row_form(client, action, **changes):
    """Return what a browser sends of the row of `action`."""
    prefix = f"rij{action.pk}-"
    fields = {f"{prefix}{name}": value for name, value in changes.items()}
    return posted(client.get(f"{ROUND}?alles=1"), form=f"{prefix}revision", **fields)


def type_in(client, action, **changes):
    """Type in the row of `action`, as the script tells the server."""
    return client.post(f"{ROUND}{action.pk}/getypt/", row_form(client, action, **changes))


def text(response):
    return " ".join(response.content.decode().split())


def test_text_of_a_closed_browser_is_back_in_its_row_word_for_word(redacteur, mine):
    assert type_in(redacteur, mine[0], status="vertraagd", cause="Halve zi").json() == {
        "kept": True
    }
    type_in(redacteur, mine[1], explanation="Nog zonder stand")
    assert not ProgressUpdate.objects.exists()
    assert text(redacteur.get(ROUND)).count("Het is nog niet opgeslagen") == 2
    again = row_form(redacteur, mine[0])
    assert again[f"rij{mine[0].pk}-status"] == ["vertraagd"]
    assert again[f"rij{mine[0].pk}-cause"] == ["Halve zi"]
    assert row_form(redacteur, mine[1])[f"rij{mine[1].pk}-explanation"] == ["Nog zonder stand"]
    redacteur.post(f"{ROUND}{mine[0].pk}/", {**again, "opslaan": "1"})
    assert ProgressUpdate.objects.get().cause == "Halve zi"
    assert text(redacteur.get(ROUND)).count("Het is nog niet opgeslagen") == 1


def test_a_row_that_was_refused_is_kept_at_once(redacteur, mine):
    type_in(redacteur, mine[0], explanation="Eerste zin.")
    typed = UnsavedText.objects.get().fields
    data = row_form(redacteur, mine[0], explanation="Eerste zin. Laatste zin.")
    answer = redacteur.post(f"{ROUND}{mine[0].pk}/", {**data, "opslaan": "1"})
    assert answer.status_code == 422
    kept = UnsavedText.objects.get().fields
    assert kept.keys() == typed.keys()
    assert kept[f"rij{mine[0].pk}-explanation"] == "Eerste zin. Laatste zin."
    assert "Het is nog niet opgeslagen" in text(redacteur.get(ROUND))


def test_a_row_that_a_colleague_was_first_with_is_kept_at_once(redacteur, first_round, mine):
    data = row_form(redacteur, mine[0], **values(Status.DONE, "Van mij."))
    report_row(first_round, mine[0], Status.ON_TRACK, "Van een collega.")
    redacteur.post(f"{ROUND}{mine[0].pk}/", {**data, "opslaan": "1"})
    shown = redacteur.get(ROUND)
    assert "Het is nog niet opgeslagen" in text(shown)
    again = {**row_form(redacteur, mine[0]), "opslaan": "1"}
    assert again[f"rij{mine[0].pk}-explanation"] == ["Van mij."]
    assert redacteur.post(f"{ROUND}{mine[0].pk}/", again).status_code == 409
    assert ProgressUpdate.objects.get().explanation == "Van een collega."


def test_it_can_be_thrown_away_and_nobody_else_sees_it(redacteur, eindredacteur, mine):
    type_in(redacteur, mine[0], explanation="Voor mijzelf")
    assert "Voor mijzelf" not in text(eindredacteur.get(f"{ROUND}?alles=1"))
    page = redacteur.get(ROUND)
    assert "Voor mijzelf" in text(page)
    data = posted(page, form="weggooien", button="weggooien")
    answer = redacteur.post(f"{ROUND}{mine[0].pk}/", data, follow=True)
    assert "Voor mijzelf" not in text(answer)
    assert not UnsavedText.objects.exists()


def test_a_colleague_who_saved_meanwhile_is_told_after_coming_back(redacteur, first_round, mine):
    type_in(redacteur, mine[0], **values(Status.DONE, "Van mij."))
    report_row(first_round, mine[0], Status.ON_TRACK, "Van een collega.")
    again = row_form(redacteur, mine[0])
    answer = redacteur.post(f"{ROUND}{mine[0].pk}/", {**again, "opslaan": "1"})
    assert answer.status_code == 409
    assert "Van een collega." in text(answer)
    assert "Van mij." in text(answer)


@pytest.mark.parametrize("cookie_is_gone", [False, True])
def test_row_that_comes_in_after_the_session_ended_is_back_after_logging_in(
    redacteur, mine, cookie_is_gone
):
    data = {**row_form(redacteur, mine[1], explanation="Laatste zin."), "opslaan": "1"}
    redacteur.session.flush()
    if cookie_is_gone:
        del redacteur.cookies[settings.SESSION_COOKIE_NAME]
    answer = redacteur.post(f"{ROUND}{mine[1].pk}/", data)
    assert answer.status_code == 302
    fields = posted(redacteur.get(answer["Location"]), username="redacteur", password=PASSWORD)
    shown = redacteur.post(answer["Location"], fields, follow=True)
    assert shown.redirect_chain[-1][0].endswith(f"{ROUND}#actie-{mine[1].pk}")
    assert "Laatste zin." in text(shown)
    assert "Het is nog niet opgeslagen" in text(shown)
    assert not ProgressUpdate.objects.exists()


def test_chief_editor_finds_back_what_was_typed_in_the_row_of_another(eindredacteur, mine, actions):
    type_in(eindredacteur, actions[5], explanation="Van de chef")
    assert "Van de chef" in text(eindredacteur.get(ROUND))


def test_text_outlives_the_round(redacteur, first_round, mine):
    type_in(redacteur, mine[0], explanation="Net te laat")
    late = row_form(redacteur, mine[1], status="gereed", explanation="Ook te laat")
    adopt(first_round)
    answer = redacteur.post(f"{ROUND}{mine[1].pk}/", {**late, "opslaan": "1"})
    assert answer.status_code == 409
    assert "Ook te laat" in text(answer)
    assert "al vastgesteld" in text(answer)
    assert "Net te laat" in text(redacteur.get(ROUND))


def test_the_script_is_refused_where_the_row_is_not_ones_own(redacteur, mine, actions):
    answer = redacteur.post(f"{ROUND}{actions[5].pk}/getypt/", {"x": "y"})
    assert answer.status_code == 403
    assert not UnsavedText.objects.exists()


def test_the_script_reads_that_the_session_ended(mine):
    answer = Client().post(f"{ROUND}{mine[0].pk}/getypt/", {"x": "y"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "session-ended"


def test_typing_in_a_row_counts_as_work(redacteur, mine):
    session = redacteur.session
    session["last_seen"] -= 3000
    session.save()
    type_in(redacteur, mine[0], explanation="x")
    assert redacteur.session["last_seen"] > session["last_seen"]


def test_text_that_is_only_shown_again_has_no_mistakes(redacteur, first_round, mine):
    first, second = mine
    publish_update(second, Status.ON_TRACK)
    type_in(redacteur, first, explanation="Zonder stand.")
    other = {**row_form(redacteur, second, explanation="Ook zonder."), "ongewijzigd": "1"}
    refused = redacteur.post(f"{ROUND}{second.pk}/", other)
    assert "Niet opgeslagen: u hebt hier iets ingevuld" in text(refused)
    running = redacteur.get(ROUND)
    adopt(first_round)
    for page in (refused, running, redacteur.get(ROUND)):
        assert "Zonder stand." in text(page)
        assert "Ook zonder." in text(page)
        assert "Kies een stand." not in text(page)
        assert "aria-invalid" not in text(page)
