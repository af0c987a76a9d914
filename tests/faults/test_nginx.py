"""The real nginx with the configuration of deploy/: headers, cache, TLS, slow clients."""

import gzip
import itertools
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import RemoteDisconnected
from urllib.parse import urlencode

import pytest

from tests.faults.conftest import installation
from tests.faults.load import Visitors, wait_for
from tests.tooling.nginx import NAME

pytestmark = pytest.mark.slow

MOST_GUESSES = 1000  # after which nothing slows them down
MOST_TURNS = 60  # after which they would have gone home


def header(headers, name):
    """Return one header, whatever its capitals; None if it is absent."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def test_plain_http_leads_to_https_on_the_same_name(stack):
    with closing(stack.nginx.connect_without_tls()) as connection:
        connection.request("GET", "/themas/?a=b", headers={"Host": NAME})
        response = connection.getresponse()
        assert response.status == 301
        assert response.getheader("Location") == f"https://{NAME}/themas/?a=b"


def test_a_page_has_all_security_headers_and_says_nothing_of_versions(stack):
    status, headers, body = stack.nginx.get("/")
    assert status == 200
    assert b"<h1" in body
    hsts = "max-age=63072000; includeSubDomains"
    assert header(headers, "Strict-Transport-Security") == hsts
    assert "default-src 'none'" in header(headers, "Content-Security-Policy")
    assert header(headers, "X-Content-Type-Options") == "nosniff"
    assert header(headers, "Referrer-Policy") == "same-origin"
    assert header(headers, "Server") == "nginx"
    assert header(headers, "Set-Cookie") is None
    assert len([key for key in headers if key.lower() == "strict-transport-security"]) == 1


def test_each_encoding_is_what_was_asked_for(stack):
    plain = stack.nginx.get("/themas/")
    zipped = stack.nginx.get("/themas/", **{"Accept-Encoding": "br, gzip;q=0.8"})
    refused = stack.nginx.get("/themas/", **{"Accept-Encoding": "gzip;q=0"})
    assert header(plain[1], "Content-Encoding") is header(refused[1], "Content-Encoding") is None
    assert header(zipped[1], "Content-Encoding") == "gzip"
    assert gzip.decompress(zipped[2]) == plain[2] == refused[2]
    assert header(plain[1], "ETag") != header(zipped[1], "ETag")
    assert not header(zipped[1], "ETag").startswith("W/")


def test_who_has_the_page_gets_a_304_with_the_same_tag(stack):
    tag = header(stack.nginx.get("/werkwijzen/")[1], "ETag")
    status, headers, body = stack.nginx.get("/werkwijzen/", **{"If-None-Match": tag})
    assert (status, body) == (304, b"")
    assert header(headers, "ETag") == tag


def kept(stack, folder):
    """Return the names of the files that nginx keeps in a cache."""
    return {path.name for path in (stack.nginx.folder / folder).rglob("*") if path.is_file()}


def ask_exactly(stack, target):
    """Ask for `target` as it stands, which no library would send, and return the status line."""
    with closing(stack.nginx.connect()) as connection:
        connection.connect()
        request = f"GET {target} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n"
        connection.sock.sendall(request.encode())
        return connection.sock.makefile("rb").readline().decode()


def test_nobody_fills_the_cache_with_parameters_that_mean_nothing(stack):
    address = "/jaarplan/2020/acties/"
    stack.nginx.get(address)
    stack.nginx.get(f"{address}?thema=veilige-wijken&pagina=1")
    pages, queries = kept(stack, "cache"), kept(stack, "cache-vragen")
    assert pages
    assert queries
    for number in range(20):
        assert stack.nginx.get(f"{address}?x={number}")[0] == 200
        assert stack.nginx.get(f"{address}?thema=veilige-wijken&x={number}")[0] == 200
        assert stack.nginx.get(f"{address}?thema=veilige-wijken&&pagina={number}x")[0] < 500
        # Parameters that the site knows, but not on this page, or not in this order.
        assert stack.nginx.get(f"/themas/?page={number}")[0] == 200
        assert stack.nginx.get(f"{address}?plaats={number}&thema=veilige-wijken")[0] < 500
    assert kept(stack, "cache") == pages, "what stands in for the site when it is away"
    assert kept(stack, "cache-vragen") == queries


def test_nobody_fills_the_cache_with_other_ways_to_write_an_address(stack):
    stack.nginx.get("/themas/")
    pages, queries = kept(stack, "cache"), kept(stack, "cache-vragen")
    for number in range(5):
        for target in (
            f"/themas/#{number}",
            f"/themas/?#{number}",
            f"/themas/?thema=x#{number}",
            f"{'/%74hemas/' if number % 2 else '/t%68emas/'}",
            f"//themas/{'/' * number}",
        ):
            assert " 50" not in ask_exactly(stack, target)
    assert kept(stack, "cache") == pages
    assert kept(stack, "cache-vragen") == queries


def test_a_picture_that_is_gone_is_gone_and_one_that_is_there_outlives_the_site():
    with installation() as site:
        folder = site.var_dir / "media/afbeeldingen/2026/proef"
        folder.mkdir(parents=True)
        for name in ("weg.webp", "blijft.webp"):
            (folder / name).write_bytes(b"RIFF" + bytes(200))
        for name in ("weg.webp", "blijft.webp"):
            status, headers, _body = site.nginx.get(f"/media/afbeeldingen/2026/proef/{name}")
            assert status == 200
            assert "max-age=31536000" in header(headers, "Cache-Control"), "browsers may keep it"
        (folder / "weg.webp").unlink()
        time.sleep(3)
        assert site.nginx.get("/media/afbeeldingen/2026/proef/weg.webp")[0] == 404
        site._stop()
        assert site.nginx.get("/media/afbeeldingen/2026/proef/blijft.webp")[0] == 200


def test_a_name_that_is_not_ours_gets_no_answer(stack):
    for connect in (stack.nginx.connect, stack.nginx.connect_without_tls):
        with closing(connect()) as connection:
            connection.request("GET", "/", headers={"Host": "kwaad.test"})
            with pytest.raises((RemoteDisconnected, ConnectionResetError)):
                connection.getresponse()


def says_in_dutch(status, headers, body, heading):
    """Check that what nginx itself answers is a whole page of ours."""
    assert f"<h1>{heading}</h1>" in body.decode(), status
    assert '<html lang="nl">' in body.decode()
    assert header(headers, "Content-Type") == "text/html; charset=utf-8"
    assert header(headers, "Cache-Control") == "no-store"
    assert header(headers, "Strict-Transport-Security") == "max-age=63072000; includeSubDomains"
    assert header(headers, "X-Content-Type-Options") == "nosniff"
    return True


@pytest.mark.parametrize("path", ["/volgen/", "/beheer/plan/development/add/", "/beheer/login/"])
def test_who_sends_too_large_a_file_is_told_so_in_dutch(stack, path):
    with closing(stack.nginx.connect()) as connection:
        connection.putrequest("POST", path)
        connection.putheader("Content-Length", str(2**30))
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
    assert answer.status == 413
    assert says_in_dutch(413, answer.headers, body, "Het bestand is te groot")
    assert answer.getheader("Retry-After") is None


@pytest.mark.parametrize(
    ("status", "path", "headers"),
    [
        (414, f"/zoeken/?woorden={'x' * 9000}", {}),
        (400, "/themas/", {"Cookie": "x" * 9000}),
    ],
)
def test_what_is_too_long_to_read_is_refused_in_dutch(stack, status, path, headers):
    answer = stack.nginx.get(path, **headers)
    assert answer[0] == status
    assert says_in_dutch(*answer, "Deze vraag kan de site niet lezen")


def test_who_comes_while_the_site_is_closed_to_visitors_is_told_so_in_dutch():
    with installation() as site:
        configuration = site.nginx.folder / "veiligalmere.conf"
        # In front, as the file in /etc/nginx/conf.d/ of which the guide tells.
        configuration.write_text("deny all;\n" + configuration.read_text("utf-8"), "utf-8")
        os.kill(site.nginx.pid, signal.SIGHUP)
        wait_for(lambda: site.nginx.get("/")[0] == 403)
        for path in ("/", "/beheer/", "/static/css/"):
            answer = site.nginx.get(path)
            assert answer[0] == 403
            assert says_in_dutch(*answer, "Deze pagina is nu niet te bezoeken")
        assert site.nginx.get("/gezond/gereed/")[0] == 200, "for the machine's own watch"


def test_the_back_office_is_never_kept_and_its_cookies_are_safe(stack):
    for _ in range(2):
        status, headers, _body = stack.nginx.get("/beheer/login/")
        assert status == 200
        assert "s-maxage" not in header(headers, "Cache-Control")
        assert "no-cache" in header(headers, "Cache-Control")
        cookie = header(headers, "Set-Cookie")
        assert cookie.startswith("__Host-csrftoken=")
        for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert attribute in cookie
        assert "Domain" not in cookie
    assert "HIT" not in "".join(
        line for line in stack.nginx.log().splitlines() if "/beheer/" in line
    )


def test_static_files_with_a_digest_are_kept_for_ever(stack):
    page = stack.nginx.get("/")[2].decode()
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    status, headers, _body = stack.nginx.get(address, **{"Accept-Encoding": "gzip"})
    assert status == 200
    assert "immutable" in header(headers, "Cache-Control")
    assert header(headers, "Content-Encoding") == "gzip"
    assert header(headers, "Content-Type") == "text/css; charset=utf-8"
    assert header(headers, "X-Content-Type-Options") == "nosniff"
    assert header(headers, "Strict-Transport-Security")


@pytest.mark.parametrize("name", ["css/weg.0123456789ab.css", "css/weg.css"])
def test_a_static_file_that_is_not_there_may_be_there_the_next_time(stack, name):
    status, headers, _body = stack.nginx.get(f"/static/{name}")
    assert status == 404
    assert header(headers, "Cache-Control") is None
    assert header(headers, "X-Content-Type-Options") == "nosniff"


def test_nobody_steps_out_of_the_static_folder(stack):
    for path in ("/static/../veiligalmere.sqlite3", "/static/%2e%2e/log", "/static../log"):
        assert stack.nginx.get(path)[0] in {400, 404}


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/css/", "/media/", "/.git/config", "/.env", "/manage.py", "/metrics"],
)
def test_no_folder_is_listed_and_nothing_of_the_code_is_there(stack, path):
    assert stack.nginx.get(path)[0] in {403, 404}


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_methods_that_only_tell_an_attacker_something_are_refused(stack, method):
    with closing(stack.nginx.connect()) as connection:
        connection.request(method, "/", headers={"X-Secret": "geheim"})
        response = connection.getresponse()
        assert response.status in {400, 405}
        assert b"geheim" not in response.read()


@pytest.mark.parametrize(
    ("version", "accepted"),
    [
        (ssl.TLSVersion.TLSv1_3, True),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_1, False),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_only_tls_that_the_ncsc_accepts(stack, version, accepted):
    context = stack.nginx._trust()
    context.minimum_version = context.maximum_version = version
    if not accepted:
        context.set_ciphers("ALL:@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", stack.nginx.https_port), timeout=10) as plain:
        if not accepted:
            with pytest.raises(ssl.SSLError):
                context.wrap_socket(plain, server_hostname=NAME)
            return
        with context.wrap_socket(plain, server_hostname=NAME) as secure:
            cipher = secure.cipher()[0]
    assert "GCM" in cipher or "CHACHA20" in cipher


def test_weak_ciphers_and_other_names_are_refused(stack):
    context = stack.nginx._trust()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AES:!AESGCM:!AESCCM:AES128-SHA:AES256-SHA")
    for name, trusted in ((NAME, context), ("kwaad.test", stack.nginx._trust())):
        with (
            socket.create_connection(("127.0.0.1", stack.nginx.https_port), timeout=10) as plain,
            pytest.raises(ssl.SSLError),
        ):
            trusted.wrap_socket(plain, server_hostname=name)


def test_http_2_is_spoken(stack):
    context = stack.nginx._trust()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", stack.nginx.https_port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=NAME) as secure,
    ):
        assert secure.selected_alpn_protocol() == "h2"


def test_a_page_comes_over_http_2(stack):
    curl = shutil.which("curl")
    said = subprocess.run(
        [curl or "false", "--version"], capture_output=True, text=True, check=False
    )
    if "HTTP2" not in said.stdout:
        pytest.skip("NOT TESTED: no curl that speaks HTTP/2 on this machine.")
    command = [curl, "--silent", "--show-error", "--http2", "--include"]
    command += ["--cacert", stack.nginx.folder / "fullchain.pem"]
    command += ["--connect-to", f"{NAME}:443:127.0.0.1:{stack.nginx.https_port}"]
    answer = subprocess.run(
        [*command, f"https://{NAME}/themas/"], capture_output=True, text=True, check=True
    ).stdout
    assert answer.startswith("HTTP/2 200")
    assert "<h1" in answer


def test_the_log_has_no_address_and_no_token(stack):
    secret = "MTpuZXd0b2tlbjEyMzQ1Njc4OTA"
    stack.nginx.get(f"/voorbeeld/{secret}/")
    stack.nginx.get("/zoeken/?woorden=mijn+naam")
    stack.nginx.get("/%94%22%0A/")
    time.sleep(0.2)
    log = stack.nginx.log()
    assert secret not in log
    assert "naam" not in log
    assert "127.0.0.1" not in log
    lines = [json.loads(line) for line in log.splitlines()]
    assert any(line["path"] == "/voorbeeld/…" for line in lines)
    assert lines[-1]["path"] == "?", "whatever comes in, a line is one of JSON in UTF-8"


def test_who_is_slowed_down_is_told_so_and_leaves_no_address(stack):
    answers = [stack.nginx.get("/open-data/bestaat-niet/")[0] for _ in range(60)]
    assert set(answers) == {404, 429}
    refused = stack.nginx.get("/open-data/bestaat-niet/")
    assert refused[0] == 429
    assert says_in_dutch(*refused, "Er komt nu te veel tegelijk")
    assert header(refused[1], "Retry-After") == "10"
    assert '"status": 429' in stack.nginx.log()
    assert "bestaat-niet" not in stack.nginx.errors()


def test_who_guesses_passwords_is_slowed_down_while_others_read_on():
    with installation() as site, ThreadPoolExecutor(8) as guesses:

        def log_in():
            return site.nginx.ask("POST", "/beheer/login/", "username=anna&password=fout")[0]

        answers, asked = set(), 0
        # Of what comes, twenty a second are forgotten; even a busy machine sends more.
        while 429 not in answers and asked < MOST_GUESSES:
            answers |= set(guesses.map(lambda _number: site.nginx.get("/beheer/")[0], range(50)))
            asked += 50
        assert answers == {302, 429}
        assert site.nginx.get("/")[0] == 200
        wait_for(lambda: site.nginx.get("/beheer/")[0] == 302)
        time.sleep(2)  # in which room comes for the forty that nginx forgets of those
        # Refused by the site, which gave this visitor no form: those get through to it.
        answers, asked = set(), 0
        while 429 not in answers and asked < MOST_GUESSES:
            answers.add(log_in())
            asked += 1
            time.sleep(0.05)  # below what the back-office allows
        assert answers == {403, 429}
        assert site.nginx.get("/beheer/login/")[0] == 200


def test_twenty_colleagues_who_begin_at_nine_and_try_again_when_told_all_get_in():
    with installation() as site:
        account = site.accounts["redacteur"]
        form = {"username": account.username, "password": account.password}

        def log_in(number):
            """Log in as the page says: after a few counts again. Return each answer's status."""
            token = f"{number:032}"
            headers = {
                "Cookie": f"__Host-csrftoken={token}",
                "Referer": f"https://{NAME}/beheer/login/",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            body = urlencode({**form, "csrfmiddlewaretoken": token})
            seen = []
            while seen[-1:] != [302] and len(seen) < MOST_TURNS:
                seen.append(site.nginx.ask("POST", "/beheer/login/", body, **headers)[0])
                if seen[-1] == 503:
                    time.sleep(4)
            return seen

        with ThreadPoolExecutor(20) as office:
            for seen in list(office.map(log_in, range(20))):
                assert set(seen) <= {302, 503}, seen
                assert seen[-1] == 302, seen


@pytest.mark.parametrize("name", ["weg.css", "weg.0123456789ab.css"])
def test_who_asks_for_a_file_from_before_an_update_leaves_no_address(stack, name):
    assert stack.nginx.get(f"/static/{name}")[0] == 404
    wait_for(lambda: name in stack.nginx.log())  # nginx answers first
    assert name not in stack.nginx.errors()


def test_readiness_is_told_to_this_machine(stack):
    status, _headers, body = stack.nginx.get("/gezond/gereed/")
    assert status == 200, body
    assert json.loads(body)["gereed"]


def test_two_hundred_slow_and_half_sent_requests_hold_up_nobody(stack):
    slow = []
    context = stack.nginx._trust()
    for number in range(200):
        plain = socket.create_connection(("127.0.0.1", stack.nginx.https_port), timeout=30)
        connection = context.wrap_socket(plain, server_hostname=NAME)
        if number % 2:
            connection.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: ".encode())
        else:
            head = f"POST /beheer/login/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 100000\r\n\r\n"
            connection.sendall(head.encode() + b"a=")
        slow.append(connection)
    dripped = []
    paths = itertools.cycle(("/", "/themas/", "/zoeken/?woorden=cyber", "/beheer/login/"))

    def read():
        time.sleep(0.2)  # ten readers, yet below what nginx allows at the login from one address
        return stack.nginx.get(next(paths))[0]

    def drip():
        """Send one more byte on half of each kind: the others are silent from here on."""
        time.sleep(1)
        alive = 0
        for connection in slow[: len(slow) // 2]:
            # nginx has given up on those that are too slow.
            with suppress(OSError):
                connection.sendall(b"a")
                alive += 1
        dripped.append(alive)

    try:
        with (
            Visitors(1, drip),
            Visitors(10, read) as readers,
        ):
            wait_for(lambda: dripped)
            # While the bytes come, and longer than nginx waits for a head or between two bytes.
            for _ in range(15):
                before = len(dripped), len(readers.seen)
                wait_for(lambda since=before: len(dripped) > since[0], 20)
                wait_for(lambda since=before: len(readers.seen) >= since[1] + 10, 20)
        assert set(readers.seen) == {200}
        assert dripped[0] == 100
        assert dripped[-1] >= 50, "a form that comes a byte a second is waited for"
    finally:
        for connection in slow:
            connection.close()


def test_pages_go_on_when_the_site_itself_is_gone_and_the_rest_says_so():
    with installation() as site:
        page = site.nginx.get("/themas/")
        assert page[0] == 200
        site._stop()
        time.sleep(1.5)
        status, _headers, body = site.nginx.get("/themas/")
        assert (status, body) == (200, page[2])
        status, headers, body = site.nginx.get("/werkwijzen/")
        assert status == 503
        assert "Veilig Almere is even niet bereikbaar" in body.decode()
        assert header(headers, "Cache-Control") == "no-store"
        assert header(headers, "Retry-After") == "30"
        assert header(headers, "Content-Type") == "text/html; charset=utf-8"
        status, _headers, body = site.nginx.get("/beheer/")
        assert status == 503
        assert "Veilig Almere is even niet bereikbaar" in body.decode()
        with closing(site.nginx.connect()) as connection:
            path = "/beheer/plan/action/1/change/"
            connection.request("POST", path, "title=Kort", {"Host": NAME})
            response = connection.getresponse()
            text = response.read().decode()
        assert response.status == 503
        assert "Uw werk is waarschijnlijk niet opgeslagen" in text
        assert "Vernieuw deze pagina" in text
        assert response.getheader("Cache-Control") == "no-store"
        assert site.nginx.get("/storing-opslaan.html")[0] == 404, "only instead of an answer"


def test_the_page_that_leads_to_open_data_is_a_page_and_no_file():
    with installation() as site:
        assert {site.nginx.get("/open-data/")[0] for _ in range(60)} == {200}
        site._stop()
        time.sleep(1.5)
        assert site.nginx.get("/open-data/")[0] == 200


FIND_AND_WITHDRAW = """
import sys, django
django.setup()
from django.contrib.auth import get_user_model
from plan.models import Action
from themes.models import Indicator
from veiligalmere.editorial.publish import publish, withdraw
action, renamed = Action.objects.public()[:2]
figure = Indicator.objects.public().first()
page, figures = action.get_absolute_url(), figure.get_absolute_url()
print(page, 410)
print(f"{page}wijzigingen/", 410)
print(f"/insluiten/actie/{action.plan.year}/{action.slug}/", 410)
print(f"/feeds/acties/{action.plan.year}/{action.slug}.atom", 410)
print(f"/api/v1/acties/{action.pk}", 410)
print(f"{figures}cijfer.csv", 410)
print(renamed.get_absolute_url(), 301)
if sys.argv[1:]:
    by = get_user_model().objects.first()
    withdraw(action, by=by)
    withdraw(figure, by=by)
    renamed.slug = "een-nieuwe-naam"
    renamed.save()
    publish(renamed, minor=True)
"""
GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("restarts", [False, True])
def test_what_was_withdrawn_does_not_come_back_when_the_site_is_gone(restarts):
    with installation() as site:
        found = site.run("-c", FIND_AND_WITHDRAW).splitlines()[-7:]
        pages = {address: int(gone) for address, gone in map(str.split, found)}
        upload = site.var_dir / "media/afbeeldingen/2026/proef/weg.webp"
        upload.parent.mkdir(parents=True)
        upload.write_bytes(b"RIFF" + bytes(200))
        pages[f"/media/{upload.relative_to(site.var_dir / 'media')}"] = 404

        def answers(encoding):
            return {address: site.nginx.get(address, **encoding)[0] for address in pages}

        for encoding in ({}, GZIP):
            assert set(answers(encoding).values()) == {200}
        site.run("-c", FIND_AND_WITHDRAW, "now")
        upload.unlink()
        if restarts:
            site._stop()
            site._process = site._start()
            site._wait_until_ready()
        # Each of the two workers tells it to the readers of one encoding before the others ask.
        for encoding in (GZIP, {}):
            wait_for(lambda encoding=encoding: answers(encoding) == pages)
            for _ in range(4):
                time.sleep(1.1)
                assert answers(encoding) == pages
        site._stop()
        time.sleep(1.5)
        for encoding in ({}, GZIP):
            assert answers(encoding) == pages
        site.nginx.get("/werkwijzen/")
        wait_for(lambda: '"path": "/werkwijzen/"' in site.nginx.log())


def test_nobody_fills_the_cache_by_saying_to_have_a_page(stack):
    pages, queries = kept(stack, "cache"), kept(stack, "cache-vragen")
    held = {"If-None-Match": '"x"'}
    for number in range(5):
        for address in (
            f"/themas/verzonnen-{number}/",
            f"/insluiten/actie/2020/verzonnen-{number}/",
            f"/jaarplan/2020/acties/?thema=verzonnen-{number}",
            f"/zoeken/?woorden=verzonnen-{number}",
            f"/themas/?x={number}",
        ):
            assert stack.nginx.get(address, **held)[0] < 500
    assert kept(stack, "cache") == pages
    assert kept(stack, "cache-vragen") == queries
