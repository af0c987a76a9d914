"""`manage.py serve`, the command behind `make run` and `make dev`."""

import re
import socket
import subprocess
import sys
from contextlib import ExitStack
from http.client import HTTPConnection
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from plan.models import Action, AnnualPlan
from tests.tooling.environment import ROOT, environment_for
from tests.tooling.site import free_port
from veiligalmere.pages.management.commands import serve


class BecomeError(Exception):
    """Nothing comes after becoming another program."""


@pytest.fixture
def become(monkeypatch, settings):
    """What the command would have become: the arguments of the Python that takes its place."""
    calls = []

    def note(*arguments):
        calls.append(arguments)
        raise BecomeError

    monkeypatch.setattr(serve, "become", note)
    settings.PORT = free_port()
    # Without hashes and compression: `site` goes through those, and they take seconds.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    return calls


def run_serve():
    """Run the command in this process; return what it printed."""
    output = StringIO()
    with pytest.raises(BecomeError):
        call_command("serve", stdout=output)
    return output.getvalue()


def start_in_its_own_process(**environment):
    """Run the command as `make run` does, up to where it gives up; return how it ended."""
    return subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_first_run_makes_one_account_and_shows_its_password_once(become, db):
    output = run_serve()
    password = re.search(r"the account beheer with the password (\S{16,})", output)[1]
    assert output.count(password) == 1
    assert User.objects.get(username="beheer").check_password(password)
    assert User.objects.get().is_superuser


def test_second_run_makes_no_account_and_shows_no_password(become, db):
    run_serve()
    assert "password" not in run_serve()
    assert User.objects.count() == 1


def test_no_account_is_made_where_there_is_one(become, redacteur):
    assert "beheer" not in run_serve().replace("/beheer/", "")
    assert User.objects.get() == redacteur.user


def test_a_run_changes_nothing_that_an_editor_changed(become, jaarplan):
    action = Action.objects.get(slug="straatintimidatie")
    action.title = "Straatintimidatie en wat daarbij hoort"
    action.save()
    run_serve()
    action.refresh_from_db()
    assert action.title == "Straatintimidatie en wat daarbij hoort"
    assert AnnualPlan.objects.count() == 1


def test_site_and_admin_are_named(become, settings, db):
    output = run_serve()
    assert f"Site   http://127.0.0.1:{settings.PORT}/\n" in output
    assert f"Admin  http://127.0.0.1:{settings.PORT}/beheer/\n" in output


def test_gunicorn_takes_over(become, db):
    run_serve()
    [(*arguments, config)] = become
    assert arguments == ["-m", "gunicorn", "--config"]
    assert config == str(ROOT / "deploy/gunicorn.conf.py")


def test_developers_get_the_server_that_reloads(become, settings, db):
    settings.DEBUG = True
    run_serve()
    assert become == [(str(ROOT / "manage.py"), "runserver", f"127.0.0.1:{settings.PORT}")]


def test_nothing_happens_while_the_port_is_taken(become, settings, db):
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings.PORT = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {settings.PORT} is taken"):
            call_command("serve")
    assert become == []
    assert not User.objects.exists()


def test_a_taken_port_is_one_line(site):
    result = start_in_its_own_process(**site.environment)
    assert result.returncode != 0
    assert result.stdout == ""
    assert re.fullmatch(rf"CommandError: Port {site.port} is taken[^\n]*\n", result.stderr)


@pytest.mark.parametrize(
    "address", ["sqlite:////no/such/folder/site.sqlite3", "postgresql://nobody@127.0.0.1:1/none"]
)
def test_an_unreachable_database_is_one_line(address, tmp_path):
    environment = environment_for(tmp_path, DATABASE_URL=address, PORT=str(free_port()))
    result = start_in_its_own_process(**environment)
    assert result.returncode != 0
    assert result.stdout == ""
    assert re.fullmatch(r"CommandError: The database can't be reached: [^\n]+\n", result.stderr)


def test_the_site_that_it_serves_answers_and_has_debug_off(site):
    assert "Made the account beheer" in site.log()
    settings = site.run(
        "manage.py", "shell", "-v0", "-c", "from django.conf import settings as s;print(s.DEBUG)"
    )
    assert settings.strip() == "False"


@pytest.mark.skipif(not hasattr(socket, "TCP_DEFER_ACCEPT"), reason="only Linux can")
def test_connections_that_ask_nothing_keep_nobody_waiting(site):
    # As browsers open them ahead. Each of these would hold a thread for five seconds.
    with ExitStack() as stack:
        for _ in range(24):
            stack.enter_context(socket.create_connection(("127.0.0.1", site.port)))
        asking = HTTPConnection("127.0.0.1", site.port, timeout=4)
        stack.callback(asking.close)
        asking.request("GET", "/gezond/")
        assert asking.getresponse().status == 200
