"""The rows of a file that comes back: what differs from what is here, and what is wrong in it."""

from django.db import models

from veiligalmere.editorial.admin.carrying_out import SET, UNREACHABLE, Wish
from veiligalmere.editorial.admin.choices import FieldsByObject, key_of_choices
from veiligalmere.editorial.admin.exchange_columns import (
    IDENTITY,
    NO,
    NUMBER,
    STATE,
    TOO_LONG,
    VERSION,
    YES,
    cell_of,
    exchanged_fields,
    stands_of,
)
from veiligalmere.editorial.tables import unguard

MOST = 200  # objects that one file may change: a page that a person can still read


class Problem(Exception):
    """Something wrong in a file; str() names the row, the column and the reason in Dutch."""

    def __init__(self, reason, *, row=None, column=""):
        place = [f"Rij {row}"] if row else []
        place += [f"kolom “{column}”"] if column else []
        told = ", ".join(place)
        super().__init__(f"{told[:1].upper()}{told[1:]}: {reason}" if told else reason)


def wishes_of(model_admin, request, rows):
    """Return the Wishes in `rows`, as `read_rows` gives them, and a list of Problems.

    A row that says what is here already gives neither. Rows that are missing are left as they are.
    Raises Problem if the file as a whole is not one of ours.
    """
    fields = {str(field.verbose_name): field for field in exchanged_fields(model_admin)}
    if not rows:
        raise Problem("In dit bestand staat niets.")
    head = _head(rows[0], fields)
    stands = {
        stand.obj.pk: stand
        for stand in stands_of(model_admin.get_queryset(request), list(fields.values()))
    }
    reader = _Reader(model_admin, request, fields, stands)
    for number, texts in rows[1:]:
        reader.read(
            number, dict(zip(head, texts + [""] * len(head), strict=False)), texts[len(head) :]
        )
    if len(reader.wishes) > MOST:
        raise Problem(f"Dit bestand wijzigt te veel om na te lezen. Wijzig er hooguit {MOST}.")
    return reader.wishes, reader.problems


def _head(row, fields):
    """Return the names of the columns; refuse what is not ours."""
    number, names = row
    names = [" ".join(name.split()) for name in names]
    for name in names:
        if name not in fields and name not in IDENTITY:
            told = f"“{name[:60]}”" if name else "zonder naam"
            raise Problem(f"Een kolom {told} is hier niet. Exporteer de lijst opnieuw.", row=number)
        if names.count(name) > 1:
            raise Problem("Deze kolom staat er twee keer.", row=number, column=name)
    for name in (NUMBER, VERSION):
        if name not in names:
            raise Problem("Deze kolom ontbreekt.", row=number, column=name)
    return names


class _Reader:
    """Reads the rows one by one into wishes and problems."""

    def __init__(self, model_admin, request, fields, stands):
        self.model_admin, self.request = model_admin, request
        self.fields, self.stands = fields, stands
        self.wishes, self.problems = [], []
        self.seen = {}
        self.form_fields = FieldsByObject(model_admin, request)
        self.choices = {}

    def read(self, number, cells, beyond):
        """Read the row with this number, of {name of the column: text}."""
        key = cells[NUMBER].strip()
        good = key.isascii() and key.isdigit() and len(key) < 10
        stand = self.stands.get(int(key)) if good else None
        if any(beyond):
            self._wrong("Hier staat iets naast de kolommen.", number)
        elif not key:
            self._wrong("Wat nieuw is, maakt u in het beheer zelf.", number, NUMBER)
        elif stand is None:
            self._wrong(UNREACHABLE, number, NUMBER)
        elif key in self.seen:
            self._wrong(f"Dit staat ook op rij {self.seen[key]}.", number, NUMBER)
        else:
            self._compare(number, cells, stand)
        self.seen.setdefault(key, number)

    def _compare(self, number, cells, stand):
        """Note what a row that is of `stand` changes, or why it may not."""
        differing = {
            name: field
            for name, field in self.fields.items()
            if name in cells and self._differs(cells[name], stand, field)
        }
        newer = cells[VERSION].strip().removeprefix("v") != stand.token
        if newer and differing:
            self._wrong("Dit is intussen gewijzigd. Exporteer de lijst opnieuw.", number, VERSION)
        elif not newer and cells.get(STATE, stand.state).strip() != stand.state:
            self._wrong("Deze kolom kunt u hier niet wijzigen.", number, STATE)
        elif differing and not self.model_admin.has_change_permission(self.request, stand.obj):
            self._wrong("U mag dit niet wijzigen.", number)
        elif differing:
            self._wish(number, cells, stand, differing)

    def _wish(self, number, cells, stand, differing):
        changes = {}
        for name, field in differing.items():
            try:
                changes[field.name] = (SET, self._posted(unguard(cells[name]), field, stand))
            except ValueError as error:
                self._wrong(str(error), number, name)
        if len(changes) == len(differing):
            self.wishes.append(Wish(stand.obj.pk, stand.token, changes, f"Rij {number}"))

    def _differs(self, text, stand, field):
        here = cell_of(stand.values[field.name], field)
        here = "" if here is None else str(here)
        return text.strip() != TOO_LONG and unguard(text).strip() != here.strip()

    def _posted(self, text, field, stand):
        """Return a text as a form posts it; raise ValueError with a Dutch sentence."""
        text = text.strip() if field.choices or field.is_relation else text
        if field.many_to_many:
            names = [name.strip() for name in text.replace("\n", ";").split(";")]
            return [self._key(name, field, stand) for name in names if name]
        if field.is_relation:
            return self._key(text, field, stand) if text else ""
        if isinstance(field, models.BooleanField):
            if text.lower() not in {YES, NO}:
                raise ValueError(f"Schrijf {YES} of {NO}.")
            return "on" if text.lower() == YES else ""
        if field.choices and text:
            found = [key for key, label in field.flatchoices if str(label) == text]
            if not found:
                raise ValueError(f"“{text[:60]}” is hier geen keuze.")
            return str(found[0])
        return text

    def _key(self, name, field, stand):
        """Return the key of what is called `name`, as this account may choose it."""
        form_field = self.form_fields.field(field, stand.obj)
        of = (field.name, key_of_choices(form_field))
        if of not in self.choices:
            self.choices[of] = {str(one.pk): str(one) for one in form_field.queryset}
        known = self.choices[of]
        now = stand.values[field.name] or []
        now = {str(one["pk"]): one["label"] for one in (now if isinstance(now, list) else [now])}
        # A draft holds names as they were when it was saved, and so does the file.
        keys = [key for key in now if now[key] == name and key in known]
        keys = keys or [key for key in known if known[key] == name]
        if len(keys) > 1:
            # Two of one name: then the one that is there already is meant.
            keys = [key for key in keys if key in now]
        if len(keys) != 1:
            raise ValueError(f"“{name[:60]}” is hier geen keuze.")
        return keys[0]

    def _wrong(self, reason, row, column=""):
        self.problems.append(Problem(reason, row=row, column=column))
