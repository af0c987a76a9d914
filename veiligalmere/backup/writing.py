"""Making a backup."""

import gzip
import os
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from veiligalmere.backup.manifest import (
    BackupError,
    UploadMissing,
    digest_of,
    read_manifest,
    write_manifest,
)
from veiligalmere.backup.rows import kept_models, lines
from veiligalmere.backup.uploads import uploads_below, uploads_named
from veiligalmere.page_cache.rendering import snapshot

DATED = "%Y-%m-%dT%H%M%SZ"
BROKEN_OFF = 12 * 60 * 60  # seconds after which an unfinished one is no longer being made
BEFORE_AN_UPDATE = "voor-*"  # as docs/uitrol.md lets one name them
ATTEMPTS = 3


def write_backup(folder, *, overwrite=False, progress=lambda total: None):
    """Write a checked backup into `folder` and return its manifest.

    It is complete or not there at all. The database is read in one snapshot, so that it may be in
    use. With `overwrite` it takes the place of a backup, and of nothing else; broken off, it leaves
    that or the new one. `progress` is called with the number of steps and returns a Progress.
    """
    folder = Path(folder).resolve()
    _settle(folder)
    if folder.exists() and any(folder.iterdir()):
        if not overwrite:
            raise BackupError(f"{folder} exists and is not empty: --overwrite replaces it.")
        read_manifest(folder)
    unfinished = folder.with_name(_unfinished(folder.name))
    # A backup holds personal data: it is for its owner alone.
    mask = os.umask(0o077)
    try:
        manifest = _write_checked(unfinished, progress)
        _take_place(unfinished, folder)
    finally:
        os.umask(mask)
        shutil.rmtree(unfinished, ignore_errors=True)
    return manifest


def write_dated_backup(folder, keep, **options):
    """Write a backup into a new folder in `folder`, named for the moment; keep the last `keep`.

    Returns the new folder and its manifest. The oldest go only when the new one is good, and with
    them those from before an update that are older than the last `keep`. What is left of backups
    that were broken off goes first.
    """
    folder = Path(folder)
    for unfinished in folder.glob(_unfinished("*")):
        if time.time() - unfinished.stat().st_mtime > BROKEN_OFF:
            shutil.rmtree(unfinished)
    for aside in folder.glob(_aside("*")):
        _settle(folder / aside.stem.removeprefix("."))
    target = folder / datetime.now(UTC).strftime(DATED)
    manifest = write_backup(target, **options)
    dated = dated_backups(folder)
    for old in dated[:-keep]:
        shutil.rmtree(old)
    if len(dated) >= keep:
        for old in _written_before(dated[-keep], folder.glob(BEFORE_AN_UPDATE)):
            shutil.rmtree(old)
    return target, manifest


def _unfinished(name):
    """Return how the folder of the backup `name` is called while it is made."""
    return f".{name}.unfinished"


def _aside(name):
    """Return how the folder of the backup `name` is called while another takes its place."""
    return f".{name}.replaced"


def _take_place(new, folder):
    """Let the folder `new` take the place of `folder`, if that is there.

    Until it has, the old one is kept aside, whatever breaks this off.
    """
    try:
        if folder.exists():
            folder.rename(folder.with_name(_aside(folder.name)))
        new.rename(folder)
    finally:
        _settle(folder)


def _settle(folder):
    """Remove what was put aside for a backup in `folder`, or put it back if none came."""
    aside = folder.with_name(_aside(folder.name))
    if not aside.exists():
        return
    if not folder.exists():
        aside.rename(folder)
        return
    # Under this name first: what is left of it, if this is broken off, is never put back.
    unfinished = folder.with_name(_unfinished(folder.name))
    shutil.rmtree(unfinished, ignore_errors=True)
    aside.rename(unfinished)
    shutil.rmtree(unfinished)


def _written_before(dated, folders):
    """Yield those of `folders` that are backups older than the one in the folder `dated`."""
    moment = datetime.strptime(dated.name, DATED).replace(tzinfo=UTC)
    for folder in folders:
        with suppress(BackupError):
            if datetime.fromisoformat(read_manifest(folder)["written"]) < moment:
                yield folder


