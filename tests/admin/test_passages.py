"""A passage is about actions of its own plan, also while that plan is still to come."""

import pytest

from plan.carrying_over import carry_over
from plan.models import Action, Passage
from tests.tooling.forms import posted
from veiligalmere.editorial.versions import draft_of

ADD = "/beheer/plan/passage/add/"
OTHER_PLAN = "hoort niet bij het gekozen jaarplan"


@pytest.fixture
def actions(jaarplan):
    """Actions of the current plan."""
    return list(Action.objects.of_plan(jaarplan))


@pytest.fixture
def next_year(jaarplan, actions):
    """The plan of next year, a concept, with two actions."""
    return carry_over(
        jaarplan, year=2021, title="Jaarplan 2021", multi_year_plan="x", actions=actions[:2]
    )


def offered(answer):
    """Return the actions that the form on the page `answer` offers."""
    return list(answer.context["adminform"].form.fields["actions"].queryset)


def new_passage(page, **changes):
    """Return what is posted of the form on `page` for a new passage."""
    values = {"heading": "Nieuw", "slug": "nieuw", "position": "1", **changes}
    return posted(page, form="heading", **values)


def test_a_new_passage_is_offered_the_actions_of_the_plan_that_is_chosen(
    redacteur, jaarplan, actions, next_year
):
    page = redacteur.get(ADD)
    assert offered(page) == actions
    assert "Dit zijn de acties van “Jaarplan Veiligheid 2020”." in page.content.decode()
    page = redacteur.get(ADD, {"plan": next_year.pk})
    own = list(Action.objects.of_plan(next_year))
    assert offered(page) == own
    chosen = [str(own[0].pk)]
    redacteur.post(ADD, new_passage(page, plan=str(next_year.pk), actions=chosen))
    assert list(Passage.objects.get(slug="nieuw").actions.all()) == own[:1]


@pytest.mark.parametrize("plan", ["", "0", "x", "99999999999999999999"])
def test_a_plan_that_is_none_is_answered_with_the_current_one(plan, redacteur, actions):
    assert offered(redacteur.get(ADD, {"plan": plan})) == actions


def test_an_action_of_another_plan_is_refused_and_those_of_the_plan_are_offered(
    redacteur, actions, next_year
):
    wrong = new_passage(redacteur.get(ADD), plan=str(next_year.pk), actions=[str(actions[0].pk)])
    answer = redacteur.post(ADD, wrong)
    assert OTHER_PLAN in answer.content.decode()
    assert offered(answer) == list(Action.objects.of_plan(next_year))
    assert not Passage.objects.filter(slug="nieuw").exists()
    assert redacteur.post(ADD, new_passage(answer)).status_code == 302
    assert not Passage.objects.get(slug="nieuw").actions.exists()


def test_a_passage_that_moves_to_another_plan_lets_go_of_its_actions(
    redacteur, jaarplan, actions, next_year
):
    passage = Passage.objects.public().of_plan(jaarplan).first()
    passage.actions.set(actions[:2])
    form = f"/beheer/plan/passage/{passage.pk}/change/"
    page = redacteur.get(form)
    assert OTHER_PLAN in redacteur.post(form, posted(page, plan=str(next_year.pk))).content.decode()
    redacteur.post(form, posted(page, plan=str(next_year.pk), actions=[]))
    draft = draft_of(passage)
    assert draft.content["fields"]["plan"]["pk"] == next_year.pk
    assert draft.content["many"]["actions"] == []
    assert offered(redacteur.get(form)) == list(Action.objects.of_plan(next_year))


def test_an_action_of_another_plan_that_is_there_already_goes_when_it_is_saved(
    redacteur, jaarplan, actions, next_year
):
    passage = Passage.objects.public().of_plan(jaarplan).first()
    passage.actions.set([actions[0], Action.objects.of_plan(next_year).first()])
    form = f"/beheer/plan/passage/{passage.pk}/change/"
    redacteur.post(form, posted(redacteur.get(form), heading="Anders"))
    assert [one["pk"] for one in draft_of(passage).content["many"]["actions"]] == [actions[0].pk]


def test_an_action_moves_to_another_plan_only_without_passages_about_it(
    redacteur, jaarplan, actions, next_year
):
    action = actions[5]
    about = Passage.objects.public().of_plan(jaarplan)[0]
    about.actions.add(action)
    address = f"/beheer/plan/action/{action.pk}/change/"

    def move():
        page = redacteur.get(address)
        return redacteur.post(address, posted(page, form="heading", plan=str(next_year.pk)))

    refused = move()
    assert "Over deze actie gaan passages van een ander jaarplan: " in refused.content.decode()
    assert f"“{about}”" in str(refused.context["adminform"].form.errors["plan"])
    assert draft_of(action) is None
    action.governing_passages.clear()
    assert move().status_code == 302
    assert draft_of(action).content["fields"]["plan"]["pk"] == next_year.pk
