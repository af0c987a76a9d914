"""Migrations can be undone."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

from tests.test_backup import machine

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


@pytest.mark.slow
def test_all_of_them_are_undone_and_done_again(tmp_path):
    """From everything to nothing and back, with the plan in it."""
    with machine(tmp_path / "machine", on_postgresql=connection.vendor == "postgresql") as found:
        found.manage("migrate", "--verbosity=0")
        found.manage("load_jaarplan", "--verbosity=0")
        for app in ("plan", "themes", "editorial"):
            found.manage("migrate", app, "zero", "--verbosity=0")
        found.manage("migrate", "--verbosity=0")
        found.manage("load_jaarplan", "--verbosity=0")
