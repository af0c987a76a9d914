"""The page of a subtopic leads to the actions that earlier plans had on it."""

import re

import pytest

from plan.models import Action, AnnualPlan
from themes.models import Subtopic
from veiligalmere.editorial.publishing import State
from veiligalmere.pages.once import once

PAGE = "/themas/zorg-en-veiligheid/woonoverlast/"
LIST = "/jaarplan/2020/acties/?onderwerp=woonoverlast"

pytestmark = pytest.mark.django_db


def plan_of(year, state=State.PUBLISHED):
    return AnnualPlan.objects.create(
        year=year, title=f"Jaarplan {year}", multi_year_plan="x", state=state
    )


def action_of(plan, subtopic, number=1, state=State.PUBLISHED):
    action = Action.objects.create(
        plan=plan,
        theme=subtopic.theme,
        title=f"Actie {number}",
        slug=f"actie-{number}",
        body="Tekst.",
        position=number,
        state=state,
    )
    action.subtopics.add(subtopic)
    return action


def links(answer):
    """Return [(what it says, where it leads)] of the lines about earlier plans."""
    html = " ".join(answer.content.decode().split())
    found = re.findall(
        r'<a[^>]+href="(/jaarplan/\d+/acties/\?onderwerp=[^"]+)"[^>]*>(.*?)</a>', html
    )
    return [(text, url) for url, text in found]


def test_subtopic_without_an_action_this_year_leads_to_those_of_the_year_before(jaarplan, bezoeker):
    plan_of(2021)
    answer = bezoeker.get(PAGE)
    assert "Het jaarplan noemt hier geen eigen actie" in answer.content.decode()
    assert links(answer) == [("In 2020: 2 acties", LIST)]
    assert bezoeker.get(LIST).context["total"] == 2


def test_current_year_is_no_earlier_one(jaarplan, bezoeker):
    assert links(bezoeker.get(PAGE)) == []


def test_every_earlier_plan_with_actions_is_named_the_latest_first(jaarplan, bezoeker):
    subtopic = Subtopic.objects.get(slug="woonoverlast")
    action_of(plan_of(2018), subtopic)
    plan_of(2019)
    action_of(plan_of(2021), subtopic)
    plan_of(2022)
    assert links(bezoeker.get(PAGE)) == [
        ("In 2021: 1 actie", LIST.replace("2020", "2021")),
        ("In 2020: 2 acties", LIST),
        ("In 2018: 1 actie", LIST.replace("2020", "2018")),
    ]


def test_they_are_named_too_where_this_year_has_actions(jaarplan, bezoeker):
    action_of(plan_of(2021), Subtopic.objects.get(slug="woonoverlast"))
    answer = bezoeker.get(PAGE)
    assert "1 actie in 2021" in answer.content.decode()
    assert links(answer) == [("In 2020: 2 acties", LIST)]


def test_what_falls_under_a_subtopic_counts_each_action_once(jaarplan, bezoeker):
    parent = Subtopic.objects.get(slug="high-impact-crimes")
    plan = plan_of(2019)
    for number in (1, 2):
        action = action_of(plan, parent, number)
        action.subtopics.add(*Subtopic.objects.filter(parent=parent))
    page = bezoeker.get(parent.get_absolute_url())
    ((said, url),) = links(page)
    assert (said, url) == (
        "In 2019: 2 acties",
        "/jaarplan/2019/acties/?onderwerp=high-impact-crimes",
    )
    assert bezoeker.get(url).context["total"] == 2


@pytest.mark.parametrize("state", [State.CONCEPT, State.WITHDRAWN])
def test_what_is_not_public_is_not_counted(state, jaarplan, bezoeker):
    subtopic = Subtopic.objects.get(slug="woonoverlast")
    action_of(plan_of(2019, state), subtopic)
    action_of(plan_of(2018), subtopic, state=state)
    assert links(bezoeker.get(PAGE)) == []


def test_it_takes_one_query_however_many_plans_there_are_and_none_once_it_is_kept(
    jaarplan, one_version, bezoeker, django_assert_max_num_queries
):
    subtopic = Subtopic.objects.get(slug="woonoverlast")
    plan_of(2031)
    counts = []
    for years in (range(2021, 2022), range(2022, 2031)):
        for year in years:
            action_of(plan_of(year), subtopic)
        once.forget()
        with django_assert_max_num_queries(16):
            counts.append(len(links(bezoeker.get(PAGE))))
        with django_assert_max_num_queries(1):
            bezoeker.get(PAGE)
    assert counts == [2, 11]
