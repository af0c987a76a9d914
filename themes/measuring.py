"""Measurements from a spreadsheet: read, compared with what there is, and written.

A table is what an editor pastes or uploads: columns parted by tabs, semicolons or commas, with or
without names above them. Nothing is written by reading; errors name the line.
"""

import csv
import io
import re
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone

from themes.models import Measurement
from themes.periods import Period, read_code, read_written
from veiligalmere.editorial.numbers import written

MAX_LENGTH = 500_000  # characters
MAX_ROWS = 5_000
LARGEST = Decimal(10) ** 10
SMALLEST = Decimal("0.0001")
MISSING = {"", ".", "..", "-", "–", "x", "nb", "n.b.", "niet beschikbaar"}
YES = {"ja", "j", "x", "1", "true", "voorlopig"}
NO = {"", "nee", "n", "0", "false", "definitief"}
COLUMNS = {
    "periode": "period",
    "jaar": "period",
    "waarde": "value",
    "gebied": "area",
    "voorlopig": "provisional",
    "toelichting": "note",
}
BROKEN = 'deze regel is niet te lezen. Staat er een aanhalingsteken (") te veel of te weinig?'
NO_NUMBER = "is geen getal."
UNNAMED_COLUMNS = (
    "Zet boven de kolommen hun naam: periode en waarde, en als u wilt gebied, voorlopig en "
    "toelichting."
)
UNNAMED = {1: ["value"], 2: ["period", "value"], 3: ["area", "period", "value"]}

# No thousands begin with a 0: "0.123" has a decimal point.
_DUTCH = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?|-?\d+(,\d+)?")
_POINT = re.compile(r"-?\d+\.\d+")
_EITHER = re.compile(r"-?[1-9]\d{0,2}\.\d{3}%?")


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement as it was read; `period` is a code, without a value it is not available.

    `provisional` is None if the table does not say it: then the mark that there is stays.
    `unsure` is the number as it was written, if it could also have been read otherwise.
    """

    line: int
    area: str
    period: str
    value: Decimal | None
    provisional: bool | None = None
    note: str = ""
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What writing a row would do: `before` is the measurement that there is, or None.

    `decimals` is how precisely pages write the figure, `unit` what it is counted in.
    """

    row: Row
    before: Measurement | None
    decimals: int
    unit: str

    @property
    def was(self):
        """The value that there is, as a reader writes it."""
        return written(self.before.value) if self.before else "nieuw"

    @property
    def becomes(self):
        """The value of the row, as a reader writes it."""
        return written(self.row.value)

    @property
    def rounded(self):
        """The value as pages round it; empty if they write it as it is."""
        value = self.row.value
        if value is None or value == round(value, self.decimals):
            return ""
        return written(value, self.decimals)

    @property
    def provisional(self):
        """Whether the measurement will be provisional."""
        if self.row.provisional is not None:
            return self.row.provisional
        return self.before is not None and self.before.provisional

    @property
    def note(self):
        """The note that the measurement will have."""
        return self.row.note or (self.before.note if self.before else "")

    @property
    def mark_shown(self):
        """Whether it is provisional, with what it was if that is different: "ja → nee"."""
        was = self.before.provisional if self.before else self.provisional
        return _from_to(_yes_or_no(was), _yes_or_no(self.provisional))

    @property
    def note_shown(self):
        """The note if it is new, with the one that it replaces; empty if it stays as it is."""
        was = self.before.note if self.before else ""
        return "" if was == self.note else _from_to(was, self.note)

    @property
    def plain(self):
        """The value of the row with nothing in it but a decimal comma."""
        return format(self.row.value.normalize(), "f").replace(".", ",")

    @property
    def is_ahead(self):
        """Whether the period begins after today, so that nothing can have been measured yet."""
        return read_code(self.row.period).start > timezone.localdate()

    @property
    def is_no_share(self):
        """Whether it is a percentage below 0 or above 100: no part of a whole."""
        value = self.row.value
        return self.unit == "%" and value is not None and not 0 <= value <= 100

    @property
    def is_below_nought(self):
        """Whether it is a number, but no percentage, that is negative: nothing counts to that."""
        return self.unit != "%" and self.row.value is not None and self.row.value < 0

    @property
    def is_new(self):
        """Whether there is no measurement of this area and period yet."""
        return self.before is None

    @property
    def is_different(self):
        """Whether the measurement that there is says something else."""
        before = self.before
        return before is not None and (
            (before.value, before.provisional, before.note)
            != (self.row.value, self.provisional, self.note)
        )


