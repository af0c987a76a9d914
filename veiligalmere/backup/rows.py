"""Rows of a table as lines of text that are the same in every kind of database.

A line is a JSON object of a row's columns, keys sorted; lines are in the order of the primary key.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

BATCH = 500
# What belongs to a running machine: who is logged in, which jobs are done, how often a form is.
LEFT_OUT = {"sessions.session", "editorial.job", "plan.formuse"}


def kept_models(apps):
    """Return the models in `apps` whose tables are in a backup, through tables included."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]


def columns(model):
    """Return the fields of `model` that have a column which is written."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def lines(model):
    """Yield each row of `model` as a line of text."""
    fields = columns(model)
    rows = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    for row in rows.iterator(chunk_size=BATCH):
        values = {
            field.attname: _out(field, value) for field, value in zip(fields, row, strict=True)
        }
        yield json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)


def digest(model):
    """Return how many rows `model` has, and the SHA-256 of all of its lines."""
    count, total = 0, hashlib.sha256()
    for line in lines(model):
        count += 1
        total.update(line.encode() + b"\n")
    return count, total.hexdigest()


def insert(model, texts):
    """Insert the rows of `model` that the lines `texts` hold, as they are; yield after each batch.

    No `save()` and no signal: what is put back is what was there.
    """
    fields = {field.attname: field for field in columns(model)}
    batch = []
    for text in texts:
        values = json.loads(text)
        batch.append(model(**{name: _in(fields[name], value) for name, value in values.items()}))
        if len(batch) == BATCH:
            yield _write(model, batch)
            batch = []
    yield _write(model, batch)


def _write(model, batch):
    """Insert `batch` with plain SQL values, so that no field fills itself in (`auto_now`)."""
    if not batch:
        return 0
    fields = columns(model)
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608
    rows = [
        [
            field.get_db_prep_save(getattr(row, field.attname), connection=connection)
            for field in fields
        ]
        for row in batch
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
    return len(rows)


def _out(field, value):
    if value is not None and isinstance(field, models.BinaryField):
        return b64encode(bytes(value)).decode()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def _in(field, value):
    if value is None:
        return None
    if isinstance(field, models.BinaryField):
        return b64decode(value)
    return field.to_python(value)
