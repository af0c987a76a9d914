"""How many requests of one worker are inside Django at once.

Inside, a request may hang: on a database that does not answer, or on a lock that another holds.
One thread is never let in, so that pages from memory go on. This module imports nothing of Django:
gunicorn's first process reads THREADS, and has no Django in it.
"""

from contextlib import contextmanager
from threading import Condition

THREADS = 4  # of each worker
ROOM = THREADS - 1
# Seconds in which nobody came out, after which those inside count as stuck. Until then whoever has
# to wait waits: under load the next place comes free in milliseconds.
PATIENCE = 3.0


class Gate:
    """Lets `room` threads in at once.

    The others wait their turn; but not while those inside are stuck, which is when none of them
    came out for `patience` seconds.
    """

    def __init__(self, room=ROOM, patience=PATIENCE):
        self.room = room
        self.patience = patience
        self._inside = 0
        self._came_out = 0
        self._stuck = False
        self._changed = Condition()

    @contextmanager
    def entered(self):
        """Yield whether this thread may go in; it is out again after the block."""
        entered = self._enter()
        try:
            yield entered
        finally:
            if entered:
                self._leave()

    def _enter(self):
        with self._changed:
            while self._inside >= self.room:
                if self._stuck:
                    return False
                before = self._came_out
                self._changed.wait(self.patience)
                self._stuck = self._came_out == before
            self._inside += 1
            return True

    def _leave(self):
        with self._changed:
            self._inside -= 1
            self._came_out += 1
            self._stuck = False
            self._changed.notify()
