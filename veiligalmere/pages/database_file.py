"""The file of SQLite's database, which holds the keys of second steps and the unpublished.

The mask of the process can't see to it: what it writes beside the database, style sheets and such,
nginx has to read.
"""

from contextlib import suppress
from pathlib import Path

from django.db.backends.signals import connection_created

BESIDE = ("", "-wal", "-shm")  # SQLite gives later ones the mode of the database


def keep_private():
    """Let only its owner read the database of each connection that is made from now on."""
    connection_created.connect(_keep_private, dispatch_uid="database file")


def _keep_private(connection, **_kwargs):
    if connection.vendor != "sqlite":
        return
    for ending in BESIDE:
        path = Path(f"{connection.settings_dict['NAME']}{ending}")
        # One in memory has no file, and one of somebody else's is theirs to close.
        with suppress(FileNotFoundError, PermissionError):
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
