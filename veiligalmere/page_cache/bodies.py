"""Bodies of kept pages that are not in memory, and those that are at hand all the same.

A body is bytes, or where they come from: an object with a `read()` that returns them. Of a page
that was just made the plain body comes from the gzipped one, and of one that was saved both come
from the file, of which the system keeps in memory what is asked for, once for all workers.
"""

import gzip
import os
from collections import deque
from contextlib import suppress
from threading import Lock
from weakref import finalize
from zlib import crc32

ROOM = 2 * 1024 * 1024  # bytes of bodies that a worker has at hand
# Above this, in bytes, a body is not at hand, for it would push out too many others.
LARGEST = 128 * 1024
TRIES = 2  # at reading from a file
OVERHEAD = 4096  # bytes; what a body at hand takes beside itself, roughly


class BodyLost(OSError):
    """A body is no longer in its file as it was written."""


class BodiesAtHand:
    """What was read last, in ROOM bytes, so that a page that many ask for costs no reading."""

    def __init__(self):
        self._lock = Lock()
        self._bodies = deque()
        self._size = 0

    def read(self, form):
        """Return the body of `form`, and keep it at hand; raise BodyLost."""
        source = form.body
        if isinstance(source, bytes):  # another request read it meanwhile
            return source
        body = source.read()
        self.keep(form, source, body)
        return body

    def keep(self, form, source, body):
        """Let `form` have `body` itself, and its `source` again when there is no room any more."""
        if len(body) > LARGEST:
            return
        with self._lock:
            form.body = body
            self._bodies.append((form, source, body))
            self._size += len(body) + OVERHEAD
            while self._size > ROOM:
                oldest, source, body = self._bodies.popleft()
                self._size -= len(body) + OVERHEAD
                if oldest.body is body:  # and did not get another source since
                    oldest.body = source


AT_HAND = BodiesAtHand()


class Unpacked:
    """What the gzipped body of `form` unpacks to: 3 ms for a megabyte."""

    __slots__ = ("_form",)

    def __init__(self, form):
        self._form = form

    def read(self):
        """Return the bytes; raise BodyLost if the gzipped ones are."""
        return gzip.decompress(bytes_of(self._form.body))


class StoredBody:
    """The `size` bytes from `start` in a BodyFile, whose CRC-32 is `check`."""

    __slots__ = ("_file", "_start", "check", "size")

    def __init__(self, file, start, size, check):
        self._file = file
        self._start = start
        self.size = size
        self.check = check

    def __len__(self):
        return self.size

    def read(self):
        """Return the bytes; raise BodyLost if they can't be read or are not what was written."""
        for _again in range(TRIES):
            with suppress(OSError):
                body = self._file.read(self._start, self.size)
                if len(body) == self.size and crc32(body) == self.check:
                    return body
        raise BodyLost("it is not in its file, or not as it was written")


class BodyFile:
    """What the open `file` is, for as long as any body of it is wanted, also when it was replaced.

    It stays open by itself.
    """

    def __init__(self, file):
        self._file = os.dup(file.fileno())
        finalize(self, os.close, self._file)

    def read(self, start, size):
        """Return `size` bytes from `start`, or what there is of them; raise OSError."""
        return os.pread(self._file, size, start)


def bytes_of(body):
    """Return `body` as bytes; raise BodyLost."""
    return body if isinstance(body, bytes) else body.read()


def measure(body):
    """Return the size in bytes and the CRC-32 of `body`, which is not read if they are known."""
    if isinstance(body, StoredBody):
        return body.size, body.check
    body = bytes_of(body)
    return len(body), crc32(body)
