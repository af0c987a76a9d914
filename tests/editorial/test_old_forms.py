"""A form that was opened before the last login, in another tab: refused, and nothing is lost."""

import pytest
from django.test import Client

from plan.models import Action
from tests.tooling.forms import posted, take_back
from veiligalmere.editorial.unsaved import UnsavedText
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db
PASSWORD = "een-lang-wachtwoord-1"
SENT_BY_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def anna(django_user_model):
    """A colleague whose forms have to bring the token of her last login."""
    client = Client(enforce_csrf_checks=True)
    client.user = django_user_model.objects.create_superuser("anna", password=PASSWORD)
    client.force_login(client.user)
    return client


@pytest.fixture
def action(jaarplan):
    return Action.objects.public().first()


def text(response):
    return " ".join(response.content.decode().split())


def logged_in_again(client):
    """Log in again, as in another tab: what was opened before has another token."""
    client.cookies.pop("csrftoken")
    client.force_login(client.user)
    client.get("/beheer/plan/action/add/")


def test_an_older_form_is_refused_in_plain_dutch_and_its_text_is_offered_back(anna, action):
    page = f"/beheer/plan/action/{action.pk}/change/"
    data = posted(anna.get(page), button="_continue", summary="Na het opnieuw inloggen.")
    logged_in_again(anna)
    answer = anna.post(page, data, headers=SENT_BY_OUR_PAGE)
    assert answer.status_code == 403
    shown = text(answer)
    assert "Er is nog niets opgeslagen" in shown
    assert "Wat u schreef, is bewaard" in shown
    assert f'href="{page}"' in shown
    assert "CSRF" not in shown
    assert draft_of(action) is None
    assert "tekst die niet is opgeslagen" in text(anna.get(page))
    back = posted(take_back(anna, page), button="_continue")
    assert back["summary"] == ["Na het opnieuw inloggen."]
    anna.post(page, back, headers=SENT_BY_OUR_PAGE)
    assert draft_of(action).content["fields"]["summary"] == "Na het opnieuw inloggen."


def test_an_older_page_to_judge_gives_back_what_was_written(anna, action):
    page = f"/beheer/plan/action/{action.pk}/intrekken/"
    data = posted(anna.get(page), **{"intrekken-note": "Vervallen"})
    logged_in_again(anna)
    assert anna.post(page, data, headers=SENT_BY_OUR_PAGE).status_code == 403
    assert posted(anna.get(page), form="intrekken-note")["intrekken-note"] == ["Vervallen"]
    action.refresh_from_db()
    assert action.is_public


@pytest.mark.parametrize("sender", ["cross-site", "same-site", None])
def test_what_another_site_sends_is_not_kept(anna, action, sender):
    page = f"/beheer/plan/action/{action.pk}/change/"
    data = posted(anna.get(page), summary="Niet van haar")
    logged_in_again(anna)
    answer = anna.post(page, data, headers={"Sec-Fetch-Site": sender} if sender else {})
    assert answer.status_code == 403
    assert "Wat u schreef, is bewaard" not in text(answer)
    assert not UnsavedText.objects.exists()


def test_the_login_of_a_second_tab_leads_on_who_is_logged_in_already(anna):
    data = {"username": "anna", "password": PASSWORD, "next": "/beheer/plan/action/"}
    page = "/beheer/login/?next=/beheer/plan/action/"
    answer = anna.post(page, data, headers=SENT_BY_OUR_PAGE)
    assert (answer.status_code, answer["Location"]) == (302, "/beheer/plan/action/")
    elsewhere = anna.post(
        "/beheer/login/", data | {"next": "https://kwaad.test/"}, headers=SENT_BY_OUR_PAGE
    )
    assert elsewhere["Location"] == "/beheer/"


def test_a_login_page_of_long_ago_says_to_try_again():
    answer = Client(enforce_csrf_checks=True).post(
        "/beheer/login/", {"username": "anna", "password": PASSWORD}, headers=SENT_BY_OUR_PAGE
    )
    assert answer.status_code == 403
    assert 'href="/beheer/login/"' in text(answer)
    assert "Probeer het opnieuw" in text(answer)
