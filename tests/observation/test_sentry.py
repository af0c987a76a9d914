"""An error reaches a Sentry server where one is named; what people typed does not."""

import gzip
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.tooling.environment import ROOT

# A page that fails, asked for by someone who is logged in, with a password in the form.
FAIL = """
from types import SimpleNamespace
import django
django.setup()
import sentry_sdk
from django.test import Client
from veiligalmere.pages import errors
from veiligalmere.pages.search import page
def fail(*args, **kwargs):
    secret = "achterdeur"
    raise RuntimeError("De zoekmachine ging stuk")
page.current_index = SimpleNamespace(get=fail)
client = Client(raise_request_exception=False, HTTP_HOST="127.0.0.1")
client.cookies["sessionid"] = "geheimesessie"
answer = client.get("/zoeken/?zoek=kwikstaart", HTTP_USER_AGENT="mijntelefoon")
print(answer.status_code)
sentry_sdk.flush(10)
"""


@pytest.fixture
def sentry():
    """A Sentry server: its DSN as `dsn`, what it received as `received`, a list of texts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            server.received.append(body.decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.received = []
    server.dsn = f"http://sleutel@127.0.0.1:{server.server_port}/1"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def run(site, code, **settings):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**site.environment, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_error_is_reported_without_what_people_typed(site, sentry):
    result = run(site, FAIL, SENTRY_DSN=sentry.dsn)
    assert result.stdout.strip() == "500", result.stderr
    reported = "\n".join(sentry.received)
    assert "De zoekmachine ging stuk" in reported
    assert "/zoeken/" in reported
    for secret in ("achterdeur", "geheimesessie", "kwikstaart", "mijntelefoon"):
        assert secret not in reported, secret


def test_a_wrong_address_stops_the_start_with_one_line(site):
    result = run(site, "import django; django.setup()", SENTRY_DSN="geen adres")
    assert result.returncode
    assert "SENTRY_DSN must be" in result.stderr
