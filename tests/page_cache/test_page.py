"""The forms in which a kept page is sent: encodings, entity tags, headers."""

import gzip
import tracemalloc

import pytest

from veiligalmere.page_cache.page import Page, accepts_gzip

BODY = b"<p>Almere</p>" * 100
HTML = [("Content-Type", "text/html; charset=utf-8"), ("X-Frame-Options", "DENY")]


def ask(page, **headers):
    """Return status, headers and body of the answer to a request with these WSGI headers."""
    status, answered, body = page.answer({"REQUEST_METHOD": "GET", **headers})
    return status, dict(answered), b"".join(body)


@pytest.fixture
def page():
    """A page of HTML."""
    return Page(HTML, BODY, known=None)


def test_a_page_is_sent_plain_or_gzipped_as_the_browser_accepts(page):
    status, headers, body = ask(page)
    assert (status, body) == ("200 OK", BODY)
    assert "Content-Encoding" not in headers
    status, headers, body = ask(page, HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == BODY
    assert headers["Content-Length"] == str(len(body))
    assert len(body) < len(BODY)


def test_a_large_page_is_kept_gzipped_alone_and_unpacked_for_who_cannot():
    body = b"".join(b"<p>%d</p>" % number for number in range(20_000))
    page = Page(HTML, body, known=None)
    assert page.size < len(body) / 2
    for again in (page, Page.restored(page.parts, known=None)):
        status, headers, sent = ask(again)
        assert (status, sent) == ("200 OK", body)
        assert headers["Content-Length"] == str(len(body))
        assert "Content-Encoding" not in headers
        assert ask(again, REQUEST_METHOD="HEAD") == (status, headers, b"")
        assert ask(again, HTTP_IF_NONE_MATCH=headers["ETag"])[0] == "304 Not Modified"
        assert gzip.decompress(ask(again, HTTP_ACCEPT_ENCODING="gzip")[2]) == body
        assert again.size == page.size


def test_plain_bodies_are_at_hand_as_long_as_there_is_room_and_unpacked_after_that(monkeypatch):
    monkeypatch.setattr("veiligalmere.page_cache.bodies.ROOM", 100_000)
    starts = range(50)
    tracemalloc.start()
    try:
        pages = [Page(HTML, numbers(start), known=None) for start in starts]
        taken, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    bodies = [numbers(start) for start in starts]
    assert taken < sum(len(body) for body in bodies) / 2
    for _again in range(2):
        assert [ask(page)[2] for page in pages] == bodies


def numbers(start):
    return b"".join(b"<p>%d</p>" % (start + number) for number in range(2000))


def test_a_large_page_that_gzip_does_not_make_smaller_is_kept_as_it_is():
    body = bytes(range(256)) * 1000
    page = Page([("Content-Type", "image/png")], body, known=None)
    assert ask(page)[2] == body
    assert page.size > len(body)


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("GZIP;q=1.0", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("not-gzip", False),
        (";;;q=,,", False),
    ],
)
def test_gzip_is_sent_only_where_the_header_allows_it(header, accepted):
    assert accepts_gzip(header) is accepted


def test_each_encoding_has_a_strong_tag_of_its_own_that_gives_a_304(page):
    tags = {}
    for encoding in ("", "gzip"):
        tag = ask(page, HTTP_ACCEPT_ENCODING=encoding)[1]["ETag"]
        assert tag.startswith('"')
        tags[encoding] = tag
    assert tags[""] != tags["gzip"]
    for encoding, tag in tags.items():
        for condition in (tag, f'"other", W/{tag}', "*"):
            status, headers, body = ask(
                page, HTTP_ACCEPT_ENCODING=encoding, HTTP_IF_NONE_MATCH=condition
            )
            assert (status, body) == ("304 Not Modified", b"")
            assert headers["ETag"] == tag
            assert headers["Vary"] == "Accept-Encoding"
            assert "Cache-Control" in headers
            assert "Content-Length" not in headers
    status, _, body = ask(page, HTTP_IF_NONE_MATCH=tags["gzip"])
    assert (status, body) == ("200 OK", BODY)


def test_the_tag_changes_with_the_content_and_only_with_it(page):
    same, other = Page(HTML, BODY, known=None), Page(HTML, BODY + b" ", known=None)
    assert ask(same)[1]["ETag"] == ask(page)[1]["ETag"] != ask(other)[1]["ETag"]


def test_head_has_the_headers_without_the_body(page):
    status, headers, body = ask(page, REQUEST_METHOD="HEAD")
    assert (status, headers, body) == ("200 OK", ask(page)[1], b"")


def test_browsers_ask_each_time_and_a_shared_cache_keeps_it_for_a_second(page):
    rules = {rule.strip() for rule in ask(page)[1]["Cache-Control"].split(",")}
    assert {"max-age=0", "must-revalidate", "s-maxage=1"} <= rules
    assert any(rule.startswith("stale-if-error=") for rule in rules)


def test_headers_of_the_view_are_sent_but_for_those_that_the_cache_decides():
    headers = [*HTML, ("Cache-Control", "max-age=60"), ("ETag", '"x"'), ("Vary", "Accept-Encoding")]
    page = Page([*headers, ("Content-Length", "3")], b"abc", known=None)
    answered = page.answer({"REQUEST_METHOD": "GET"})[1]
    assert ("X-Frame-Options", "DENY") in answered
    for name in ("Cache-Control", "ETag", "Vary", "Content-Length"):
        assert [pair[0] for pair in answered].count(name) == 1
    assert "max-age=60" not in dict(answered)["Cache-Control"]


def test_what_gzip_does_not_make_smaller_is_sent_as_it_is():
    for content_type, body in (("text/html", b""), ("text/html", b"a"), ("image/webp", BODY)):
        page = Page([("Content-Type", content_type)], body, known=None)
        _status, headers, sent = ask(page, HTTP_ACCEPT_ENCODING="gzip")
        assert "Content-Encoding" not in headers
        assert sent == ask(page)[2] == body


def test_who_has_the_body_gets_headers_that_changed():
    stricter = [*HTML, ("Content-Security-Policy", "default-src 'none'")]
    tag = ask(Page(HTML, BODY, known=None))[1]["ETag"]
    status, headers, _body = ask(Page(stricter, BODY, known=None), HTTP_IF_NONE_MATCH=tag)
    assert status == "200 OK"
    assert headers["Content-Security-Policy"] == "default-src 'none'"
