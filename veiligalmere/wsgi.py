"""WSGI entry point, for gunicorn: Django inside the page cache."""

import os
from importlib import import_module

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veiligalmere.settings")
django.setup()

# ruff: noqa: E402 -- these know models, which exist only now
from veiligalmere.charset import Utf8Requests
from veiligalmere.editorial.content_version import current_content_version
from veiligalmere.editorial.markdown import parser
from veiligalmere.observation.requests import ObservedRequests
from veiligalmere.observation.slow_queries import watch_queries
from veiligalmere.page_cache.addresses import PAGES, known_hosts
from veiligalmere.page_cache.application import PageCache
from veiligalmere.page_cache.hanging import answered_within, limit_waiting, note_answers
from veiligalmere.page_cache.rendering import SnapshotHandler
from veiligalmere.page_cache.saved import SavedPages, this_build
from veiligalmere.page_cache.versions import Versions
from veiligalmere.page_cache.warming import Warming
from veiligalmere.pages.unavailable import unavailable_answer
from veiligalmere.proxies import TrustedProxies

watch_queries()
limit_waiting()
note_answers()
application = Utf8Requests(SnapshotHandler())
_cache = _saved = None
if settings.PAGE_CACHE_MB:
    application = _cache = PageCache(
        application,
        Versions(current_content_version, answered_within),
        hosts=known_hosts(),
        limit=settings.PAGE_CACHE_MB * 1024 * 1024,
        away=unavailable_answer,
        https=settings.HTTPS,
    )
    if settings.WARM_PAGES:
        _saved = SavedPages(settings.VAR_DIR / "pages" / str(settings.PORT), this_build())
application = ObservedRequests(application, log=settings.REQUEST_LOG)
application = TrustedProxies(application, settings.TRUSTED_PROXIES)


def import_pages():
    """Import what makes pages, so that no visitor waits for it."""
    import_module(PAGES)
    parser()


def import_all():
    """Import the back-office too."""
    import_pages()
    import_module(settings.ROOT_URLCONF)


def begin():
    """Begin what each process that answers does by itself; to be called in it, after any fork."""
    if _saved:
        if _saved.is_new():  # this process takes the place of another
            _cache.begin_with(*_saved.read())
        _cache.count_pages()
        Warming(_cache, settings.SITE_URL, settings.WARM_PAGES, _saved).start()


if _saved:
    _cache.begin_with(*_saved.read())
if not (_cache and _cache.pages):
    import_pages()  # before gunicorn's workers part
