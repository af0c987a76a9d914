"""Databases with the whole Jaarplan: that of the tests, and those of programs that they run.

The first is migrated and loaded; the others are copies of it, which takes a tenth of the time.
"""

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from tests.tooling import postgres
from tests.tooling.environment import ROOT, environment_for


@contextmanager
def prepared_database(folder):
    """Yield the address of a new one, of the kind that the tests run on.

    SQLite's is a file in `folder`, and goes with it; PostgreSQL's goes at the end of the context.
    """
    first = _first()
    server = os.environ.get("TEST_DATABASE_URL")
    if server:
        with postgres.new_database(server, like=first) as address:
            yield address
        return
    path = Path(folder) / "veiligalmere.sqlite3"  # where the site has its own
    shutil.copy(first.removeprefix("sqlite:///"), path)
    yield f"sqlite:///{path}"


@contextmanager
def own_database(connection):
    """Give Django's `connection` one for the time of the context; yield a function to fill it anew.

    SQLite's is in memory.
    """
    first = _first()
    server = os.environ.get("TEST_DATABASE_URL")
    if server:
        with postgres.new_database(server, like=first) as address:
            name = urlsplit(address).path.removeprefix("/")
            connection.close()
            connection.settings_dict["NAME"] = name

            def fill():
                connection.close()
                postgres.replace_database(server, name, like=first)

            yield fill
            connection.close()
        return
    connection.close()
    connection.settings_dict["NAME"] = "file:tests?mode=memory&cache=shared"

    def fill():
        connection.ensure_connection()
        with closing(sqlite3.connect(first.removeprefix("sqlite:///"))) as original:
            original.backup(connection.connection)

    fill()
    yield fill


@cache
def _first():
    """Return the address of the database that is copied; it stays till this process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="veiligalmere-prepared-"))
    server = os.environ.get("TEST_DATABASE_URL")
    address = f"sqlite:///{folder}/first.sqlite3"
    if server:
        address = stack.enter_context(postgres.new_database(server))
    environment = environment_for(folder, DATABASE_URL=address)
    for command in ("migrate", "load_jaarplan"):
        subprocess.run(
            [sys.executable, "manage.py", command, "--verbosity=0"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            check=True,
        )
    return address
