"""What pages share is right: a page made with it is the page made without it, in each version."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plan.models import Action, AnnualPlan, Development, Passage, ProgressUpdate, Status
from tests.tooling.crawl import crawl, with_client
from themes.models import Indicator, Place, Theme
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.page_cache.addresses import canonical_query
from veiligalmere.page_cache.rendering import making
from veiligalmere.pages import once as once_module
from veiligalmere.pages import outline

ACTION = "/jaarplan/2020/acties/straatintimidatie/"


@pytest.fixture
def action(jaarplan):
    return Action.objects.get(slug="straatintimidatie")


def kept(bezoeker, path, number):
    """Return the text of a page that is made for the cache in content version `number`."""
    with making((0, number)):
        return bezoeker.get(path).content.decode()


@pytest.mark.slow
def test_every_page_is_the_same_with_what_others_made_as_without(bezoeker, jaarplan):
    get = with_client(bezoeker)
    alone = {path: text for path, text in crawl(get).items() if canonical_query(path, "") == ""}
    assert len(alone) > 100
    with making((0, 1)):
        assert {path: get(path)[2] for path in alone} == alone


def test_a_new_version_shows_what_was_changed_wherever_it_stands(bezoeker, action):
    pages = [ACTION, "/", "/themas/veilige-wijken/straatintimidatie/", "/jaarplan/2020/acties/"]
    for path in pages:
        kept(bezoeker, path, 1)
    theme, subtopic = Theme.objects.get(pk=action.theme_id), action.subtopics.get()
    theme.name, subtopic.name, action.title = "Ander thema", "Ander onderwerp", "Andere actie"
    for one in (theme, subtopic, action):
        one.save()
        publish(one)
    for path in pages:
        text = kept(bezoeker, path, 2)
        assert "Ander thema" in text
        assert "Ander onderwerp" in text
        assert ("Andere actie" in text) == (path != "/")


def test_what_an_action_has_for_the_first_time_is_on_its_page_in_the_next_version(bezoeker, action):
    kept(bezoeker, ACTION, 1)
    development = Development.objects.create(title="Iets nieuws", slug="x", year=2020, lead="x")
    development.actions.add(action)
    publish(development)
    indicator = Indicator.objects.public().first()
    action.indicators.add(indicator)
    action.places.add(Place.objects.create(name="Een plaats", slug="een-plaats"))
    passage = Passage.objects.filter(body="").first() or Passage.objects.first()
    passage.body = "Dit geldt hier ook."
    passage.save()
    publish(passage)
    passage.actions.add(action)
    publish(
        ProgressUpdate.objects.create(
            action=action,
            status=Status.ON_TRACK,
            explanation="Zo gaat het.",
            reported_on=date(2020, 5, 1),
        )
    )
    text = kept(bezoeker, ACTION, 2)
    expected = ["Iets nieuws", indicator.name, "Een plaats", "Dit geldt hier ook.", "Zo gaat het."]
    assert [words for words in expected if words not in text] == []
    assert "Gewijzigd" not in kept(bezoeker, f"/feeds/acties/2020/{action.slug}.atom", 2)
    publish(action, note="Waarom")
    publish(action, note="Waarom nog eens")
    assert "Waarom nog eens" in kept(bezoeker, f"/feeds/acties/2020/{action.slug}.atom", 3)


def test_what_is_withdrawn_is_gone_in_the_next_version(bezoeker, action):
    kept(bezoeker, ACTION, 1)
    withdraw(action)
    with making((0, 2)):
        assert bezoeker.get(ACTION).status_code == 410
        assert ACTION not in bezoeker.get("/themas/veilige-wijken/").content.decode()


def test_of_what_has_many_variants_few_are_kept_and_the_pages_stay_right(
    bezoeker, jaarplan, monkeypatch
):
    """Each action's changes stand below the action: a variant of what is above a page."""
    monkeypatch.setattr(once_module, "MOST", 2)
    paths = [f"{action.get_absolute_url()}wijzigingen/" for action in Action.objects.all()[:4]]
    alone = {path: bezoeker.get(path).content.decode() for path in paths}
    assert {path: kept(bezoeker, path, 8) for path in paths * 2} == alone
    with making((0, 8)):
        assert len(once_module.once(("above",), dict)) == 2


@pytest.mark.parametrize(("most", "read_again"), [(100, 0), (10, 1)])
def test_what_is_kept_of_several_plans_is_bounded_by_their_actions(
    bezoeker, action, monkeypatch, most, read_again
):
    monkeypatch.setattr(outline, "MOST", most)
    publish(AnnualPlan.objects.create(title="Jaarplan 2021", year=2021, multi_year_plan="x"))
    for path in ("/jaarplan/2020/acties/", "/jaarplan/2021/acties/"):
        kept(bezoeker, path, 1)
    with CaptureQueriesContext(connection) as queries:
        kept(bezoeker, "/jaarplan/2020/acties/", 1)
    labels = Action.subtopics.through._meta.db_table
    assert sum(f'FROM "{labels}"' in query["sql"] for query in queries) == read_again
