"""How the plan stands now, as the home page, a theme's page and /voortgang/ tell it."""

from plan.models import Action, ProgressReport, ProgressUpdate
from plan.progress.tally import Tally
from veiligalmere.pages.charts import status_chart

LATEST = 5  # changes that are shown


def summary(plan, theme=None, tally=None):
    """Return the state of `plan`, or of one theme in it, for `includes/state-of-plan.html`.

    None without a plan. A fixed number of queries: at most four.
    """
    if plan is None:
        return None
    tally = tally or Tally.of_plan(plan)
    actions = Action.objects.public().of_plan(plan)
    title = f"Stand van de acties in {plan.year}"
    if theme is not None:
        tally = tally.of_theme(theme.pk)
        actions = actions.filter(theme=theme)
        title = f"Stand van de acties bij {theme.name}"
    reports = ProgressReport.objects.filter(plan=plan)
    return {
        "chart": status_chart(tally, key="stand", title=title),
        "reported": tally.reported,
        "latest": list(ProgressUpdate.objects.changes_in(actions)[:LATEST])
        if tally.reported
        else [],
        "last_report": reports.adopted().latest_first().first(),
        "next_report": reports.open().oldest_first().first(),
        "plan": plan,
    }
