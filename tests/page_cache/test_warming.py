"""Pages in memory before anyone asks for them."""

from datetime import date
from types import SimpleNamespace

import pytest

from veiligalmere.page_cache import warming
from veiligalmere.page_cache.addresses import Address
from veiligalmere.page_cache.application import OUTCOME
from veiligalmere.page_cache.page import Page
from veiligalmere.page_cache.store import Store
from veiligalmere.page_cache.versions import Known
from veiligalmere.page_cache.warming import Warming

SITE_URL = "https://veilig.test:8443"
DAY = date(2020, 4, 14)


class Cache:
    """Stands for the page cache, with a sitemap of `paths`; counts what is asked of it."""

    def __init__(self, *paths):
        self.versions = SimpleNamespace(known=Known(0, 1, DAY), database_is_away=False)
        self.versions.current = lambda: self.versions.known
        self.pages = Store(10**6)
        self.pages_with_query = Store(10**6)
        self.paths = paths
        self.asked = []
        self.trouble = []  # outcomes that come first
        self.page_size = 1000
        self.gone = ()

    def __call__(self, environ, start_response):
        """Answer as WSGI asks."""
        assert environ["wsgi.url_scheme"] == "https"
        assert environ["REQUEST_METHOD"] == "GET"
        address = Address(environ["HTTP_HOST"], environ["PATH_INFO"], environ["QUERY_STRING"])
        assert address.host == "veilig.test:8443"
        self.asked.append(environ["PATH_INFO"])
        environ[OUTCOME] = self.trouble.pop(0) if self.trouble else "miss"
        start_response("200 OK", [])
        if environ[OUTCOME] != "miss":
            return [b"oud"]
        store = self.pages_with_query if address.query else self.pages
        if address.path in self.gone:
            store.forget(address, self.versions.known)
            return [b"weg"]
        store.put(address, Page([], b"x" * self.page_size, self.versions.known))
        if address.path == "/sitemap.xml":
            locations = "".join(f"<url><loc>{SITE_URL}{path}</loc></url>" for path in self.paths)
            return [f"<urlset>{locations}</urlset>".encode()]
        return [b"pagina"]


class Saved:
    """Stands for the file of saved pages."""

    def __init__(self):
        self.written = []

    def write(self, known, pages):
        """Note what is to be saved."""
        self.written.append((known, {address.path for address, _page in pages}))


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """Let no test wait; what was waited for is in the list."""
    waited = []
    monkeypatch.setattr(warming.time, "sleep", waited.append)
    return waited


def warm(cache, limit=100):
    """Warm it, in this thread; return the addresses that were asked for."""
    Warming(cache, SITE_URL, limit, Saved()).make_all()
    return cache.asked


def test_the_pages_of_the_sitemap_are_made_the_most_read_first():
    cache = Cache("/jaarplan/2019/acties/a/", "/", "/jaarplan/2020/acties/b/", "/themas/")
    assert warm(cache) == [
        *("/sitemap.xml", "/", "/themas/"),
        *("/jaarplan/2020/acties/b/", "/jaarplan/2019/acties/a/"),
    ]


def test_an_address_goes_to_the_site_as_a_server_would_give_it():
    assert warm(Cache("/themas/caf%C3%A9/?a=1&amp;b"))[1] == "/themas/café/".encode().decode(
        "latin-1"
    )


def test_no_more_is_made_than_was_allowed_or_fits():
    assert len(warm(Cache(*(f"/{number}/" for number in range(50))), limit=3)) == 1 + 3
    small = Cache(*(f"/{number}/" for number in range(50)))
    small.page_size = 100_000
    assert len(warm(small)) == 1 + 7  # of 104 kB each, until three quarters of 1 MB are full


@pytest.mark.parametrize("outcome", ["away", "busy"])
def test_a_page_that_could_not_be_made_is_tried_again_later(outcome, no_waiting):
    cache = Cache("/")
    cache.trouble = [outcome, outcome]
    assert warm(cache) == ["/sitemap.xml"] * 3 + ["/"]
    assert no_waiting.count(warming.RETRY) == 2


def test_an_old_page_is_an_answer_only_if_the_site_itself_fails_at_a_new_one(no_waiting):
    cache = Cache("/")
    cache.trouble = ["miss", "stale", "stale"]
    assert warm(cache) == ["/sitemap.xml", "/", "/"]
    away = Cache("/")
    away.versions.database_is_away = True
    away.trouble = ["miss", "stale", "stale", "stale"]
    assert warm(away) == ["/sitemap.xml"] + ["/"] * 4


