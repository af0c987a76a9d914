"""What we say when something on our side fails: the database, the disk, or our own code.

Nothing here asks the database anything: it may be the very thing that is away.
"""

import errno
import sqlite3
import sys

from django.core.exceptions import (
    FieldDoesNotExist,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.core.handlers.wsgi import WSGIRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from veiligalmere.charset import read_as_utf8
from veiligalmere.editorial.addresses import BACK_OFFICE
from veiligalmere.headers import HEADERS
from veiligalmere.pages.api import answers as api

NOT_WRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
POSTGRESQL_DISK_FULL = "53100"
RETRY_AFTER = "30"  # seconds
LONG = 60  # characters from which a field is shown with its text, instead of being carried along


def server_error(request):
    """Answer 503 if the database or the disk is the cause, and 500 otherwise.

    In the back-office the answer gives an editor every word back that was just sent.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OSError) and error.errno in NOT_WRITABLE:
        reason = "disk"
    elif isinstance(error, (OperationalError, InterfaceError)):
        reason = "disk" if _says_disk_full(error) else "database"
    else:
        return _broken(request)
    return _unavailable(request, reason)


def _says_disk_full(error):
    """Return whether the database says of itself that its disk is full."""
    cause = error.__cause__
    return (
        getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(cause, "sqlstate", None) == POSTGRESQL_DISK_FULL
    )


def _unavailable(request, reason):
    """Answer 503; `reason` is database, disk or busy."""
    if api.is_below(request.path):
        return _api_away(request.path)
    context = {"reason": reason}
    if request.path.startswith(BACK_OFFICE):
        context |= {"back_office": True, "address": request.get_full_path()}
        if request.method == "POST":
            context |= {"posted": True} | _returned(request)
    return HttpResponse(
        render_to_string("503.html", context),
        status=503,
        headers={"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"},
    )


def _broken(request):
    if api.is_below(request.path):
        problem = api.Problem(500, "Dit ligt aan ons en niet aan uw vraag.")
        return api.refusal(request.path, problem)
    return HttpResponse(render_to_string("500.html"), status=500)


def _api_away(path):
    refusal = api.refusal(path, api.Problem(503, "Probeer het straks nog eens."))
    refusal["Retry-After"] = RETRY_AFTER
    refusal["Cache-Control"] = "no-store"
    return refusal


def unavailable_answer(environ, reason="database"):
    """Return (status, headers, body) that say so to a request that Django never saw.

    `environ` is as WSGI gives it; `reason` is "database" if that is away, or "busy". An editor who
    was saving gets every word back here too.
    """
    read_as_utf8(environ)
    response = _unavailable(WSGIRequest(environ), reason)
    headers = {**HEADERS, **response.headers}
    return "503 Service Unavailable", list(headers.items()), response.content


def _returned(request):
    """Return what was posted, to show and to send again: texts, other fields, names of files.

    Of a form with a password in it nothing is returned.
    """
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        files = [file.name for file in request.FILES.values()]
    except (
        *(RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent),
        *(MultiPartParserError, UnreadablePostError),
    ):
        return {}
    if any("password" in name for name, _value in fields):
        return {}
    texts = [
        {"name": name, "label": _label(request, name), "value": value}
        for name, value in fields
        if (len(value) >= LONG or "\n" in value) and name != "csrfmiddlewaretoken"
    ]
    shown = {text["name"] for text in texts}
    others = [{"name": name, "value": value} for name, value in fields if name not in shown]
    return {"texts": texts, "others": others, "files": files}


def _label(request, name):
    """Return what the form called the field `name`, or `name` if that isn't known."""
    try:
        model = resolve(request.path_info).func.model_admin.model
        return str(model._meta.get_field(name).verbose_name)
    except (Resolver404, AttributeError, FieldDoesNotExist):
        return name
