"""Whether a link to an address of this site leads anywhere, for advice to editors.

The lowest floor knows no page. So the address is asked of the site itself, as a visitor would,
inside this process: whatever pages there are or will be, the answer is theirs.
"""

from functools import cache as once
from io import BytesIO
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.urls import Resolver404, resolve

from veiligalmere.editorial.addresses import redirect_for
from veiligalmere.editorial.content_version import current_content_version

SECONDS = 60  # that an answer is remembered; writing asks the same again and again
MAX_LENGTH = 300


def own_path(href):
    """Return the path (with its query) of a link to this site, or None for any other link."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    own = urlsplit(settings.SITE_URL).netloc
    if parts.scheme in {"http", "https"} and parts.netloc == own:
        return parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    return parts._replace(fragment="").geturl()


def is_back_office(path):
    """Whether `path` is a page that only staff can open."""
    try:
        return "admin" in resolve(unquote(urlsplit(path).path)).app_names
    except Resolver404:
        return False


def leads_nowhere(path):
    """Whether a visitor who follows a link to `path` gets a page that says it isn't there.

    An answer that says nothing about the address, such as a fault of the site, is no reason.
    """
    if len(path) > MAX_LENGTH:
        return True
    if not _has_route(unquote(urlsplit(path).path)):
        return redirect_for(unquote(urlsplit(path).path)) is None
    key = f"leads-nowhere:{current_content_version()}:{path.encode().hex()}"
    return cache.get_or_set(key, lambda: _status_of(path) in {400, 404, 410}, SECONDS)


def _has_route(path):
    """Whether the site has an answer of its own for `path`, or for `path` with a final slash."""
    if path.startswith(settings.STATIC_URL):
        return True
    for one in (path, f"{path}/"):
        try:
            resolve(one)
        except Resolver404:
            continue
        return True
    return False


def _status_of(path):
    """Return the status with which the site answers a visitor's request for `path`."""
    site = urlsplit(settings.SITE_URL)
    parts = urlsplit(path)
    environ = {
        "REQUEST_METHOD": "HEAD",
        "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": site.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
    }
    response = _handler().get_response(WSGIRequest(environ))
    # Its own `close()` would end the request in which we ask.
    if file := getattr(response, "file_to_stream", None):
        file.close()
    return response.status_code


@once
def _handler():
    """Return the site with its middleware; made once, because that reads all static files."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler
