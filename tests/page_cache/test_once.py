"""What is the same on every page is made once for each content version."""

import pytest
from django.test import RequestFactory

from veiligalmere.page_cache.rendering import KEY, Rendering
from veiligalmere.pages.once import once


def request_of(version):
    """Return a request for a page that is made for the cache, in a content version."""
    request = RequestFactory().get("/")
    if version is not None:
        request.environ[KEY] = rendering = Rendering()
        rendering.version = version
    return request


@pytest.fixture
def menu():
    """A function that makes a menu and counts how often."""

    def make():
        make.count += 1
        return f"menu {make.count}"

    make.count = 0
    return make


def test_pages_of_one_version_share_it_and_a_new_version_makes_it_anew(menu):
    assert {once(request_of(10**9), "test menu", menu) for _ in range(5)} == {"menu 1"}
    assert {once(request_of(10**9 + 1), "test menu", menu) for _ in range(5)} == {"menu 2"}


def test_different_things_do_not_mix(menu):
    assert once(request_of(10**9), "test menu", menu) == "menu 1"
    assert once(request_of(10**9), "test foot", menu) == "menu 2"


def test_a_page_that_is_not_made_for_the_cache_makes_it_itself(menu):
    assert [once(request_of(None), "test menu", menu) for _ in range(2)] == ["menu 1", "menu 2"]
