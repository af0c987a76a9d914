"""Each public page has a budget of queries, and it does not grow with the number of rows."""

import pytest

from plan.models import Action, AnnualPlan, Development, Passage, Subscription
from themes.models import Indicator, Measurement, Place, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.publish import publish
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.table_statistics import gather_statistics
from veiligalmere.editorial.versions import Version
from veiligalmere.pages.once import once

pytestmark = pytest.mark.usefixtures("known_kinds")

# Of the first page of a content version, and of the same page when others have been made. A word
# in capitals is the key of the first object of that model.
BUDGETS = {
    "/": (12, 0),
    "/themas/": (9, 0),
    "/themas/veilige-wijken/woninginbraken/": (15, 1),
    "/themas/veilige-wijken/": (20, 1),
    "/themas/ondermijning/": (17, 1),
    "/themas/ondermijning/mensenhandel/": (15, 1),
    "/werkwijzen/": (9, 0),
    "/werkwijzen/bestuurlijke-aanpak/": (9, 0),
    "/jaarplan/2020/": (8, 5),
    "/jaarplan/2020/volledig/": (5, 2),
    "/jaarplan/2020/acties/": (9, 0),
    # These make the index of the search, which each process keeps as well.
    "/jaarplan/2020/acties/?thema=veilige-wijken&woorden=overlast": (36, 1),
    "/zoeken/?zoek=overlast": (31, 3),
    "/begrippen/": (3, 1),
    "/volgen/?wat=thema/veilige-wijken": (4, 1),
    "/insluiten/actie/2020/straatintimidatie/": (10, 1),
    "/insluiten/cijfer/geregistreerde-misdrijven/": (3, 0),
    "/ontwikkelingen/": (8, 6),
    "/ontwikkelingen/2019/onderzoek-woninginbraken/": (7, 4),
    "/cijfers/": (5, 0),
    "/cijfers/geregistreerde-misdrijven/": (6, 0),
    "/cijfers/alle-cijfers.csv": (3, 0),
    "/contact/": (4, 1),
    "/toegankelijkheid/": (4, 1),
    "/privacy/": (4, 1),
    "/colofon/": (6, 3),
    "/jaarplan/2020/acties/straatintimidatie/": (22, 2),
    "/jaarplan/2020/acties/straatintimidatie/wijzigingen/": (11, 1),
    "/feeds/alles.atom": (8, 6),
    "/feeds/wijzigingen.atom": (3, 2),
    "/feeds/ontwikkelingen.atom": (1, 1),
    "/feeds/themas/veilige-wijken.atom": (17, 3),
    "/feeds/acties/2020/straatintimidatie.atom": (17, 3),
    "/feeds/onderwerpen/straatintimidatie.atom": (18, 3),
    "/open-data/": (5, 2),
    "/open-data/dcat.ttl": (0, 0),
    "/open-data/dcat.jsonld": (0, 0),
    "/open-data/acties.json": (6, 6),
    "/open-data/acties.csv": (6, 6),
    "/open-data/metingen.csv": (1, 1),
    "/api/v1/acties": (8, 8),
    "/api/v1/acties?jaar=2020&thema=veilige-wijken&stand=niet-gemeld&page=2": (9, 9),
    "/api/v1": (0, 0),
    "/api/v1/themas/THEME": (1, 1),
    "/api/v1/onderwerpen": (3, 3),
    "/api/v1/onderwerpen/SUBTOPIC": (1, 1),
    "/api/v1/werkwijzen/WORKINGMETHOD": (1, 1),
    "/api/v1/jaarplannen/2020": (1, 1),
    "/api/v1/acties/ACTION": (6, 6),
    "/api/v1/cijfers/INDICATOR": (2, 2),
    "/api/v1/ontwikkelingen/DEVELOPMENT": (4, 4),
    "/api/v1/cijfers": (4, 4),
    "/api/v1/metingen": (3, 3),
    "/api/v1/ontwikkelingen": (6, 6),
    "/api/v1/openapi.json": (0, 0),
    "/bestaat-niet/": (6, 4),
    "/sitemap.xml": (16, 15),
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
    gather_statistics()


@pytest.fixture
def little_that_is_new(jaarplan):
    """Of what comes by the year, a little of each kind."""
    bring_news(2)


@pytest.fixture
def much_that_is_new(jaarplan):
    """Of what comes by the year, much of each kind."""
    bring_news(200)


def bring_news(count):
    """Make `count` developments, changes of an action, measurements, and people who follow."""
    action = Action.objects.get(slug="straatintimidatie")
    developments = Development.objects.bulk_create(
        Development(
            title=f"Nieuws {number}",
            slug=f"nieuws-{number}",
            year=2001 + number % 20,
            lead="Kort.",
            state=State.PUBLISHED,
        )
        for number in range(count)
    )
    for through, field, targets in (
        (Development.themes.through, "theme_id", list(Theme.objects.all())),
        (Development.subtopics.through, "subtopic_id", list(Subtopic.objects.all())),
        (Development.actions.through, "action_id", [action]),
    ):
        through.objects.bulk_create(
            through(**{"development_id": one.pk, field: targets[number % len(targets)].pk})
            for number, one in enumerate(developments)
        )
    first = publish(action, note="Bijgesteld")
    Version.objects.bulk_create(
        Version(
            content_type=first.content_type,
            object_id=action.pk,
            label="Straatintimidatie",
            number=first.number + number,
            kind=Version.Kind.PUBLISHED,
            content=first.content,
            note="Bijgesteld",
        )
        for number in range(1, count)
    )
    indicator = Indicator.objects.get(slug="geregistreerde-misdrijven")
    Measurement.objects.bulk_create(
        Measurement(indicator=indicator, area=f"Gebied {area}", period=str(year), value=year)
        for area in range(count // 25 + 1)
        for year in range(1990, 2040)
    )
    Subscription.objects.bulk_create(
        Subscription(email=f"naam{number}@voorbeeld.nl", action=action) for number in range(count)
    )


def check(address, budgets, bezoeker, django_assert_max_num_queries):
    """Ask for a page as for the page cache: as the first of a content version, and again.

    Not again, if it is of those that share nothing.
    """
    once.forget()
    for model in (Theme, Subtopic, WorkingMethod, Action, Indicator, Development):
        if address.endswith(model.__name__.upper()):
            address = f"{address.rpartition('/')[0]}/{model.objects.public().first().pk}"
    for budget in dict.fromkeys(budgets):
        with django_assert_max_num_queries(budget):
            bezoeker.get(address)


@pytest.mark.parametrize(("address", "budgets"), BUDGETS.items())
def test_page_stays_within_its_budget(
    address, budgets, little_that_is_new, one_version, bezoeker, django_assert_max_num_queries
):
    check(address, budgets, bezoeker, django_assert_max_num_queries)


@pytest.mark.slow
def test_budgets_hold_with_ten_plans_of_a_thousand_actions(
    ten_plans_of_a_thousand_actions,
    much_that_is_new,
    one_version,
    bezoeker,
    django_assert_max_num_queries,
):
    assert Action.objects.count() == 10_000
    for address, budgets in BUDGETS.items():
        check(address, budgets, bezoeker, django_assert_max_num_queries)
