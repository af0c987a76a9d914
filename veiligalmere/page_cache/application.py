"""The page cache as a WSGI application around Django's."""

import logging
from threading import Event, Lock
from time import monotonic

from veiligalmere.observation.metrics import METRICS
from veiligalmere.page_cache.addresses import FILES, Address, canonical_query
from veiligalmere.page_cache.bodies import BodyLost
from veiligalmere.page_cache.gate import Gate
from veiligalmere.page_cache.hanging import REQUEST, database_within
from veiligalmere.page_cache.page import FOR_A_SECOND, Page
from veiligalmere.page_cache.rendering import Rendering
from veiligalmere.page_cache.store import Store

log = logging.getLogger(__name__)

# The share of the memory for pages with a query. They have more combinations than there is room
# for, and must not push out the pages that everyone reads.
SHARE_OF_QUERIES = 0.25
PATIENCE = 20.0  # seconds that a request waits for another that is making the same page
READING = {"GET", "HEAD"}
HEALTH = {"/gezond/", "/gezond/gereed/"}

# In environ: hit, not-modified, miss, stale, away, busy or pass; and the cache itself, for who asks
# how it is doing.
OUTCOME = "veiligalmere.cache"
PAGE_CACHE = "veiligalmere.page_cache"


class PageCache:
    """Answers from memory what it can, and lets `application` make the rest.

    `versions` tells the state of the site, `hosts` are the Host headers under which pages are
    kept, `limit` is in bytes, `away(environ, reason)` makes the answer (status, headers, body) to a
    request while the database is away ("database") or while all who are being answered are stuck
    ("busy"). With `https` only requests that came over it are answered from here, so that
    `application` can redirect the others.
    """

    def __init__(self, application, versions, *, hosts, limit, away, https=False):
        self.application = application
        self.versions = versions
        self.hosts = hosts
        self.away = away
        self.https = https
        self.pages = Store(int(limit * (1 - SHARE_OF_QUERIES)))
        self.pages_with_query = Store(int(limit * SHARE_OF_QUERIES))
        self.gate = Gate()
        self._flights = {}
        self._lock = Lock()

    def begin_with(self, known, pages):
        """Keep just `pages`, pairs of address and page, which were kept in state `known`.

        Without any, `known` is None.
        """
        self.pages.clear()
        for address, page in pages:
            self.pages.put(address, page)
        if known is not None:
            self.versions.begin_at(known)

    def count_pages(self):
        """Tell the metrics of this process how many pages it keeps."""
        METRICS.set("pages", len(self.pages) + len(self.pages_with_query))
        METRICS.set("page_bytes", self.pages.size + self.pages_with_query.size)

    def __call__(self, environ, start_response):
        """Answer one request, as WSGI asks."""
        address = self._address(environ)
        if address is None:
            return self._pass_on(environ, start_response)
        start = start_response
        if environ.get("QUERY_STRING", "") != address.query:
            start = _for_one_alone(start_response)
        known = self.versions.current()
        store = self.pages_with_query if address.query else self.pages
        page = store.get(address)
        try:
            # Most are of this very state, which is seen sooner.
            if page is not None and (page.known == known or page.known.covers(known)):
                return self._send(page, "hit", environ, start)
            if self._is_kept(address):
                if page is None:
                    known = self.versions.after_waiting()
                return self._make(address, known, store, environ, start)
        except BodyLost as error:
            log.warning("a kept page could not be read: %s", error)
            if self.versions.database_is_away:  # it may be readable again before that is back
                return self._refuse("database", environ, start)
            store.remove(address)
            return self(environ, start_response)
        return self._pass_on(environ, start)

    def _pass_on(self, environ, start_response):
        environ[OUTCOME] = "pass"
        environ[PAGE_CACHE] = self
        if self._goes_without_database(environ):
            # What asks something of it all the same does not wait for ever.
            with database_within(REQUEST):
                return self._ask(environ, start_response)
        self.versions.after_waiting()
        if self.versions.database_is_away:
            return self._refuse("database", environ, start_response)
        with self.gate.entered(self._is_away) as entered:
            if entered:
                with database_within(REQUEST):
                    return self._ask(environ, start_response)
        return self._refuse("busy", environ, start_response)

    def _ask(self, environ, start_response):
        answer = self.application(environ, _without_guessing(start_response))
        if environ["REQUEST_METHOD"] != "HEAD":
            return answer
        # Django leaves it to the server to send no body then; gunicorn does, and logs a warning.
        if hasattr(answer, "close"):
            answer.close()
        return []

    def _goes_without_database(self, environ):
        """Return whether this is answered whatever is the matter with the database.

        What is sent, instead of asked for, is refused by a page with a menu.
        """
        path = environ.get("PATH_INFO", "")
        is_redirected = self.https and environ["wsgi.url_scheme"] != "https"
        is_read = environ["REQUEST_METHOD"] in READING
        return is_redirected or (is_read and (path in HEALTH or path.startswith(FILES)))

    def _is_away(self):
        return self.versions.database_is_away

    def _refuse(self, reason, environ, start_response):
        environ[OUTCOME] = "busy" if reason == "busy" else "away"
        status, headers, body = self.away(environ, reason)
        return _answer(status, headers, body, environ, start_response)

    def _address(self, environ):
        """Return the address under which the page asked for would be kept; None if nowhere."""
        if environ["REQUEST_METHOD"] not in READING or environ.get("SCRIPT_NAME"):
            return None
        host = environ.get("HTTP_HOST", "").lower()
        if host not in self.hosts or (self.https and environ["wsgi.url_scheme"] != "https"):
            return None
        path = environ.get("PATH_INFO", "")
        query = environ.get("QUERY_STRING", "")
        if query:
            query = canonical_query(path, query)
            if query is None:
                return None
        return Address(host, path, query)

    def _is_kept(self, address):
        return bool(address.query) or canonical_query(address.path, "") is not None

    def _make(self, address, known, store, environ, start_response):
        """Make the page, or let another thread that is doing so hand it over."""
        rendering, page, made = None, None, False
        if not self.versions.database_is_away:
            rendering, page, made = self._one_at_a_time(address, known, store, environ)
        if page is not None:
            return self._send(page, "miss" if made else "hit", environ, start_response)
        if rendering is None or rendering.failed:
            old = store.get(address)
            if old is not None:
                return self._send(old, "stale", environ, start_response)
        if rendering is None or (rendering.failed and rendering.version is None):
            stuck = rendering is None and not self._is_away()
            return self._refuse("busy" if stuck else "database", environ, start_response)
        environ[OUTCOME] = "miss"
        caching = FOR_A_SECOND if _replaces_a_page(rendering, environ) else "no-cache"
        return _answer(
            *(rendering.status, rendering.headers, rendering.body),
            environ,
            _without_guessing(start_response, caching),
        )

    def _one_at_a_time(self, address, known, store, environ):
        """Return (rendering, page, whether it was made here); who comes meanwhile gets the same."""
        with self._lock:
            page = store.get(address)
            if page is not None and known is not None and page.known.covers(known):
                return None, page, False
            flight = self._flights.get((address, known))
            leads = flight is None
            if leads:
                flight = self._flights[address, known] = _Flight()
        if not leads:
            self._wait_for(flight)
            return flight.rendering, flight.page, False
        try:
            flight.rendering, flight.page = self._render(address, known, environ)
            if self._replace(store, address, known, flight):
                self.count_pages()
        finally:
            with self._lock:
                del self._flights[address, known]
            flight.done.set()
        return flight.rendering, flight.page, True

    @staticmethod
    def _replace(store, address, known, flight):
        """Let what was made at `address` take the place of what is kept; return if that changed.

        Of a page that is no longer there, withdrawn say, nothing stays: it would come back as soon
        as the database is away.
        """
        if flight.page is not None:
            store.put(address, flight.page)
            return True
        made = flight.rendering
        if known is None or made is None or made.failed or made.version is None:
            return False
        made.replaces_page = store.forget(address, known._replace(number=made.version))
        return made.replaces_page

    def _wait_for(self, flight):
        """Return when the page is there, or when it is not to be expected any more."""
        until = monotonic() + PATIENCE
        while not flight.done.wait(0.5):
            if monotonic() > until or self.versions.database_is_away:
                break

    def _render(self, address, known, environ):
        """Return (rendering, the page if it may be kept or else None); (None, None) if stuck."""
        epoch = known.epoch if known else None
        with self.gate.entered(self._is_away) as entered:
            if not entered:
                return None, None
            with database_within(REQUEST):
                rendering = Rendering.of(address, environ, self.application, epoch)
        if not rendering.can_be_kept or known is None:
            return rendering, None
        made_of = known._replace(number=rendering.version)
        return rendering, Page(rendering.headers, rendering.body, made_of)

    @staticmethod
    def _send(page, outcome, environ, start_response):
        status, headers, body = page.answer(environ)
        environ[OUTCOME] = "not-modified" if outcome == "hit" and status[:3] == "304" else outcome
        start_response(status, headers)
        return body


