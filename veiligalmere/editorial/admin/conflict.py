"""Two editors changed the same object: what each made of what both began with."""

from django.db import models
from django.forms import ModelChoiceField

from veiligalmere.editorial.blackout.words import MARK
from veiligalmere.editorial.differences import differences
from veiligalmere.editorial.snapshot import numbered_as

HELD_BACK = "Uw collega was eerder. Bekijk het verschil en sla dan nog eens op."


class Conflict:
    """What a colleague saved (`theirs`) beside what was posted (`mine`), both made from `base`.

    All three are snapshots. `both` lists what differs now that both touched it, `theirs_only` what
    only the colleague changed. `who` is the colleague's name, `when` the moment or None.
    """

    def __init__(self, base, theirs, mine, model, who, when):
        self.who, self.when = who, when
        theirs = numbered_as(base, theirs, model)
        mine = numbered_as(theirs, mine, model)  # both may have added the same row
        self.base, self.theirs, self.mine = base, theirs, mine
        self.model = model
        kept = self._untouched_fields()
        self.both = differences(theirs, self._with_theirs(kept), self.model)
        self.theirs_only = [
            one for one in differences(base, theirs, self.model) if one.name in kept
        ]

    @property
    def undoes_black_out(self):
        """Whether `mine` has words where `theirs` says that words were blacked out."""
        return any(one.old.count(MARK) > one.new.count(MARK) for one in self.both)

    def adopt(self, data, fields=None):
        """Put into the posted `data` (a mutable QueryDict) what only the colleague changed.

        So what the form shows again is what will be saved, and nothing of the colleague's is lost
        that the editor did not touch. `fields`, by name, are those of a form that keeps by itself
        what it may not offer, and would refuse it.
        """
        for name in self._untouched_fields():
            group = "many" if name in self.mine["many"] else "fields"
            value = self.theirs[group][name]
            if fields and isinstance(fields.get(name), ModelChoiceField):
                value = _offered(fields[name], value)
            _set(data, name, value, self.model._meta.get_field(name))
        for name in self.mine["children"]:
            self._adopt_children(data, name)
        return data

    def _untouched_fields(self):
        return {
            name
            for group in ("fields", "many")
            for name, value in self.mine[group].items()
            if value == self.base[group].get(name) != self.theirs[group].get(name)
        }

    def _with_theirs(self, names):
        """Return `mine` with the values of `theirs` where those will be adopted."""
        merged = {
            group: {
                name: self.theirs[group][name] if name in names else value
                for name, value in self.mine[group].items()
            }
            for group in ("fields", "many")
        }
        children = {}
        for name in self.mine["children"]:
            _base, theirs, mine = self._children(name)
            adopted = self._untouched_children(name)
            rows = {**mine, **{pk: theirs.get(pk) for pk in adopted}}
            children[name] = [row for row in rows.values() if row is not None]
        return {**merged, "children": children}

    def _children(self, name):
        return [
            {child["pk"]: child for child in content["children"].get(name, [])}
            for content in (self.base, self.theirs, self.mine)
        ]

    def _untouched_children(self, name):
        """Return the keys of the children that the colleague added, changed or removed alone."""
        base, theirs, mine = self._children(name)
        return [
            pk
            for pk in [*theirs, *(pk for pk in base if pk not in theirs)]
            if mine.get(pk) == base.get(pk) != theirs.get(pk)
        ]

    def _adopt_children(self, data, name):
        total = int(data.get(f"{name}-TOTAL_FORMS") or 0)
        rows = {data.get(f"{name}-{index}-id"): index for index in range(total)}
        model = self.model._meta.get_field(name).related_model
        _base, theirs, _mine = self._children(name)
        for pk in self._untouched_children(name):
            index = rows.get(str(pk))
            if pk not in theirs:
                data[f"{name}-{index}-DELETE"] = "on"
                continue
            if index is None:
                index, total = total, total + 1
            child = theirs[pk]
            for field_name, value in {**child["fields"], **child["many"]}.items():
                _set(data, f"{name}-{index}-{field_name}", value, model._meta.get_field(field_name))
        data[f"{name}-TOTAL_FORMS"] = str(total)


def _offered(field, value):
    """Return of the relation `value`, as it is in a snapshot, what form `field` offers."""
    related = value if isinstance(value, list) else [value] if value else []
    offered = field.queryset.filter(pk__in=[one["pk"] for one in related])
    keys = {one.pk for one in offered}
    found = [one for one in related if one["pk"] in keys]
    return found if isinstance(value, list) else next(iter(found), None)


def _set(data, key, value, field):
    """Set one posted value as a browser would have sent it."""
    if isinstance(field, models.ManyToManyField):
        data.setlist(key, [str(one["pk"]) for one in value])
    elif isinstance(field, models.BooleanField):
        data.setlist(key, ["on"] if value else [])
    else:
        value = value["pk"] if isinstance(value, dict) and "pk" in value else value
        data[key] = "" if value is None else str(value)
