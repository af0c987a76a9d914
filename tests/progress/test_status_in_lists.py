"""Lists of actions tell where each one stands, and can be narrowed by it."""

import csv
import io
import re

import pytest

from plan.models import AnnualPlan, Status
from tests.progress.conftest import main_of, publish_update
from veiligalmere.editorial.publishing import State

ACTIONS = "/jaarplan/2020/acties/"
THEME, SUBTOPIC = "/themas/veilige-wijken/", "/themas/veilige-wijken/woninginbraken/"
METHOD = "/werkwijzen/bestuurlijke-aanpak/"
NOTHING = "Nog niet gemeld"


def card_of(answer, action):
    """Return the text of the card of `action` on a page."""
    cards = re.findall(r'<article class="action-card.*?</article>', main_of(answer), re.DOTALL)
    (card,) = [card for card in cards if f'href="{action.get_absolute_url()}"' in card]
    return " ".join(re.sub(r"<[^>]+>", " ", card).split())


def groups_of(answer):
    return {group["param"]: group for group in answer.context["filters"]["groups"]}


def titles(answer):
    return [action.title for action in answer.context["actions"]]


@pytest.fixture
def reported(actions):
    """The first action is on track, the second delayed; of the others nothing was reported."""
    publish_update(actions[0], Status.DONE)
    publish_update(actions[0], Status.ON_TRACK)
    publish_update(actions[1], Status.DELAYED)
    return actions


@pytest.mark.parametrize("page", [ACTIONS, THEME, SUBTOPIC])
def test_card_tells_the_status_that_was_reported_last(page, bezoeker, reported):
    answer = bezoeker.get(page)
    assert "Op schema" in card_of(answer, reported[0])
    assert "Gereed" not in card_of(answer, reported[0])


def test_card_of_what_nothing_was_reported_of_says_so_once_others_have_a_status(bezoeker, reported):
    assert NOTHING in card_of(bezoeker.get(ACTIONS), reported[2])


@pytest.mark.parametrize("page", [ACTIONS, THEME, SUBTOPIC, METHOD])
def test_no_card_has_a_status_while_nothing_is_reported_in_the_plan(page, bezoeker, jaarplan):
    text = main_of(bezoeker.get(page))
    assert "action-card" in text
    assert "status--" not in text


def test_update_that_is_not_published_is_on_no_card(bezoeker, actions):
    update = publish_update(actions[0], Status.ON_TRACK)
    type(update).objects.filter(pk=update.pk).update(state=State.CONCEPT)
    answer = bezoeker.get(ACTIONS)
    assert "status--" not in main_of(answer)
    assert "stand" not in groups_of(answer)


def test_status_is_that_of_its_own_plan(bezoeker, reported):
    AnnualPlan.objects.create(
        year=2021, title="Jaarplan 2021", multi_year_plan="x", state=State.PUBLISHED
    )
    assert "status--" in main_of(bezoeker.get(ACTIONS))
    assert "stand" not in groups_of(bezoeker.get("/jaarplan/2021/acties/"))


def test_list_is_filtered_by_status_under_the_names_of_the_api(bezoeker, reported):
    answer = bezoeker.get(f"{ACTIONS}?stand=op-schema")
    assert titles(answer) == [reported[0].title]
    group = groups_of(answer)["stand"]
    assert group["legend"] == "Stand"
    assert [one["value"] for one in group["options"]] == Status.values
    counts = {one["value"]: one["count"] for one in group["options"]}
    assert {value: count for value, count in counts.items() if count} == {
        "op-schema": 1,
        "vertraagd": 1,
        "niet-gemeld": 27,
    }
    assert [tag["label"] for tag in answer.context["filters"]["active"]] == ["Op schema"]
    for value, count in counts.items():
        assert bezoeker.get(f"{ACTIONS}?stand={value}").context["total"] == count
        api = bezoeker.get(f"/api/v1/acties?jaar=2020&stand={value}").json()
        assert api["totaal"] == count


def test_status_combines_with_other_filters_and_with_another_status(bezoeker, reported):
    both = bezoeker.get(f"{ACTIONS}?stand=op-schema&stand=vertraagd")
    assert titles(both) == [reported[0].title, reported[1].title]
    theme = reported[0].theme.slug
    in_theme = bezoeker.get(f"{ACTIONS}?thema={theme}&stand=niet-gemeld")
    assert in_theme.context["total"] == 8 - sum(one.theme.slug == theme for one in reported[:2])
    elsewhere = bezoeker.get(f"{ACTIONS}?thema=rampenbestrijding&stand=op-schema")
    assert elsewhere.context["total"] == 0


def test_files_and_pages_follow_the_status(bezoeker, reported):
    assert "/jaarplan/2020/acties.csv?stand=op-schema" in main_of(
        bezoeker.get(f"{ACTIONS}?stand=op-schema")
    )
    answer = bezoeker.get("/jaarplan/2020/acties.csv?stand=op-schema")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["actie"], row["stand"]) for row in rows] == [(reported[0].title, "op schema")]


def test_status_that_does_not_exist_is_refused_with_the_choices(bezoeker, reported):
    answer = bezoeker.get(f"{ACTIONS}?stand=klaar")
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "In het filter “Stand” bestaat de keuze “klaar” niet." in text
    assert f"{ACTIONS}?stand=op-schema" in text
    assert bezoeker.get("/jaarplan/2020/acties.csv?stand=klaar").status_code == 404


def test_without_a_report_there_is_no_filter_but_a_link_to_it_tells_the_truth(bezoeker, jaarplan):
    assert "stand" not in groups_of(bezoeker.get(ACTIONS))
    assert bezoeker.get(f"{ACTIONS}?stand=op-schema").context["total"] == 0
    assert bezoeker.get(f"{ACTIONS}?stand=niet-gemeld").context["total"] == 29
    assert bezoeker.get(f"{ACTIONS}?stand=klaar").status_code == 404


@pytest.mark.parametrize(
    ("page", "query"),
    [(THEME, "thema=veilige-wijken&amp;stand="), ("/", "stand="), ("/voortgang/", "stand=")],
)
def test_counts_by_status_lead_to_the_actions_that_they_count(page, query, bezoeker, reported):
    text = main_of(bezoeker.get(page))
    chart = text[text.index('class="status-chart__table"') :]
    chart = chart[: chart.index("</table>")]
    rows = re.findall(r"<tr.*?</tr>", chart[chart.index("<tbody>") :], re.DOTALL)
    assert len(rows) == len(Status)
    for row in rows:
        count = int(re.search(r"<td>(\d+)", row)[1])
        links = re.findall(r'href="([^"]+)"', row)
        assert bool(links) == bool(count)
        for link in links:
            assert link.startswith(f"{ACTIONS}?{query}")
            found = bezoeker.get(link.replace("&amp;", "&"))
            assert found.context["total"] == count


def test_counts_of_a_report_lead_nowhere_else_than_they_were_counted(bezoeker, first_report):
    text = main_of(bezoeker.get(first_report.get_absolute_url()))
    assert "?stand=" not in text
