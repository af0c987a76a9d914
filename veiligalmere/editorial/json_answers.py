"""Answers to the scripts of the back-office: JSON, for staff alone.

Who isn't logged in gets 403 and a sentence, no redirect: the script that asks would take the login
page for an answer.
"""

from functools import wraps

from django.http import JsonResponse
from django.views.decorators.cache import never_cache

from veiligalmere.editorial.login.log import note_forbidden
from veiligalmere.editorial.login.sessions import note_activity

SESSION_ENDED = "session-ended"


def answer(status=200, **content):
    """Return `content` as JSON with this status."""
    return JsonResponse(content, status=status)


def for_staff(site, view):
    """Return `view` for POST by those who may enter admin `site`; others get 405 or 403."""

    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        if request.method != "POST":
            response = answer(405, error="Dit adres is alleen voor de teksteditor.")
            response["Allow"] = "POST"
            return response
        if not site.has_permission(request):
            return answer(
                403,
                code=SESSION_ENDED,
                error="U bent niet meer ingelogd. Uw tekst staat nog in het veld.",
            )
        note_activity(request)
        return view(request, *args, **kwargs)

    return _noting_refusals(guarded)


def _noting_refusals(view):
    """Return `view`, with what an account may not do noted in the log of the back-office.

    Of whoever is not logged in nothing is noted: a page that is left open goes on asking.
    """

    @wraps(view)
    def noting(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if response.status_code == 403 and request.user.is_authenticated:
            note_forbidden(request)
        return response

    return noting
