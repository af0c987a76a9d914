"""Word-level differences between two snapshots, for editors and for the public."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from difflib import Match, SequenceMatcher
from functools import cached_property
from itertools import accumulate, groupby, product, takewhile
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import FileField
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst

from veiligalmere.editorial.files import size_of
from veiligalmere.editorial.images.catalogue import REFERENCE, pictures_in
from veiligalmere.editorial.numbers import written
from veiligalmere.editorial.snapshot import child_relations, numbered_as

# Steps of comparing two texts, lines and words together: some 10 million of them take a second.
# What would take more than is left of these is shown as replaced.
MAX_STEPS = 2_000_000
STEPS_OF_A_PAIR = 30  # that comparing two lines takes, beside those for their words
# An image as a text names it. The words between the brackets are not shown on the site either, and
# are bounded for a text with many brackets that are never closed.
IMAGE = re.compile(rf"!\[[^\]\n]{{0,300}}\]\({REFERENCE.pattern}[^)\n]{{0,300}}\)")
# A number is one word: of "8.000" and "9.000" no reader wants to see what they share. So is an
# image, of which a part means nothing.
# The space behind a word is part of it, and so are the blank lines behind a line: on their own they
# would be found equal everywhere, which says nothing and costs the cube of how many there are. What
# is compared is the first group.
WORD = re.compile(rf"({IMAGE.pattern}|\d+(?:[.,]\d+)+|\w+|[^\w\s])\s*|\s+")
LINE = re.compile(r"([^\S\n]*\S.*\n?(?:[^\S\n]*\n)*)|\s+")


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
    new = numbered_as(old, new, model)
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

    However long and alike both are, it takes at most MAX_STEPS, and then shows more as replaced
    than it need be.
    """
    parts, effort = [], _Effort()
    # Lines first: what is equal there need not be compared word by word, however long it is.
    for is_same, was, now in _pairs(LINE, old, new, effort):
        for pair in [(True, was, now)] if is_same else _by_word(was, now, effort):
            parts += _told(*pair)
    return [Part(kind, _with_words_of_images(text)) for kind, text in _joined(parts)]


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


def _with_words_of_images(text):
    """Return `text` with each image as readers know it: by its alternative text, never its name."""
    if not IMAGE.search(text):
        return text
    known = {one.pk: one.alternative_text for one in pictures_in(text)}

    def words_of(match):
        words = known.get(int(match[1]))
        return f"[afbeelding: {words}]" if words else "[afbeelding zonder beschrijving]"

    return IMAGE.sub(words_of, text)