class Unreadable(Exception):
    """A table that can't be read; `errors` are Dutch sentences that name the line."""

    def __init__(self, errors):
        super().__init__(" ".join(errors))
        self.errors = errors


def decoded(raw):
    """Return the text of a file as spreadsheets save it: UTF-8 or cp1252; ValueError if neither."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def read_number(text, *, grouped=True):
    """Return the Decimal that `text` writes as in Dutch (1.234,5) or with a point; None if missing.

    "1.234" can be either: with `grouped` it is 1234, and without it a point is a decimal point.
    Raises ValueError for anything else: what is wrong with the text, as the end of a sentence.
    """
    compact = _compact(text)
    if compact.casefold() in MISSING or text.strip().casefold() in MISSING:
        return None
    if not compact.isascii():
        raise ValueError(NO_NUMBER)
    if _DUTCH.fullmatch(compact) and (grouped or not _EITHER.fullmatch(compact)):
        compact = compact.replace(".", "").replace(",", ".")
    elif not _POINT.fullmatch(compact):
        raise ValueError(NO_NUMBER)
    number = Decimal(compact)
    if abs(number) >= LARGEST:
        raise ValueError(NO_NUMBER)
    kept = number.quantize(SMALLEST)
    if kept != number:
        raise ValueError("heeft meer dan vier cijfers achter de komma: rond het af.")
    return kept


def read_cell(text, *, grouped=True):
    """Return the number in a cell as `read_number` does; raise ValueError with a sentence."""
    try:
        return read_number(text, grouped=grouped)
    except ValueError as error:
        raise ValueError(f"“{text[:40]}” {error}") from None


def read_table(text, *, area=Measurement.HOME, first_period=None):
    """Return the Rows of a table; raise Unreadable.

    `area` is for rows that name none. A table of one column has values alone, of the periods from
    `first_period` (a Period) on; an empty line in it is a period that has no value. Where commas
    part the columns, as in this site's own files, a point is a decimal point.
    """
    delimiter = _delimiter(text, one_column=first_period is not None)
    names, lines = _named(rows_of(text, delimiter, empty_too=first_period is not None))
    if not names or "value" not in names or ("period" not in names and len(names) > 1):
        raise Unreadable([UNNAMED_COLUMNS])
    if "period" not in names:
        if first_period is None:
            raise Unreadable(["Vul bij één kolom met waarden de eerste periode in."])
        names = ["value", "period"]
        lines = list(_with_periods(lines, first_period))
    else:
        lines = [line for line in lines if any(line[1])]
    return collect(
        (
            number,
            lambda cells=cells, number=number: _row(
                number, cells, names, area, grouped=delimiter != ","
            ),
        )
        for number, cells in lines
    )


def collect(attempts):
    """Return the Rows that `attempts` give; raise Unreadable with all that is wrong.

    An attempt is (line number, function that gives a Row or raises ValueError with a sentence).
    """
    rows, errors, seen = [], [], {}
    for number, attempt in attempts:
        try:
            row = attempt()
        except ValueError as error:
            errors.append(f"Regel {number}: {error}")
            continue
        former = seen.setdefault((_plain(row.area), row.period), number)
        if former != number:
            errors.append(
                f"Regel {number}: {row.period} voor {row.area} staat ook op regel {former}."
            )
        rows.append(row)
    if errors:
        raise Unreadable(errors)
    if not rows:
        raise Unreadable(["Er staan geen cijfers in."])
    return rows


def compare(indicator, rows):
    """Return the Changes that writing `rows` to `indicator` would make, in their order.

    An area of which only the capitals or spaces differ is spelled as `indicator` has it already.
    """
    present = {(one.area, one.period): one for one in indicator.measurements.all()}
    rows = _respelled(rows, dict.fromkeys(area for area, _period in present))
    return [
        Change(row, present.get((row.area, row.period)), indicator.decimals, indicator.unit)
        for row in rows
    ]


def write(indicator, rows):
    """Write `rows` to `indicator`; what a row does not give, stays. Call it inside `save_draft`."""
    for change in compare(indicator, rows):
        if change.is_new or change.is_different:
            measurement = change.before or Measurement(
                indicator=indicator, area=change.row.area, period=change.row.period
            )
            measurement.value = change.row.value
            measurement.provisional = change.provisional
            measurement.note = change.note
            measurement.full_clean(exclude=["indicator"])
            measurement.save()


def rows_of(text, delimiter, *, empty_too=False):
    """Return (line number, cells) of each line of CSV with anything in it; raise Unreadable.

    The number is that of its first line: there may be line breaks between quotes in a cell. With
    `empty_too` also of the empty lines before the last one with anything in it.
    """
    if len(text) > MAX_LENGTH:
        raise Unreadable(["Dit is te veel in één keer. Knip het in delen."])
    # Strict: a quote that is not closed would take the lines below it along, into one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found, first = [], 1
    try:
        for cells in reader:
            found.append((first, [cell.strip() for cell in cells]))
            first = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable([f"Regel {first}: {BROKEN}"]) from error
    last = max((place for place, line in enumerate(found, 1) if any(line[1])), default=0)
    found = [line for line in found[:last] if empty_too or any(line[1])]
    if not found:
        raise Unreadable(["Er staan geen cijfers in."])
    if len(found) > MAX_ROWS:
        raise Unreadable([f"Dit zijn er te veel in één keer: hooguit {MAX_ROWS} regels."])
    return found


def _respelled(rows, areas):
    """Return `rows` with each area as one of `areas` is spelled, or else in the first row."""
    spelled = {}
    for area in [*areas, Measurement.HOME, *(row.area for row in rows)]:
        spelled.setdefault(_plain(area), area)
    return [
        row if row.area in areas else replace(row, area=spelled[_plain(row.area)]) for row in rows
    ]


def _plain(area):
    return " ".join(area.split()).casefold()


def _delimiter(text, *, one_column):
    """Return what parts the columns; in one column of numbers a comma is a decimal comma."""
    lines = text.strip().splitlines() or [""]
    if one_column and all(_is_one_number(line.strip()) for line in lines):
        return "\t"
    return next((one for one in "\t;," if one in lines[0]), "\t")


def _is_one_number(text):
    return text.casefold() in MISSING or _DUTCH.fullmatch(_compact(text))


def _compact(text):
    """Return a number without the spaces, also those that hold a line together, and its "%"."""
    return re.sub(r"\s", "", text).removesuffix("%")


def _named(lines):
    """Return the names of the columns, None if they can't be told, and the lines with values."""
    first = next(place for place, (_number, cells) in enumerate(lines) if any(cells))
    names = _names(lines[first][1])
    if names:
        return names, lines[first + 1 :]
    return UNNAMED.get(len(lines[first][1])), lines


