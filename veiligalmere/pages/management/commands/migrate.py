"""`manage.py migrate`, beside readers."""

import time
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import DeadlockDetected, LockNotAvailable

# A change of a table waits for whoever reads it, such as a backup, and PostgreSQL lets every later
# reader queue up behind that change. So it waits this long and no longer, gives way, and tries
# again. Less than PostgreSQL's deadlock_timeout, so that it is not a reader who is broken off.
LOCK_TIMEOUT = 500  # milliseconds
PAUSE = 4.0  # seconds between attempts, in which readers go first
ATTEMPTS = 40


class Command(migrate.Command):
    """Migrate without holding readers out: on PostgreSQL, let them go first and try again."""

    pause = PAUSE
    attempts = ATTEMPTS

    def handle(self, *args, **options):
        """Do as Django does; raise CommandError if the tables never came free."""
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        for attempt in range(1, self.attempts + 1):
            try:
                with lock_timeout(connection, LOCK_TIMEOUT):
                    super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)):
                    raise
                self.stderr.write(f"\nA table is in use (attempt {attempt}): readers go first.")
            else:
                return
            if attempt < self.attempts:
                # Each migration is a transaction: what was done stays, and the next one goes on.
                time.sleep(self.pause)
        raise CommandError(
            "Something keeps a table in use, such as a backup. Nothing is half done: migrate "
            "again when it is ready."
        )


@contextmanager
def lock_timeout(connection, milliseconds):
    """Let no statement on `connection` wait longer than this for a lock, inside the context."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [f"{milliseconds}ms"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
