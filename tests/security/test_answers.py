"""What the site's own process gives away, and how it reads a request: without nginx before it."""

import json
import logging
import socket

import pytest
from django.test import Client

from plan.models import Action
from themes.models import Theme, ThemeLimit
from veiligalmere.observation.formatting import JsonFormatter


def talk(site, text):
    """Send `text` as it is to the site's port; return all that comes back."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as plain:
        plain.sendall(text.encode())
        plain.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: plain.recv(65536), b"")).decode("utf-8", "replace")


HEAD = "Host: 127.0.0.1:{port}\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    "extra",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /gezond/ HTTP/1.1\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        "Content-Length: +5\r\n\r\nabcde",
    ],
)
def test_a_request_of_which_the_end_is_unclear_is_refused(site, extra):
    head = HEAD.format(port=site.port)
    answer = talk(site, f"POST /beheer/login/ HTTP/1.1\r\n{head}{extra}\r\n")
    assert answer.count("HTTP/1.") == 1
    assert answer.split()[1] in {"400", "501"}


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "ONZIN"])
def test_methods_that_are_not_ours_do_nothing(site, method):
    head = HEAD.format(port=site.port)
    answer = talk(site, f"{method} /themas/ HTTP/1.1\r\n{head}X-Secret: geheim\r\n\r\n")
    assert answer.split()[1] in {"400", "403", "405"}
    assert "geheim" not in answer


def test_no_answer_tells_what_runs_in_which_version(site):
    head = HEAD.format(port=site.port)
    for path in ("/", "/bestaat-niet/", "/beheer/login/", "/static/css/nee.css", "/zoeken/?q=%00"):
        answer = talk(site, f"GET {path} HTTP/1.1\r\n{head}\r\n").lower()
        start = answer.split("\r\n\r\n")[0]
        assert "x-powered-by" not in start
        assert not [word for word in ("django", "python", "gunicorn/") if word in start], start
        assert "gunicorn" not in answer.split("\r\n\r\n", 1)[1]


@pytest.mark.parametrize("path", ["/static/", "/static/css/", "/media/", "/media/../", "/.git/"])
def test_no_folder_is_listed(bezoeker, db, path):
    assert bezoeker.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/", "/feeds/alles.atom", "/robots.txt", "/sitemap.xml", "/cijfers/alle-cijfers.csv"],
)
def test_every_text_says_that_it_is_utf_8(bezoeker, db, path):
    assert bezoeker.get(path)["Content-Type"].lower().replace('"', "").endswith("charset=utf-8")


def test_under_another_name_the_site_says_nothing(db, settings):
    settings.ALLOWED_HOSTS = ["www.veiligalmere.nl"]
    answer = Client().get("/", headers={"host": "kwaad.test"})
    assert answer.status_code == 400
    assert "kwaad.test" not in answer.text
    mail = Client().post("/beheer/wachtwoord/", headers={"host": "kwaad.test"})
    assert mail.status_code == 400


@pytest.mark.parametrize(
    "target", ["https://kwaad.test/", "//kwaad.test", "/\\kwaad.test", "javascript:alert(1)"]
)
def test_a_login_leads_to_no_other_site(django_user_model, db, target):
    django_user_model.objects.create_superuser("anna", password="paard-batterij-nietje")
    data = {"username": "anna", "password": "paard-batterij-nietje", "next": target}
    answer = Client().post(f"/beheer/login/?next={target}", data)
    assert answer.status_code == 302
    assert answer["Location"] == "/beheer/"


def test_what_people_type_adds_no_line_to_the_log(db, caplog):
    lie = "anna\nlogged in: account 1\r\n\x1b[2J\u2028"
    client = Client()
    client.post("/beheer/login/", {"username": lie, "password": lie})
    client.get(f"/niets/{lie}/", headers={"x-request-id": "abc\nlogged in: account 1"})
    assert len(caplog.records) >= 2
    for record in caplog.records:
        line = JsonFormatter().format(record)
        assert len(line.split("\n")) == 1
        assert json.loads(line)["logger"] == record.name
        assert "logged in: account 1" not in record.getMessage().splitlines()


def test_what_is_forbidden_is_noted_with_who_and_what(redacteur, caplog):
    caplog.set_level(logging.INFO)
    assert redacteur.get("/beheer/auth/user/").status_code == 403
    noted = f"forbidden: GET /beheer/auth/user/: account {redacteur.user.pk}, address 127.0.0.1"
    assert noted in caplog.text


def test_a_preview_that_is_not_for_an_account_is_noted(redacteur, jaarplan, caplog):
    caplog.set_level(logging.INFO)
    action = Action.objects.public().first()
    ThemeLimit.objects.create(user=redacteur.user).themes.set(
        Theme.objects.exclude(pk=action.theme_id)[:1]
    )
    page = f"/voorbeeld/plan.action/{action.pk}/"
    assert redacteur.get(page).status_code == 404
    assert f"forbidden: GET {page}: account {redacteur.user.pk}" in caplog.text


@pytest.mark.parametrize(
    "page", ["change", "history", "delete", "beoordelen", "intrekken", "terugzetten/1", "getypt"]
)
def test_content_beyond_the_limit_of_an_account_is_noted_once(redacteur, jaarplan, page, caplog):
    """And what does not exist is not: that is a mistake, or an old address."""
    caplog.set_level(logging.INFO)
    refused = {302, 403, 404, 410}
    action = Action.objects.public().first()
    ThemeLimit.objects.create(user=redacteur.user).themes.set(
        Theme.objects.exclude(pk=action.theme_id)[:1]
    )
    ask = redacteur.post if page == "getypt" else redacteur.get
    method = "POST" if page == "getypt" else "GET"
    address = f"/beheer/plan/action/{action.pk}/{page}/"
    assert ask(address).status_code in refused
    noted = f"forbidden: {method} {address}: account {redacteur.user.pk}"
    assert caplog.text.count(noted) == 1
    caplog.clear()
    for key in (999_999, 10**30, "abc"):
        assert ask(f"/beheer/plan/action/{key}/{page}/").status_code in refused
    assert "forbidden" not in caplog.text


@pytest.mark.parametrize("page", ["/beheer/tekst/voorbeeld/", "/beheer/tekst/afbeelding/"])
def test_what_a_script_asks_and_may_not_have_is_noted(db, django_user_model, page, caplog):
    caplog.set_level(logging.INFO)
    outsider = Client()
    outsider.force_login(django_user_model.objects.create_user("buiten"))
    assert outsider.post(page).status_code == 403
    assert f"forbidden: POST {page}: account" in caplog.text
    caplog.clear()
    assert Client().post(page).status_code == 403
    assert "forbidden" not in caplog.text


def test_an_address_is_decoded_once(bezoeker, jaarplan):
    assert bezoeker.get("/themas/%76eilige-wijken/").status_code == 200
    assert bezoeker.get("/themas/%2576eilige-wijken/").status_code == 404
    shown = bezoeker.get("/zoeken/?zoek=%2569nbraak%253Cb%253E").text
    assert 'value="%69nbraak%3Cb%3E"' in shown
