"""Having the pages in memory before anyone asks for them.

A worker begins with what the site kept before it was stopped, or with nothing. Should the database
go away then, or after something was published, there would be nothing to go on with, or pages with
words that were withdrawn.
"""

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

SITEMAP = "/sitemap.xml"
START = 2.0  # seconds in which a new worker is there for its first visitors alone
LOOK = 10.0  # seconds between two looks at whether pages became old
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

    def start(self):
        """Begin, and return at once. A fork takes no thread along: call it afterwards."""
        Thread(target=self._run, name="warming", daemon=True).start()

    def _run(self):
        time.sleep(START)
        self.make_all()
        # The back-office too, which pages for visitors don't need (see `pages/urls.py`).
        import_module(settings.ROOT_URLCONF)
        while True:
            time.sleep(LOOK)
            self.look()

    def look(self):
        """Make all pages anew if they are of an older state than this one, and it lasts."""
        known = self.cache.versions.current()
        if known == self._seen and known != self._done:
            self.make_all()
        self._seen = known

    def make_all(self):
        """Make the pages of the site as it is now, the most read first, and save them."""
        sitemap = self._ask(self._address(SITEMAP))
        self._done = known = self.cache.versions.current()
        for path in self._paths(sitemap)[: self.limit]:
            if self.cache.pages.size > self.cache.pages.limit * FULL:
                break
            self._ask(self._address(path.encode().decode("latin-1")))
        for address, page in chain(self.cache.pages.items(), self.cache.pages_with_query.items()):
            if not page.known.covers(known):
                self._ask(address)
        pages = [pair for pair in self.cache.pages.items() if pair[1].known.covers(known)]
        self.saved.write(known, pages)

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
