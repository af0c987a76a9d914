"""Periods that figures are about: a year, half-year, quarter or month.

Kept as a short code that sorts well within one kind: "2020", "2020-H1", "2020-K3", "2020-06".
"""

import re
from dataclasses import dataclass
from datetime import date

from veiligalmere.editorial.dates import MONTHS, NUMBERS, SHORT

ORDINALS = ("eerste", "tweede", "derde", "vierde")
CODE = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|K(?P<quarter>[1-4])|(?P<month>\d{2})))?")
# CBS StatLine: 2020JJ00 is a year, 2020HJ01 a half-year, 2020KW01 a quarter, 2020MM06 a month.
STATLINE = re.compile(r"(\d{4})(JJ|HJ|KW|MM)(\d{2})")
IN_WORDS = re.compile(
    r"(?:(?P<digit>[1-4])(?:e|ste|de)?|(?P<word>eerste|tweede|derde|vierde)) "
    r"(?P<kind>kwartaal|halfjaar)(?: van)? (?P<year>\d{4})"
)
WRITTEN = (
    (re.compile(r"(\d{4})[-/ ]?[hH](\d)"), "H"),
    (re.compile(r"(\d{4})[-/ ]?[kKqQ](\d)"), "K"),
    (re.compile(r"(\d{4})[-/ ](\d{1,2})"), ""),
)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time: its year and, for a part of it, how many months and which of those."""

    year: int
    months: int = 12
    number: int = 1

    @property
    def code(self):
        """The code under which it is kept."""
        letter = {12: "", 6: f"-H{self.number}", 3: f"-K{self.number}", 1: f"-{self.number:02d}"}
        return f"{self.year}{letter[self.months]}"

    @property
    def start(self):
        """Its first day."""
        return date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def middle(self):
        """The moment in its middle, in years."""
        return self.year + (self.number - 0.5) * self.months / 12

    @property
    def label(self):
        """What a visitor reads: "2020", "eerste halfjaar van 2020", "juni 2020"."""
        if self.months == 12:
            return str(self.year)
        if self.months == 1:
            return f"{MONTHS[self.number - 1]} {self.year}"
        part = ORDINALS[self.number - 1]
        return f"{part} {'halfjaar' if self.months == 6 else 'kwartaal'} van {self.year}"

    @property
    def in_words(self):
        """The same within a sentence: "in 2020", "in het eerste kwartaal van 2020"."""
        return f"in {self.label}" if self.months in {1, 12} else f"in het {self.label}"

    @property
    def short(self):
        """The same for an axis: "2020", "2020 H1", "2020 K3", "jun 2020"."""
        if self.months == 1:
            return f"{SHORT[self.number - 1]} {self.year}"
        return self.code.replace("-", " ")


def read_code(code):
    """Return the Period of a code as it is kept; raise ValueError if it is none."""
    found = CODE.fullmatch(code)
    if not found or not code.isascii():
        raise ValueError(code)
    for name, months, most in (("half", 6, 2), ("quarter", 3, 4), ("month", 1, 12)):
        if found[name]:
            number = int(found[name])
            if not 1 <= number <= most:
                raise ValueError(code)
            return Period(_year(found["year"]), months, number)
    return Period(_year(found["year"]))


def read_statline(code):
    """Return the Period of a CBS StatLine code such as 2020KW01; raise ValueError if it is none."""
    found = STATLINE.fullmatch(code.strip())
    if not found:
        raise ValueError(code)
    year, kind, number = found.groups()
    months = {"JJ": 12, "HJ": 6, "KW": 3, "MM": 1}[kind]
    number = int(number) if months < 12 else 1
    if not 1 <= number <= 12 // months:
        raise ValueError(code)
    return Period(_year(year), months, number)


def read_written(text):
    """Return the Period that a person wrote; raise ValueError if it can't be told.

    "2020", "2020-H1", "2020 k3", "2020Q3", "Q3 2020", "2020-06", "juni 2020", "2020 juni",
    "1e kwartaal 2020", "2020 1e kwartaal", "eerste halfjaar van 2020" and StatLine's codes.
    """
    text = " ".join(text.split())
    if STATLINE.fullmatch(text):
        return read_statline(text)
    year_first = re.sub(r"^([hkqHKQ]\d) (\d{4})$", r"\2 \1", text)
    for pattern, letter in WRITTEN:
        found = pattern.fullmatch(year_first)
        if found:
            number = found[2] if letter else found[2].zfill(2)
            return read_code(f"{found[1]}-{letter}{number}")
    year_last = re.sub(r"^(\d{4}) (.+)$", r"\2 \1", text.casefold())
    found = IN_WORDS.fullmatch(year_last)
    if found:
        letter = "K" if found["kind"] == "kwartaal" else "H"
        number = found["digit"] or ORDINALS.index(found["word"]) + 1
        return read_code(f"{found['year']}-{letter}{number}")
    month, _space, year = year_last.partition(" ")
    if number := NUMBERS.get(month.rstrip(".")):
        return read_code(f"{year}-{number:02d}")
    return read_code(text)


def _year(text):
    year = int(text)
    if not 1900 <= year <= 2100:
        raise ValueError(text)
    return year
