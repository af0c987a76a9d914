"""Where words can stand: the models with text, and which of their fields are text.

A model says itself what a look at its fields does not tell: `shown_to_nobody` (nobody reads any of
it), `codes` (names of fields that hold a code, no words) and `addresses` (names of fields that hold
the address of a page). A row that only keeps the address of something else has `present_address`:
what that is by now.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import models

from veiligalmere.editorial.batches import Batch
from veiligalmere.editorial.blackout.record import BlackedOut
from veiligalmere.editorial.differences import model_of
from veiligalmere.editorial.project import is_ours
from veiligalmere.editorial.snapshot import child_relations
from veiligalmere.editorial.unsaved import UnsavedText
from veiligalmere.editorial.versions import Version

FIXED = (models.SlugField, models.FileField)  # names in addresses and of files are no text

# What tells where words were blacked out, and what is deleted whole when they are.
LEFT_OUT = {BlackedOut, UnsavedText, Batch}


def models_with_text():
    """Return the models of which somebody reads words; Version last."""
    found = [model for model in _models() if text_fields(model)]
    return sorted(found, key=lambda model: model is Version)


def models_with_addresses():
    """Return the models that hold the address of a page, or the part of one that people choose."""
    return [model for model in _models() if address_fields(model)]


def _models():
    return [
        model
        for model in apps.get_models()
        if (is_ours(model) or model is LogEntry)
        and model not in LEFT_OUT
        and not getattr(model, "shown_to_nobody", False)
    ]


@cache
def text_fields(model):
    """Return the fields of `model` in which people write words."""
    no_text = {*getattr(model, "codes", ()), *getattr(model, "addresses", ())}
    if model is LogEntry:
        no_text.add("object_id")
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        and not isinstance(field, FIXED)
        and not field.choices
        and field.name not in no_text
    ]


def address_fields(model):
    """Return the fields of `model` that hold an address, or the part of one that people choose."""
    named = getattr(model, "addresses", ())
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.SlugField) or field.name in named
    ]


def rows(model) -> Iterator[models.Model]:
    """Return the rows of `model` by key: so does all that locks many rows."""
    return model._base_manager.order_by("pk").iterator(chunk_size=200)


def changes(row, words, numbered):
    """Return {name of the field: its value without the `words`} for the fields that have them.

    `numbered` has {(model, key, name of the field): (value, value with a number)} of what had to be
    unique: a version says the same as the row that it is of.
    """
    found = {}
    for field in text_fields(type(row)):
        value = getattr(row, field.attname)
        without = _without(row, field, value, words, numbered)
        # The mark can be longer than what it takes the place of.
        limit = getattr(field, "max_length", None)
        if limit and isinstance(without, str):
            without = without[:limit]
        if without != value:
            found[field.attname] = without
    return found | _addresses_that_follow(row, words)


def _addresses_that_follow(row, words):
    """Return the addresses with the words that an editor can't change, as they are by now."""
    if not hasattr(type(row), "present_address"):
        return {}
    return {
        name: row.present_address
        for name in type(row).addresses
        if words.are_in_address(getattr(row, name))
        and row.present_address
        and not words.are_in_address(row.present_address)
    }


def _without(row, field, value, words, numbered):
    if isinstance(row, Version) and field.name == "content":
        # Most versions have none of the words, and are the most of what is looked through.
        if not words.are_in(value):
            return value
        return _content_without(value, model_of(row), row.object_id, words, numbered)
    if isinstance(row, LogEntry) and field.name == "change_message" and value.startswith("["):
        # Django writes letters such as é in it as \u00e9.
        with suppress(ValueError):
            read = json.loads(value)
            without = words.without(read)
            return value if without == read else json.dumps(without)
    return words.without(value)


def _content_without(content, model, key, words, numbered):
    """Return the content of a version of `model` without the words; codes and addresses stay."""
    if model is None:
        return words.without(content)
    fixed = _fixed(model)
    result = {**content}
    for group in ("fields", "many"):
        result[group] = {
            name: value
            if name in fixed
            else _same_as_row(words.without(value), (model, key, name), numbered)
            for name, value in content[group].items()
        }
    if "children" in content:
        relations = child_relations(model)
        result["children"] = {
            name: [
                _content_without(
                    child,
                    relations[name].related_model if name in relations else None,
                    child["pk"],
                    words,
                    numbered,
                )
                for child in children
            ]
            for name, children in content["children"].items()
        }
    return result


def _same_as_row(without, place, numbered):
    value, with_number = numbered.get(place, (None, None))
    return with_number if with_number and without == value else without


@cache
def _fixed(model):
    """Return the names of the fields of `model` whose values in a version are no text."""
    text = {field.name for field in text_fields(model)}
    return {
        field.name
        for field in model._meta.concrete_fields
        if field.name not in text and not field.is_relation
    }
