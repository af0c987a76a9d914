"""Renders every public page once, cold, as after a publication.

Prints the seconds of processor time that the page at the path in the first argument takes as the
first one of a content version; then, unless the second is "first", how many pages there are, and
the seconds that all of them take. All are medians.
"""

import gc
import sys
import time
from statistics import median

import django
from django.test import RequestFactory

django.setup()

from tests.tooling.crawl import crawl  # noqa: E402 -- models exist only after setup
from veiligalmere.page_cache.addresses import Address, canonical_query  # noqa: E402
from veiligalmere.page_cache.page import Page  # noqa: E402
from veiligalmere.page_cache.rendering import Rendering, SnapshotHandler  # noqa: E402
from veiligalmere.pages.once import once  # noqa: E402

ROUNDS = 20
PASSES = 5

handler = SnapshotHandler()
environ = RequestFactory().get("/").environ


def render(path):
    """Return the page at `path`, made as the cache makes it."""
    rendering = Rendering.of(Address("127.0.0.1", path, ""), environ, handler)
    if rendering.can_be_kept:
        Page(rendering.headers, rendering.body, None)
    return rendering


def get(path):
    """Return what `crawl` wants to know of a page."""
    rendering = render(path)
    headers = dict(rendering.headers)
    text = rendering.body.decode("utf-8", "replace")
    return int(rendering.status[:3]), headers.get("Content-Type", ""), text


def seconds_of(paths):
    """Return what rendering `paths` takes when nothing is shared with a page before them."""
    once.forget()
    started = time.process_time()
    for path in paths:
        render(path)
    return time.process_time() - started


get(sys.argv[1])
# As in a worker, see deploy/gunicorn.conf.py: what was loaded is not looked through for garbage.
gc.freeze()
print(median(seconds_of([sys.argv[1]]) for _ in range(ROUNDS)))
if sys.argv[2:] != ["first"]:
    paths = [path for path in crawl(get) if canonical_query(path, "") is not None]
    print(len(paths), median(seconds_of(paths) for _ in range(PASSES)))
