"""Having the pages in memory before anyone asks for them.

A worker begins with nothing. Should the database go away right then, there would be nothing to go
on with.
"""

import re
import time
from html import unescape
from importlib import import_module
from threading import Thread
from urllib.parse import unquote, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings

from veiligalmere.page_cache.application import OUTCOME

SITEMAP = "/sitemap.xml"
START = 2.0  # seconds in which a new worker is there for its first visitors alone
RETRY = 5.0  # seconds until the next try, when the database is away or visitors keep us busy
FULL = 0.75  # of the memory for pages; the rest is for what visitors ask for
NOT_MADE = {"away", "busy"}
LOCATION = re.compile(r"<loc>([^<]+)</loc>")


class Warming:
    """Asks `cache` for the pages of the sitemap of the site at `site_url`, `limit` at most.

    In a thread of its own, that takes half of the time at most and stops when the memory for pages
    is nearly full. What is kept already it does not make.
    """

    def __init__(self, cache, site_url, limit):
        self.cache = cache
        self.site = urlsplit(site_url)
        self.limit = limit

    def start(self):
        """Begin, and return at once. A fork takes no thread along: call it afterwards."""
        Thread(target=self._run, name="warming", daemon=True).start()

    def _run(self):
        time.sleep(START)
        sitemap = self._ask(SITEMAP)
        for path in self._paths(sitemap)[: self.limit]:
            if self.cache.pages.size > self.cache.pages.limit * FULL:
                break
            self._ask(path)
        # The back-office too, which pages for visitors don't need (see `pages/urls.py`).
        import_module(settings.ROOT_URLCONF)

    def _paths(self, sitemap):
        """Return what the sitemap names: what lies near the home page first, late years first."""
        addresses = [unescape(address) for address in LOCATION.findall(sitemap)]
        paths = sorted({unquote(urlsplit(address).path) for address in addresses}, reverse=True)
        return sorted(paths, key=lambda path: path.count("/"))

    def _ask(self, path):
        """Return the text of the page at `path`, once the site can make it."""
        while True:
            environ = {
                "wsgi.url_scheme": self.site.scheme,
                "HTTP_HOST": self.site.netloc,
                "PATH_INFO": path.encode().decode("latin-1"),
                "wsgi.multithread": True,
            }
            setup_testing_defaults(environ)
            started = time.monotonic()
            body = b"".join(self.cache(environ, lambda *answer: None))
            if environ[OUTCOME] not in NOT_MADE:
                time.sleep(time.monotonic() - started)
                return body.decode("utf-8", "replace")
            time.sleep(RETRY)
