"""What state the site is in, as far as this process knows; asked at most once a second.

A page is made of one state and is old when the state has moved on. The build of the site needs no
place in it: another build is another process, which starts with nothing kept.
"""

import logging
from datetime import date
from threading import Condition, Event, Thread
from time import monotonic
from typing import NamedTuple

from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils import timezone

from veiligalmere.page_cache.hanging import database_within

log = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds between two questions to the database
PATIENCE = 0.5  # seconds that requests wait for one answer, if they can go on without
# Seconds after which a question without an answer counts as unanswered, if no other got one either.
HANGING = 5.0
LOST = 10.0  # seconds after which it is asked anew, on another connection


class Known(NamedTuple):
    """A state of the site: `number` is the content version, `day` the date in Amsterdam.

    Numbers rise within one `epoch`; another begins when the number has dropped, because an older
    database was put back.
    """

    epoch: int
    number: int
    day: date

    def covers(self, other):
        """Return whether a page made in this state is good when the site is in state `other`."""
        return self.epoch == other.epoch and self.day == other.day and self.number >= other.number

    def is_newer_than(self, other):
        """Return whether this state came after `other`."""
        return self > other


class Versions:
    """Asks `read` for the content version, in a thread of its own, and remembers the answer.

    That thread may hang on a database that does not answer; the requests don't. They wait for it
    while the database is well, so that no page is ever more than about a second old, and go on
    with what is known when it is not. `answered_within(seconds)` tells whether the database
    answered anything else that recently.
    """

    def __init__(self, read, answered_within=lambda seconds: False):
        self._read = read
        self._answered_within = answered_within
        self._known = None
        self._answered = False
        self._failed = False
        self._due = 0.0
        self._asked_at = None
        self._changed = Condition()
        self._wake = Event()
        self._thread = None

    def begin_at(self, known):
        """Take the site to be in the state in which it was left, until the database says more."""
        self._known = known._replace(day=timezone.localdate())

    def current(self):
        """Return the state of the site, or None as long as it was never learned."""
        if monotonic() >= self._due:
            self._ask()
        return self._known

    def after_waiting(self):
        """Return what `current` does, but wait up to PATIENCE for an answer that is on its way.

        For who can't go on without the database: that it was away may be long ago.
        """
        self.current()
        with self._changed:
            if self._asked_at is not None:
                left = self._asked_at + PATIENCE - monotonic()
                self._changed.wait_for(lambda: self._asked_at is None, left)
        return self._known

    @property
    def database_is_away(self):
        """Whether the last question to the database failed, or hangs for long, as all others."""
        asked_at = self._asked_at
        hangs = asked_at is not None and monotonic() - asked_at > HANGING
        return self._failed or (hangs and not self._answered_within(HANGING))

    def check(self):
        """Ask the database now, in this thread, and remember the answer."""
        started = monotonic()
        today = timezone.localdate()
        try:
            with database_within(LOST):
                close_old_connections()
                number = self._read()
        except DatabaseError:
            number = None
        except Exception:
            # This thread has to go on: nobody else asks.
            log.exception("could not ask for the content version")
            number = None
        with self._changed:
            self._failed = number is None
            self._answered = self._answered or number is not None
            self._learn(number, today)
            self._due = started + INTERVAL
            self._asked_at = None
            self._changed.notify_all()

    def _learn(self, number, today):
        before = self._known
        if number is not None:
            epoch = 0
            if before:
                epoch = before.epoch + (number < before.number)
            self._known = Known(epoch, number, today)
        elif before:
            self._known = before._replace(day=today)

    def _ask(self):
        with self._changed:
            if monotonic() < self._due:
                return
            if self._asked_at is None:
                self._asked_at = monotonic()
                self._start()
                self._wake.set()
            if not self.database_is_away:
                # From when it was asked: the requests that come meanwhile don't each wait so long.
                patience = PATIENCE if self._answered else HANGING
                left = self._asked_at + patience - monotonic()
                self._changed.wait_for(lambda: self._asked_at is None, left)

    def _start(self):
        # Not before the first request: a thread does not survive the fork of a worker.
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._run, name="content-version", daemon=True)
            self._thread.start()

    def _run(self):
        while True:
            self._wake.wait()
            self._wake.clear()
            self.check()
