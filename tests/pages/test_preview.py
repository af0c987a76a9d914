"""A draft on its real page, for those who may see it and for nobody else."""

import time

import pytest
from django.core import signing

from plan.models import Action, AnnualPlan, Passage, ProgressUpdate, Status
from tests.tooling.drafts import writing
from tests.tooling.forms import posted
from themes.models import Subtopic, Theme
from veiligalmere.editorial.preview_links import DAYS, SALT, make_token
from veiligalmere.editorial.publish import discard_draft, publish, save_draft, withdraw
from veiligalmere.editorial.publishing import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(jaarplan):
    """A published action with a draft beside it."""
    action = Action.objects.public().first()

    save_draft(action, writing(title="Titel uit het concept", slug="adres-uit-het-concept"))
    return action


def address(obj):
    return f"/voorbeeld/{obj._meta.label_lower}/{obj.pk}/"


def shared(obj):
    return f"/voorbeeld/{make_token(obj)}/"


def assert_kept_by_nobody(answer):
    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_staff_see_the_draft_on_its_page_and_nothing_changed(beheerder, bezoeker, action):
    before = bezoeker.get(action.get_absolute_url()).content
    answer = beheerder.get(address(action))
    assert answer.status_code == 200
    assert "<h1" in answer.content.decode()
    assert "Titel uit het concept" in answer.content.decode()
    assert "Dit is het concept, versie 2" in answer.content.decode()
    assert_kept_by_nobody(answer)
    assert bezoeker.get(action.get_absolute_url()).content == before
    action.refresh_from_db()
    assert action.title != "Titel uit het concept"


def test_a_visitor_is_asked_to_log_in(bezoeker, action):
    answer = bezoeker.get(address(action))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/beheer/login/")


def test_a_colleague_without_account_sees_it_by_the_link_of_the_form(beheerder, bezoeker, action):
    shown = beheerder.get(f"/beheer/plan/action/{action.pk}/change/")
    link = shown.context["shared_preview_url"]
    assert posted(shown)
    answer = bezoeker.get(link)
    assert "Titel uit het concept" in answer.content.decode()
    assert "Terug naar het formulier" not in answer.content.decode()
    assert_kept_by_nobody(answer)
    assert not answer.cookies


def test_a_link_is_for_this_draft_and_for_no_later_one(bezoeker, action):
    link = shared(action)
    save_draft(action, writing(title="Anders, maar hetzelfde concept"))
    assert "Anders, maar hetzelfde concept" in bezoeker.get(link).content.decode()
    publish(action, note="Nieuw")
    save_draft(action, writing(title="Vertrouwelijk"))
    answer = bezoeker.get(link)
    assert answer.status_code == 404
    assert "Vertrouwelijk" not in answer.content.decode()
    assert action.get_absolute_url() in answer.content.decode(), "where it is now"
    link = shared(action)
    discard_draft(action)
    save_draft(action, writing(title="Vertrouwelijk"))
    answer = bezoeker.get(link)
    assert answer.status_code == 404
    assert "Vertrouwelijk" not in answer.content.decode()
    link = shared(action)
    withdraw(action, note="Vervallen")
    answer = bezoeker.get(link)
    assert answer.status_code == 404
    assert "Vertrouwelijk" not in answer.content.decode()


def test_an_old_link_leads_to_no_page_that_went_with_what_it_stands_in(bezoeker, jaarplan, action):
    update = ProgressUpdate.objects.create(action=action, status=Status.ON_TRACK, explanation="Zo.")
    links = [shared(action), shared(update)]
    publish(action)
    publish(update)
    page = action.get_absolute_url()
    assert all(page in bezoeker.get(link).content.decode() for link in links)
    withdraw(action.theme)
    assert bezoeker.get(page).status_code == 410
    for link in links:
        answer = bezoeker.get(link)
        assert answer.status_code == 404
        assert page not in answer.content.decode()


def test_the_bar_calls_nothing_public_that_went_with_what_it_stands_in(beheerder, jaarplan):
    action = Action.objects.public().first()
    told = "dit staat zo op de site"
    assert told in beheerder.get(address(action)).content.decode()
    withdraw(action.theme)
    text = beheerder.get(address(action)).content.decode()
    assert told not in text
    assert "Dit staat nu niet op de site." in text


@pytest.mark.parametrize("spoil", [lambda t: t + "x", lambda t: "x", lambda t: t[:-4]])
def test_a_false_link_shows_nothing(bezoeker, action, spoil):
    answer = bezoeker.get(f"/voorbeeld/{spoil(make_token(action))}/")
    assert answer.status_code == 404
    assert "werkt niet meer" in answer.content.decode()


def test_a_link_expires(bezoeker, action, monkeypatch):
    link = shared(action)
    later = time.time() + DAYS * 24 * 60 * 60 + 1
    monkeypatch.setattr(signing.time, "time", lambda: later)
    answer = bezoeker.get(link)
    assert answer.status_code == 404
    assert "Titel uit het concept" not in answer.content.decode()


def test_a_token_made_for_something_else_is_no_key(bezoeker, action):
    token = signing.dumps(["auth.user", 1], salt=SALT)
    assert bezoeker.get(f"/voorbeeld/{token}/").status_code == 404


def test_what_was_never_published_is_shown_with_all_that_it_needs(beheerder, jaarplan, action):
    plan = AnnualPlan.objects.create(year=2021, title="Jaarplan Veiligheid 2021")
    new = Action.objects.create(
        plan=plan, theme=action.theme, title="Van volgend jaar", slug="nieuw", body="T", position=1
    )
    answer = beheerder.get(address(new))
    assert "Van volgend jaar" in answer.content.decode()
    assert "nu niet op de site" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.state == State.CONCEPT


def test_a_passage_is_shown_with_its_theme(beheerder, jaarplan):
    look = {"icon": Theme.Hue.CARE, "colour": Theme.Hue.CARE}
    theme = Theme.objects.create(number=5, name="Nog een concept", slug="concept", **look)
    passage = Passage.objects.create(
        plan=jaarplan, theme=theme, heading="Bij het nieuwe thema", slug="x", body="T", position=1
    )
    answer = beheerder.get(address(passage))
    assert "Bij het nieuwe thema" in answer.content.decode()
    assert "Thema 5: Nog een concept" in answer.content.decode()
    theme.refresh_from_db()
    assert theme.state == State.CONCEPT


@pytest.mark.parametrize("label", ["plan.nietbestaand", "auth.user", "geen-model", "plan.action"])
def test_an_address_that_leads_nowhere_is_not_found(beheerder, jaarplan, label):
    assert beheerder.get(f"/voorbeeld/{label}/999999/").status_code == 404


@pytest.mark.parametrize("label", ["plan.passage", "themes.theme", "themes.subtopic"])
def test_every_kind_of_content_has_its_preview(beheerder, jaarplan, label):
    model = {"plan.passage": "passages", "themes.theme": None, "themes.subtopic": None}[label]
    one = jaarplan.passages.first() if model else Subtopic.objects.first()
    one = one.theme if label == "themes.theme" else one
    answer = beheerder.get(address(one))
    assert answer.status_code == 200
    assert "preview-bar" in answer.content.decode()


def test_a_subtopic_stays_reachable_when_what_it_falls_under_is_withdrawn(bezoeker, jaarplan):
    child = Subtopic.objects.public().filter(parent__isnull=False).first()
    withdraw(child.parent)
    answer = bezoeker.get(child.get_absolute_url())
    assert answer.status_code == 200
    assert child.parent.get_absolute_url() not in answer.content.decode()
