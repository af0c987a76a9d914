"""Content for pages that show all there is."""

import pytest

from plan.models import Action, AnnualPlan, Development, Erratum, Status
from plan.progress.adoption import adopt
from tests.progress.conftest import make_round, publish_update, report_row
from themes.models import Indicator
from veiligalmere.editorial.publishing import State


@pytest.fixture
def content(jaarplan):
    """The whole plan, and an earlier one, a report, updates, measurements and a development."""
    actions = list(Action.objects.public().of_plan(jaarplan).select_related("plan", "theme"))
    report = make_round(jaarplan, council_document="https://example.org/raadsstuk")
    report_row(report, actions[0], Status.STUCK)
    report_row(report, actions[1], Status.ON_TRACK)
    Erratum.objects.create(report=adopt(report), text="Er had **juni** moeten staan.")
    publish_update(actions[0], Status.DELAYED)
    publish_update(actions[2], Status.DONE)
    earlier = AnnualPlan.objects.create(
        year=2019, title="Jaarplan 2019", multi_year_plan="x", state=State.PUBLISHED
    )
    before = Action.objects.create(
        plan=earlier,
        theme=actions[0].theme,
        title="Eerdere actie",
        slug="eerder",
        body="Tekst.",
        position=1,
        state=State.PUBLISHED,
    )
    Action.objects.filter(pk=actions[0].pk).update(predecessor=before)
    indicator = Indicator.objects.public().first()
    actions[0].indicators.add(indicator)
    indicator.measurements.create(
        period="1999-K2", value="1.5", provisional=True, note="=schatting"
    )
    indicator.measurements.create(period="1999-06", value=None)
    development = Development.objects.create(
        title="Nieuws",
        slug="nieuws",
        year=2020,
        date="2020-05-01",
        lead="Kort.",
        state=State.PUBLISHED,
    )
    development.themes.add(actions[0].theme)
    development.actions.add(actions[0])
    return actions
