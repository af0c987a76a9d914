"""What a page gives to the search."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """Plain text in fields of different weight.

    `kind` is the key of its kind, `names` are other names and labels, `themes` are slugs, `weight`
    multiplies its score.
    """

    kind: str
    url: str
    title: str
    body: str = ""
    lead: str = ""
    names: str = ""
    themes: tuple = ()
    year: int | None = None
    weight: float = 1.0
