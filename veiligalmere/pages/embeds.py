"""Small pages of one action or figure that other sites may frame; no others may be framed."""

from functools import wraps

from django.shortcuts import render
from django.views.decorators.http import require_safe

from plan.models import ProgressUpdate, Status
from veiligalmere.headers import CONTENT_SECURITY_POLICY, FRAMED_BY_ANYONE, FRAMED_BY_NOBODY
from veiligalmere.pages.actions import outlined_or_404
from veiligalmere.pages.errors import Gone, NotFound
from veiligalmere.pages.figures import table
from veiligalmere.pages.figures.chart import chart
from veiligalmere.pages.figures.page import figure_or_404
from veiligalmere.pages.outline import outline_of
from veiligalmere.pages.plan import plan_or_404


def _for_frames(view):
    """Let any site frame what `view` answers; the middleware then leaves out the older header too.

    Also that there is nothing: of a page that may not be framed, the other site shows an error of
    the browser.
    """

    @wraps(view)
    def framed(request, **keys):
        try:
            response = view(request, **keys)
        except NotFound as missing:
            response = _missing(request, "Dit staat hier niet", missing.reason, 404)
        except Gone:
            reason = "Wat hier stond, is door de gemeente ingetrokken en is niet meer te lezen."
            response = _missing(request, "Dit is ingetrokken", reason, 410)
        response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            FRAMED_BY_NOBODY, FRAMED_BY_ANYONE
        )
        return response

    return framed


def _missing(request, title, reason, status):
    context = {"title": title, "reason": reason}
    return render(request, "pages/embed_missing.html", context, status=status)


@require_safe
@_for_frames
def action(request, year, slug):
    """One action: what it is, and where it stands."""
    found = outlined_or_404(outline_of(plan_or_404(year)), slug)
    latest = ProgressUpdate.objects.public().filter(action=found).latest_first().first()
    context = {
        "action": found,
        "status": latest.status_word if latest else Status.NOT_REPORTED,
        "reported_on": latest and latest.reported_on,
    }
    return render(request, "pages/embed_action.html", context)


@require_safe
@_for_frames
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
    return render(request, "pages/embed_figure.html", context)
