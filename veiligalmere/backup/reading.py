"""Putting a backup back, into either kind of database."""

import gzip
import hashlib
import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from veiligalmere.backup.manifest import BackupError, digest_of, files_below
from veiligalmere.backup.rows import digest, insert, kept_models
from veiligalmere.backup.writing import verify_backup
from veiligalmere.editorial.content_version import (
    ONLY,
    ContentVersion,
    current_content_version,
)

# Filled by Django itself in an empty database.
NOT_CONTENT = {"contenttypes.contenttype", "auth.permission"}


def read_backup(folder, *, overwrite=False, progress=lambda total: None):
    """Put the backup in `folder` back and return its manifest.

    The database is an empty one, or, with `overwrite`, one with the same migrations. All rows go
    in by one transaction, are read back, and differ from the backup in nothing, or nothing is
    changed. Uploads that the backup does not have go. An older backup is put back as it was and
    then migrated.
    """
    folder = Path(folder)
    manifest = verify_backup(folder)
    media_root = Path(settings.MEDIA_ROOT)
    if files_below(media_root) and not overwrite:
        raise BackupError(f"{media_root} has uploads in it: --overwrite replaces them.")
    state = _prepare_tables(manifest, overwrite=overwrite)
    models = kept_models(state.apps)
    unknown = manifest["tables"].keys() ^ {model._meta.label_lower for model in models}
    if unknown:
        raise BackupError(f"These tables are not on both sides: {', '.join(sorted(unknown))}.")
    total = sum(facts["rows"] for facts in manifest["tables"].values())
    bar = progress(total + len(manifest["media"]))
    before = current_content_version() if _has_content_version() else 0
    with transaction.atomic():
        _empty(state)
        for model in models:
            _fill(folder, model, manifest["tables"][model._meta.label_lower], bar)
        connection.check_constraints()
        _compare(models, folder, manifest)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
    _copy_media(folder / "media", media_root, manifest, bar)
    call_command("migrate", interactive=False, verbosity=0)
    # Kept pages are of what was here before, whose number the backup may have had as well.
    number = max(before, current_content_version()) + 1
    ContentVersion.objects.update_or_create(pk=ONLY, defaults={"number": number})
    if bar:
        bar.end()
    return manifest


def _prepare_tables(manifest, *, overwrite):
    """Bring an empty database to the migrations of the backup; return the models of that state."""
    wanted = {tuple(migration) for migration in manifest["migrations"]}
    executor = MigrationExecutor(connection)
    missing = wanted - executor.loader.graph.nodes.keys()
    if missing:
        names = ", ".join(sorted(map(".".join, missing)))
        raise BackupError(f"The backup is of a newer version of the site, with {names}.")
    applied = set(MigrationRecorder(connection).applied_migrations())
    has_content = bool(applied) and _has_rows(executor)
    if has_content and not overwrite:
        raise BackupError("The database has content: --overwrite replaces it.")
    if not applied <= wanted:
        raise BackupError(
            "The database is of a newer version than the backup: make an empty one, and put the "
            "backup back into that."
        )
    targets = [
        node
        for node in wanted
        if not any(
            child.key in wanted and child.key[0] == node[0]
            for child in executor.loader.graph.node_map[node].children
        )
    ]
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets)


def _has_content_version():
    return ContentVersion._meta.db_table in connection.introspection.table_names()


def _has_rows(executor):
    tables = set(connection.introspection.table_names())
    state = executor.loader.project_state(list(executor.loader.applied_migrations))
    return any(
        model._base_manager.exists()
        for model in kept_models(state.apps)
        if model._meta.label_lower not in NOT_CONTENT and model._meta.db_table in tables
    )


def _empty(state):
    tables = [
        model._meta.db_table
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables, allow_cascade=True):
            cursor.execute(statement)


def _open(folder, facts):
    return gzip.open(folder / "tabellen" / facts["file"], "rt", encoding="utf-8", newline="\n")


def _fill(folder, model, facts, bar):
    with _open(folder, facts) as stream:
        for count in insert(model, stream):
            if bar:
                bar.step(count)


def _compare(models, folder, manifest):
    """Raise BackupError if any table is not, line by line, what the backup has."""
    for model in models:
        facts = manifest["tables"][model._meta.label_lower]
        with gzip.open(folder / "tabellen" / facts["file"], "rb") as stream:
            written = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest(model) != (facts["rows"], written):
            raise BackupError(f"{model._meta.label_lower} did not come back as it was.")


def _copy_media(source, target, manifest, bar):
    for name, facts in manifest["media"].items():
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, copy)
        if digest_of(copy) != facts["sha256"]:
            raise BackupError(f"The upload {name} did not come back as it was.")
        if bar:
            bar.step()
    for name in files_below(target):
        if name not in manifest["media"]:
            # It is of what was replaced: an image that nothing names, yet anyone could still fetch.
            (target / name).unlink()
