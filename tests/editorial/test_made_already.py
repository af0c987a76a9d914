"""A form for something new that is sent again: made once, and nothing of the second is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plan.models import Action, Development
from tests.pages.test_developments import PDF, PLAIN
from tests.tooling.forms import posted, take_back
from themes.models import Indicator, Theme
from veiligalmere.editorial.publish import publish
from veiligalmere.editorial.unsaved import UnsavedText
from veiligalmere.editorial.versions import Version, draft_of

pytestmark = pytest.mark.django_db
FIGURE, STUDY = "/beheer/themes/indicator/add/", "/beheer/plan/development/add/"
OTHER_TEXT = "was al gemaakt, met een andere tekst"


def text(response):
    return " ".join(response.content.decode().split())


def new_figure(client, **changes):
    """Return what a form for a new figure with one measurement posts."""
    known = Indicator.objects.first()
    words = {"name": "Nieuw cijfer", "slug": "nieuw-cijfer", "theme": str(known.theme_id)}
    words |= {"unit": known.unit, "definition": "Wat het is.", "source": "CBS", "position": "5"}
    words |= {"source_url": "https://www.cbs.nl/"}
    words |= {"measurements-0-period": "2019", "measurements-0-value": "3"}
    return posted(client.get(FIGURE), button="_continue", **words | changes)


def with_a_second_row(data):
    """Return `data` as when a row was added in another tab."""
    row = {"area": ["Almere"], "period": ["2020"], "value": ["9"], "id": [""], "indicator": [""]}
    more = {f"measurements-1-{name}": value for name, value in row.items()}
    return {**data, **more, "measurements-TOTAL_FORMS": ["2"]}


def rows_of(obj):
    rows = draft_of(obj).content["children"]["measurements"]
    return {(row["fields"]["period"], float(row["fields"]["value"])) for row in rows}


@pytest.mark.parametrize("published", [False, True])
def test_rows_of_a_second_tab_are_offered_back_and_saved_in_the_place_of_the_first(
    beheerder, jaarplan, published
):
    data = new_figure(beheerder)
    beheerder.post(FIGURE, data)
    figure = Indicator.objects.get(slug="nieuw-cijfer")
    if published:
        publish(figure)
    later = with_a_second_row(data) | {"measurements-0-value": ["4"]}
    answer = beheerder.post(FIGURE, later, follow=True)
    assert OTHER_TEXT in text(answer)
    form = answer.request["PATH_INFO"]
    shown = take_back(beheerder, form)
    assert posted(shown)["measurements-1-value"] == ["9"]
    answer = beheerder.post(form, posted(shown, button="_continue"))
    told = [(one.old, one.new) for one in answer.context["conflict"].both]
    assert [(bool(old), "2019" in new, "2020" in new) for old, new in told] == [
        (True, True, False),
        (False, False, True),
    ]
    answer = beheerder.post(form, posted(answer, button="_continue"), follow=True)
    assert "is opgeslagen" in text(answer)
    assert rows_of(figure) == {("2019", 4), ("2020", 9)}
    assert not UnsavedText.objects.exists()


def test_rows_that_a_colleague_added_meanwhile_stay(beheerder, eindredacteur, jaarplan):
    data = new_figure(beheerder)
    beheerder.post(FIGURE, data)
    figure = Indicator.objects.get(slug="nieuw-cijfer")
    form = f"/beheer/themes/indicator/{figure.pk}/change/"
    row = {"measurements-1-period": "2018", "measurements-1-value": "2"}
    eindredacteur.post(form, posted(eindredacteur.get(form), **row))
    beheerder.post(FIGURE, with_a_second_row(data))
    answer = beheerder.post(form, posted(take_back(beheerder, form), button="_continue"))
    beheerder.post(form, posted(answer, button="_continue"))
    assert rows_of(figure) == {("2018", 2), ("2019", 3), ("2020", 9)}


def test_a_double_click_with_lines_and_rows_is_told_as_the_first(beheerder, jaarplan):
    data = new_figure(beheerder, definition="Wat het is.\r\nEn wat niet.")
    for _ in range(2):
        answer = beheerder.post(FIGURE, data, follow=True)
        assert "is opgeslagen" in text(answer)
        assert "al gemaakt" not in text(answer)
    shown = beheerder.get("/beheer/plan/action/add/")
    action = Action.objects.first()
    words = {"plan": str(jaarplan.pk), "theme": str(action.theme_id), "body": "Tekst"}
    words |= {"title": "Nieuw", "slug": "nieuw", "position": "900"}
    data = posted(shown, button="_continue", partners="Politie\r\nGemeente", **words)
    for _ in range(2):
        answer = beheerder.post("/beheer/plan/action/add/", data, follow=True)
        assert "is opgeslagen" in text(answer)
        assert "al gemaakt" not in text(answer)
    assert Version.objects.of(Action.objects.get(slug="nieuw")).count() == 1


def new_study(client, **changes):
    words = {"title": "Studie", "slug": "studie", "date": "2020-03-04", "lead": "Kort."}
    words["document_title"] = "Rapport"
    return posted(client.get(STUDY), button="_continue", **words | changes)


def pdf(content=PLAIN):
    return SimpleUploadedFile("rapport.pdf", content, "application/pdf")


def test_a_double_click_is_known_by_what_was_saved(beheerder, jaarplan, media):
    """The year follows from the date; the document has a name of ours."""
    data = new_study(beheerder)
    for _ in range(2):
        answer = beheerder.post(STUDY, {**data, "document": pdf()}, follow=True)
        assert "is opgeslagen" in text(answer)
        assert "al gemaakt" not in text(answer)
    study = Development.objects.get(slug="studie")
    assert Version.objects.of(study).count() == 1
    assert len(list(study.document.storage.listdir("")[0])) == 1


def test_another_document_of_a_second_tab_is_asked_for_again(beheerder, jaarplan, media):
    data = new_study(beheerder, document_title="")
    beheerder.post(STUDY, data)
    answer = beheerder.post(STUDY, {**data, "document": pdf()}, follow=True)
    assert "“Studie” was al gemaakt, met een ander bestand." in text(answer)
    assert "Kies “rapport.pdf” hieronder opnieuw" in text(answer)
    assert "/change/" in answer.request["PATH_INFO"]
    assert not Development.objects.get(slug="studie").document


def test_another_text_with_another_document_asks_for_both(beheerder, jaarplan, media):
    data = new_study(beheerder)
    beheerder.post(STUDY, {**data, "document": pdf()})
    later = {**data, "lead": ["Langer."], "document": pdf(PDF % b"ander")}
    answer = beheerder.post(STUDY, later, follow=True)
    assert OTHER_TEXT in text(answer)
    assert "Kies “rapport.pdf” hieronder opnieuw" in text(answer)
    shown = take_back(beheerder, answer.request["PATH_INFO"])
    assert posted(shown)["lead"] == ["Langer."]


def test_a_mistake_in_a_second_tab_is_offered_back_too(beheerder, jaarplan):
    data = new_figure(beheerder)
    beheerder.post(FIGURE, data)
    answer = beheerder.post(FIGURE, {**data, "measurements-0-value": ["veel"]}, follow=True)
    assert OTHER_TEXT in text(answer)
    shown = take_back(beheerder, answer.request["PATH_INFO"])
    assert posted(shown)["measurements-0-value"] == ["veel"]


ACTION = "/beheer/plan/action/add/"


def new_action(client, jaarplan, **changes):
    """Return what a form for a new action posts, that leaves its place empty."""
    words = {"plan": str(jaarplan.pk), "theme": str(Theme.objects.first().pk), "body": "Tekst"}
    words |= {"title": "Nieuw", "slug": "nieuw"}
    return posted(client.get(ACTION), button="_continue", **words | changes)


def test_a_place_that_the_form_filled_in_makes_no_other_text(redacteur, beheerder, jaarplan):
    data = new_action(redacteur, jaarplan)
    redacteur.post(ACTION, data)
    beheerder.post(ACTION, new_action(beheerder, jaarplan, title="Ander", slug="ander"))
    answer = redacteur.post(ACTION, data, follow=True)
    assert OTHER_TEXT not in text(answer)
    assert not UnsavedText.objects.exists()


def test_a_second_tab_undoes_nothing_that_a_colleague_did(beheerder, eindredacteur, jaarplan):
    data = new_action(beheerder, jaarplan, position="900")
    beheerder.post(ACTION, data)
    action = Action.objects.get(slug="nieuw")
    form = f"/beheer/plan/action/{action.pk}/change/"
    changes = {"period": "Heel 2020"}
    eindredacteur.post(form, posted(eindredacteur.get(form), button="_continue", **changes))
    beheerder.post(ACTION, {**data, "summary": "Tweede tab"})
    shown = beheerder.post(form, posted(take_back(beheerder, form), button="_continue"))
    assert [one.name for one in shown.context["conflict"].both] == ["summary"]
    beheerder.post(form, posted(shown, button="_continue"))
    fields = draft_of(action).content["fields"]
    assert (fields["period"], fields["summary"]) == ("Heel 2020", "Tweede tab")
