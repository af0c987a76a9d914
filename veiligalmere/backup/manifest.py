"""The list of what is in a backup, by which it is checked."""

import hashlib
import json
from pathlib import Path

NAME = "inhoud.json"
FORMAT = 1


class BackupError(Exception):
    """A backup can't be made or put back; the message says why, for who runs the command."""


class UploadMissing(BackupError):
    """A row of a backup names an upload that is not in it."""


def write_manifest(folder, content):
    """Write `content`, a dict that JSON can hold, as the manifest of the backup in `folder`."""
    text = json.dumps({"format": FORMAT, **content}, indent=1, sort_keys=True)
    (folder / NAME).write_text(text, "utf-8")


def read_manifest(folder):
    """Return the manifest of the backup in `folder`; raise BackupError if that is none."""
    try:
        content = json.loads((Path(folder) / NAME).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} is no backup: {NAME} can't be read.") from error
    if content.get("format") != FORMAT:
        raise BackupError(f"{folder} is of another format: {content.get('format')}.")
    return content


def digest_of(path):
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_below(folder):
    """Return the files below `folder` as sorted relative paths with slashes; [] if it is absent."""
    if not folder.exists():
        return []
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )
