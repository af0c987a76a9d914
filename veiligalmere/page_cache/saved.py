"""The kept pages on disk, so that the site goes on after a restart as it was, database or not.

One file holds what a worker kept when nothing had been published for a while, and all workers read
the bodies of their pages from it instead of having each its own in memory. It says of which
build and settings the pages are, for another build makes other pages, and of which state of the
site: what was published since makes them as old as those in memory.
"""

import json
import logging
import os
import sys
import time
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from django.conf import settings
from django.utils import timezone

from veiligalmere.page_cache.addresses import Address
from veiligalmere.page_cache.bodies import BodyFile, StoredBody, bytes_of, measure
from veiligalmere.page_cache.page import Page
from veiligalmere.page_cache.versions import Known

log = logging.getLogger(__name__)

CODE = ("veiligalmere", "plan", "themes", "templates")
LEFT_BEHIND = 600  # seconds; what is being written for so long is of a process that was killed


class SavedPages:
    """Pages in the file at `path`, of the build that `build` names (see `this_build`)."""

    def __init__(self, path, build):
        self.path = Path(path)
        self.build = build
        self._read = None
        self._epoch = 0  # of what was written last

    def read(self):
        """Return (state, [(address, page)]) as they were written; (None, []) if there are none.

        Pages of another build, or of a file that is damaged, count as none.
        """
        try:
            with self.path.open("rb") as file:
                self._read = _identity(os.fstat(file.fileno()))
                head = self._head(file)
                if not head:
                    return None, []
                known, pages = _known_in(head), _pages_in(file, head)
            # Of a day to come, because the clock was ahead, they would count as newer than any.
            if known.day <= timezone.localdate():
                return known, pages
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, KeyError) as error:
            log.warning("could not read the saved pages: %s", error)
        return None, []

    def is_new(self):
        """Return whether the file is another one than was read last, or has gone."""
        try:
            return _identity(self.path.stat()) != self._read
        except OSError:
            return self._read is not None

    def write(self, known, pages):
        """Save `pages`, pairs of address and page, of state `known`, unless that was done already.

        From then on they have their bodies in the file, and no longer in memory; those that were
        lost are left out. If it can't be written there is no file any more: what it had may have
        been withdrawn.
        """
        pages = {address: page for address, page in pages if page.is_whole()}
        # Also the state that all were made for: when more is published meanwhile, some are of a
        # later one, and the others have what that took away.
        state = {
            "build": self.build,
            "known": known.number,
            "number": max([known.number, *(page.known.number for page in pages.values())]),
            "day": known.day.isoformat(),
        }
        try:
            saved = self._saved_of(state)
            # In another epoch the same number may be that of other pages, and of more of them.
            if known.epoch != self._epoch or any(
                page.tag != _tag_of(saved.get(address)) for address, page in pages.items()
            ):
                self._replace(_packed(state, pages))
                self._epoch = known.epoch
                saved = None
        except OSError as error:
            log.warning("could not save the pages: %s", error)
            with suppress(OSError):
                self.path.unlink(missing_ok=True)
            return
        with suppress(OSError):
            saved = self._saved_of(state) if saved is None else saved
            for address, page in pages.items():
                if page.tag == _tag_of(saved.get(address)):
                    page.read_as(saved[address])

    def _head(self, file):
        """Return the first line of `file`; None if it is of another build."""
        head = json.loads(file.readline())
        return head if head["build"] == self.build else None

    def _saved_of(self, state):
        """Return what the file has of `state` and is whole, as {address: page}."""
        with (
            suppress(FileNotFoundError, ValueError, TypeError, KeyError),
            self.path.open("rb") as file,
        ):
            head = self._head(file)
            if head and head.items() >= state.items():
                pages = _pages_in(file, head)
                return {address: page for address, page in pages if page.is_whole()}
        return {}

    def _replace(self, parts):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._clean_up()
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            new.touch(0o600)
            with new.open("wb") as file:
                file.writelines(parts)
            new.replace(self.path)
        finally:
            new.unlink(missing_ok=True)

    def _clean_up(self):
        for other in self.path.parent.glob(f"{self.path.name}.*"):
            with suppress(FileNotFoundError):
                if time.time() - other.stat().st_mtime > LEFT_BEHIND:
                    other.unlink()


def _packed(state, pages):
    """Yield what the file of `pages`, {address: page}, consists of."""
    index, bodies, total = [], [], 0
    for address, page in pages.items():
        headers, tag, length, *both = page.parts
        measures = [measure(body) for body in both]
        index.append([*address, page.known.number, headers, tag, length, *measures])
        bodies += both
        total += sum(size for size, _check in measures)
    index = json.dumps(index).encode()
    sizes = {"index": measure(index), "bodies": total}
    yield json.dumps(state | sizes).encode() + b"\n"
    yield index
    yield from map(bytes_of, bodies)


def _known_in(head):
    return Known(0, head["number"], date.fromisoformat(head["day"]))


def _pages_in(file, head):
    """Return the pages of an open `file` that was read up to its index, as [(address, page)].

    Their bodies stay there, and are looked at when they are asked for. Raises ValueError if the
    rest of the file is damaged.
    """
    size, check = head["index"]
    index = file.read(size)
    start = file.tell()
    if crc32(index) != check or os.fstat(file.fileno()).st_size != start + head["bodies"]:
        raise ValueError("the file is damaged")
    bodies = BodyFile(file)
    known = _known_in(head)
    pages, shared = [], {}
    for host, path, query, number, headers, tag, length, *measures in json.loads(index):
        both = []
        for size, check in measures:
            both.append(StoredBody(bodies, start, size, check) if size else b"")
            start += size
        # Most pages have the same headers, which take more than all else that is kept of a page.
        pairs = [shared.setdefault(pair, pair) for pair in map(tuple, headers)]
        page = Page.restored((pairs, tag, length, *both), known._replace(number=number))
        pages.append((Address(host, path, query), page))
    return pages


def _tag_of(page):
    return page.tag if page else None


def _identity(status):
    return status.st_ino, status.st_mtime_ns, status.st_size


def this_build():
    """Return what tells the pages of this code with these settings from those of any other."""
    digest = sha256()
    for name in CODE:
        _note_files(digest, settings.BASE_DIR / name)
    with suppress(FileNotFoundError):
        digest.update((settings.STATIC_ROOT / "staticfiles.json").read_bytes())
    packages = (
        Path(os.__file__).parent,
        *(Path(place) for place in sys.path if "-packages" in place),
    )
    for folder in packages:
        with suppress(OSError):
            digest.update(f"{folder} {folder.stat().st_mtime_ns}".encode())
    values = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    digest.update(json.dumps(values, default=str, sort_keys=True).encode())
    return digest.hexdigest()


def _note_files(digest, folder):
    """Let `digest` know of each file in `folder` its name, size and time."""
    folders = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    folders.append(entry.path)
                continue
            with suppress(OSError):  # an editor's lock leads nowhere, and is gone a moment later
                status = entry.stat()
                digest.update(f"{entry.path} {status.st_size} {status.st_mtime_ns}\n".encode())
    for each in folders:
        _note_files(digest, each)
