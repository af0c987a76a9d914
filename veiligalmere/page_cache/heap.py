"""Giving the system back what memory is free, where the C library is glibc.

By itself it keeps much of that. Each of these does nothing where it can't: as where Python has no
ctypes or may not use it, or where the C library is another one. The site takes more then, and runs.
"""

from contextlib import suppress
from importlib import import_module

M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8  # glibc's malloc.h
NOT_POSSIBLE = ImportError, AttributeError, OSError, MemoryError


def limit_heap():
    """Have one heap for all threads, and keep little at its end; what is forked inherits it.

    Otherwise there is a heap for each thread, and a large block counts as a sign to keep as much: a
    worker that made some large pages would keep tens of megabytes for nothing.
    """
    with suppress(*NOT_POSSIBLE):
        mallopt = _c_library().mallopt
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_TRIM_THRESHOLD, 128 * 1024)


def trim_heap():
    """Give back what is free between what is used, too; it takes some milliseconds."""
    with suppress(*NOT_POSSIBLE):
        _c_library().malloc_trim(0)


def _c_library():
    return import_module("ctypes").CDLL(None)