class _Flight:
    """A page that one thread makes and others wait for."""

    def __init__(self):
        self.done = Event()
        self.rendering = None
        self.page = None


def _answer(status, headers, body, environ, start_response):
    """Answer with a whole `body` and its length."""
    headers = [pair for pair in headers if pair[0].lower() != "content-length"]
    start_response(status, [*headers, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _replaces_a_page(rendering, environ):
    """Return whether nginx is to keep this answer, so that a page does not stay there.

    That is where a page was, here or with nginx: when what nginx has is a second old, it asks with
    the page's tag, and only then, for the tags of visitors don't come through it. Of other answers
    it is to keep none: the addresses of a 404 or a redirect are without end.
    """
    if rendering.failed or rendering.status.startswith("200"):
        return False
    return rendering.replaces_page or "HTTP_IF_NONE_MATCH" in environ


def _for_one_alone(start_response):
    """Return a `start_response` by which nginx keeps no answer under the address that was asked.

    It is another way to write the address under which the page is kept here. There are as many of
    those as anyone likes, and nginx can't know which parameters mean something on which page.
    """

    def start(status, headers, exc_info=None):
        return start_response(status, [*headers, ("X-Accel-Expires", "0")], exc_info)

    return start


def _without_guessing(start_response, caching="no-cache"):
    """Return a `start_response` that adds `caching` to an answer that says nothing about it."""

    def start(status, headers, exc_info=None):
        if not any(name.lower() == "cache-control" for name, _value in headers):
            headers = [*headers, ("Cache-Control", caching)]
        return start_response(status, headers, exc_info)

    return start
