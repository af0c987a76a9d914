"""Dates as the site writes them, "1 maart 2021", read in forms too."""

import re

from django import forms

MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus"),
    *("september", "oktober", "november", "december"),
)
# Their first three letters, but for maart.
SHORT = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
IN_WORDS = re.compile(r"(?P<day>\d{1,2})\s+(?P<month>[a-z]+)\.?\s+(?P<year>\d{4})", re.IGNORECASE)
NUMBERS = {name: number for names in (MONTHS, SHORT) for number, name in enumerate(names, 1)}


class DateField(forms.DateField):
    """A date in figures, as Django reads them in Dutch, or with the name of the month.

    Django's own leaves the names to the system, which speaks English.
    """

    default_error_messages = {
        "invalid": "Voer een datum in, bijvoorbeeld 1 maart 2021 of 1-3-2021.",
    }

    def to_python(self, value):
        """Return the date, or None if there is none; raise ValidationError for anything else."""
        return super().to_python(_in_figures(value) if isinstance(value, str) else value)


def _in_figures(text):
    """Return a date in words as "2021-3-1"; anything else as it is."""
    found = IN_WORDS.fullmatch(text.strip())
    number = NUMBERS.get(found["month"].lower()) if found else None
    return f"{found['year']}-{number}-{found['day']}" if number else text
