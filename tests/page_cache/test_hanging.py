"""How long a thread waits for a database that hangs."""

import time
from contextlib import contextmanager
from threading import Thread

import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from tests.page_cache.test_application import Setting
from veiligalmere.page_cache import application, hanging
from veiligalmere.page_cache.hanging import (
    answered_within,
    database_within,
    limit_waiting,
    note_answers,
)

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no connection that can hang"
)


@contextmanager
def a_process_that_answers_requests():
    """What `wsgi.py` sets up, for the time of the context."""
    limit_waiting()
    note_answers()
    try:
        yield
    finally:
        connection_created.disconnect(dispatch_uid="limit waiting")
        connection_created.disconnect(dispatch_uid="note answers")


def in_a_thread(work):
    """Return what `work` gave or raised, in a thread with a connection of its own."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        except OperationalError as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    return outcome[0]


def value(sql):
    """Return the one value that a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_a_query_that_gets_no_answer_fails_in_time_and_the_next_one_connects_anew(
    django_db_blocker,
):
    def work():
        with pytest.raises(OperationalError), database_within(0.5):
            value("SELECT pg_sleep(25)")
        connection.close_if_unusable_or_obsolete()
        with database_within(20):
            return value("SELECT 1")

    with a_process_that_answers_requests(), django_db_blocker.unblock():
        assert in_a_thread(work) == 1


def test_a_shorter_limit_inside_another_leaves_that_one_as_it_was(django_db_blocker):
    def work():
        with database_within(1):
            with database_within(0.5):
                value("SELECT 1")
            value("SELECT pg_sleep(10)")

    with a_process_that_answers_requests(), django_db_blocker.unblock():
        assert isinstance(in_a_thread(work), OperationalError)


@pytest.mark.parametrize("path", ["/media/weg.webp", "/gezond/gereed/"])
def test_nor_does_what_goes_past_the_gate_wait_for_ever(django_db_blocker, monkeypatch, path):
    setting = Setting()
    setting.cache.application = lambda environ, start_response: value("SELECT pg_sleep(10)")
    monkeypatch.setattr(application, "REQUEST", 0.5)
    with a_process_that_answers_requests(), django_db_blocker.unblock():
        outcome = in_a_thread(lambda: setting.ask(path))
    assert isinstance(outcome, OperationalError)


def test_a_thread_that_is_done_in_time_keeps_its_connection(django_db_blocker):
    def work():
        with database_within(0.1):
            before = value("SELECT pg_backend_pid()")
        time.sleep(2.5)
        return before == value("SELECT pg_backend_pid()")

    with a_process_that_answers_requests(), django_db_blocker.unblock():
        assert in_a_thread(work)


def test_postgresql_itself_limits_what_requests_ask_and_nothing_else(
    django_db_blocker, monkeypatch
):
    monkeypatch.setattr(hanging, "STATEMENT", 1)
    with django_db_blocker.unblock():
        with a_process_that_answers_requests():
            outcome = in_a_thread(lambda: value("SELECT pg_sleep(20)"))
        assert isinstance(outcome, OperationalError)
        assert "statement timeout" in str(outcome)
        # A backup or a migration.
        assert in_a_thread(lambda: value("SHOW statement_timeout")) == "0"


def test_it_is_known_when_the_database_answered_last(django_db_blocker, monkeypatch):
    monkeypatch.setattr(hanging, "STATEMENT", 1)

    def work():
        answered = value("SELECT 1") == 1 and answered_within(60)
        time.sleep(0.2)
        with pytest.raises(OperationalError):
            value("SELECT pg_sleep(20)")
        return answered and not answered_within(0.2)

    with a_process_that_answers_requests(), django_db_blocker.unblock():
        assert in_a_thread(work)
