"""Which headers of a proxy are believed."""

import pytest

from veiligalmere.proxies import TrustedProxies

FORWARDED = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7, 10.0.0.2",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "kwaad.test",
    "HTTP_X_REQUEST_ID": "abc",
}


def seen_through(proxies, **environ):
    """Return the environ that the application behind `proxies` sees."""
    environ = {"wsgi.url_scheme": "http", **environ}
    return TrustedProxies(lambda seen, _start_response: seen, proxies)(environ, None)


def test_behind_our_proxy_the_visitor_has_the_address_and_scheme_of_the_visitor():
    seen = seen_through(["127.0.0.1", "10.0.0.0/8"], REMOTE_ADDR="127.0.0.1", **FORWARDED)
    # The last one that none of ours added by itself: what stands before it, anyone can write.
    assert seen["REMOTE_ADDR"] == "198.51.100.7"
    assert seen["wsgi.url_scheme"] == "https"
    assert seen["HTTP_X_REQUEST_ID"] == "abc"
    assert "HTTP_X_FORWARDED_HOST" not in seen


@pytest.mark.parametrize("proxies", [[], ["127.0.0.1"]])
def test_from_anyone_else_nothing_is_believed(proxies):
    seen = seen_through(proxies, REMOTE_ADDR="203.0.113.1", **FORWARDED)
    assert seen == {"wsgi.url_scheme": "http", "REMOTE_ADDR": "203.0.113.1"}


@pytest.mark.parametrize("header", ["", "onzin", "127.0.0.1, onzin", ",,,", "\x00"])
def test_a_malformed_address_leaves_that_of_the_proxy(header):
    seen = seen_through(["127.0.0.1"], REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=header)
    assert seen["REMOTE_ADDR"] == "127.0.0.1"


def test_an_unknown_scheme_is_not_believed():
    seen = seen_through(["::1"], REMOTE_ADDR="::1", HTTP_X_FORWARDED_PROTO="javascript")
    assert seen["wsgi.url_scheme"] == "http"
