"""Filters of collections: what they are called, which values they take, and what they leave.

Values of one filter are alternatives; filters narrow each other, as on the pages.
"""

from collections.abc import Callable
from dataclasses import dataclass

from veiligalmere.pages.api.answers import Problem

SHOWN = 60  # characters of what was asked that an answer repeats


@dataclass(frozen=True)
class Filter:
    """A filter: `apply` gets a selection and the values that `read` made of the text asked for."""

    name: str
    description: str
    apply: Callable

    def read(self, texts):
        """Return the values that `texts` stand for; raise Problem 400 on one that is unknown."""
        raise NotImplementedError

    @property
    def schema(self):
        """The JSON schema of one value."""
        raise NotImplementedError


@dataclass(frozen=True)
class Named(Filter):
    """A filter by slug; `among` returns the public objects that there are to choose from."""

    among: Callable

    def read(self, texts):
        """Return the objects with these slugs."""
        return _known(self.name, texts, {one.slug: one for one in self.among()})

    @property
    def schema(self):
        """A slug."""
        return {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 100}


@dataclass(frozen=True)
class Chosen(Filter):
    """A filter by one of a fixed list: {value: label}."""

    choices: dict

    def read(self, texts):
        """Return the values themselves."""
        return _known(self.name, texts, {value: value for value in self.choices})

    @property
    def schema(self):
        """One of the list."""
        return {"type": "string", "enum": list(self.choices)}


@dataclass(frozen=True)
class Numbered(Filter):
    """A filter by a whole number between two others, both included."""

    low: int
    high: int

    def read(self, texts):
        """Return the numbers."""
        return [whole_number(self.name, text, self.low, self.high) for text in texts]

    @property
    def schema(self):
        """A number within the bounds."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


def whole_number(name, text, low, high):
    """Return `text` as an int between `low` and `high`; raise Problem 400 if it is none."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(high)):
        number = int(text)
        if low <= number <= high:
            return number
    raise Problem(400, f"“{name}” is een getal van {low} tot en met {high}.")


def _known(name, texts, choices):
    unknown = next((text for text in texts if text not in choices), None)
    if unknown is not None:
        raise Problem(
            400,
            f"“{name}” kent de waarde “{unknown[:SHOWN]}” niet. Kies uit: {', '.join(choices)}.",
        )
    return [choices[text] for text in texts]