def looks(warming, number):
    """Let it look so many times; return what was asked for meanwhile."""
    warming.cache.asked.clear()
    for _ in range(number):
        warming.look()
    return warming.cache.asked


def test_what_became_old_is_made_anew_when_no_more_is_published_for_a_while():
    cache = Cache("/", "/themas/")
    warmed = Warming(cache, SITE_URL, 100, Saved())
    warmed.make_all()
    assert looks(warmed, 5) == []
    for number in range(2, 6):
        cache.versions.known = Known(0, number, DAY)
        assert looks(warmed, 1) == [], "it may go on"
    assert looks(warmed, 1) == ["/sitemap.xml", "/", "/themas/"]
    assert looks(warmed, 5) == []
    cache.versions.known = Known(0, 5, date(2020, 4, 15))
    assert looks(warmed, 2) == ["/sitemap.xml", "/", "/themas/"]


def test_what_nobody_asks_for_any_more_and_the_sitemap_does_not_name_leaves_the_memory():
    cache = Cache("/", "/ingetrokken/")
    filtered = Address("veilig.test:8443", "/acties/", "thema=1")
    cache.pages_with_query.put(filtered, Page([], b"oud", cache.versions.known))
    warmed = Warming(cache, SITE_URL, 100, Saved())
    warmed.make_all()
    cache.paths, cache.gone = ("/",), ("/ingetrokken/",)
    cache.versions.known = Known(0, 2, DAY)
    assert looks(warmed, 2) == ["/sitemap.xml", "/", "/ingetrokken/", "/acties/"]
    assert {address.path for address, _page in cache.pages.items()} == {"/sitemap.xml", "/"}
    assert cache.pages_with_query.get(filtered).known.number == 2


def test_what_the_site_failed_at_is_tried_again_after_ever_more_looks():
    cache = Cache("/")
    gone = Address("veilig.test:8443", "/ingetrokken/", "")
    cache.pages.put(gone, Page([], b"oud", Known(0, 0, DAY)))
    warmed = Warming(cache, SITE_URL, 100, Saved())
    cache.trouble = ["miss", "miss", "stale", "stale"]
    warmed.make_all()
    tries = []
    for number in range(1, 20):
        cache.trouble = ["hit", "hit", "stale", "stale"]
        if looks(warmed, 1):
            tries.append(number)
    assert tries == [2, 4, 8, 16]
    cache.trouble, cache.gone = [], ("/ingetrokken/",)
    assert "/ingetrokken/" in looks(warmed, 20)
    assert cache.pages.get(gone) is None
    assert looks(warmed, 400) == []


def test_nothing_that_goes_wrong_ends_it(no_waiting, caplog):
    class Over(BaseException):
        """Ends the thread for the test."""

    cache = Cache("/")
    answer, trouble = cache.versions.current, [RuntimeError("once"), RuntimeError("twice")]

    def current():
        if trouble:
            raise trouble.pop()
        return answer()

    cache.versions.current = current
    warmed = Warming(cache, SITE_URL, 100, Saved())
    made, make_all = [], warmed.make_all

    def noted():
        make_all()
        made.append(len(no_waiting))
        raise Over

    warmed.make_all = noted
    with pytest.raises(Over):
        warmed._run()
    assert caplog.text.count("could not make the pages") == 2
    assert len(made) == 1


def test_as_long_as_no_state_is_known_nothing_is_done():
    cache, saved = Cache("/"), Saved()
    known, cache.versions.known = cache.versions.known, None
    cache.trouble = ["hit"]
    warmed = Warming(cache, SITE_URL, 100, saved)
    warmed.make_all()
    cache.trouble = ["hit"] * 3
    assert looks(warmed, 3) == []
    cache.versions.known, cache.trouble = known, []
    assert looks(warmed, 2) == ["/sitemap.xml", "/"]
    assert saved.written


def test_what_was_made_is_saved_without_what_is_old():
    cache, saved = Cache("/"), Saved()
    old = Address("veilig.test:8443", "/oud/", "")
    cache.pages.put(old, Page([], b"oud", Known(0, 0, DAY)))
    cache.trouble = ["miss", "miss", "stale", "stale"]
    Warming(cache, SITE_URL, 100, saved).make_all()
    assert saved.written == [(Known(0, 1, DAY), {"/sitemap.xml", "/"})]
