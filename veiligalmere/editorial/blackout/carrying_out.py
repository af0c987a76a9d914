"""Finding words in everything that is or was public, and taking them away for good."""

from collections import Counter
from itertools import count
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F

from veiligalmere.editorial import signals
from veiligalmere.editorial.batches import Batch
from veiligalmere.editorial.blackout.record import BlackedOut, BlackOut
from veiligalmere.editorial.blackout.texts import (
    address_fields,
    changes,
    models_with_addresses,
    models_with_text,
    rows,
)
from veiligalmere.editorial.blackout.words import Words
from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.editorial.publishing import Publishable
from veiligalmere.editorial.unsaved import UnsavedText
from veiligalmere.editorial.versions import Version, name_of

MOST_PASSES = 5


class Address(NamedTuple):
    """An address that has the words: the Dutch name of what has it, the row, and the address."""

    kind: str
    row: models.Model
    address: str


def find(phrases):
    """Return where `phrases` stand, as {Dutch name of the kind: number of rows}."""
    return Counter(str(type(row)._meta.verbose_name_plural) for row in _holding(Words(phrases)))


def find_addresses(phrases):
    """Return the addresses that have `phrases`, as a list of Address; those are never changed."""
    words = Words(phrases)
    return [
        Address(str(model._meta.verbose_name), row, getattr(row, field.attname))
        for model in models_with_addresses()
        for row in rows(model)
        for field in address_fields(model)
        if words.are_in_address(getattr(row, field.attname))
    ]


def black_out(phrases, *, rule, by):
    """Take `phrases` (a list of str) out of every text and every version; return the BlackOut.

    Whole words are meant, in upper or lower case. `rule` is public. Raises ValidationError if a
    phrase is too short or stands nowhere. Call it in no transaction: while it works, a colleague
    may save what was read before, so it looks again until there is nothing left.
    """
    run = _Run(Words(phrases), rule, by)
    for _pass in range(MOST_PASSES):
        if not run.take_away():
            break
        _wait_for_who_is_saving()
    if run.made is None:
        raise ValidationError("Deze woorden staan nergens.")
    return run.made


class _Run:
    """One blacking out; each pass is a transaction."""

    def __init__(self, words, rule, by):
        self.words, self.rule, self.by = words, rule, by
        self.made = None
        self.numbered = {}
        self.public = set()

    def take_away(self):
        """Take away the words where they stand now; return the number of rows that had them."""
        with transaction.atomic():
            found = [(type(row), row.pk, _subject(row)) for row in _holding(self.words)]
            content = {subject for _model, _pk, subject in found if subject}
            _lock(content)
            written = [one for model, pk, _ in found if (one := self._write(model, pk))]
            if not written:
                return 0
            rows_of_content = {_subject(row) for row, _ in written if _is_content(row)}
            _raise_revisions(content, but=rows_of_content)
            # What was typed and not saved, or shown and not confirmed, could bring them back.
            UnsavedText.objects.all().delete()
            Batch.objects.all().delete()
            for row, names in written:
                self.public |= _public(row, names)
            self._record(content | self.public, len(written))
            raise_content_version()
            signals.blacked_out.send(sender=BlackOut)
        return len(written)

    def _write(self, model, pk):
        """Take the words out of one row as it is once it is locked.

        Return it and the names of the fields that had them; None if there are none by now.
        """
        row = model._base_manager.select_for_update().filter(pk=pk).first()
        found = row and changes(row, self.words, self.numbered)
        if not found:
            return None
        for name in found:
            setattr(row, name, found[name])
        for name in _clashing(row, found):
            self.numbered[model, pk, name] = (found[name], _numbered(row, name))
            found[name] = getattr(row, name)
        if _is_content(row):
            row.save()
        else:
            model._base_manager.filter(pk=pk).update(**found)
        return row, found.keys()

    def _record(self, touched, places):
        if self.made is None:
            self.made = BlackOut.objects.create(
                author=self.by, author_name=name_of(self.by)[:200], rule=self.rule, places=places
            )
        else:
            self.made.places += places
            self.made.save(update_fields=["places"])
        BlackedOut.objects.bulk_create(
            (
                BlackedOut(
                    black_out=self.made,
                    content_type_id=content_type,
                    object_id=key,
                    was_public=(content_type, key) in self.public,
                )
                for content_type, key in sorted(touched)
            ),
            update_conflicts=True,
            unique_fields=["black_out", "content_type", "object_id"],
            update_fields=["was_public"],
        )


def _holding(words):
    """Yield the rows that have the words; versions last."""
    for model in models_with_text():
        for row in rows(model):
            if changes(row, words, {}):
                yield row


def _is_content(row):
    return isinstance(row, Publishable)


def _subject(row):
    """Return (key of the content type, key) of the content that `row` is, or is a version of."""
    if isinstance(row, Version):
        return row.content_type_id, row.object_id
    return _key(row) if _is_content(row) else None


def _key(row):
    return ContentType.objects.get_for_model(row).pk, row.pk


def _public(row, names):
    """Return the keys, as of `_subject`, of what visitors could read the words in.

    `row` had them in the fields with these `names`.
    """
    if _is_content(row):
        return {_key(row)} if row.published_at else set()
    if getattr(row, "is_frozen", False):
        return {_key(row)}
    if not isinstance(row, Version) or row.kind not in Version.PUBLIC_STEPS:
        return set()
    found = {_subject(row)} if "content" in names else set()
    return found | {_key(row)} if names & {"label", "note"} else found


def _by_model(content):
    """Yield (model, keys) of (key of the content type, key)s, in one order for all who lock."""
    keys = {}
    for content_type, key in sorted(content):
        keys.setdefault(content_type, []).append(key)
    for content_type, found in keys.items():
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model is not None:
            yield model, found


def _lock(content):
    """Lock the rows of the content: who saves or publishes it locks that row before any version."""
    for model, keys in _by_model(content):
        rows_there = model._base_manager.select_for_update().filter(pk__in=keys)
        list(rows_there.order_by("pk").values_list("pk"))


def _raise_revisions(content, but):
    """Let no form that is open on the content be saved unseen, if only a version of it changed."""
    for model, keys in _by_model(content - but):
        if issubclass(model, Publishable):
            model._base_manager.filter(pk__in=keys).update(revision=F("revision") + 1)


def _wait_for_who_is_saving():
    """Wait until whoever is now saving a version is done; who begins later finds no words.

    SQLite lets nobody write while another does, so there everyone has been waited for.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            table = connection.ops.quote_name(Version._meta.db_table)
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")


def _clashing(row, changed):
    """Return the names among `changed` whose value in `row` may be there only once, and is."""
    meta = type(row)._meta
    groups = [[field.attname] for field in meta.concrete_fields if field.unique]
    groups += [
        [meta.get_field(name).attname for name in one.fields]
        for one in meta.constraints
        if isinstance(one, models.UniqueConstraint) and one.fields and one.condition is None
    ]
    return [
        next(name for name in group if name in changed)
        for group in groups
        if set(group) & set(changed) and _is_taken(row, group)
    ]


def _is_taken(row, group):
    same = {name: getattr(row, name) for name in group}
    return type(row)._base_manager.filter(**same).exclude(pk=row.pk).exists()


def _numbered(row, name):
    """Give `row` a value for `name` that is free, by a number behind it; return that value."""
    value, limit = getattr(row, name), type(row)._meta.get_field(name).max_length
    for number in count(2):
        suffix = f" {number}"
        setattr(row, name, f"{value[: limit - len(suffix)] if limit else value}{suffix}")
        if not _clashing(row, {name}):
            return getattr(row, name)
    raise AssertionError("unreachable")
