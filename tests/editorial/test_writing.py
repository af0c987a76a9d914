"""The field for markdown and the addresses that its editor asks, through HTTP."""

import html5lib
import pytest
from django.conf import settings
from django.urls import NoReverseMatch, get_resolver, reverse

from plan.models import Action
from tests.tooling.forms import posted
from veiligalmere.editorial.markdown import MAX_LENGTH
from veiligalmere.editorial.standing_pages import StandingPage

pytestmark = pytest.mark.django_db

PREVIEW = "/beheer/tekst/voorbeeld/"


def form_of(page, **changes):
    return {
        "slug": page.slug,
        "title": page.title,
        "description": page.description,
        "body": page.body,
        "state": page.state,
        **changes,
    }


def test_preview_is_what_the_public_page_shows(beheerder):
    answer = beheerder.post(PREVIEW, {"text": "## Melden\n\n- bel **112**"})
    assert answer.status_code == 200
    assert "<h2>Melden</h2>" in answer.json()["html"]
    assert "<strong>112</strong>" in answer.json()["html"]


def test_headings_of_the_preview_are_as_high_as_on_the_page(beheerder, jaarplan):
    for obj, page, tag in (
        (Action.objects.public().first(), "/beheer/plan/action/{}/change/", "h3"),
        (
            StandingPage.objects.get(slug="contact"),
            "/beheer/editorial/standingpage/{}/change/",
            "h2",
        ),
    ):
        obj.body = "## Een kop"
        obj.save()
        form = html5lib.parse(
            beheerder.get(page.format(obj.pk)).content.decode(), namespaceHTMLElements=False
        )
        (editor,) = form.iterfind(".//div[@data-editor]")
        sent = {"text": obj.body, "level": editor.get("data-level")}
        shown = beheerder.post(PREVIEW, sent).json()["html"]
        assert shown.strip() == f"<{tag}>Een kop</{tag}>"
        assert shown.strip() in beheerder.get(obj.get_absolute_url()).content.decode()


@pytest.mark.parametrize("level", ["", "1", "7", "x", "²"])
def test_strange_level_of_headings_is_no_mistake_of_the_site(beheerder, level):
    answer = beheerder.post(PREVIEW, {"text": "## Kop", "level": level})
    assert answer.json()["html"].strip() == "<h2>Kop</h2>"


def test_preview_lets_no_script_through(beheerder):
    text = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    html = beheerder.post(PREVIEW, {"text": text}).json()["html"]
    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html


def test_visitor_is_refused_with_a_sentence_and_no_login_page(bezoeker):
    answer = bezoeker.post(PREVIEW, {"text": "tekst"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "session-ended"
    assert "niet meer ingelogd" in answer.json()["error"]


def test_account_without_access_to_the_back_office_is_refused(bezoeker, django_user_model):
    bezoeker.force_login(django_user_model.objects.create_user("inwoner"))
    assert bezoeker.post(PREVIEW, {"text": "tekst"}).status_code == 403


def test_preview_only_answers_post(beheerder):
    answer = beheerder.get(PREVIEW)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


def test_preview_is_never_kept_in_a_cache(beheerder):
    assert "no-store" in beheerder.post(PREVIEW, {"text": "tekst"})["Cache-Control"]


def test_preview_of_a_text_that_is_too_long_is_refused_in_dutch(beheerder):
    answer = beheerder.post(PREVIEW, {"text": "a" * (MAX_LENGTH + 1)})
    assert answer.status_code == 400
    assert "te lang" in answer.json()["error"]


def test_text_that_is_too_long_is_kept_in_the_form_with_the_reason(beheerder):
    page = StandingPage.objects.first()
    before = page.body
    address = reverse("admin:editorial_standingpage_change", args=[page.pk])
    text = "woord " * (MAX_LENGTH // 6 + 1)
    answer = beheerder.post(address, form_of(page, body=text))
    assert answer.status_code == 200
    assert "hoogstens 100.000 tekens" in answer.content.decode()
    assert text.strip() in answer.content.decode()
    page.refresh_from_db()
    assert page.body == before


def test_what_comes_along_unseen_from_a_pdf_is_not_saved(beheerder, jaarplan):
    action = Action.objects.public().first()
    form = f"/beheer/plan/action/{action.pk}/change/"
    page = beheerder.get(form)
    beheerder.post(
        form,
        posted(
            page, button="_continue", title="Meer\ufffe toezicht", body="Een on\ufffederzoek\x02."
        ),
    )
    values = [one.value() for one in beheerder.get(form).context["adminform"].form]
    assert "Meer toezicht" in values
    assert "Een onderzoek." in values


def test_line_ends_and_hyphens_of_word_keep_words_apart(beheerder, jaarplan):
    action = Action.objects.public().first()
    form = f"/beheer/plan/action/{action.pk}/change/"
    words = {"title": "Meer\x0btoezicht", "body": "Bel bij\x0bgevaar.\x0cDoe een 112\x1emelding."}
    beheerder.post(form, posted(beheerder.get(form), button="_continue", **words))
    values = [one.value() for one in beheerder.get(form).context["adminform"].form]
    assert "Meer toezicht" in values
    assert "Bel bij\ngevaar.\nDoe een 112-melding." in values


def test_every_markdown_field_of_the_back_office_has_our_editor(beheerder):
    page = StandingPage.objects.first()
    address = reverse("admin:editorial_standingpage_change", args=[page.pk])
    html = beheerder.get(address).content.decode()
    assert html.count("data-editor ") == 1
    assert "js/editor/editor." in html


def test_nothing_of_django_markdownx_itself_can_be_reached(beheerder):
    page = StandingPage.objects.first()
    address = reverse("admin:editorial_standingpage_change", args=[page.pk])
    assert "markdownx" not in beheerder.get(address).content.decode()
    for name in ("markdownx_markdownify", "markdownx_upload"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert "markdownx" not in get_resolver(settings.ROOT_URLCONF).namespace_dict
    assert beheerder.post("/markdownx/markdownify/", {"content": "x"}).status_code == 404
    assert beheerder.post("/markdownx/upload/").status_code == 404
