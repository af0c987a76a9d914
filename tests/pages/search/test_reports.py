"""What was reported is found: adopted reports, and the latest public update of an action."""

import pytest

from plan.models import Erratum, Status
from plan.progress.adoption import add_erratum, adopt
from tests.pages.search.test_queries import results
from tests.progress.conftest import make_round, publish_update, report_row
from veiligalmere.editorial.blackout import MARK, black_out
from veiligalmere.editorial.publish import withdraw
from veiligalmere.pages.search.site_pages import OVERVIEWS

pytestmark = pytest.mark.django_db

REPORT = "/voortgang/2020-1/"


@pytest.fixture
def actions(jaarplan):
    """Two actions of the plan."""
    return list(jaarplan.actions.public().select_related("plan", "theme")[:2])


@pytest.fixture
def report(jaarplan, actions):
    """A report that is not adopted yet, in which a flamingo is told of."""
    report = make_round(jaarplan, summary="Over de **ooievaar**.")
    report_row(report, actions[0], Status.STUCK, "Er staat een flamingo.")
    return report


def found(client, words, **filters):
    return results(client.get("/zoeken/", {"zoek": words, **filters}))


def test_report_is_found_once_it_is_adopted(report, actions, bezoeker):
    assert found(bezoeker, "flamingo") == []
    adopt(report)
    for words in ("flamingo", "onderzoeker viel uit", "ooievaar"):  # entry, its cause, summary
        assert REPORT in found(bezoeker, words)
    for words in ("voortgangsrapportage eerste halfjaar 2020", "2020-1", "rapportage"):
        assert REPORT in found(bezoeker, words)[:5]
    answer = bezoeker.get("/zoeken/", {"zoek": "flamingo", "soort": "voortgangsrapportages"})
    assert results(answer) == [REPORT]
    text = answer.content.decode()
    assert "Voortgangsrapportages 2020" in text
    assert f"{actions[0].title}: Er staat een <mark>flamingo</mark>." in text


def test_report_is_found_by_its_errata(report, bezoeker):
    add_erratum(adopt(report), "Er had een **pelikaan** moeten staan.", by=None)
    assert found(bezoeker, "pelikaan") == [REPORT]
    assert Erratum.objects.count() == 1


def test_what_is_blacked_out_is_found_no_more(report, bezoeker):
    adopt(report)
    black_out(["flamingo"], rule="Artikel 5.1", by=None)
    assert found(bezoeker, "flamingo") == []
    text = bezoeker.get("/zoeken/", {"zoek": "ooievaar"}).content.decode()
    assert REPORT in text
    assert "flamingo" not in text
    assert MARK in bezoeker.get(REPORT).content.decode()


def test_report_of_a_plan_that_is_withdrawn_is_not_found(report, jaarplan, bezoeker):
    adopt(report)
    withdraw(jaarplan)
    assert found(bezoeker, "flamingo") == []


def test_action_is_found_by_the_latest_update_alone(actions, bezoeker):
    page = actions[0].get_absolute_url()
    publish_update(actions[0], Status.ON_TRACK, "Er kwam een kraanvogel.", reported_on="2020-03-01")
    assert found(bezoeker, "kraanvogel") == [page]
    last = publish_update(
        actions[0], Status.DELAYED, "Er kwam een lepelaar.", reported_on="2020-04-01"
    )
    publish_update(actions[0], Status.ON_TRACK, "Er kwam een reiger.", reported_on="2020-02-01")
    assert found(bezoeker, "lepelaar") == [page]
    assert found(bezoeker, "gevonden ander")[0] == page
    assert found(bezoeker, "kraanvogel") == found(bezoeker, "reiger") == []
    withdraw(last)
    assert found(bezoeker, "lepelaar") == []
    assert found(bezoeker, "kraanvogel") == [page]


@pytest.mark.parametrize("page", OVERVIEWS, ids=lambda page: page.name)
def test_overview_is_what_the_search_says_of_it(page, bezoeker):
    address = found(bezoeker, page.title, soort="site")[0]
    text = bezoeker.get(address).content.decode()
    assert f">{page.title}</h1>" in text
    assert page.lead in text
