"""The site with a page cache that keeps nothing: each answer costs all that a miss costs.

Nor does a request wait for another that makes the same page and then send what that one made. On
the real site that is what makes a stampede cheap; here it would let four answers cost as one.
"""

import veiligalmere.wsgi
from veiligalmere.page_cache.application import PageCache

application = _cache = veiligalmere.wsgi.application
while not isinstance(_cache, PageCache):
    _cache = _cache.application


def _made_for_one(address, known, store, environ):
    rendering, page = _cache._render(address, known, environ)
    return rendering, page, True


_cache._one_at_a_time = _made_for_one