def _names(cells):
    written_as = [cell.casefold() for cell in cells]
    names = [COLUMNS.get(cell, "") for cell in written_as]
    for name in filter(None, names):
        same = [one for one, meant in zip(written_as, names, strict=True) if meant == name]
        words = list(dict.fromkeys(same))
        if len(words) > 1:
            told = " en ".join(f"“{word}”" for word in words)
            raise Unreadable([f"{told} betekenen hier hetzelfde. Kies er één."])
        if len(same) > 1:
            raise Unreadable([f"De kolom “{words[0]}” staat er meer dan één keer. Kies er één."])
    return names if any(names) else None


def _with_periods(lines, period):
    for number, cells in lines:
        yield number, [cells[0] if cells else "", period.code]
        period = _next(period)


def _next(period):
    if period.number * period.months < 12:
        return Period(period.year, period.months, period.number + 1)
    return Period(period.year + 1, period.months)


def _row(number, cells, names, area, *, grouped):
    pairs = zip(names, cells, strict=False)
    values = {name: " ".join(cell.split()) for name, cell in pairs if name}
    if "period" not in values or "value" not in values:
        raise ValueError("er ontbreekt een kolom.")
    try:
        period = read_written(values["period"])
    except ValueError:
        raise ValueError(f"“{values['period'][:40]}” is geen periode.") from None
    value = read_cell(values["value"], grouped=grouped)
    provisional = _read_mark(values.get("provisional"))
    place = values.get("area") or area
    note = values.get("note", "")
    if len(place) > 80 or len(note) > 200:
        raise ValueError("het gebied of de toelichting is te lang.")
    unsure = values["value"] if _EITHER.fullmatch(values["value"]) else ""
    return Row(number, place, period.code, value, provisional, note, unsure)


def _read_mark(text):
    """Return whether a cell marks its value as provisional; None without a cell."""
    if text is None:
        return None
    if text.casefold() not in YES | NO:
        raise ValueError("schrijf in de kolom “voorlopig” ja of nee.")
    return text.casefold() in YES


def _from_to(was, becomes):
    return f"{was} → {becomes}" if was and was != becomes else becomes


def _yes_or_no(value):
    return "ja" if value else "nee"
