"""Migrations can be undone, and hold no readers out."""

import os
import subprocess
import sys
from contextlib import ExitStack

import psycopg
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

from tests.faults.load import wait_for
from tests.test_backup import machine
from tests.tooling.environment import ROOT

OURS = {"editorial", "pages", "plan", "themes"}


def test_every_operation_of_every_migration_has_a_way_back():
    loader = MigrationLoader(None)
    for (app, name), migration in loader.disk_migrations.items():
        if app in OURS:
            for operation in migration.operations:
                assert operation.reversible, f"{app} {name}: {operation.describe()}"


def test_no_migration_holds_readers_out_by_a_data_change_in_the_same_transaction():
    """PostgreSQL keeps a table locked from a change of its columns to the end of the migration."""
    loader = MigrationLoader(None)
    for (app, name), migration in loader.disk_migrations.items():
        if app in OURS:
            data = [one for one in migration.operations if isinstance(one, (RunPython, RunSQL))]
            assert len(data) in {0, len(migration.operations)}, f"{app} {name}: split it"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A machine whose database has all tables, and nothing of ours in them; tests migrate it."""
    folder = tmp_path_factory.mktemp("migrated")
    with machine(folder, on_postgresql=bool(os.environ.get("TEST_DATABASE_URL"))) as found:
        found.manage("migrate", "--verbosity=0")
        yield found


STEP_BACK = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

def walk(apps, newest_only):
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    names = [(one.app_label, one.name) for one, _backwards in plan]
    undone = set()
    for key in reversed(names):
        if key[0] not in apps or (newest_only and key[0] in undone):
            continue
        undone.add(key[0])
        before = [other for other in names[: names.index(key)] if other[0] == key[0]]
        executor = MigrationExecutor(connection)
        executor.migrate([before[-1] if before else (key[0], None)])
        assert key not in executor.recorder.applied_migrations()
        if not newest_only:
            # There and back at each step, not only after all of them.
            executor.loader.build_graph()
            executor.migrate([key])
            executor.loader.build_graph()
            executor.migrate([before[-1] if before else (key[0], None)])
    print(len(undone))

walk(sys.argv[2:], sys.argv[1] == "newest")
call_command("migrate", verbosity=0)
"""


def test_the_newest_of_each_app_is_undone_and_done_again(migrated):
    code, _output, errors = migrated.run("-c", STEP_BACK, "newest", *sorted(OURS))
    assert code == 0, errors
    assert "[ ]" not in migrated.manage("showmigrations")


on_postgresql = pytest.mark.skipif(
    not os.environ.get("TEST_DATABASE_URL"), reason="SQLite's readers wait for nobody"
)


def plan_migrations(connection):
    """Return the names of plan's migrations that are done, the last one last."""
    done = "SELECT name FROM django_migrations WHERE app = 'plan' ORDER BY name"
    return [name for (name,) in connection.execute(done)]


@on_postgresql
@pytest.mark.slow
def test_readers_are_answered_while_a_migration_waits_for_a_long_one(migrated):
    address = migrated.environment["DATABASE_URL"]
    read = "SELECT count(*) FROM plan_action"
    command = [sys.executable, "manage.py", "migrate", "plan", "0003"]  # 0004 is about actions
    with ExitStack() as stack:
        backup, reader, watch = (stack.enter_context(psycopg.connect(address)) for _ in range(3))
        backup.execute(read)
        migration = stack.enter_context(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=migrated.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        stack.callback(migration.kill)
        watch.autocommit = True
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        wait_for(lambda: watch.execute(waiting).fetchone()[0], 60)
        reader.execute("SET statement_timeout = '20s'")
        assert reader.execute(read).fetchone() == (0,)
        reader.commit()
        assert migration.poll() is None, "and the migration goes on trying"
        backup.commit()
        output = migration.communicate(timeout=60)[0]
        assert migration.returncode == 0, output
        assert "readers go first" in output
        assert plan_migrations(watch)[-1] == "0003_reminders"


@pytest.mark.slow
@on_postgresql
def test_a_migration_that_never_gets_its_turn_says_so_and_leaves_nothing_half_done(migrated):
    migrated.manage("migrate", "--verbosity=0")
    with psycopg.connect(migrated.environment["DATABASE_URL"]) as backup:
        backup.execute("SELECT count(*) FROM plan_action")
        code, _output, errors = migrated.run("-c", IMPATIENT)
        done = plan_migrations(backup)
    assert code == 0, errors
    assert "readers go first" in errors
    assert "0004_action_figures" in done


IMPATIENT = """
import django
django.setup()
from django.core.management import CommandError, call_command
from veiligalmere.pages.management.commands.migrate import Command
command = Command()
command.pause, command.attempts = 0, 2
try:
    call_command(command, "plan", "0003", verbosity=0)
except CommandError as error:
    assert "keeps a table in use" in str(error)
else:
    raise SystemExit("it went on")
"""


@pytest.mark.slow
def test_each_of_them_is_undone_and_done_again_with_the_plan_in_it(tmp_path):
    """From everything to nothing, a step at a time, and back."""
    with machine(tmp_path / "machine", on_postgresql=connection.vendor == "postgresql") as found:
        found.manage("migrate", "--verbosity=0")
        found.manage("load_jaarplan", "--verbosity=0")
        code, _output, errors = found.run("-c", STEP_BACK, "all", *sorted(OURS))
        assert code == 0, errors
        found.manage("load_jaarplan", "--verbosity=0")
