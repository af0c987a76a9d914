"""The kept pages, bounded in bytes; those that were asked for least recently go first."""

from collections import OrderedDict
from threading import Lock

LARGEST = 0.125  # of the whole; a bigger page would push out too many others


class Store:
    """Pages by address, in at most `limit` bytes. Threads may share it."""

    def __init__(self, limit):
        self.limit = limit
        self.size = 0
        self._pages = OrderedDict()
        self._lock = Lock()

    def __len__(self):
        return len(self._pages)

    def get(self, address):
        """Return the page at `address`, or None."""
        # Without the lock, which all threads would wait for: each of the two steps is whole by
        # itself, and in between the page may only have gone.
        page = self._pages.get(address)
        if page is not None:
            try:  # noqa: SIM105 -- this is done for each answer, and suppress() costs more than all
                self._pages.move_to_end(address)
            except KeyError:
                pass
        return page

    def put(self, address, page):
        """Keep `page`, unless it is too big or a newer one is here already."""
        with self._lock:
            before = self._pages.get(address)
            if before is not None:
                if before.known.is_newer_than(page.known):
                    return
                self._remove(address)
            if page.size > self.limit * LARGEST:
                return
            self._pages[address] = page
            self.size += page.size
            while self.size > self.limit:
                # In one step: who reads a page moves it meanwhile, which no iterator survives.
                _address, oldest = self._pages.popitem(last=False)
                self.size -= oldest.size

    def items(self):
        """Return all that is kept, as pairs of address and page; asked for least recently first."""
        with self._lock:
            while True:
                try:
                    return list(self._pages.items())
                except RuntimeError:  # who reads a page moves it meanwhile
                    continue

    def clear(self):
        """Keep nothing any more."""
        with self._lock:
            self._pages.clear()
            self.size = 0

    def remove(self, address):
        """Keep no page at `address` any more."""
        with self._lock:
            if address in self._pages:
                self._remove(address)

    def forget(self, address, known):
        """Keep no page at `address` any more, if it is of `known` or before; return if it was."""
        with self._lock:
            before = self._pages.get(address)
            if before is None or before.known.is_newer_than(known):
                return False
            self._remove(address)
            return True

    def _remove(self, address):
        self.size -= self._pages.pop(address).size