@dataclass
class _Effort:
    """How many steps of comparing are left."""

    left: int = MAX_STEPS

    def allows(self, steps):
        """Return whether `steps` may be taken, and count them if so."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


class _Matcher(SequenceMatcher):
    """A matcher that takes no more effort than there is: then it finds nothing in common."""

    def __init__(self, before, after, effort):
        super().__init__(None, before, after, autojunk=False)
        self._effort = effort
        # A search looks from each of its places at every place in `after` with the same.
        steps = (1 + len(self.b2j.get(one, ())) for one in before)
        self._steps_until = list(accumulate(steps, initial=0))

    def find_longest_match(self, alo, ahi, blo, bhi):
        """Return what difflib does, or a match of nothing."""
        if self._effort.allows(self._steps_until[ahi] - self._steps_until[alo]):
            return super().find_longest_match(alo, ahi, blo, bhi)
        return Match(alo, blo, 0)


def _pairs(pattern, old, new, effort):
    """Yield (whether they say the same, run of `old`, run of `new`) from the begin to the end.

    Compared are the pieces that `pattern` finds, by its first group. Runs that say the same are of
    one piece each, and so are those that changed piece by piece.
    """
    before, after = ([found[0] for found in pattern.finditer(text)] for text in (old, new))
    said = (_said(pattern, text) for text in (old, new))
    for tag, i1, i2, j1, j2 in _Matcher(*said, effort).get_opcodes():
        was, now, is_same = before[i1:i2], after[j1:j2], tag == "equal"
        if is_same or (len(was) == len(now) and all(map(_are_alike, was, now))):
            yield from ((is_same, *both) for both in zip(was, now, strict=True))
        elif pattern is LINE and effort.allows(_steps_of_lines(was, now)):
            yield from ((False, *both) for both in _lines_alike(was, now))
        else:
            yield False, "".join(was), "".join(now)


def _steps_of_lines(was, now):
    """Return about how many steps it takes to compare each line with each other."""
    pairs, words = len(was) * len(now), sum(map(len, was + now)) // 5
    return STEPS_OF_A_PAIR * pairs + words * max(len(was), len(now))


def _lines_alike(was, now):
    """Yield (lines of `was`, lines of `now`), in order, as texts: those that are alike together.

    So a line that was written anew takes along none of those beside it that hardly changed.
    """
    before, after = ([_words_of(line) for line in lines] for lines in (was, now))
    shared = [[_shared(one, other) for other in after] for one in before]
    # How many words such pairs can share from each two lines on, as in a longest common
    # subsequence.
    most = [[0] * (len(now) + 1) for _ in range(len(was) + 1)]
    for i, j in product(reversed(range(len(was))), reversed(range(len(now)))):
        paired = most[i + 1][j + 1] + shared[i][j]
        most[i][j] = max(paired, most[i + 1][j], most[i][j + 1])
    i = j = 0
    gone, come = [], []
    while i < len(was) and j < len(now):
        if shared[i][j] and most[i][j] == most[i + 1][j + 1] + shared[i][j]:
            yield "".join(gone), "".join(come)
            yield was[i], now[j]
            gone, come = [], []
            i, j = i + 1, j + 1
        elif most[i + 1][j] >= most[i][j + 1]:
            gone.append(was[i])
            i += 1
        else:
            come.append(now[j])
            j += 1
    yield "".join(gone + was[i:]), "".join(come + now[j:])


def _by_word(old, new, effort):
    """Return what `_pairs` yields for the words of two runs, or the two whole if they share little.

    Of a text that was written anew, the few words that both happen to have would cut up the two,
    so that neither can be read.
    """
    pairs = list(_pairs(WORD, old, new, effort))
    same = sum(len(was) for is_same, was, _now in pairs if is_same)
    return pairs if 2 * same >= min(len(old), len(new)) else [(False, old, new)]


def _said(pattern, text):
    return [found[1] for found in pattern.finditer(text)]


def _are_alike(was, now):
    """Return whether two lines share half of their words."""
    return _shared(_words_of(was), _words_of(now)) > 0


def _words_of(line):
    return Counter(_said(WORD, line))


def _shared(before, after):
    """Return how many words two lines share if that is half of them or more, and else 0."""
    shared = (before & after).total()
    return shared if 2 * shared >= max(before.total(), after.total()) else 0


def _told(is_same, old, new):
    """Yield the Parts between two runs of _pairs; they may be empty."""
    shared = _shared_start(old, new) if is_same else ""
    yield Part("same", shared)
    yield Part("removed", old[len(shared) :])
    yield Part("added", new[len(shared) :])


def _joined(parts):
    """Yield `parts` with one of each kind in a row, none of them empty.

    White space that ends both what was removed and what was added is the same.
    """
    parts = (part for part in parts if part.text)
    for is_same, run in groupby(parts, lambda part: part.kind == "same"):
        texts = {"removed": [], "added": [], "same": []}
        for kind, text in run:
            texts[kind].append(text)
        removed, added, same = map("".join, texts.values())
        if not is_same:
            same = _shared_start(*(_space_behind(one)[::-1] for one in (removed, added)))[::-1]
            removed, added = removed.removesuffix(same), added.removesuffix(same)
        told = Part("removed", removed), Part("added", added), Part("same", same)
        yield from (part for part in told if part.text)


def _space_behind(text):
    return text[len(text.rstrip()) :]


def _shared_start(one, other):
    both = zip(one, other, strict=False)
    return "".join(sign for sign, _ in takewhile(lambda signs: signs[0] == signs[1], both))
