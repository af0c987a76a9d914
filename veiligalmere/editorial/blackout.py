"""Blacking out: taking words away from everything that is or was public, for good.

The only exception to what is frozen. Kept is that it was done, when, by whom and by which rule;
not what stood there.
"""

import re
from collections import Counter

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from veiligalmere.editorial import signals
from veiligalmere.editorial.batches import Batch
from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.editorial.project import is_ours
from veiligalmere.editorial.publishing import Publishable
from veiligalmere.editorial.unsaved import UnsavedText
from veiligalmere.editorial.versions import Version, latest_published, name_of

MARK = "█████"  # of one length, whatever stood there
SHORTEST = 3  # characters; less would take away half of every text
FIXED = (models.SlugField, models.FileField)  # names in addresses and of files are no text


class BlackOut(models.Model):
    """That words were blacked out: when, by whom and by which rule."""

    made_at = models.DateTimeField("op", default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True
    )
    author_name = models.CharField("door", max_length=200)
    rule = models.TextField("op grond van")
    places = models.PositiveIntegerField("aantal plaatsen")

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = "zwartlakking"
        verbose_name_plural = "zwartlakkingen"

    def __str__(self):
        return f"{self.made_at:%d-%m-%Y}: {self.rule}"


class BlackedOut(models.Model):
    """An object in whose text or history words were blacked out."""

    black_out = models.ForeignKey(BlackOut, models.PROTECT, related_name="objects_touched")
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["black_out", "content_type", "object_id"], name="blacked_out_object_once"
            )
        ]

    def __str__(self):
        return f"{self.content_type} {self.object_id}"


def black_outs_of(obj):
    """Return the times that words of `obj` were blacked out, the last first."""
    return BlackOut.objects.filter(
        objects_touched__content_type=ContentType.objects.get_for_model(obj),
        objects_touched__object_id=obj.pk,
    )


def find(phrases):
    """Return where `phrases` stand, as {Dutch name of the kind: number of rows}."""
    pattern = _pattern(phrases)
    places = Counter()
    for model in _models():
        found = sum(1 for row in _rows(model) if _changes(row, pattern))
        if found:
            places[str(model._meta.verbose_name_plural)] = found
    return places


def black_out(phrases, *, rule, by):
    """Take `phrases` (a list of str) out of every text and every version; return the BlackOut.

    Whole words are meant, in upper or lower case. `rule` is public. Raises ValidationError if a
    phrase is too short or stands nowhere.
    """
    pattern = _pattern(phrases)
    touched, public, places = set(), [], 0
    with transaction.atomic():
        for model in _models():
            for row in _rows(model):
                changes = _changes(row, pattern)
                if not changes:
                    continue
                places += 1
                _write(row, changes)
                if isinstance(row, Version):
                    touched.add((row.content_type_id, row.object_id))
                elif isinstance(row, Publishable):
                    touched.add((ContentType.objects.get_for_model(row).pk, row.pk))
                    public.append(row)
        if not places:
            raise ValidationError("Deze woorden staan nergens.")
        # What was typed and not saved, or shown and not confirmed, could bring them back.
        UnsavedText.objects.all().delete()
        Batch.objects.all().delete()
        made = BlackOut.objects.create(
            author=by, author_name=name_of(by)[:200], rule=rule, places=places
        )
        BlackedOut.objects.bulk_create(
            BlackedOut(black_out=made, content_type_id=content_type, object_id=object_id)
            for content_type, object_id in sorted(touched)
        )
        raise_content_version()
        signals.blacked_out.send(sender=BlackOut)
        for row in public:
            transaction.on_commit(lambda row=row: _announce(row))
    return made


def _announce(row):
    signals.published.send_robust(sender=type(row), instance=row, version=latest_published(row))


def _pattern(phrases):
    phrases = [" ".join(phrase.split()) for phrase in phrases]
    phrases = [phrase for phrase in phrases if phrase]
    if not phrases or min(map(len, phrases)) < SHORTEST:
        raise ValidationError(f"Vul woorden van ten minste {SHORTEST} tekens in, elk op een regel.")
    parts = (
        r"\s+".join(map(re.escape, phrase.split()))
        for phrase in sorted(phrases, key=len, reverse=True)
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _models():
    """Return all models of this project that hold text, and the log of the back-office.

    Not those whose words nobody reads, as they say themselves: the addresses of followers.
    """
    kept = [BlackOut, BlackedOut, UnsavedText, Batch]
    return [
        model
        for model in apps.get_models()
        if (is_ours(model) and model not in kept and not getattr(model, "shown_to_nobody", False))
        or model is LogEntry
    ]


def _text_fields(model):
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        and not isinstance(field, FIXED)
        and not field.choices
    ]


def _rows(model):
    """Return the rows of `model` that can hold words, by key: so does all that locks many rows."""
    if not _text_fields(model):
        return ()
    return model._base_manager.order_by("pk").iterator(chunk_size=200)


def _changes(row, pattern):
    """Return {name of the field: its value without the words} for the fields that have them."""
    changes = {}
    for field in _text_fields(type(row)):
        value = getattr(row, field.attname)
        without = _without(value, pattern)
        if without != value:
            # The mark can be longer than what it takes the place of.
            limit = getattr(field, "max_length", None)
            changes[field.attname] = without[:limit] if limit else without
    return changes


def _without(value, pattern):
    if isinstance(value, str):
        return pattern.sub(MARK, value)
    if isinstance(value, list):
        return [_without(one, pattern) for one in value]
    if isinstance(value, dict):
        return {key: _without(one, pattern) for key, one in value.items()}
    return value


def _write(row, changes):
    """Write the changes; of content with a revision that rises, so that no open form undoes it."""
    for name, value in changes.items():
        setattr(row, name, value)
    if isinstance(row, Publishable):
        row.save()
    else:
        type(row)._base_manager.filter(pk=row.pk).update(**changes)
