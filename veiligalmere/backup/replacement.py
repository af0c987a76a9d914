"""Uploads that take the place of others, all at once or not at all."""

import json
import os
import shutil
from contextlib import suppress

from veiligalmere.backup.manifest import BackupError, digest_of, files_below
from veiligalmere.backup.uploads import WAITING, uploads_below


class Replacement:
    """Uploads for the folder `root`: they come to stand beside those that are there first.

    A context manager. An exception in its block puts back whatever had changed place; if the
    process was killed in it, the next one does so first, unless `is_done(number)` tells that the
    rows which go with the uploads are there: `number` is what `take_place` was given. They wait
    inside `root`, which may be a disk of its own: there a change of name is all they need.
    """

    def __init__(self, root, is_done):
        self._root = root
        self._is_done = is_done
        self._waiting = root / WAITING
        self._new = self._waiting / "new"
        self._old = self._waiting / "old"
        self._note = self._waiting / "note.json"
        self._moved = []

    def __enter__(self):
        if self._note.exists():
            note = json.loads(self._note.read_text("utf-8"))
            if not self._is_done(note["number"]):
                self._undo_what_was_broken_off(note)
        if self._waiting.exists():
            shutil.rmtree(self._waiting)
        return self

    def __exit__(self, kind, error, traceback):
        if kind:
            self._undo()
        # First: broken off after this, there is nothing that the next one would undo.
        with suppress(OSError):
            self._note.unlink(missing_ok=True)
        shutil.rmtree(self._waiting, ignore_errors=True)

    def copy(self, source, facts, bar):
        """Copy the uploads from the folder `source`; raise BackupError if one is not as it was.

        `facts` is a manifest's, by the name of the upload. This changes nothing of what is there.
        """
        for name, facts_of_one in facts.items():
            copy = self._new / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, copy)
            if digest_of(copy) != facts_of_one["sha256"]:
                raise BackupError(f"The upload {name} did not come back as it was.")
            if bar:
                bar.step()

    def take_place(self, number):
        """Let the copies take the place of all that is there.

        What the backup lacks goes too: an image that nothing names, yet anyone could still fetch.
        `number` is noted, for who has to know afterwards whether the rows came as well.
        """
        note = {
            "number": number,
            "old": uploads_below(self._root),
            "new": files_below(self._new),
        }
        self._write(note)
        for name in note["old"]:
            self._move(self._root / name, self._old / name)
        for name in note["new"]:
            self._move(self._new / name, self._root / name)

    def _write(self, note):
        """Write the note, whole and on the disk before anything changes place."""
        self._waiting.mkdir(parents=True, exist_ok=True)
        half = self._note.with_suffix(".half")
        with half.open("w", encoding="utf-8") as stream:
            json.dump(note, stream)
            stream.flush()
            os.fsync(stream.fileno())
        half.rename(self._note)

    def _move(self, source, target):
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
        self._moved.append((source, target))

    def _undo_what_was_broken_off(self, note):
        """Put back what had changed place; if this is broken off as well, the next one goes on."""
        if all((self._old / name).exists() for name in note["old"]):
            # Only then did the copies begin to come.
            for name in note["new"]:
                (self._root / name).unlink(missing_ok=True)
        for name in files_below(self._old):
            self._move(self._old / name, self._root / name)
        self._moved.clear()

    def _undo(self):
        try:
            for source, target in reversed(self._moved):
                target.rename(source)
        except OSError as error:
            raise BackupError(
                f"The rows are as they were, but not all uploads: look in {self._old} before "
                f"anything else. {error}"
            ) from error
