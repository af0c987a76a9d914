"""Putting a backup back, into either kind of database."""

import gzip
import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import AutoField, BigIntegerField, Max, TextField
from django.db.models.functions import Cast

from veiligalmere.backup.manifest import BackupError
from veiligalmere.backup.replacement import Replacement
from veiligalmere.backup.rows import digest, insert, kept_models
from veiligalmere.backup.uploads import uploads_below
from veiligalmere.backup.writing import verify_backup
from veiligalmere.editorial.content_version import (
    ONLY,
    ContentVersion,
    current_content_version,
    first_number,
)
from veiligalmere.editorial.table_statistics import gather_statistics

# What migrations fill in an empty database.
NOT_CONTENT = {
    *("contenttypes.contenttype", "auth.permission"),
    *("auth.group", "auth.group_permissions"),
}


def read_backup(folder, *, overwrite=False, progress=lambda total: None):
    """Put the backup in `folder` back and return its manifest.

    The database is an empty one, or, with `overwrite`, one with no other migrations than the
    backup. The uploads are copied beside those that are there. Then all rows go in by one
    transaction, are read back, and the uploads take their place; both differ from the backup in
    nothing, or BackupError is raised and no row and no upload is changed. Uploads that the backup
    does not have go. An older backup is put back as it was and then migrated.
    """
    folder = Path(folder)
    manifest = verify_backup(folder)
    targets = _check_place(manifest, overwrite=overwrite)
    rows = sum(facts["rows"] for facts in manifest["tables"].values())
    bar = progress(rows + len(manifest["media"]))
    try:
        models = _put_back(folder, manifest, targets, bar)
    except (OSError, DatabaseError) as error:
        reason = str(error).partition("\n")[0]
        raise BackupError(f"Nothing was changed, for it can't be put back: {reason}") from error
    _reset_sequences(models)
    call_command("migrate", interactive=False, verbosity=0)
    gather_statistics()
    if bar:
        bar.end()
    return manifest


def _check_place(manifest, *, overwrite):
    """Return to which migrations the database has to go; raise BackupError if that can't be.

    It changes nothing.
    """
    if uploads_below(Path(settings.MEDIA_ROOT)) and not overwrite:
        raise BackupError(f"{settings.MEDIA_ROOT} has uploads in it: --overwrite replaces them.")
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
    targets = _last_of(wanted, executor.loader.graph)
    models = kept_models(executor.loader.project_state(targets).apps)
    unknown = manifest["tables"].keys() ^ {model._meta.label_lower for model in models}
    if unknown:
        raise BackupError(f"These tables are not on both sides: {', '.join(sorted(unknown))}.")
    return targets


def _last_of(wanted, graph):
    """Return those of the migrations `wanted` that no other of their app goes on from."""
    return [
        node
        for node in wanted
        if not any(
            child.key in wanted and child.key[0] == node[0]
            for child in graph.node_map[node].children
        )
    ]


def _put_back(folder, manifest, targets, bar):
    """Put rows and uploads back, both or neither; return the models of the rows."""
    with Replacement(Path(settings.MEDIA_ROOT), _has_reached) as uploads:
        # What most likely doesn't fit goes first; and the transaction that follows is a short one.
        uploads.copy(folder / "media", manifest["media"], bar)
        MigrationExecutor(connection).migrate(targets)
        state = MigrationExecutor(connection).loader.project_state(targets)
        models = kept_models(state.apps)
        with transaction.atomic():
            number = _put_rows_back(folder, manifest, state, bar)
            # The last, so that this may still undo the rows, and a commit that fails undoes this.
            uploads.take_place(number)
    return models


def _has_reached(number):
    """Whether the rows of the restore that gave the content version `number` are there.

    Or they were: since then the site may have been used, and each publication raises it.
    """
    # The database may have been made anew meanwhile.
    has_tables = ContentVersion._meta.db_table in connection.introspection.table_names()
    return has_tables and current_content_version() >= number


def _put_rows_back(folder, manifest, state, bar):
    """Put the rows back; return the content version that they have here."""
    models = kept_models(state.apps)
    before = current_content_version()
    _empty(state)
    for model in models:
        _fill(folder, model, manifest["tables"][model._meta.label_lower], bar)
    connection.check_constraints()
    _compare(models, folder, manifest)
    # Kept pages are of what was here before, or in a database that this one takes the place of,
    # whose number the backup may have had as well. So far ahead, that it tells this restore from
    # publications after one that was broken off.
    number = max(before, current_content_version(), first_number()) + 1000
    version = state.apps.get_model("editorial", "ContentVersion")
    version.objects.update_or_create(pk=ONLY, defaults={"number": number})
    return number


def _reset_sequences(models):
    """Let new rows get free numbers. No transaction undoes this, so it comes after."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        highest = _highest_keys_named(models)
        for model in models:
            named = highest.get(model._meta.label_lower)
            if named is None or not isinstance(model._meta.pk, AutoField):
                continue
            last = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
            if named > last:
                _go_on_after(named, model, cursor)


def _highest_keys_named(models):
    """Return {label of a model: the highest key by which any row names one of its rows}.

    By kind and key, as a version does: that one may be deleted, and a new one with its key would
    get its versions, a draft and a planned publication among them.
    """
    kinds = {
        one.pk: f"{one.app_label}.{one.model}"
        for model in models
        if model._meta.label_lower == "contenttypes.contenttype"
        for one in model._base_manager.all()
    }
    highest = {}
    for model in models:
        fields = {field.name: field for field in model._meta.concrete_fields}
        if not {"content_type", "object_id"} <= fields.keys():
            continue
        rows = model._base_manager.filter(content_type__in=kinds).order_by()
        # No key is larger: what is there by mistake may be more than a sequence can hold.
        if isinstance(fields["object_id"], TextField):  # in the log of the back-office
            rows = rows.filter(object_id__regex="^[0-9]{1,9}$")
        else:
            rows = rows.filter(object_id__lt=10**9)
        last = Max(Cast("object_id", BigIntegerField()))
        for kind, key in rows.values_list("content_type").annotate(last=last):
            highest[kinds[kind]] = max(key, highest.get(kinds[kind], 0))
    return highest


def _go_on_after(number, model, cursor):
    """Let the next row of `model` get a key above `number`, which is above those of its rows."""
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        sequence = [connection.ops.quote_name(table), model._meta.pk.column]
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [*sequence, number])
        return
    change = "UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s"
    if not cursor.execute(change, [number, table]).rowcount:
        cursor.execute("INSERT INTO sqlite_sequence (seq, name) VALUES (%s, %s)", [number, table])


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
