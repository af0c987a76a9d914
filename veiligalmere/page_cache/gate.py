"""How many requests of one worker are inside Django at once.

Inside, a request may hang: on a database that does not answer, or on a lock that another holds.
One thread is never let in: it may wait for its turn, but when all inside are stuck no longer than
PATIENCE, and from then on pages from memory go on. This module imports nothing of Django:
gunicorn's configuration, which is read before Django is set up, takes THREADS from it.
"""

from contextlib import contextmanager
from threading import Condition
from time import monotonic

THREADS = 4  # of each worker
ROOM = THREADS - 1
# Seconds in which nobody went in or came out, after which those inside count as stuck. Until then
# whoever has to wait waits: on a busy machine the next place may take seconds to come free.
PATIENCE = 10.0
GLANCE = 0.5  # seconds between two looks at whether waiting still makes sense


class Gate:
    """Lets `room` threads in at once.

    The others wait their turn; but not while those inside are stuck, which is when none went in or
    came out for `patience` seconds.
    """

    def __init__(self, room=ROOM, patience=PATIENCE):
        self.room = room
        self.patience = patience
        self._inside = 0
        self._moved = 0.0
        self._changed = Condition()

    @contextmanager
    def entered(self, is_hopeless=lambda: False):
        """Yield whether this thread may go in; it is out again after the block.

        Nobody waits while `is_hopeless()`.
        """
        entered = self._enter(is_hopeless)
        try:
            yield entered
        finally:
            if entered:
                self._leave()

    def _enter(self, is_hopeless):
        with self._changed:
            while self._inside >= self.room:
                left = self._moved + self.patience - monotonic()
                if left <= 0 or is_hopeless():
                    return False
                self._changed.wait(min(left, GLANCE))
            self._inside += 1
            self._moved = monotonic()
            return True

    def _leave(self):
        with self._changed:
            self._inside -= 1
            self._moved = monotonic()
            self._changed.notify()
