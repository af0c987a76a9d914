"""Bodies of kept pages that stand in a file, and are read when someone asks for them.

What is asked for often is in the system's memory all the same, once for all workers.
"""

import os
from collections import deque
from threading import Lock
from zlib import crc32

ROOM = 2 * 1024 * 1024  # bytes of a file's bodies that stay in a worker's own memory


class BodyLost(OSError):
    """A body is no longer in its file as it was written."""


class BodyFile:
    """What the open `file` is, for as long as any body of it is wanted, also when it was replaced.

    The bodies that were read last stay in memory as well, so that a page that many ask for costs no
    reading.
    """

    def __init__(self, file):
        self._file = os.dup(file.fileno())
        self._lock = Lock()
        self._in_memory = deque()
        self._size = 0

    def __del__(self):
        os.close(self._file)

    def read(self, start, size):
        """Return `size` bytes from `start`, or what there is of them; raise OSError."""
        return os.pread(self._file, size, start)

    def keep(self, form, stored, body):
        """Let `form`, whose body is `stored` here, have it in memory until there is no room."""
        with self._lock:
            form.body = body
            self._in_memory.append((form, stored, body))
            self._size += len(body)
            while self._size > ROOM:
                oldest, stored, body = self._in_memory.popleft()
                self._size -= len(body)
                if oldest.body is body:  # and not of a later file by now
                    oldest.body = stored


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
        try:
            body = self._file.read(self._start, self.size)
        except OSError as error:
            raise BodyLost(*error.args) from error
        if len(body) != self.size or crc32(body) != self.check:
            raise BodyLost("the file of kept pages is damaged")
        return body

    def read_for(self, form):
        """Return what `read` does, and let `form` have it at hand for who asks next."""
        body = self.read()
        self._file.keep(form, self, body)
        return body


def measure(body):
    """Return the size in bytes and the CRC-32 of `body`: bytes, or a StoredBody unread."""
    if isinstance(body, StoredBody):
        return body.size, body.check
    return len(body), crc32(body)


def bytes_of(body):
    """Return `body`, bytes or a StoredBody, as bytes; raise BodyLost."""
    return body.read() if isinstance(body, StoredBody) else body
