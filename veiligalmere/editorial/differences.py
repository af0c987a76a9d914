"""Word-level differences between two snapshots, for editors and for the public."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import FileField
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst

from veiligalmere.editorial.files import size_of
from veiligalmere.editorial.images.catalogue import REFERENCE, pictures_in
from veiligalmere.editorial.numbers import written
from veiligalmere.editorial.snapshot import child_relations

# Above this many words in one changed passage it is shown as replaced whole, to bound the time.
MAX_WORDS = 4000
# An image as a text names it. The words between the brackets are not shown on the site either, and
# are bounded for a text with many brackets that are never closed.
IMAGE = re.compile(rf"!\[[^\]\n]{{0,300}}\]\({REFERENCE.pattern}[^)\n]{{0,300}}\)")
# A number is one word: of "8.000" and "9.000" no reader wants to see what they share. So is an
# image, of which a part means nothing.
WORD = re.compile(rf"{IMAGE.pattern}|\s+|\d+(?:[.,]\d+)+|\w+|[^\w\s]")


class Part(NamedTuple):
    """A run of text that is the "same" in both, "removed" or "added"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A field that differs: its name, its Dutch label, and both texts."""

    name: str
    label: str
    old: str
    new: str

    @cached_property
    def parts(self):
        """The runs between both texts, compared when first asked for.

        So a transaction in which differences are found holds up nobody while words are compared.
        """
        return words(self.old, self.new)


class FileDifference(Difference):
    """A file that differs: `old` and `new` tell how large each is, and are "" if there is none."""

    @cached_property
    def parts(self):
        """One run, which says what became of the file: there are no words to compare."""
        if not self.old:
            return [Part("same", f"toegevoegd ({self.new})")]
        if not self.new:
            return [Part("same", f"verwijderd ({self.old})")]
        return [Part("same", f"vervangen (eerst {self.old}, nu {self.new})")]


def differences(old, new, model, *, but=frozenset()):
    """Return what differs between snapshots `old` and `new` of `model`, as a list of Difference.

    `old` may be None: then all that `new` holds is added. `but` names fields to leave out.
    """
    old = old or {"fields": {}, "many": {}, "children": {}}
    found = _own_differences(old, new, model, but)
    for name, relation in child_relations(model).items():
        before = {child["pk"]: child for child in old["children"].get(name, [])}
        after = {child["pk"]: child for child in new["children"].get(name, [])}
        for pk in sorted(before.keys() | after.keys(), key=lambda pk: (pk < 0, abs(pk))):
            was = _row_text(before.get(pk), relation.related_model)
            now = _row_text(after.get(pk), relation.related_model)
            if was != now:
                label = relation.related_model._meta.verbose_name
                found.append(Difference(name, capfirst(label), was, now))
    return found


def words(old, new):
    """Return the list of Parts that leads from text `old` to text `new`, compared word by word.

    In the place of an image stand its words. For all texts of one request together that costs at
    most the queries of one page (see `images.catalogue`).
    """
    parts = []
    # Lines first: what is equal there need not be compared word by word, however long it is.
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        was, now = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            _add(parts, "same", was)
        else:
            _compare_words(parts, _split(was), _split(now))
    return [Part(kind, _with_words_of_images(text)) for kind, text in parts]


def text_of(value, field=None):
    """Return a value of a snapshot as editors and visitors read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, dict) and "label" in value:
        return value["label"]
    if isinstance(value, list):
        return ", ".join(text_of(one) for one in value)
    if value is True or value is False:
        return "ja" if value else "nee"
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field is not None and field.get_internal_type() == "DateField":
        return date_format(parse_date(value), "j F Y")
    if field is not None and field.get_internal_type() == "DecimalField":
        return written(Decimal(value))
    return str(value).replace("\r\n", "\n")


def model_of(version):
    """Return the model class that a version is of, or None if the code no longer knows it."""
    return ContentType.objects.get_for_id(version.content_type_id).model_class()


def _own_differences(old, new, model, but):
    found = []
    for group in ("fields", "many"):
        for name, value in _in_order(new[group], model):
            if name in but:
                continue
            field = _field(model, name)
            difference = _difference(name, field, old[group].get(name), value)
            if difference:
                found.append(difference)
    return found


def _difference(name, field, was, now):
    """Return the Difference between two values of a snapshot, or None."""
    label = capfirst(field.verbose_name if field else name)
    if isinstance(field, FileField):
        # By name: another file may be as large.
        sizes = [size_of(field.storage, one) if one else "" for one in (was, now)]
        return FileDifference(name, label, *sizes) if (was or "") != (now or "") else None
    if field is not None and field.is_relation:
        was, now = _told_apart(was, now)
    was, now = text_of(was, field), text_of(now, field)
    return Difference(name, label, was, now) if was != now else None


def _told_apart(was, now):
    """Return two values of a relation so that their labels differ where, and only where, keys do.

    A new name of what is related is no change of what names it: both get the later one. What only
    one of them names, and is called as something else is, gets its number too.
    """
    before, after = [one if isinstance(one, list) else [one] for one in (was or [], now or [])]
    if not all("pk" in one for one in [*before, *after]):
        return was, now  # kept before the keys were
    labels = {one["pk"]: one["label"] for one in [*before, *after]}
    shared = Counter(labels.values())
    in_both = {one["pk"] for one in before} & {one["pk"] for one in after}
    for pk, label in labels.items():
        if shared[label] > 1 and pk not in in_both:
            labels[pk] = f"{label} (nr. {pk})"
    # In one order: a list that was kept in another says the same.
    return [
        [{"label": labels[pk]} for pk in sorted(one["pk"] for one in found)]
        for found in (before, after)
    ]


def _field(model, name):
    return next((field for field in model._meta.get_fields() if field.name == name), None)


def _in_order(values, model):
    """Return the items of `values` in the model's order: PostgreSQL stores them in its own."""
    places = {field.name: place for place, field in enumerate(model._meta.get_fields())}
    return sorted(values.items(), key=lambda item: places.get(item[0], len(places)))


def _row_text(child, model):
    """Return an inline child on lines of its own: “label: value”."""
    if child is None:
        return ""
    values = {**child["fields"], **child["many"]}
    lines = []
    for name, value in _in_order(values, model):
        field = _field(model, name)
        text = text_of(value, field)
        if text:
            lines.append(f"{capfirst(field.verbose_name if field else name)}: {text}\n")
    return "".join(lines)


def _split(text):
    return [match[0] for match in WORD.finditer(text)]


def _with_words_of_images(text):
    """Return `text` with each image as readers know it: by its alternative text, never its name."""
    if not IMAGE.search(text):
        return text
    known = {one.pk: one.alternative_text for one in pictures_in(text)}

    def words_of(match):
        words = known.get(int(match[1]))
        return f"[afbeelding: {words}]" if words else "[afbeelding zonder beschrijving]"

    return IMAGE.sub(words_of, text)


def _compare_words(parts, before, after):
    if len(before) + len(after) > MAX_WORDS:
        _add(parts, "removed", "".join(before))
        _add(parts, "added", "".join(after))
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(parts, "same", "".join(before[i1:i2]))
        else:
            _add(parts, "removed", "".join(before[i1:i2]))
            _add(parts, "added", "".join(after[j1:j2]))


def _add(parts, kind, text):
    if text:
        parts.append(Part(kind, text))
