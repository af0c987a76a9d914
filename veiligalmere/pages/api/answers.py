"""How the API answers: headers on every answer, and errors as problem details (RFC 9457).

By the NLGov REST API Design Rules 2.1: the full version in `API-Version`, errors with the right
status, only standard methods. Whoever may read the site may read this, from any other site.
"""

from functools import wraps
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

VERSION = "1.0.0"
METHODS = "GET, HEAD, OPTIONS"
PROBLEM = "application/problem+json"
HEADERS = {
    "API-Version": VERSION,
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "API-Version, ETag",
}
TITLES = {
    400: "De vraag klopt niet",
    404: "Niet gevonden",
    405: "Alleen lezen",
    410: "Ingetrokken",
    500: "Er ging iets mis",
    503: "Even niet bereikbaar",
}


class Problem(Exception):
    """An answer that is refused: a status from TITLES, and a Dutch sentence that says why."""

    def __init__(self, status, detail):
        super().__init__(detail)
        self.status = status
        self.detail = detail


def json(content):
    """Return `content` as JSON, with letters as they are."""
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


def resource(view):
    """Return `view` as a resource of the API: read-only, with its headers and its errors."""
    read = conditional_page(_refusing(view))

    @csrf_exempt  # nothing can be written, so the answer to a POST is 405 and not 403
    @wraps(view)
    def answering(request, **parts):
        if request.method in {"GET", "HEAD"}:
            response = read(request, **parts)
        elif request.method == "OPTIONS":
            response = HttpResponse(status=HTTPStatus.NO_CONTENT)
            del response["Content-Type"]  # there is no content
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = "If-None-Match"
            response["Allow"] = METHODS
        else:
            response = refusal(request.path, Problem(405, "Deze API kunt u alleen lezen, met GET."))
            response["Allow"] = METHODS
        return _with_headers(response)

    return answering


def is_below(path):
    """Whether `path` is one of the API: then an error is no page either."""
    return f"{path}/".startswith(f"{reverse('api')}/")


def refusal(path, problem):
    """Return `problem` as the answer at `path`."""
    content = {
        "type": "about:blank",
        "title": TITLES[problem.status],
        "status": problem.status,
        "detail": problem.detail,
        "instance": path,
    }
    return _with_headers(
        JsonResponse(
            content,
            status=problem.status,
            content_type=PROBLEM,
            json_dumps_params={"ensure_ascii": False},
        )
    )


def _with_headers(response):
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _refusing(view):
    @wraps(view)
    def refusing(request, **parts):
        try:
            return view(request, **parts)
        except Problem as problem:
            return refusal(request.path, problem)
        except SuspiciousOperation:
            return refusal(request.path, Problem(400, "Er staan te veel parameters in het adres."))

    return refusing
