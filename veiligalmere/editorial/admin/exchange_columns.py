"""The columns in which content goes to a spreadsheet and comes back."""

from decimal import Decimal
from typing import NamedTuple

from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.db.models import Max
from django.utils.dateparse import parse_date

from veiligalmere.editorial.admin.form import state_of, token_of
from veiligalmere.editorial.numbers import written
from veiligalmere.editorial.snapshot import content_fields, content_relations, take_values
from veiligalmere.editorial.tables import MAX_CELL, Column
from veiligalmere.editorial.versions import Version
from veiligalmere.editorial.xml_text import for_xml

NUMBER, VERSION, STATE = "id", "versie", "status"
IDENTITY = (NUMBER, VERSION, STATE)
TOO_LONG = "(te lang voor een rekenblad)"
BETWEEN = "; "
YES, NO = "ja", "nee"


class Stand(NamedTuple):
    """How an object stands for an editor: as its draft, or else as its row.

    `token` changes with every save, version and discarded draft; `values` are those of a snapshot,
    by field.
    """

    obj: models.Model
    token: str
    state: str
    values: dict


def exchanged_fields(model_admin):
    """Return the fields that go out and come back: those of the form that fit in a cell."""
    without = {*model_admin.readonly_fields, *model_admin.not_exchanged}
    model = model_admin.model
    fields = {field.name: field for field in [*content_fields(model), *content_relations(model)]}
    return [
        fields[name]
        for name in flatten_fieldsets(model_admin.fieldsets or ())
        if name in fields and name not in without and not isinstance(fields[name], models.FileField)
    ]


def stands_of(objects, fields):
    """Return a Stand for each of a queryset of `objects`, in its order.

    The number of queries is the same for few objects and for many.
    """
    versions = Version.objects.of_model(objects.model).order_by()
    taken = take_values(objects, fields)
    versions = versions.filter(object_id__in=[obj.pk for obj, _values in taken])
    drafts = {draft.object_id: draft for draft in versions.drafts()}
    numbers = dict(versions.values_list("object_id").annotate(Max("number")))
    return [
        Stand(
            obj,
            token_of(obj, numbers.get(obj.pk, 0), drafts.get(obj.pk)),
            state_of(obj, drafts.get(obj.pk)),
            _values_of(drafts[obj.pk], values, fields) if obj.pk in drafts else values,
        )
        for obj, values in taken
    ]


def columns(fields):
    """Return the Columns of a table of Stands: which object it is, and then `fields`."""
    return (
        Column(NUMBER, "Welk object het is. Niet wijzigen.", lambda one: one.obj.pk, "integer"),
        Column(
            VERSION,
            "Welke versie dit is: zo wordt niets overschreven wat intussen gewijzigd is. Niet "
            "wijzigen.",
            lambda one: f"v{one.token}",
        ),
        Column(STATE, "Hoe het ervoor staat. Niet wijzigen.", lambda one: one.state),
        *(
            Column(str(field.verbose_name), meaning(field), _value_getter(field))
            for field in fields
        ),
    )


def meaning(field):
    """Return in Dutch what to write in the column of `field`."""
    told = [str(field.help_text)] if field.help_text else []
    if field.many_to_many:
        told.append("Meer dan één: met een puntkomma ertussen.")
    elif field.choices:
        told.append(f"Kies uit: {', '.join(str(label) for _key, label in field.flatchoices)}.")
    elif isinstance(field, models.BooleanField):
        told.append(f"Schrijf {YES} of {NO}.")
    if field.blank or field.null:
        told.append("Mag leeg.")
    return " ".join(told)


def cell_of(value, field):
    """Return a value of a snapshot as a cell has it: a text, an int, a date or None."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, list):
        return BETWEEN.join(one["label"] for one in value)
    if isinstance(value, dict):
        return value["label"]
    if isinstance(value, bool):
        return YES if value else NO
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, int):
        return value
    if field.get_internal_type() == "DateField":
        return parse_date(value)
    if field.get_internal_type() == "DecimalField":
        return written(Decimal(value))
    text = for_xml(str(value).replace("\r\n", "\n"))
    return text if len(text) < MAX_CELL else TOO_LONG


def _value_getter(field):
    return lambda stand: cell_of(stand.values.get(field.name), field)


def _values_of(draft, values, fields):
    """Return the values of `draft`; of a field that it does not know yet, those of the row."""
    known = {**draft.content["fields"], **draft.content["many"]}
    return {field.name: known.get(field.name, values[field.name]) for field in fields}
