"""Where a new piece comes in the plan's own order."""

import re

import pytest

from plan.carrying_over import carry_over
from plan.models import Action, AnnualPlan, Passage
from tests.tooling.forms import posted
from themes.models import Subtopic, Theme
from veiligalmere.editorial.publish import publish

pytestmark = pytest.mark.django_db
WORDS = {"title": "Nieuw", "slug": "nieuw", "body": "Tekst."}


def made(client, model, changes):
    """Fill in the form for a new object of `model` without a place; return the object."""
    page = f"/beheer/{model._meta.app_label}/{model._meta.model_name}/add/"
    before = set(model.objects.values_list("pk", flat=True))
    answer = client.post(page, posted(client.get(page), button="_continue", **changes), follow=True)
    page = answer.content.decode()
    assert "errornote" not in page, page[page.index('class="mistakes') :][:600]
    return model.objects.exclude(pk__in=before).get()


@pytest.mark.parametrize("number", [1, 2])
def test_a_new_action_comes_last_in_its_theme(beheerder, bezoeker, jaarplan, number):
    plan, theme = AnnualPlan.objects.current(), Theme.objects.get(number=number)
    fields = {"plan": plan.pk, "theme": theme.pk, **WORDS}
    new = made(beheerder, Action, fields)
    publish(new, note="Nieuw")
    page = bezoeker.get(f"/jaarplan/{plan.year}/volledig/").content.decode()
    at = [page.index(f'id="thema-{one}"') for one in (1, 2, 3)]
    assert at[number - 1] < page.index("/nieuw/") < at[number]
    assert page.count(f'id="thema-{number}') == 1
    others = [*Action.objects.filter(theme=theme), *Passage.objects.filter(theme=theme)]
    assert max(others, key=lambda one: one.position) == new


def test_two_new_ones_stand_in_the_order_in_which_they_were_made(beheerder, jaarplan):
    plan, theme = AnnualPlan.objects.current(), Theme.objects.get(number=1)
    fields = {"plan": plan.pk, "theme": theme.pk, "kind": "tekst"}
    one, other = (
        made(beheerder, Passage, {**fields, "body": "Tekst.", "slug": slug})
        for slug in ("een", "twee")
    )
    following = Passage.objects.get(theme__number=2, position=220)
    assert one.position < other.position < following.position


def test_many_new_ones_each_come_last_until_no_number_is_left(beheerder, bezoeker, jaarplan):
    plan, theme = AnnualPlan.objects.current(), Theme.objects.get(number=1)
    fields = {"plan": plan.pk, "theme": theme.pk, "body": "Tekst.", "kind": "tekst"}
    pieces = []
    for number in range(9):
        slug = f"nieuw-{number}"
        if number % 2:
            pieces.append(made(beheerder, Passage, {**fields, "slug": slug}))
        else:
            own = {name: value for name, value in fields.items() if name != "kind"}
            pieces.append(made(beheerder, Action, {**own, "slug": slug, "title": slug}))
    positions = [piece.position for piece in pieces]
    assert positions == sorted(set(positions))
    assert positions[-1] < Passage.objects.get(theme__number=2, position=220).position
    page = "/beheer/plan/passage/add/"
    data = posted(beheerder.get(page), button="_continue", **{**fields, "slug": "tiende"})
    assert "is geen getal meer vrij" in beheerder.post(page, data).content.decode()


def test_a_piece_of_a_theme_that_is_added_comes_after_all_themes(beheerder, jaarplan):
    plan = AnnualPlan.objects.current()
    theme = Theme.objects.create(number=5, name="Verkeer", slug="verkeer")
    last = Action.objects.of_plan(plan).last()
    closing = Passage.objects.latest("position")
    fields = {"plan": plan.pk, "theme": theme.pk, "kind": "tekst", "body": "Tekst.", "slug": "vijf"}
    assert closing.theme is None
    assert last.position < made(beheerder, Passage, fields).position < closing.position


def test_a_piece_that_is_first_of_its_theme_or_of_none_does_not_come_last(
    beheerder, bezoeker, jaarplan
):
    old = Action.objects.of_plan(AnnualPlan.objects.current())
    plan = carry_over(
        AnnualPlan.objects.current(),
        year=2021,
        title="Jaarplan 2021",
        multi_year_plan="Meerjarenplan",
        actions=old.filter(theme__number__in=[2, 3]),
    )
    words = {"plan": plan.pk, "kind": "tekst", "body": "Tekst."}
    for slug, number in (("begin", None), ("vierde", 4), ("eerste", 1)):
        theme = Theme.objects.get(number=number).pk if number else ""
        made(beheerder, Passage, {**words, "slug": slug, "theme": theme})
    made(beheerder, Passage, {**words, "slug": "begin-2", "theme": ""})
    pieces = [*Action.objects.of_plan(plan), *Passage.objects.filter(plan=plan)]
    pieces.sort(key=lambda one: one.position)
    for piece in (plan, *pieces):
        publish(piece)
    page = bezoeker.get("/jaarplan/2021/volledig/").content.decode()
    assert re.findall('id="thema-(.)"', page) == ["1", "2", "3", "4"]
    assert [one.slug for one in pieces[:3]] == ["begin", "begin-2", "eerste"]


def test_a_new_subtopic_comes_last_in_its_theme(beheerder, jaarplan):
    theme = Theme.objects.get(number=1)
    fields = {"theme": theme.pk, "name": "Fietsendiefstal", "slug": "fietsendiefstal"}
    new = made(beheerder, Subtopic, fields)
    assert Subtopic.objects.filter(theme=theme).latest("position") == new


def test_a_place_that_is_filled_in_stays(beheerder, jaarplan):
    plan, theme = AnnualPlan.objects.current(), Theme.objects.get(number=1)
    fields = {"plan": plan.pk, "theme": theme.pk, **WORDS}
    assert made(beheerder, Action, {**fields, "position": "95"}).position == 95


def test_words_of_a_form_without_a_place_are_not_lost_when_a_colleague_was_first(
    beheerder, jaarplan
):
    """Also if it does not say on what it was made, as a form that arrives half."""
    page = f"/beheer/plan/action/{Action.objects.first().pk}/change/"
    answer = beheerder.post(page, {"title": "", "body": "Wat ik typte."})
    assert "Wat ik typte." in answer.content.decode()
