"""The whole content of an object as JSON, and back.

A snapshot is `{"fields": {…}, "many": {…}, "children": {…}}`. A value of a foreign key is
`{"pk": …, "label": …}`, of a many-to-many relation a list of those; labels let a version still be
read after what it named has gone. `children` holds, by relation, a list of
`{"pk": …, "fields": …, "many": …}`: the objects that the model names in `snapshot_children`.

A child that exists only in a draft has a negative key, so that it keeps one identity from one
version of the draft to the next while it has no row yet.
"""

import json
from functools import partial

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

# What publishing itself keeps: no content, so not part of a snapshot.
WORKFLOW_FIELDS = frozenset({"state", "revision", "published_at", "changed_at"})


def content_fields(model):
    """Return the concrete fields of `model` that editors fill in."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in WORKFLOW_FIELDS
    ]


def content_relations(model):
    """Return the many-to-many fields of `model` that editors fill in."""
    return [field for field in model._meta.many_to_many if field.editable]


def child_relations(model):
    """Return the reverse foreign keys named in `snapshot_children`, as {name: relation}."""
    return {name: model._meta.get_field(name) for name in getattr(model, "snapshot_children", ())}


def take(obj):
    """Return the snapshot of saved object `obj`: its fields, relations and inline children."""
    content = _take_own(obj)
    content["children"] = {
        name: [
            {"pk": child.pk, **_take_own(child, skip=relation.field)}
            for child in _children(obj, name)
        ]
        for name, relation in child_relations(type(obj)).items()
    }
    return content


def take_values(objects, fields):
    """Return what `fields` of a queryset of `objects` hold, as [(object, {name: value})].

    Values are as in a snapshot. The number of queries is the same for few objects and for many.
    """
    single = [field.name for field in fields if field.is_relation and not field.many_to_many]
    objects = objects.select_related(*single) if single else objects
    many = [field.name for field in fields if field.many_to_many]
    return [
        (obj, {field.name: _value_or_list(obj, field) for field in fields})
        for obj in objects.prefetch_related(*many)
    ]


def put(obj, content, *, temporary=False):
    """Write snapshot `content` into saved object `obj` and its children; return what was skipped.

    What is skipped is told in Dutch, one line each: a relation whose object no longer exists, or a
    value (an address, say) that another object has by now; the object keeps what it had. With
    `temporary`, children that have no row yet get their negative key, for a transaction that will
    be rolled back; without it the database gives them a real one.
    """
    skipped = _put_own(obj, content)
    for name, relation in child_relations(type(obj)).items():
        skipped += _put_children(obj, name, relation.field, content, temporary=temporary)
    return skipped


def fill(obj, content):
    """Let saved `obj` and its relations hold snapshot `content` in memory; return what was skipped.

    That is told as `put` tells it. Children stay as they are: `children_in` gives those.
    """
    return _set_free_fields(obj, content) + _fill_relations(obj, content)


def children_in(obj, content, name):
    """Return the children of `obj` that snapshot `content` holds under `name`, in memory alone."""
    foreign_key = child_relations(type(obj))[name].field
    found = []
    for child in content["children"].get(name, []):
        instance = foreign_key.model(**{"pk": child["pk"], foreign_key.name: obj})
        instance._state.adding = False
        # They were saved together, so that no two of them clash.
        _set_fields(instance, child)
        _fill_relations(instance, child)
        found.append(instance)
    return found


def keys_of_children(obj):
    """Return the primary keys of the children of `obj`, by relation."""
    return {
        name: set(getattr(obj, name).values_list("pk", flat=True))
        for name in child_relations(type(obj))
    }


def with_temporary_keys(content, existing, parent_key, avoid=frozenset()):
    """Return `content` with a negative key for each child that is not in `existing`.

    `existing` is what `keys_of_children` gave before the draft was written. `parent_key` keeps the
    keys of two parents apart; keys in `avoid` are not given.
    """
    for name, children in content["children"].items():
        taken = {child["pk"] for child in children} | avoid
        lowest = -parent_key * 100_000
        for child in children:
            if child["pk"] in existing[name] or child["pk"] < 0:
                continue
            lowest -= 1
            while lowest in taken:
                lowest -= 1
            child["pk"] = lowest
            taken.add(lowest)
    return content


def numbered_as(base, content, model):
    """Return `content` in which what is the same child as in `base` has the key that it has there.

    Both are snapshots of `model`. A child that only a draft had gets a row, and so another key,
    when the draft is published. It is known again by all that it says, or else by what is unique.
    """
    children = {**content["children"]}
    for name, relation in child_relations(model).items():
        before, rows = (one["children"].get(name, []) for one in (base, content))
        known = _known_again(before, rows, relation.related_model)
        children[name] = [{**row, "pk": known.get(row["pk"], row["pk"])} for row in rows]
    return {**content, "children": children}


def without_children(content):
    """Return snapshot `content` with all its fields and relations, and no children."""
    return {**content, "children": {name: [] for name in content["children"]}}


def same_content(one, other):
    """Whether two snapshots say the same, whatever the keys of their children."""
    return _without_keys(one) == _without_keys(other)


def _without_keys(content):
    children = {
        name: sorted(_all_of(child) for child in children)
        for name, children in content["children"].items()
    }
    return {**content, "children": children}


def _all_of(child):
    return json.dumps([child["fields"], child["many"]], sort_keys=True)


def _known_again(before, rows, model):
    """Return {key: key of the same child among `before`} of those `rows` that have another key."""
    unique = _unique_fields(model)

    def what_is_unique(child):
        return json.dumps([child["fields"].get(name) for name in unique])

    stay = {child["pk"] for child in before} & {row["pk"] for row in rows}
    gone = [child for child in before if child["pk"] not in stay]
    known = {}
    for told_by in (_all_of, what_is_unique) if unique else (_all_of,):
        keys = {told_by(child): child["pk"] for child in gone}
        for row in rows:
            if row["pk"] not in stay | known.keys() and told_by(row) in keys:
                known[row["pk"]] = keys.pop(told_by(row))
        gone = [child for child in gone if child["pk"] not in known.values()]
    return known


def _children(obj, name):
    """Read children anew, whatever has been prefetched; those without a row of their own last."""
    return sorted(getattr(obj, name).all().order_by(), key=lambda one: (one.pk < 0, abs(one.pk)))


def _take_own(obj, skip=None):
    return {
        "fields": {
            field.name: _value(obj, field) for field in content_fields(type(obj)) if field != skip
        },
        "many": {
            field.name: [
                {"pk": _plain(one.pk), "label": str(one)}
                for one in field.related_model._base_manager.filter(
                    pk__in=getattr(obj, field.name)
                    .through._base_manager.filter(**{field.m2m_field_name(): obj.pk})
                    .values(field.m2m_reverse_field_name())
                ).order_by("pk")
            ]
            for field in content_relations(type(obj))
        },
    }


def _value_or_list(obj, field):
    if not field.many_to_many:
        return _value(obj, field)
    related = sorted(getattr(obj, field.name).all(), key=lambda one: one.pk)
    return [{"pk": _plain(one.pk), "label": str(one)} for one in related]


def _value(obj, field):
    if field.is_relation:
        related = getattr(obj, field.name)
        return related and {"pk": _plain(related.pk), "label": str(related)}
    if isinstance(field, models.FileField):
        return str(field.value_from_object(obj))
    return _plain(field.value_from_object(obj))


def _plain(value):
    """Return `value` as JSON has it: text for dates and decimals."""
    if value is None or isinstance(value, (str, int, float, bool, list, dict)):
        return value
    return DjangoJSONEncoder().default(value)


def _put_own(obj, content):
    skipped = _set_free_fields(obj, content)
    obj.save()
    for field, found, gone in _relations_in(obj, content):
        getattr(obj, field.name).set(found)
        skipped += gone
    return skipped


def _set_free_fields(obj, content):
    before = {field.name: getattr(obj, field.attname) for field in content_fields(type(obj))}
    return _set_fields(obj, content) + _without_clashes(obj, before)


def _set_fields(obj, content):
    """Set the fields of `obj`; return what was skipped."""
    return [
        line
        for field in content_fields(type(obj))
        if field.name in content["fields"]
        for line in _set_field(obj, field, content["fields"][field.name])
    ]


def _fill_relations(obj, content):
    """Let the relations of `obj` answer from memory, as after prefetch_related."""
    skipped = []
    obj._prefetched_objects_cache = {}
    for field, found, gone in _relations_in(obj, content):
        obj._prefetched_objects_cache[field.name] = found
        skipped += gone
    return skipped


def _relations_in(obj, content):
    """Yield (field, queryset of what is there, lines on what is not) of each relation."""
    for field in content_relations(type(obj)):
        if field.name in content["many"]:
            wanted = content["many"][field.name]
            found = field.related_model._base_manager.filter(pk__in=[one["pk"] for one in wanted])
            there = {one.pk for one in found}
            yield field, found, [_gone(field, one) for one in wanted if one["pk"] not in there]


def _set_field(obj, field, value):
    """Set one field; return what was skipped."""
    if not field.is_relation:
        setattr(obj, field.attname, field.to_python(value))
        return []
    if value is None or field.related_model._base_manager.filter(pk=value["pk"]).exists():
        setattr(obj, field.attname, value and value["pk"])
        return []
    if field.null:
        setattr(obj, field.attname, None)
    return [_gone(field, value)]


def _gone(field, value):
    return f"{field.verbose_name}: “{value['label']}” bestaat niet meer"


def _without_clashes(obj, before):
    """Give unique fields that another object holds by now their former value; say which."""
    taken = set()
    # Not validate_constraints: checking the others opens a transaction that can write.
    unique = [one for one in obj._meta.constraints if isinstance(one, models.UniqueConstraint)]
    checks = [(obj.validate_unique, ())]
    checks += [(partial(one.validate, type(obj), obj), one.fields) for one in unique]
    for check, names in checks:
        try:
            check()
        except ValidationError as error:
            taken |= {*getattr(error, "error_dict", ()), *names}
    # All fields of a constraint: with the former address an action can clash in another plan too.
    fields = [type(obj)._meta.get_field(name) for name in sorted(taken & before.keys())]
    changed = [one for one in fields if getattr(obj, one.attname) != before[one.name]]
    for field in changed:
        setattr(obj, field.attname, before[field.name])
    return [f"{field.verbose_name}: wordt al ergens anders gebruikt" for field in changed]


def _is_unique_otherwise(child, fields):
    """Whether `child` is told from others by something else than in `fields` of a snapshot."""
    return any(
        name in fields and _value(child, child._meta.get_field(name)) != fields[name]
        for name in _unique_fields(type(child))
    )


def _unique_fields(model):
    """Return the names of the content fields by which objects of `model` are told apart."""
    names = {name for one in model._meta.total_unique_constraints for name in one.fields}
    return [one.name for one in content_fields(model) if one.unique or one.name in names]


def _put_children(obj, name, foreign_key, content, *, temporary):
    wanted = content["children"].get(name)
    if wanted is None:
        return []
    model = foreign_key.model
    stays = {child["pk"]: child["fields"] for child in wanted}
    present = {child.pk: child for child in _children(obj, name)}
    for pk, child in list(present.items()):
        # Of two children that moved up, the first meets the other where that still stands. So those
        # go too, and come back under their own keys.
        if pk not in stays or _is_unique_otherwise(child, stays[pk]):
            present.pop(pk).delete()
    skipped = []
    for child in wanted:
        instance = present.get(child["pk"])
        if instance is None:
            instance = model(**{foreign_key.attname: obj.pk})
            free = not model._base_manager.filter(pk=child["pk"]).exists()
            if free and (temporary or child["pk"] > 0):
                instance.pk = child["pk"]
        skipped += _put_own(instance, child)
    return skipped
