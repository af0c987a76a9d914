"""The commands of docs/uitrol.md that put a backup back, as they stand there, on PostgreSQL."""

import os
import re
import secrets
import subprocess
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.tooling import postgres
from tests.tooling.environment import ROOT, environment_for
from tests.tooling.prepared import prepared_database

SERVER = os.environ.get("TEST_DATABASE_URL")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SERVER, reason="the commands are PostgreSQL's"),
]

GUIDE = (ROOT / "docs/uitrol.md").read_text("utf-8")
# What stands for programs that only a whole machine has.
STANDING_IN = {
    "systemctl": 'echo "systemctl $*"',
    "runuser": 'shift 3; exec "$@"',
    "va": f'cd {ROOT}; exec {ROOT}/.venv/bin/python manage.py "$@"',
}
FOLLOWERS = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from plan.models import Subscription
now = timezone.now()
for name in ("blijft", "stopt"):
    Subscription.objects.create(
        email=f"{name}@voorbeeld.nl", key=name, frequency="meteen",
        confirmed_at=now - timedelta(days=9), told_until=now - timedelta(days=8),
    )
Subscription.objects.create(email="later@voorbeeld.nl", key="later", frequency="meteen")
"""
SINCE = """
import django
django.setup()
from django.contrib.auth import get_user_model
from django.utils import timezone
from plan.models import Action, Subscription
from veiligalmere.editorial.publish import withdraw
withdraw(Action.objects.public().first(), by=get_user_model().objects.get(username="beheerder"))
get_user_model().objects.filter(username="redacteur").update(is_active=False)
Subscription.objects.get(key="stopt").delete()
Subscription.objects.get(key="later").confirm()
Subscription.objects.filter(key="blijft").update(told_until=timezone.now())
"""


def block(words):
    """Return the one block of commands in the guide that has `words` in it."""
    [found] = [text for text in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) if words in text]
    return found


RESTORE = block("va restore $kopie")
BACK = block("veiligalmere_mislukt_")
FOLLOWERS_BLOCK = block("plan_subscription")
AGAIN = block("'ingetrokken'")
# The site's own, and those with another name that are made of it.
DATABASE = re.compile(r"(?<![\w/-])veiligalmere(?=_oud|_mislukt|[ \";]|$)", re.MULTILINE)


class Machine:
    """A machine with the site's database, its uploads and a backup; runs blocks of the guide."""

    def __init__(self, folder, address):
        self.name = urlsplit(address).path.removeprefix("/")
        self.folder = folder
        self.media = folder / "media"
        self.backups = folder / "backups"
        self.backups.mkdir()
        programs = folder / "bin"
        programs.mkdir()
        for name, text in STANDING_IN.items():
            (programs / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
            (programs / name).chmod(0o755)
        server = psycopg.conninfo.conninfo_to_dict(SERVER)
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
        for_psql = {names[key]: str(value) for key, value in server.items() if key in names}
        path = f"{programs}:{postgres.find_binaries()}:{os.environ['PATH']}"
        self.environment = environment_for(folder, DATABASE_URL=address)
        self.environment |= for_psql | {"PGDATABASE": "postgres", "PATH": path}

    def run(self, commands, **places):
        """Run a block with names of this machine in it; return (exit code, what was printed)."""
        for name, value in {"map": "eerste", **places}.items():
            commands = commands.replace(f"<{name}>", value)
        commands = commands.replace("--owner veiligalmere", "--owner postgres")
        commands = commands.replace("/var/backups/veiligalmere", str(self.backups))
        commands = DATABASE.sub(self.name, commands)
        result = subprocess.run(
            ["bash", "-c", commands],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return result.returncode, result.stdout

    def python(self, code):
        """Run Python's `code` over the site's database."""
        command = [ROOT / ".venv/bin/python", "-c", code]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def databases(self):
        """Return the names of the databases that are this machine's, without what they share."""
        with psycopg.connect(SERVER) as connection:
            rows = connection.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall()
        return [name.removeprefix(self.name) for (name,) in rows if name.startswith(self.name)]

    def ask(self, question):
        """Return the rows that the site's database answers."""
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            return connection.execute(question).fetchall()


@pytest.fixture
def machine(tmp_path):
    """One with a backup, `eerste`, and one upload and one follower of later."""
    with prepared_database(tmp_path) as address:
        found = Machine(tmp_path, address)
        found.python(FOLLOWERS)
        subprocess.run(
            [ROOT / ".venv/bin/python", "-m", "tests.tooling.accounts", secrets.token_urlsafe(12)],
            cwd=ROOT,
            env=found.environment,
            check=True,
        )
        assert found.run("va backup /var/backups/veiligalmere/<map>")[0] == 0
        found.python(SINCE)
        (found.media / "map").mkdir(parents=True)
        (found.media / "map" / "later.webp").write_bytes(os.urandom(500))
        try:
            yield found
        finally:
            for name in found.databases():
                if name:
                    postgres.run_sql(SERVER, postgres.DROP, found.name + name)


@contextmanager
def someone_else(machine):
    """Keep a connection to the site's database open, as a second machine does."""
    with psycopg.connect(machine.environment["DATABASE_URL"]) as connection:
        yield connection


def number_in(output):
    """Return the number with which the old database was renamed."""
    return re.search(r"heet nu \w+_oud_(\d+)", output)[1]


def test_a_restore_that_meets_another_connection_changes_nothing_and_throws_nothing_away(machine):
    with someone_else(machine):
        code, output = machine.run(RESTORE)
    assert code != 0
    assert "is being accessed by other users" in output
    assert "heet nu" not in output
    assert machine.databases() == [""]
    assert (machine.media / "map" / "later.webp").exists()
    # Whoever then gives the old one its name back, which it never lost, throws nothing away.
    machine.run(BACK, **{"het nummer achter veiligalmere_oud_": "20200414"})
    assert machine.databases() == ["_mislukt_20200414"]
    postgres.run_sql(
        SERVER,
        "ALTER DATABASE {} RENAME TO {}",
        f"{machine.name}_mislukt_20200414",
        machine.name,
    )
    assert machine.ask("SELECT count(*) FROM plan_subscription") == [(2,)]


def test_a_restore_can_be_done_twice_and_gone_back_from_with_its_uploads(machine):
    code, output = machine.run(RESTORE)
    assert code == 0, output
    first = number_in(output)
    assert not (machine.media / "map" / "later.webp").exists()
    code, output = machine.run(RESTORE, map=f"voor-terugzetten-{first}")
    assert code == 0, output
    assert (machine.media / "map" / "later.webp").exists()
    assert machine.ask("SELECT count(*) FROM plan_subscription") == [(2,)]
    assert machine.databases() == ["", f"_oud_{first}", f"_oud_{number_in(output)}"]


def test_a_restore_that_fails_is_undone_by_giving_the_database_its_name_back(machine):
    breaking = RESTORE.replace("va restore", "va restore --no-such-option")
    code, output = machine.run(breaking)
    assert code != 0
    number = number_in(output)
    assert machine.databases() == ["", f"_oud_{number}"]
    machine.run(BACK, **{"het nummer achter veiligalmere_oud_": number})
    assert machine.databases() == ["", f"_mislukt_{number}"]
    assert machine.ask("SELECT count(*) FROM plan_subscription") == [(2,)]
    assert (machine.media / "map" / "later.webp").exists()


def test_what_went_since_the_backup_is_told_and_followers_are_as_they_were(machine):
    [(title,)] = machine.ask("SELECT label FROM editorial_version WHERE kind = 'ingetrokken'")
    told = "SELECT key, confirmed_at, told_until FROM plan_subscription ORDER BY key"
    before = machine.ask(told)
    code, output = machine.run(RESTORE)
    assert code == 0, output
    assert [key for key, *_moments in machine.ask(told)] == ["blijft", "later", "stopt"]
    places = {"nummer": number_in(output), "moment van de kopie": "2020-01-01"}
    code, output = machine.run(AGAIN, **places)
    assert code == 0, output
    assert title in output
    _withdrawn, then, now = output.split("mag inloggen in")
    assert re.search(r"^ redacteur ", now, re.MULTILINE)
    assert not re.search(r"^ redacteur ", then, re.MULTILINE)
    code, output = machine.run(FOLLOWERS_BLOCK, nummer=places["nummer"])
    assert code == 0, output
    assert machine.ask(told) == before
    code, _output = machine.run(FOLLOWERS_BLOCK, nummer="0")
    assert code != 0, "without the old database, nobody goes"
    assert machine.ask(told) == before
