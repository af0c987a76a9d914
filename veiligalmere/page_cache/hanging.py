"""No thread waits for ever for a database that hangs.

A server that is stopped halfway, or a network that lost it, sends neither an answer nor an end: a
query then waits as long as the connection stands. PostgreSQL limits what it works on itself; for
when it does not work at all, a thread of ours ends the connection, and the query fails as it does
when the server goes down.
"""

import os
import socket
import time
from contextlib import contextmanager, suppress
from threading import Lock, Thread, get_ident
from weakref import WeakValueDictionary

from django.db.backends.signals import connection_created

# All in seconds. nginx gives up after 35 (`proxy_read_timeout`), and then an editor would not get
# the text back that was being saved.
STATEMENT = 20
REQUEST = 25
# A transaction of which this machine was lost leaves its locks.
IDLE_IN_TRANSACTION = 60
LIMITS = """
    SELECT set_config('statement_timeout', %s, false),
           set_config('idle_in_transaction_session_timeout', %s, false)
"""

_connections = WeakValueDictionary()  # Django's, by thread
_until = {}  # by thread: the moment at which its connection is ended
_answered_at = float("-inf")
_lock = Lock()
_watch = None


def limit_waiting():
    """From now on, limit how long this process waits for PostgreSQL.

    For the processes that answer requests; a backup or a migration may take its time.
    """
    connection_created.connect(_limit, dispatch_uid="limit waiting")


def _limit(connection, **kwargs):
    if connection.vendor != "postgresql":
        return
    _connections[get_ident()] = connection
    with connection.cursor() as cursor:
        cursor.execute(LIMITS, [f"{STATEMENT}s", f"{IDLE_IN_TRANSACTION}s"])


def note_answers():
    """From now on, note when the database answers; see `answered_within`."""
    connection_created.connect(_note_answers_of, dispatch_uid="note answers")


def _note_answers_of(connection, **kwargs):
    if _noting not in connection.execute_wrappers:
        connection.execute_wrappers.append(_noting)


def _noting(execute, sql, params, many, context):
    global _answered_at  # noqa: PLW0603 -- one for the process
    result = execute(sql, params, many, context)
    _answered_at = time.monotonic()
    return result


def answered_within(seconds):
    """Return whether the database answered any thread of this process in the last `seconds`.

    Then it does not hang, however long another answer takes: on a busy machine a thread may wait
    for seconds before it can read what came in.
    """
    return time.monotonic() - _answered_at <= seconds


@contextmanager
def database_within(seconds):
    """End this thread's connection to the database if the block is not done in `seconds`.

    Inside another such block `seconds` are the fewer.
    """
    _start_watch()
    thread = get_ident()
    around = _until.get(thread)
    _until[thread] = time.monotonic() + seconds
    try:
        yield
    finally:
        if around is None:
            _until.pop(thread, None)
        else:
            _until[thread] = around


def _start_watch():
    # Not before the first request: a thread does not survive the fork of a worker.
    global _watch  # noqa: PLW0603 -- one for the process
    if _watch is None or not _watch.is_alive():
        with _lock:
            if _watch is None or not _watch.is_alive():
                _watch = Thread(target=_watch_threads, name="hanging", daemon=True)
                _watch.start()


def _watch_threads():
    while True:
        time.sleep(1)
        for thread, until in list(_until.items()):
            if time.monotonic() >= until:
                _end_connection(thread, until)


def _end_connection(thread, until):
    django_connection = _connections.get(thread)
    connection = getattr(django_connection, "connection", None)
    if connection is None:
        return
    with suppress(OSError, django_connection.Database.Error):
        # A number of our own for it: theirs may be given to another file in the meantime.
        own = socket.socket(fileno=os.dup(connection.fileno()))
        with own:
            if _until.get(thread) == until:
                own.shutdown(socket.SHUT_RDWR)
    if _until.get(thread) == until:
        del _until[thread]
