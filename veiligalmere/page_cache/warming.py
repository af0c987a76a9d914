"""Having the pages in memory before anyone asks for them.

A worker begins with what the site kept before it was stopped, or with nothing. Should the database
go away then, or after something was published, there would be nothing to go on with, or pages with
words that were withdrawn.
"""

import logging
import re
import time
from html import unescape
from importlib import import_module
from itertools import chain
from threading import Thread
from urllib.parse import unquote, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings

from veiligalmere.page_cache.addresses import Address
from veiligalmere.page_cache.application import OUTCOME
from veiligalmere.page_cache.heap import trim_heap

log = logging.getLogger(__name__)

SITEMAP = "/sitemap.xml"
START = 2.0  # seconds in which a new worker is there for its first visitors alone
LOOK = 10.0  # seconds between two looks at whether pages became old
LONGEST_WAIT = 360  # looks; an hour, until the next try to make what the site failed at
RETRY = 5.0  # seconds until the next try, when the database is away or visitors keep us busy
FULL = 0.75  # of the memory for pages; the rest is for what visitors ask for
NOT_MADE = {"away", "busy", "stale"}
LOCATION = re.compile(r"<loc>([^<]+)</loc>")


class Warming:
    """Asks `cache` for the pages of the sitemap of the site at `site_url`, `limit` at most.

    At the start, and again for each state of the site that lasts: then for all other old pages in
    memory too, so that what is no longer there goes from it. In a thread of its own, that takes
    half of the time at most. Pages that nobody asked for it stops making when the memory for pages
    is nearly full; what is kept already it does not make. All are saved in `saved` when it is done.
    """

    def __init__(self, cache, site_url, limit, saved):
        self.cache = cache
        self.site = urlsplit(site_url)
        self.limit = limit
        self.saved = saved
        self._seen = self._done = None
        self._wait = self._looks = 0  # until pages are tried again that could not be made

    def start(self):
        """Begin, and return at once. A fork takes no thread along: call it afterwards."""
        Thread(target=self._run, name="warming", daemon=True).start()

    def _run(self):
        time.sleep(START)
        self._by_itself(self.make_all)
        # The back-office too, which pages for visitors don't need (see `pages/urls.py`).
        self._by_itself(lambda: import_module(settings.ROOT_URLCONF))
        while True:
            time.sleep(LOOK)
            self._by_itself(self.look)

    def _by_itself(self, step):
        try:
            step()
        except Exception:
            # This thread has to go on: nobody else renews what is kept.
            log.exception("could not make the pages that are to be kept")

    def look(self):
        """Make all pages anew if they are of an older state than this one, and it lasts.

        What the site failed at is tried again, after ever more looks.
        """
        known = self.cache.versions.current()
        self._looks += 1
        is_due = known != self._done or 0 < self._wait <= self._looks
        if known is not None and known == self._seen and is_due:
            self.make_all()
        self._seen = known

    def make_all(self):
        """Make the pages of the site as it is now, the most read first, and save them."""
        sitemap = self._ask(self._address(SITEMAP))
        known = self.cache.versions.current()
        if known is None:  # the first answer is still on its way
            return
        self._wait = 0 if known != self._done else self._wait
        self._done = known
        for path in self._paths(sitemap)[: self.limit]:
            if self.cache.pages.size > self.cache.pages.limit * FULL:
                break
            self._ask(self._address(path.encode().decode("latin-1")))
        for address in self._old(known):
            self._ask(address)
        self._looks = 0
        self._wait = min(2 * self._wait or 1, LONGEST_WAIT) if self._old(known) else 0
        pages = [pair for pair in self.cache.pages.items() if pair[1].known.covers(known)]
        self.saved.write(known, pages)
        trim_heap()  # of what making them took, and of their bodies, which the file has now

    def _old(self, known):
        """Return the addresses of which what is kept is not good in state `known`."""
        kept = chain(self.cache.pages.items(), self.cache.pages_with_query.items())
        return [address for address, page in kept if not page.known.covers(known)]

    def _address(self, path):
        return Address(self.site.netloc, path, "")

    def _paths(self, sitemap):
        """Return what the sitemap names: what lies near the home page first, late years first."""
        addresses = [unescape(address) for address in LOCATION.findall(sitemap)]
        paths = sorted({unquote(urlsplit(address).path) for address in addresses}, reverse=True)
        return sorted(paths, key=lambda path: path.count("/"))

    def _ask(self, address):
        """Return the text of the page at `address`, once the site can make it.

        An old page in its place is an answer only if the site failed at it twice by itself.
        """
        failed_before = False
        while True:
            environ = {
                "wsgi.url_scheme": self.site.scheme,
                "HTTP_HOST": address.host,
                "PATH_INFO": address.path,
                "QUERY_STRING": address.query,
                "wsgi.multithread": True,
            }
            setup_testing_defaults(environ)
            started = time.monotonic()
            body = b"".join(self.cache(environ, lambda *answer: None))
            outcome = environ[OUTCOME]
            failed = outcome == "stale" and not self.cache.versions.database_is_away
            if outcome not in NOT_MADE or (failed and failed_before):
                time.sleep(time.monotonic() - started)
                return body.decode("utf-8", "replace")
            failed_before = failed
            time.sleep(RETRY)
