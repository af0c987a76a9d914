"""What is the same on every page is made once for each content version."""

import pytest

from veiligalmere.page_cache.rendering import making
from veiligalmere.pages.once import once


@pytest.fixture
def menu():
    """A function that makes a menu and counts how often."""

    def make():
        make.count += 1
        return f"menu {make.count}"

    make.count = 0
    return make


def times(count, version, name, menu):
    """Return what `count` pages of content version `version` get."""
    with making(version):
        return [once(name, menu) for _ in range(count)]


def test_pages_of_one_version_share_it_and_a_new_version_makes_it_anew(menu):
    assert set(times(5, (0, 1), "test menu", menu)) == {"menu 1"}
    assert set(times(5, (0, 2), "test menu", menu)) == {"menu 2"}


def test_different_things_do_not_mix(menu):
    assert times(1, (0, 1), "test menu", menu) == ["menu 1"]
    assert times(1, (0, 1), "test foot", menu) == ["menu 2"]


def test_a_page_that_is_not_made_for_the_cache_makes_it_itself(menu):
    assert times(2, None, "test menu", menu) == ["menu 1", "menu 2"]
