"""How the plan stands now, as the home page, a theme's page and /voortgang/ tell it."""

from plan.models import Action, ProgressUpdate
from veiligalmere.pages import records
from veiligalmere.pages.charts import status_chart

LATEST = 5  # changes that are shown


def summary(outline, theme=None):
    """Return the state of a plan, or of one theme in it, for `includes/state-of-plan.html`.

    `outline` is that of the plan; None without a plan. Beside it at most one query.
    """
    plan, tally = outline.plan, outline.tally
    if plan is None:
        return None
    actions = Action.objects.public().of_plan(plan)
    title = f"Stand van de acties in {plan.year}"
    list_url = f"{plan.actions_url}?stand="
    if theme is not None:
        tally = tally.of_theme(theme.pk)
        actions = actions.filter(theme=theme)
        title = f"Stand van de acties bij {theme.name}"
        list_url = f"{plan.actions_url}?thema={theme.slug}&stand="
    return {
        "chart": status_chart(tally, key="stand", title=title, list_url=list_url),
        "reported": tally.reported,
        "latest": list(ProgressUpdate.objects.changes_in(actions)[:LATEST])
        if tally.reported
        else [],
        "last_report": outline.last_report,
        "next_report": _next_report(),
        "plan": plan,
    }


def _next_report():
    """Return the open report that is expected next, or else the last that is late; None if none is.

    It need not be on the plan that is shown: the last report on a year is made after New Year, when
    the next plan is there already and may have a round of its own.
    """
    expected = sorted(records.open_reports(), key=lambda one: one.expected_on)
    to_come = [one for one in expected if not one.is_overdue]
    return next(iter(to_come or reversed(expected)), None)
