"""Whatever is sent to any address: no 500, no stack trace, and an answer in bounded time."""

import socket
from contextlib import suppress
from time import monotonic

import pytest
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils.module_loading import import_string

from tests.security.addresses import forms, routes
from tests.security.hostile import PATIENCE, TRACE, Attacker, by_client, by_wsgi, hostile_posts

SEED = 20200414
# Of the many rounds, other ones on each database: what breaks is Python nearly always.
ON_SQLITE = connection.vendor == "sqlite"


def attack(send, rounds, seed=SEED):
    """Send `rounds` requests to every address; return what was wrong."""
    attacker = Attacker(send, seed)
    for _ in range(rounds):
        for _name, pattern in routes():
            attacker.ask(attacker.fill(pattern))
        for address in forms():
            attacker.ask(address)
    return attacker.problems


def attack_forms(client, seed=SEED, *, singly=False):
    """Post hostile values in the fields that each form has; return what was wrong.

    `singly`, each field of every form, one at a time; or else all of them, of one form a model.
    """
    attacker = Attacker(by_client(client), seed)
    chosen = list(forms()) if singly else {one.split("/")[3]: one for one in forms()}.values()
    for address in chosen:
        page = client.get(address)
        if page.status_code != 200 or b"csrfmiddlewaretoken" not in page.content:
            continue
        for data in hostile_posts(attacker, page, singly=singly):
            body = encode_multipart(BOUNDARY, data)
            attacker.note("POST", address, {"CONTENT_TYPE": MULTIPART_CONTENT}, body)
    return attacker.problems


def test_no_address_breaks_for_a_visitor(bezoeker, db):
    assert not attack(by_client(bezoeker), 1)


@pytest.mark.slow
def test_no_address_breaks_for_someone_who_may_do_everything(beheerder):
    assert not attack(by_client(beheerder), 1)


@pytest.mark.slow
def test_no_form_of_the_back_office_breaks_on_what_is_typed_in_it(beheerder):
    assert not attack_forms(beheerder)


@pytest.fixture(scope="module")
def application(static_files):
    """What gunicorn runs: Django with all that is around it."""
    return import_string("veiligalmere.wsgi.application")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nothing_around_the_pages_breaks(application, beheerder):
    assert not attack(by_wsgi(application, beheerder), 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4) if ON_SQLITE else range(4, 8))
def test_no_address_breaks_in_many_rounds(beheerder, bezoeker, one_version, seed):
    assert not attack(by_client(beheerder), 6, seed)
    assert not attack(by_client(bezoeker), 3, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0 if ON_SQLITE else 1])
def test_no_field_of_any_form_breaks(beheerder, seed):
    assert not attack_forms(beheerder, seed, singly=True)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nothing_around_the_pages_breaks_in_many_rounds(application, beheerder, bezoeker):
    for seed in range(2):
        assert not attack(by_wsgi(application, beheerder), 2, seed)
        assert not attack(by_wsgi(application, bezoeker), 2, seed)


HOST = b"Host: 127.0.0.1\r\n"
RAW = {
    "nothing": b"\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    "no version": b"GET /\r\n\r\n",
    "a version that is none": b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
    "HTTP/2 without asking": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a long method": b"G" * 3000 + b" / HTTP/1.1\r\n" + HOST + b"\r\n",
    "a long address": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address of bytes": b"GET /th\xe9mas/\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n",
    "surrogates in the query": b"GET /zoeken/?q=\xed\xa0\x80 HTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL in the address": b"GET /\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "another site's address": b"GET http://[::1 HTTP/1.1\r\n" + HOST + b"\r\n",
    "no path": b"GET * HTTP/1.1\r\n" + HOST + b"\r\n",
    "a space in the path": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "a huge header": b"GET / HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\r\n" * 5000 + b"\r\n",
    "a header with NUL": b"GET / HTTP/1.1\r\n" + HOST + b"X-A: \x00\r\n\r\n",
    "a header of bytes": b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: sessionid=\xff\xfe\r\n\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\n" + HOST + b": b\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\r\n c\r\n\r\n",
    "lines that end in LF": b"GET / HTTP/1.1\n" + HOST + b"\n",
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + b"Host: kwaad.test\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "chunks that are none": b"POST /volgen/ HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n",
    "a huge chunk": b"POST /volgen/ HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc\r\n",
    "half a body": b"POST /volgen/ HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\na=b",
    "an empty body in the wrong charset": b"POST /volgen/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Type: application/x-www-form-urlencoded; charset=\xff\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RAW)
def test_whatever_comes_in_at_the_port_is_refused_in_time_and_the_next_is_served(site, name):
    started = monotonic()
    answer = exchange(site.port, RAW[name])
    assert monotonic() - started < PATIENCE
    assert b" 500 " not in answer.split(b"\r\n")[0]
    assert not TRACE.search(answer.decode("utf-8", "replace"))
    served = exchange(site.port, b"GET /gezond/ HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert served.startswith(b"HTTP/1.1 200 ")
    assert "Traceback" not in site.log()


def exchange(port, request):
    """Send these bytes to the port, say that it is all, and return what comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain:
        try:
            plain.sendall(request)
            with suppress(OSError):  # the other side was done first
                plain.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: plain.recv(65536), b""))
        except ConnectionError:
            return b""  # it was refused before all of it was sent
