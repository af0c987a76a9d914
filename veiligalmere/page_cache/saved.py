"""The kept pages on disk, so that the site goes on after a restart as it was, database or not.

One file holds what a worker kept when nothing had been published for a while. It says of which
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
from functools import reduce
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from django.conf import settings
from django.utils import timezone

from veiligalmere.page_cache.addresses import Address
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
        self._epoch = None  # of what was written last

    def read(self):
        """Return (state, [(address, page)]) as they were written; (None, []) if there are none.

        Pages of another build, or of a file that is damaged, count as none.
        """
        try:
            with self.path.open("rb") as file:
                self._read = _identity(os.fstat(file.fileno()))
                head = self._head(file)
                known, pages = self._unpacked(head, file) if head else (None, [])
            # Of a day to come, because the clock was ahead, they would count as newer than any.
            if known and known.day <= timezone.localdate():
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

        If that can't be done there is no file any more: what it had may have been withdrawn.
        """
        index, bodies = [], []
        number = known.number
        for address, page in pages:
            headers, tag, plain, compressed = page.parts
            sizes = len(plain), len(compressed)
            index.append([*address, page.known.number, headers, tag, *sizes])
            bodies += [plain, compressed]
            number = max(number, page.known.number)
        # Also the state that all were made for: when more is published meanwhile, some are of a
        # later one, and the others have what that took away.
        state = {
            "build": self.build,
            "known": known.number,
            "number": number,
            "day": known.day.isoformat(),
        }
        try:
            # In another epoch the same number may be that of other pages.
            if known.epoch == self._epoch and self._has(state, len(index)):
                return
            packed = json.dumps(index).encode()
            head = state | {
                "pages": len(index),
                "index": [len(packed), crc32(packed)],
                "check": reduce(lambda check, body: crc32(body, check), bodies, 0),
            }
            self._replace([json.dumps(head).encode() + b"\n", packed, *bodies])
            self._epoch = known.epoch
        except OSError as error:
            log.warning("could not save the pages: %s", error)
            with suppress(OSError):
                self.path.unlink(missing_ok=True)

    def _head(self, file):
        """Return the first line of `file`; None if it is of another build."""
        head = json.loads(file.readline())
        return head if head["build"] == self.build else None

    def _has(self, state, count):
        with (
            suppress(FileNotFoundError, ValueError, TypeError, KeyError),
            self.path.open("rb") as f,
        ):
            head = self._head(f)
            return head and head.items() >= state.items() and head["pages"] >= count
        return False

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

    @staticmethod
    def _unpacked(head, file):
        """Return what stands in `file` behind its head; (None, []) if that is damaged."""
        # One body after the other: all at once would be twice in memory, and what was freed then
        # would stay with the process that workers are copied from.
        size, check = head["index"]
        index = file.read(size)
        if crc32(index) != check:
            return None, []
        known = Known(0, head["number"], date.fromisoformat(head["day"]))
        pages, check = [], 0
        for host, path, query, number, headers, tag, *sizes in json.loads(index):
            plain, compressed = bodies = [file.read(size) for size in sizes]
            for body in bodies:
                check = crc32(body, check)
            parts = [tuple(pair) for pair in headers], tag, plain, compressed
            page = Page.restored(parts, known._replace(number=number))
            pages.append((Address(host, path, query), page))
        return (known, pages) if check == head["check"] and not file.read(1) else (None, [])


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