def dated_backups(folder):
    """Return the dated backups in `folder`, the oldest first."""
    found = []
    for path in folder.iterdir():
        try:
            datetime.strptime(path.name, DATED).replace(tzinfo=UTC)
        except ValueError:
            continue
        found.append(path)
    return sorted(found)


def verify_backup(folder):
    """Read back every file of the backup in `folder`; raise BackupError at the first difference.

    So it does if a row names an upload that is not there. Returns the manifest.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    for table, facts in manifest["tables"].items():
        path = folder / "tabellen" / facts["file"]
        try:
            with gzip.open(path, "rt", encoding="utf-8") as stream:
                count = sum(1 for _line in stream)
        except (OSError, EOFError, ValueError) as error:
            raise BackupError(f"{table} can't be read back: {error}") from error
        if count != facts["rows"] or digest_of(path) != facts["sha256"]:
            raise BackupError(f"{table} is not what was written.")
    _check_uploads(folder, manifest)
    for name, facts in manifest["media"].items():
        path = folder / "media" / name
        if not path.is_file() or digest_of(path) != facts["sha256"]:
            raise BackupError(f"The upload {name} is not what was written.")
    return manifest


def _check_uploads(folder, manifest):
    """Raise UploadMissing if a row names an upload that the backup lacks, and not as lost."""
    for name, row in _missing_uploads(folder, manifest):
        if name not in manifest.get("lost", ()):
            raise UploadMissing(f"The upload {name} is missing: {row} names it.")


def _missing_uploads(folder, manifest):
    """Yield (name, row that names it) of each upload that the backup does not have."""
    for table, facts in manifest["tables"].items():
        with gzip.open(folder / "tabellen" / facts["file"], "rt", encoding="utf-8") as stream:
            for key, name in uploads_named(table, stream):
                if name not in manifest["media"]:
                    yield name, f"{table} {key}"


def _write_checked(folder, progress):
    for attempt in range(1, ATTEMPTS + 1):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        manifest = _write(folder, progress)
        try:
            verify_backup(folder)
        except UploadMissing:
            # Deleted since the rows were read, with its own row: by now that is gone too. What is
            # missing still is lost on the site itself, and the rest has to be kept all the same.
            if attempt == ATTEMPTS:
                manifest["lost"] = sorted(dict(_missing_uploads(folder, manifest)))
                write_manifest(folder, manifest)
                verify_backup(folder)
        else:
            break
    return manifest


def _write(folder, progress):
    media_root = Path(settings.MEDIA_ROOT)
    (folder / "tabellen").mkdir()
    with snapshot():
        models = kept_models(apps)
        names = uploads_below(media_root)
        bar = progress(sum(model._base_manager.count() for model in models) + len(names))
        manifest = {
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": connection.vendor,
            "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
            "tables": {
                model._meta.label_lower: _write_table(folder / "tabellen", model, bar)
                for model in models
            },
        }
    # After the database: an upload is stored before the row that names it, and never changes.
    manifest["media"] = _copy_media(media_root, folder / "media", bar)
    write_manifest(folder, manifest)
    if bar:
        bar.end()
    return manifest


def _write_table(folder, model, bar):
    name = f"{model._meta.label_lower}.jsonl.gz"
    count = 0
    with gzip.open(folder / name, "wt", encoding="utf-8", newline="\n") as stream:
        for line in lines(model):
            stream.write(line + "\n")
            count += 1
            if bar:
                bar.step()
    return {"file": name, "rows": count, "sha256": digest_of(folder / name)}


def _copy_media(source, target, bar):
    facts = {}
    for name in uploads_below(source):
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        # An editor may have deleted it since. If a row names it, that is noticed later.
        with suppress(FileNotFoundError):
            shutil.copyfile(source / name, copy)
            facts[name] = {"sha256": digest_of(copy), "bytes": copy.stat().st_size}
        if bar:
            bar.step()
    return facts
