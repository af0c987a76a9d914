"""Which addresses are kept, and under which key."""

import pytest
from django.urls import URLPattern, get_resolver

from veiligalmere.page_cache.addresses import KEPT, NOT_KEPT, canonical_query, known_hosts
from veiligalmere.pages.api.kinds import KINDS

ACTIONS = "/jaarplan/2020/acties/"


def public_addresses():
    """Yield the name of every public address, and the pattern itself."""
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name, pattern


def test_of_every_public_address_it_is_decided_whether_it_is_kept():
    names = {name for name, _pattern in public_addresses()}
    assert None not in names, "an address without a name"
    undecided = names - KEPT.keys() - NOT_KEPT
    assert not undecided, "add these to page_cache/addresses.py"
    assert KEPT.keys() | NOT_KEPT == names, "page_cache/addresses.py knows what is no longer there"
    assert not KEPT.keys() & NOT_KEPT


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("", ""),
        ("onbekend=1", ""),
        ("thema=&werkwijze=", ""),
        ("thema=b&thema=a&thema=b", "thema=a&thema=b"),
        ("pagina=2&utm_source=x&thema=a", "thema=a&pagina=2"),
        ("stand=vertraagd&stand=op-schema&thema=a", "thema=a&stand=op-schema&stand=vertraagd"),
        ("thema=%C3%A9%20x", "thema=%C3%A9+x"),
        ("thema=a#b&&;=", "thema=a%23b"),
        ("woorden=", ""),
        ("woorden=overlast", None),
        ("thema=a&woorden=overlast", None),
        ("&".join(["thema=a"] * 500), None),
    ],
)
def test_a_query_is_reduced_to_what_the_page_knows_in_fixed_order(query, key):
    assert canonical_query(ACTIONS, query) == key


def test_each_collection_of_the_api_is_kept_with_all_its_parameters():
    for kind in KINDS:
        filters = {one.name for one in kind.filters}
        kept = KEPT[f"api_{kind.name}"]
        assert set(kept.known) == filters | {"fields", "page", "pageSize"}
        assert kept.strict


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("page=2&thema=b&thema=a", "thema=a&thema=b&page=2"),
        ("utm_source=x", None),
        ("thema=", None),
        ("thema=a&thema=a", None),
        ("page=2&page", None),
    ],
)
def test_what_a_strict_view_would_refuse_reaches_it(query, key):
    assert canonical_query("/api/v1/acties", query) == key


@pytest.mark.parametrize(
    "path", ["/beheer/", "/beheer/plan/action/", "/media/x.png", "/bestaat-niet/", "/\xff\xfe", "*"]
)
def test_back_office_files_and_unknown_addresses_are_not_kept(path):
    assert canonical_query(path, "") is None


def test_pages_are_kept_only_under_our_own_names_and_port(settings):
    settings.SITE_URL = "https://www.veiligalmere.nl"
    settings.ALLOWED_HOSTS = ["www.veiligalmere.nl", "127.0.0.1", ".almere.nl", "*"]
    settings.PORT = 8123
    assert known_hosts() == {
        *("www.veiligalmere.nl", "www.veiligalmere.nl:8123", "127.0.0.1", "127.0.0.1:8123")
    }
