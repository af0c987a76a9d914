"""The site with a page cache that keeps nothing: each answer costs all that a miss costs."""

import veiligalmere.wsgi
from veiligalmere.page_cache.store import Store


class Sieve(Store):
    """Keeps nothing."""

    def put(self, address, page):
        """Let it go."""


application = veiligalmere.wsgi.application
_cache = application.application.application
_cache.pages = Sieve(1)
