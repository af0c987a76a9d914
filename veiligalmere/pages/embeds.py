"""Small pages of one action or figure that other sites may frame; no others may be framed."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from plan.models import ProgressUpdate, Status
from veiligalmere.headers import CONTENT_SECURITY_POLICY, FRAMED_BY_ANYONE, FRAMED_BY_NOBODY
from veiligalmere.pages.actions import outlined_or_404
from veiligalmere.pages.figures import table
from veiligalmere.pages.figures.chart import chart
from veiligalmere.pages.figures.page import figure_or_404
from veiligalmere.pages.outline import outline_of
from veiligalmere.pages.plan import plan_or_404


@require_safe
def action(request, year, slug):
    """One action: what it is, and where it stands."""
    found = outlined_or_404(outline_of(plan_or_404(year)), slug)
    latest = ProgressUpdate.objects.public().filter(action=found).latest_first().first()
    context = {
        "action": found,
        "status": latest.status_word if latest else Status.NOT_REPORTED,
        "reported_on": latest and latest.reported_on,
    }
    return _framed(render(request, "pages/embed_action.html", context))


@require_safe
def figure(request, slug):
    """One figure: its message, its drawing and its table."""
    found = figure_or_404(slug)
    context = {
        "figure": found,
        "chart": chart(found),
        "caption": table.caption(found),
        "columns": table.columns(found),
        "rows": table.rows(found),
    }
    return _framed(render(request, "pages/embed_figure.html", context))


def _framed(response):
    """Let any site frame this answer; the middleware then leaves out the older header too."""
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        FRAMED_BY_NOBODY, FRAMED_BY_ANYONE
    )
    return response
