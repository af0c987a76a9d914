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


def send(port, method, path, cookie, **fields):
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


def test_who_logs_in_on_one_machine_is_logged_in_on_both_and_out_on_both(stack):
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

    def leads_to_login(port):
        _status, headers, _text = send(port, "GET", "/beheer/", cookie)
        return headers.get("Location", "").startswith(LOGIN)

    assert not leads_to_login(one)
    assert not leads_to_login(other)
    assert send(other, "POST", "/beheer/logout/", cookie)[0] in {200, 302}
    assert leads_to_login(one)
    assert leads_to_login(other)


def test_what_is_saved_on_one_machine_can_be_changed_on_the_other(stack):
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
