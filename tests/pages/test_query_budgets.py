"""Each public page has a budget of queries, and it does not grow with the number of rows."""

import pytest

from plan.models import Action, AnnualPlan, Passage
from themes.models import Place, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.publishing import State
from veiligalmere.pages.once import once

# Of the first page of a content version, and of the same page when others have been made.
BUDGETS = {
    "/": (12, 0),
    "/themas/": (9, 0),
    "/themas/veilige-wijken/woninginbraken/": (19, 4),
    "/themas/veilige-wijken/": (21, 6),
    "/themas/zorg-en-veiligheid/mensenhandel/": (19, 0),
    "/werkwijzen/": (9, 0),
    "/werkwijzen/bestuurlijke-aanpak/": (9, 0),
    "/jaarplan/2020/": (8, 5),
    "/jaarplan/2020/volledig/": (5, 2),
    "/jaarplan/2020/acties/": (15, 13),
    "/jaarplan/2020/acties/?thema=veilige-wijken&woorden=overlast": (15, 13),
    "/zoeken/?zoek=overlast": (26, 3),
    "/begrippen/": (3, 1),
    "/volgen/?wat=thema/veilige-wijken": (9, 1),
    "/insluiten/actie/2020/straatintimidatie/": (10, 1),
    "/insluiten/cijfer/geregistreerde-misdrijven/": (3, 2),
    "/ontwikkelingen/": (11, 9),
    "/ontwikkelingen/2019/onderzoek-woninginbraken/": (7, 4),
    "/cijfers/": (4, 2),
    "/cijfers/geregistreerde-misdrijven/": (5, 3),
    "/cijfers/alle-cijfers.csv": (2, 2),
    "/contact/": (4, 1),
    "/toegankelijkheid/": (4, 1),
    "/privacy/": (4, 1),
    "/colofon/": (6, 3),
    "/jaarplan/2020/acties/straatintimidatie/": (20, 1),
    "/jaarplan/2020/acties/straatintimidatie/wijzigingen/": (13, 2),
    "/feeds/acties/2020/straatintimidatie.atom": (13, 0),
    "/feeds/onderwerpen/straatintimidatie.atom": (17, 0),
    "/open-data/": (6, 6),
    "/open-data/dcat.ttl": (0, 0),
    "/open-data/acties.json": (9, 9),
    "/open-data/acties.csv": (9, 9),
    "/open-data/metingen.csv": (1, 1),
    "/api/v1/acties": (11, 11),
    "/api/v1/acties?jaar=2020&thema=veilige-wijken&stand=niet-gemeld&page=2": (12, 12),
    "/api/v1/onderwerpen": (3, 3),
    "/api/v1/cijfers": (4, 4),
    "/api/v1/metingen": (3, 3),
    "/api/v1/ontwikkelingen": (6, 6),
    "/api/v1/openapi.json": (0, 0),
    "/bestaat-niet/": (6, 4),
    "/sitemap.xml": (16, 16),
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


def check(address, budgets, bezoeker, django_assert_max_num_queries):
    """Ask for a page twice, as for the page cache: as the first of a content version, and again."""
    once.forget()
    for budget in budgets:
        with django_assert_max_num_queries(budget):
            bezoeker.get(address)


@pytest.mark.parametrize(("address", "budgets"), BUDGETS.items())
def test_page_stays_within_its_budget(
    address, budgets, jaarplan, one_version, bezoeker, django_assert_max_num_queries
):
    check(address, budgets, bezoeker, django_assert_max_num_queries)


def test_budgets_hold_with_ten_plans_of_a_thousand_actions(
    ten_plans_of_a_thousand_actions, one_version, bezoeker, django_assert_max_num_queries
):
    assert Action.objects.count() == 10_000
    for address, budgets in BUDGETS.items():
        check(address, budgets, bezoeker, django_assert_max_num_queries)
