"""Pages in memory before anyone asks for them."""

from types import SimpleNamespace

import pytest

from veiligalmere.page_cache import warming
from veiligalmere.page_cache.application import OUTCOME
from veiligalmere.page_cache.warming import Warming

SITE_URL = "https://veilig.test:8443"


class Cache:
    """Stands for the page cache, with a sitemap of `paths`; counts what is asked of it."""

    def __init__(self, *paths):
        self.pages = SimpleNamespace(size=0, limit=1000)
        self.paths = paths
        self.asked = []
        self.trouble = []  # outcomes that come first

    def __call__(self, environ, start_response):
        """Answer as WSGI asks."""
        assert environ["HTTP_HOST"] == "veilig.test:8443"
        assert environ["wsgi.url_scheme"] == "https"
        assert environ["REQUEST_METHOD"] == "GET"
        self.asked.append(environ["PATH_INFO"])
        environ[OUTCOME] = self.trouble.pop(0) if self.trouble else "miss"
        self.pages.size += 100
        start_response("200 OK", [])
        if environ["PATH_INFO"] == "/sitemap.xml" and environ[OUTCOME] == "miss":
            locations = "".join(f"<url><loc>{SITE_URL}{path}</loc></url>" for path in self.paths)
            return [f"<urlset>{locations}</urlset>".encode()]
        return [b"pagina"]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """Let no test wait; what was waited for is in the list."""
    waited = []
    monkeypatch.setattr(warming.time, "sleep", waited.append)
    return waited


def warm(cache, limit=100):
    """Warm it, in this thread; return the addresses that were asked for."""
    Warming(cache, SITE_URL, limit)._run()
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
    assert len(warm(Cache(*(f"/{number}/" for number in range(50))))) == 8


@pytest.mark.parametrize("outcome", ["away", "busy"])
def test_a_page_that_could_not_be_made_is_tried_again_later(outcome, no_waiting):
    cache = Cache("/")
    cache.trouble = [outcome, outcome]
    assert warm(cache) == ["/sitemap.xml"] * 3 + ["/"]
    assert no_waiting.count(warming.RETRY) == 2
