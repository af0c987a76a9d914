"""A deadline for what must end: a fault fails the test, instead of hanging it."""

import signal
from contextlib import contextmanager

import pytest


@contextmanager
def ended_within(limit):
    """Fail, instead of hanging, if the block does not end within `limit`."""

    def give_up(number, frame):
        pytest.fail(f"still busy after {limit}")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, limit.total_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
