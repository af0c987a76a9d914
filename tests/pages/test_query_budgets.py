"""Each public page has a budget of queries, and it does not grow with the number of rows."""

import pytest

from plan.models import Action, AnnualPlan, Passage
from themes.models import Place, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.publishing import State

BUDGETS = {
    "/": 10,
    "/themas/": 6,
    "/themas/veilige-wijken/woninginbraken/": 19,
    "/themas/veilige-wijken/": 25,
    "/werkwijzen/": 7,
    "/werkwijzen/bestuurlijke-aanpak/": 9,
    "/jaarplan/2020/": 9,
    "/jaarplan/2020/volledig/": 6,
    "/jaarplan/2020/acties/": 16,
    "/jaarplan/2020/acties/?thema=veilige-wijken&woorden=overlast": 16,
    "/zoeken/?zoek=overlast": 26,
    "/begrippen/": 3,
    "/insluiten/actie/2020/straatintimidatie/": 7,
    "/insluiten/cijfer/geregistreerde-misdrijven/": 3,
    "/ontwikkelingen/": 11,
    "/ontwikkelingen/2019/onderzoek-woninginbraken/": 8,
    "/cijfers/": 5,
    "/cijfers/geregistreerde-misdrijven/": 6,
    "/cijfers/alle-cijfers.csv": 3,
    "/contact/": 4,
    "/toegankelijkheid/": 4,
    "/privacy/": 4,
    "/colofon/": 6,
    "/jaarplan/2020/acties/straatintimidatie/": 17,
    "/bestaat-niet/": 6,
    "/sitemap.xml": 17,
}


@pytest.fixture
def ten_plans_of_a_thousand_actions(jaarplan):
    """Nine more plans, and actions until each plan has a thousand of them."""
    themes = list(Theme.objects.public())
    subtopics = list(Subtopic.objects.public())
    plans = [jaarplan] + [
        AnnualPlan.objects.create(
            year=year, title=f"Jaarplan {year}", multi_year_plan="x", state=State.PUBLISHED
        )
        for year in range(2011, 2020)
    ]
    for plan in plans:
        Action.objects.bulk_create(
            Action(
                plan=plan,
                theme=themes[number % 4],
                title=f"Actie {number}",
                slug=f"actie-{number}",
                heading=f"Actie {number}",
                body=f"Tekst over overlast {number}.",
                search_text=f"actie {number} tekst over overlast",
                position=10_000 + number,
                state=State.PUBLISHED,
            )
            for number in range(1000 - plan.actions.count())
        )
    made = list(Action.objects.filter(slug__startswith="actie-").values_list("pk", flat=True))
    for through, field, targets in (
        (Action.subtopics.through, "subtopic_id", subtopics),
        (Action.working_methods.through, "workingmethod_id", list(WorkingMethod.objects.all())),
        (Action.places.through, "place_id", list(Place.objects.all())),
    ):
        through.objects.bulk_create(
            through(**{"action_id": pk, field: targets[pk % len(targets)].pk}) for pk in made
        )
    Passage.objects.bulk_create(
        Passage(
            plan=jaarplan,
            slug=f"passage-{number}",
            heading=f"Kop {number}",
            body="Tekst.",
            position=20_000 + number,
            state=State.PUBLISHED,
        )
        for number in range(200)
    )


@pytest.mark.parametrize(("address", "budget"), BUDGETS.items())
def test_page_stays_within_its_budget(
    address, budget, jaarplan, bezoeker, django_assert_max_num_queries
):
    with django_assert_max_num_queries(budget):
        bezoeker.get(address)


def test_budgets_hold_with_ten_plans_of_a_thousand_actions(
    ten_plans_of_a_thousand_actions, bezoeker, django_assert_max_num_queries
):
    assert Action.objects.count() == 10_000
    for address, budget in BUDGETS.items():
        with django_assert_max_num_queries(budget):
            bezoeker.get(address)
