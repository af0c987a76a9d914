"""When the kept pages become old."""

import threading
from datetime import date

import pytest
from django.db import OperationalError

from veiligalmere.page_cache import versions
from veiligalmere.page_cache.versions import Known, Versions

DAY = date(2020, 4, 14)


class Clock:
    """Time as the test sets it."""

    def __init__(self, monkeypatch):
        self.seconds = 1000.0
        self.day = DAY
        monkeypatch.setattr(versions, "monotonic", lambda: self.seconds)
        monkeypatch.setattr(versions.timezone, "localdate", lambda: self.day)


class Database:
    """A content version that the test sets; None stands for a database that is away."""

    def __init__(self):
        self.number = 1
        self.questions = 0
        self.may_answer = threading.Event()
        self.may_answer.set()

    def read(self):
        """Answer, once that is allowed."""
        self.questions += 1
        self.may_answer.wait(10)
        if self.number is None:
            raise OperationalError("gone")
        return self.number


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still unless it is moved."""
    return Clock(monkeypatch)


@pytest.fixture
def database():
    """A database with content version 1."""
    return Database()


def test_the_database_is_asked_at_most_once_a_second(clock, database):
    known = Versions(database.read)
    for _ in range(100):
        assert known.current() == Known(0, 1, DAY)
    assert database.questions == 1
    database.number = 2
    clock.seconds += 0.9
    assert known.current().number == 1
    clock.seconds += 0.2
    assert known.current().number == 2
    assert database.questions == 2


def test_after_a_quiet_hour_the_first_visitor_gets_the_latest_state(clock, database):
    known = Versions(database.read)
    known.current()
    clock.seconds += 3600
    database.number = 7
    assert known.current().number == 7


def test_a_new_day_begins_a_new_state_even_while_the_database_is_away(clock, database):
    known = Versions(database.read)
    known.current()
    clock.day, clock.seconds, database.number = date(2020, 4, 15), clock.seconds + 2, None
    assert known.current() == Known(0, 1, date(2020, 4, 15))
    assert known.database_is_away


def test_what_is_known_stays_while_the_database_is_away_and_goes_on_when_it_returns(
    clock, database
):
    known = Versions(database.read)
    known.current()
    database.number = None
    clock.seconds += 2
    assert known.current().number == 1
    assert known.database_is_away
    database.number = 3
    clock.seconds += 2
    # While it is away nobody waits; the answer comes to whoever asks after it.
    known.current()
    with known._changed:
        known._changed.wait_for(lambda: known._asked_at is None, 5)
    assert known.current().number == 3
    assert not known.database_is_away


def test_who_can_not_go_on_without_a_database_that_was_away_waits_for_the_news(
    clock, database, monkeypatch
):
    monkeypatch.setattr(versions, "PATIENCE", 10)
    known = Versions(database.read)
    database.number = None
    known.current()
    assert known.database_is_away
    database.number = 3
    clock.seconds += 2
    assert known.after_waiting().number == 3
    assert not known.database_is_away


def test_a_database_that_was_away_and_hangs_now_holds_nobody_for_long(clock, database, monkeypatch):
    monkeypatch.setattr(versions, "PATIENCE", 0.01)
    known = Versions(database.read)
    database.number = None
    known.current()
    database.may_answer.clear()
    clock.seconds += 2
    assert known.after_waiting() is None
    clock.seconds += 6
    assert known.after_waiting() is None
    assert known.database_is_away
    assert database.questions <= 2, "one question at a time"
    database.may_answer.set()


def test_a_database_that_hangs_holds_no_request_for_long(clock, database, monkeypatch):
    monkeypatch.setattr(versions, "PATIENCE", 0.01)
    known = Versions(database.read)
    known.current()
    database.may_answer.clear()
    clock.seconds += 2
    assert known.current().number == 1
    assert not known.database_is_away, "it may be only slow"
    clock.seconds += 6
    assert known.current().number == 1
    assert known.database_is_away
    assert database.questions == 2, "one question at a time"
    database.may_answer.set()


def test_a_question_that_takes_long_is_no_hanging_database_while_others_are_answered(
    clock, database, monkeypatch
):
    monkeypatch.setattr(versions, "PATIENCE", 0.01)
    answered_at = clock.seconds
    known = Versions(database.read, lambda seconds: clock.seconds - answered_at <= seconds)
    known.current()
    database.may_answer.clear()
    clock.seconds += 2
    known.current()
    answered_at = clock.seconds + 4
    clock.seconds += 6
    assert not known.database_is_away
    clock.seconds += 4
    assert known.database_is_away
    database.may_answer.set()


def test_nothing_is_known_before_the_database_ever_answered(clock, database):
    database.number = None
    assert Versions(database.read).current() is None


def test_a_page_covers_its_own_state_and_earlier_ones_of_the_same_day():
    page = Known(0, 5, DAY)
    assert page.covers(Known(0, 5, DAY))
    assert page.covers(Known(0, 4, DAY))
    assert not page.covers(Known(0, 6, DAY))
    assert not page.covers(Known(0, 5, date(2020, 4, 15)))


def test_putting_back_an_older_database_makes_all_pages_old(clock, database):
    known = Versions(database.read)
    database.number = 9
    page = known.current()
    database.number = 4
    clock.seconds += 2
    assert not page.covers(known.current())


def test_a_mistake_of_ours_counts_as_no_answer_and_the_next_question_is_asked(clock, caplog):
    numbers = iter([1, RuntimeError("can't start new thread"), 2])

    def read():
        number = next(numbers)
        if isinstance(number, Exception):
            raise number
        return number

    known = Versions(read)
    known.current()
    clock.seconds += 1
    assert known.current() == Known(0, 1, DAY)
    assert known.database_is_away
    assert "can't start new thread" in caplog.text
    clock.seconds += 1
    assert known.after_waiting() == Known(0, 2, DAY)
    assert not known.database_is_away


def test_a_site_that_goes_on_from_where_it_was_asks_all_the_same(clock, database):
    known = Versions(database.read)
    known.begin_at(Known(0, 5, date(2020, 4, 13)))
    database.number = 6
    assert known.current() == Known(0, 6, DAY)


def test_without_a_database_a_site_goes_on_from_where_it_was(clock, database):
    known = Versions(database.read)
    known.begin_at(Known(0, 5, date(2020, 4, 13)))
    database.number = None
    assert known.current() == Known(0, 5, DAY)
    assert known.database_is_away


def test_an_older_database_put_back_while_the_site_was_down_makes_all_old(clock, database):
    known = Versions(database.read)
    before = Known(0, 5, DAY)
    known.begin_at(before)
    database.number = 4
    assert known.current() == Known(1, 4, DAY)
    assert not before.covers(known.current())


def test_a_first_answer_that_takes_long_is_waited_for_also_where_something_is_known(database):
    known = Versions(database.read)
    known.begin_at(Known(0, 5, DAY))
    database.number = 6
    database.may_answer.clear()
    threading.Timer(2 * versions.PATIENCE, database.may_answer.set).start()
    assert known.current().number == 6
