"""Two web machines on one database: whoever works on one works on both."""

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from tests.faults.editing import ADD, TOKEN, Editor
from tests.faults.load import AS_NGINX
from tests.tooling.nginx import SITE_URL

pytestmark = pytest.mark.slow

LOGIN = "/beheer/login/"


def send(port, method, path, cookie, /, **fields):
    """Send a request to the machine on `port`; return (status, headers, text)."""
    headers = {
        **AS_NGINX,
        "Cookie": f"{cookie}; __Host-csrftoken={TOKEN}",
        "Referer": SITE_URL + path,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({**fields, "csrfmiddlewaretoken": TOKEN}) if method == "POST" else None
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()


def test_who_logs_in_on_one_machine_is_known_on_both(stack):
    one, other = stack.ports
    account = stack.accounts["redacteur"]
    status, headers, _text = send(
        one, "POST", LOGIN, "", username=account.username, password=account.password
    )
    assert status == 302
    [cookie] = [
        value.split(";")[0]
        for value in headers.get_all("Set-Cookie")
        if value.startswith("__Host-sessionid=")
    ]

    def knows_who_it_is(port):
        # Who has typed the password is led on to the second step, and others see the form.
        return send(port, "GET", LOGIN, cookie)[0] == 302

    assert knows_who_it_is(one)
    assert knows_who_it_is(other)


def test_what_is_saved_on_one_machine_is_on_both_and_who_logs_out_on_one_is_out_on_both(stack):
    one, other = stack.ports
    editor = Editor(stack)
    cookie = f"__Host-sessionid={editor.session}"
    for port, path in ((one, "machine-een"), (other, "machine-twee")):
        assert send(port, "POST", ADD, cookie, path=path, target="/themas/")[0] == 302
    assert {"machine-een", "machine-twee"} <= editor.saved()
    overview = ADD.removesuffix("add/")
    for port in (one, other):
        _status, _headers, text = send(port, "GET", f"{overview}?q=machine", cookie)
        assert "machine-een" in text
        assert "machine-twee" in text
    send(other, "POST", "/beheer/logout/", cookie)
    for port in (one, other):
        status, headers, _text = send(port, "GET", overview, cookie)
        assert status == 302
        assert headers["Location"].startswith(LOGIN)
