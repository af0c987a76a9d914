"""How a session begins, how long it lasts, what ends it, and what its cookies are like."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from plan.models import Action
from tests.editorial.test_login import code_of, set_up
from tests.tooling.environment import ROOT, environment_for
from tests.tooling.forms import posted
from veiligalmere.editorial.login import sessions

pytestmark = pytest.mark.django_db
PASSWORD = "paard-batterij-nietje"
LIST = "/beheer/plan/action/"


@pytest.fixture
def rik(redacteur):
    """The account of the redacteur, with a password."""
    redacteur.user.set_password(PASSWORD)
    redacteur.user.save()
    return redacteur.user


@pytest.fixture
def clock(monkeypatch):
    """A function that lets time pass for sessions: their own clock and the database's row."""
    moment = timezone.now()

    def let_pass(**duration):
        nonlocal moment
        moment += timedelta(**duration)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        monkeypatch.setattr(sessions, "time", moment.timestamp)

    return let_pass


def log_in(name="redacteur", client=None):
    client = client or Client()
    answer = client.post("/beheer/login/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_in(client):
    return client.get(LIST).status_code == 200


def keys():
    return set(Session.objects.values_list("session_key", flat=True))


def test_a_login_gives_a_new_key_and_the_old_one_is_worth_nothing(rik, jaarplan):
    form = f"{LIST}{Action.objects.first().pk}/change/"
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    client.post(form, {"title": "Gehouden tekst"})
    before = client.cookies["sessionid"].value
    assert before in keys()
    log_in(client=client)
    after = client.cookies["sessionid"].value
    assert after != before
    assert before not in keys()
    log_in(client=client)
    assert client.cookies["sessionid"].value not in {before, after}, "also at a second login"
    assert after not in keys()


def test_a_key_that_somebody_else_made_up_is_not_taken_over(rik):
    client = Client()
    client.cookies["sessionid"] = "b" * 32
    log_in(client=client)
    assert client.cookies["sessionid"].value != "b" * 32


def test_a_code_gives_a_new_key_too_and_what_was_half_in_gets_no_further(rik):
    first = log_in()
    before = first.cookies["sessionid"].value
    set_up(first, rik)
    assert first.cookies["sessionid"].value != before
    assert before not in keys()

    TOTPDevice.objects.update(last_t=-1)
    client = log_in()
    half_in = Client()
    half_in.cookies["sessionid"] = client.cookies["sessionid"].value
    page = "/beheer/inloggen/code/"
    answer = client.post(page, posted(client.get(page), form="code", code=code_of(rik)))
    assert answer.status_code == 302
    assert is_in(client)
    assert client.cookies["sessionid"].value != half_in.cookies["sessionid"].value
    assert not is_in(half_in)


def test_logging_out_ends_the_session_on_the_server(rik):
    client = log_in()
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_in(stolen)
    assert client.get("/beheer/logout/").status_code == 405, "a link can't log anybody out"
    answer = client.post("/beheer/logout/")
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not is_in(stolen)


def test_every_page_of_the_back_office_has_the_button_to_log_out(rik):
    client = log_in()
    for page in ("/beheer/", LIST, "/beheer/password_change/", "/beheer/inloggen/instellen/"):
        assert 'action="/beheer/logout/"' in client.get(page).text, page


def test_who_does_nothing_for_an_hour_is_logged_out_and_who_works_is_not(rik, clock):
    client = log_in()
    for _ in range(3):
        clock(minutes=50)
        assert is_in(client)
    clock(minutes=61)
    assert not is_in(client)


def test_a_form_that_is_only_open_keeps_nobody_logged_in(rik, clock, jaarplan):
    client = log_in()
    typed = f"{LIST}{Action.objects.first().pk}/getypt/"
    for _ in range(2):
        clock(minutes=40)
        client.post(typed)
    assert not is_in(client)
    client = log_in()
    for _ in range(3):
        clock(minutes=40)
        assert client.post(typed, {"_getypt": "1", "title": "Ik typ door"}).status_code == 200
    assert is_in(client)


def test_eight_hours_after_the_password_everybody_is_logged_out(rik, clock):
    client = log_in()
    for _ in range(9):
        clock(minutes=50)
        assert is_in(client)
    clock(minutes=31)
    assert not is_in(client)


def test_a_new_password_ends_every_other_session(rik):
    client, elsewhere = log_in(), log_in()
    page = "/beheer/password_change/"
    new = "nog-een-lang-wachtwoord"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    wrong = {**fields, "old_password": "verkeerd"}
    client.post(page, posted(client.get(page), form="old_password", **wrong))
    assert is_in(elsewhere), "without the old password nothing happens"
    answer = client.post(page, posted(client.get(page), form="old_password", **fields))
    assert answer.status_code == 302
    assert is_in(client)
    assert not is_in(elsewhere)


def test_an_account_that_is_switched_off_or_deleted_is_out_at_once(rik):
    client = log_in()
    rik.is_active = False
    rik.save()
    assert not is_in(client)
    rik.is_active = True
    rik.save()
    client = log_in()
    rik.delete()
    assert not is_in(client)


def test_rights_that_are_taken_away_are_gone_at_the_next_click(rik):
    client = log_in()
    rik.groups.clear()
    assert client.get(LIST).status_code == 403


def test_a_new_second_step_ends_every_other_session(rik):
    client, elsewhere = log_in(), log_in()
    before = client.cookies["sessionid"].value
    assert set_up(client, rik).status_code == 200
    assert client.cookies["sessionid"].value != before
    assert is_in(client)
    assert elsewhere.cookies["sessionid"].value not in keys()


def test_an_administrator_logs_somebody_out_everywhere(rik, beheerder, eindredacteur):
    clients = [log_in(), log_in()]
    data = {"action": "log_out", "_selected_action": [rik.pk]}
    answer = beheerder.post("/beheer/auth/user/", data, follow=True)
    assert "Overal uitgelogd: redacteur" in answer.text
    assert not any(is_in(client) for client in clients)
    assert is_in(beheerder)
    assert is_in(eindredacteur)
    history = beheerder.get(f"/beheer/auth/user/{rik.pk}/history/").text
    assert "Overal uitgelogd" in history


def test_the_cookies_of_the_back_office(rik):
    client = log_in()
    cookies = client.get(LIST, follow=True).client.cookies
    assert set(cookies) == {"sessionid", "csrftoken"}
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


def test_over_https_the_cookies_belong_to_this_host_alone(tmp_path):
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE"]
    names += ["CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECOND_STEP_REQUIRED"]
    script = (
        "import json; from veiligalmere import settings; "
        f"print(json.dumps([getattr(settings, name) for name in {names}]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment_for(tmp_path, SITE_URL="https://www.veiligalmere.nl"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(result.stdout) == ["__Host-sessionid", "__Host-csrftoken"] + [True] * 4


def test_a_session_key_is_long_and_never_the_same(rik):
    found = {log_in().cookies["sessionid"].value for _ in range(3)}
    assert len(found) == 3
    # 32 of 36 signs: 165 bits of chance, from the system's own source (Django's get_random_string)
    assert {len(key) for key in found} == {32}
