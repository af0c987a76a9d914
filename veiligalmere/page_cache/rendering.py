"""Making a page of one moment.

All queries of a page run in one transaction that sees one state of the database, the content
version included, so that a page is never made of two versions, whatever is published meanwhile.
"""

from contextlib import contextmanager, suppress
from contextvars import ContextVar
from io import BytesIO

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.http import HttpResponse
from django.urls import set_urlconf
from django.utils.module_loading import import_string

from veiligalmere.editorial.content_version import NUMBER, ONLY, current_content_version
from veiligalmere.page_cache.addresses import PAGES, view_at

KEY = "veiligalmere.rendering"
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
TAKEN_OVER = (
    *("SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL"),
    *("wsgi.version", "wsgi.url_scheme", "wsgi.errors"),
    *("wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once"),
)

_version = ContextVar("state of the content in which a page is being made", default=None)


def version_in_the_making():
    """Return the content version in which a page is being made for the cache, or None.

    It is a pair (epoch, number), see `versions.Known`.
    """
    return _version.get()


@contextmanager
def making(version):
    """Make a page of content version `version`, (epoch, number), in this block."""
    token = _version.set(version)
    try:
        yield
    finally:
        _version.reset(token)


class Rendering:
    """One page in the making: what came out of it.

    `status` is a WSGI status line, `version` the content version that the page is made of, or None
    if the database did not answer; `epoch` tells versions before and after a restore apart.
    `replaces_page` says that it takes the place of a page that was kept at its address.
    """

    def __init__(self, epoch=0):
        self.epoch = epoch
        self.status = None
        self.headers = []
        self.body = b""
        self.version = None
        self.replaces_page = False

    @classmethod
    def of(cls, address, environ, application, epoch=0):
        """Let `application` make the page at `address`, for nobody in particular.

        Of the request in `environ` only what says where the server stands is used.
        """
        rendering = cls(epoch)
        clean = {name: environ[name] for name in TAKEN_OVER if name in environ}
        clean |= {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address.path,
            "QUERY_STRING": address.query,
            "HTTP_HOST": address.host,
            "REMOTE_ADDR": "",
            "wsgi.input": BytesIO(),
            KEY: rendering,
        }
        response = application(clean, rendering._start)
        try:
            rendering.body = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
        return rendering

    def _start(self, status, headers, exc_info=None):
        self.status = status
        self.headers = headers

    @property
    def failed(self):
        """Whether there is no page because something on our side went wrong."""
        return self.status.startswith("5")

    @property
    def can_be_kept(self):
        """Whether this is a page for everyone that may be kept."""
        if self.version is None or not self.status.startswith("200"):
            return False
        headers = {}
        for name, value in self.headers:
            headers.setdefault(name.lower(), []).append(value.lower())
        vary = {name.strip() for value in headers.get("vary", ()) for name in value.split(",")}
        caching = ",".join(headers.get("cache-control", ()))
        return (
            "set-cookie" not in headers
            and "content-encoding" not in headers
            and vary <= {"accept-encoding", ""}
            and "no-store" not in caching
            and "private" not in caching
        )


class PageHandler(BaseHandler):
    """Django's handler with only the middleware of MIDDLEWARE that says something of a page.

    What it leaves out is about visitors, of whom a page for the cache knows nothing.
    """

    def __init__(self):
        super().__init__()
        self._view_middleware, self._template_response_middleware = [], []
        self._exception_middleware = []
        handler = convert_exception_to_response(self._get_response)
        for path in reversed(settings.PAGE_MIDDLEWARE):
            middleware = import_string(path)(handler)
            if hasattr(middleware, "process_exception"):
                self._exception_middleware.append(middleware.process_exception)
            handler = convert_exception_to_response(middleware)
        self._middleware_chain = handler

    def resolve_request(self, request):
        """Return what view answers `request`, as the page cache found it already."""
        set_urlconf(PAGES)
        request.resolver_match = view_at(request.path_info)
        return request.resolver_match


class SnapshotHandler(WSGIHandler):
    """Django's own handler, that makes a page for the cache inside one snapshot."""

    def __init__(self):
        super().__init__()
        self._pages = PageHandler()

    def get_response(self, request):
        """Answer `request`; one that is made for the cache, in one transaction."""
        rendering = request.environ.get(KEY)
        if rendering is None:
            return super().get_response(request)
        request.urlconf = PAGES
        try:
            with snapshot() as version, making((rendering.epoch, version)):
                rendering.version = version
                response = self._pages.get_response(request)
                if response.streaming:
                    # While the snapshot is there; afterwards it would be made of another one.
                    response.streaming_content = [b"".join(response.streaming_content)]
        except DatabaseError:
            rendering.version = None
            close_old_connections()
            return HttpResponse(status=503)
        return response


@contextmanager
def snapshot():
    """A transaction that only reads and sees one state of the database; yield its content version.

    Raises Django's DatabaseError if the database is lost, at its end too. It locks nobody out:
    SQLite's readers and writers don't meet under WAL, if only the transaction isn't begun as one
    that is going to write, as our others are.
    """
    begin = _begun_on_postgresql if connection.vendor == "postgresql" else _begun_on_sqlite
    version = begin()
    one = connection.connection
    try:
        yield version
    except BaseException:
        with suppress(connection.Database.Error):  # what went wrong may be the connection itself
            one.rollback()
        raise
    # Not Django's own `atomic`, which asks and remembers more than what only reads has need of.
    with connection.wrap_database_errors:
        one.commit()


def _begun_on_postgresql():
    # What takes the time of a short page is going to the server and back. So this goes there once
    # to begin and to read the version, where Django would go three times; whether the connection
    # still works shows by itself.
    used_before = connection.connection is not None
    connection.health_check_done = True
    try:
        return _version_after(BEGIN)
    except DatabaseError:
        connection.close()
        if not used_before:
            raise
    return _version_after(BEGIN)


def _version_after(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"{statement}; {NUMBER % ONLY}")
        cursor.nextset()
        row = cursor.fetchone()
    return row[0] if row else 0


def _begun_on_sqlite():
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
    try:
        return current_content_version()
    except BaseException:
        connection.connection.rollback()  # or no page could begin on this connection any more
        raise
