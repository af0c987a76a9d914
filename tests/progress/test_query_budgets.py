"""Pages with progress keep their budgets: ten plans, a thousand actions each, twenty reports."""

from datetime import UTC, date, datetime

import pytest

from plan.models import Action, AnnualPlan, ProgressReport, ProgressUpdate, ReportEntry, Status
from plan.progress.adoption import adopt
from tests.progress.conftest import make_round, report_row
from themes.models import Theme
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.table_statistics import gather_statistics
from veiligalmere.editorial.versions import Version, latest_published
from veiligalmere.pages.once import once

pytestmark = pytest.mark.usefixtures("known_kinds")

# Of the first page of a content version, and of the same page when others have been made.
BUDGETS = {
    "/": (14, 2),
    "/themas/veilige-wijken/": (21, 2),
    "/voortgang/": (11, 4),
    "/voortgang/2020-1/": (10, 8),
    "/voortgang/vergelijk/?van=2020-1&naar=2020-2": (6, 4),
    "/jaarplan/2020/acties/straatintimidatie/": (23, 3),
    "/feeds/alles.atom": (6, 5),
    "/feeds/voortgangsrapportages.atom": (2, 2),
    "/feeds/themas/veilige-wijken.atom": (16, 2),
    "/feeds/acties/2020/straatintimidatie.atom": (14, 1),
    "/api/v1/voortgangsmeldingen": (3, 3),
    "/api/v1/voortgangsmeldingen?jaar=2020&thema=veilige-wijken": (5, 5),
    "/api/v1/voortgangsmeldingen/UPDATE": (1, 1),
    "/api/v1/rapportageregels": (3, 3),
    "/api/v1/rapportageregels?rapportage=2020-1": (4, 4),
    "/api/v1/voortgangsrapportages": (4, 4),
    "/api/v1/voortgangsrapportages/2020-1": (3, 3),
}


def check_budgets(bezoeker, django_assert_max_num_queries):
    update = ProgressUpdate.objects.public().first()
    for named, budgets in BUDGETS.items():
        address = named.replace("UPDATE", str(update.pk))
        once.forget()
        for budget in dict.fromkeys(budgets):
            with django_assert_max_num_queries(budget):
                assert bezoeker.get(address).status_code == 200


@pytest.fixture
def two_reports(jaarplan, first_report, actions):
    """Two reports on the plan as it is loaded."""
    second = make_round(jaarplan, half=2)
    report_row(second, actions[0], Status.STUCK)
    return [first_report, adopt(second)]


@pytest.fixture
def twenty_reports_on_a_thousand_actions(jaarplan, two_reports):
    """Ten plans of a thousand actions; each has two reports, with an entry of every action."""
    themes = list(Theme.objects.public())
    years = range(2011, 2020)
    plans = AnnualPlan.objects.bulk_create(
        AnnualPlan(year=year, title=f"Jaarplan {year}", multi_year_plan="x", state=State.PUBLISHED)
        for year in years
    )
    version = latest_published(Action.objects.public().first())
    moment = datetime(2020, 7, 1, tzinfo=UTC)
    for plan in [jaarplan, *plans]:
        reports = two_reports
        if plan != jaarplan:
            reports = ProgressReport.objects.bulk_create(
                ProgressReport(
                    plan=plan, half=half, deadline=moment, summary="x", adopted_at=moment
                )
                for half in (1, 2)
            )
        fill(plan, reports, themes, version)
    gather_statistics()


def fill(plan, reports, themes, version):
    """Give `plan` a thousand actions, with an update and an entry in each of its reports."""
    actions = Action.objects.bulk_create(
        Action(
            plan=plan,
            theme=themes[number % 4],
            title=f"Actie {number}",
            slug=f"actie-{number}",
            body="Tekst.",
            position=10_000 + number,
            state=State.PUBLISHED,
        )
        for number in range(1000 - plan.actions.count())
    )
    statuses = [Status.ON_TRACK, Status.DONE, Status.NOT_STARTED, Status.DROPPED]
    for report in reports:
        said = {"explanation": f"Stand in {report}.", "reported_on": date(2020, 6, report.half)}
        ProgressUpdate.objects.bulk_create(
            ProgressUpdate(
                action=action,
                report=report,
                status=statuses[action.pk % 4],
                state=State.PUBLISHED,
                **said,
            )
            for action in actions
        )
        ReportEntry.objects.bulk_create(
            ReportEntry(
                report=report,
                version=version,
                action=action,
                theme=action.theme,
                theme_number=action.theme.number,
                theme_name=action.theme.name,
                action_key=action.pk,
                title=action.title,
                address=f"/jaarplan/{plan.year}/acties/{action.slug}/",
                position=action.position,
                status=statuses[action.pk % 4],
                in_round=True,
                **said,
            )
            for action in actions
        )


def test_pages_stay_within_their_budgets(
    two_reports, one_version, bezoeker, django_assert_max_num_queries
):
    check_budgets(bezoeker, django_assert_max_num_queries)


@pytest.mark.slow
def test_budgets_hold_with_ten_plans_a_thousand_actions_and_twenty_reports(
    twenty_reports_on_a_thousand_actions, one_version, bezoeker, django_assert_max_num_queries
):
    assert ReportEntry.objects.count() == 20_000
    assert Version.objects.exists()
    check_budgets(bezoeker, django_assert_max_num_queries)


def test_adopting_takes_no_more_queries_for_actions_without_a_row(
    jaarplan, actions, django_assert_max_num_queries
):
    report = make_round(jaarplan)
    with django_assert_max_num_queries(25):
        adopt(report)
