"""What a page gives to the search."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """Plain text in fields of different weight.

    `kind` is the key of its kind, `names` are other names and labels, `themes` are slugs, `weight`
    multiplies its score. `body` is UTF-8: one “’” makes Python keep a whole text at two bytes a
    character, and the bodies are most of what an index keeps.
    """

    kind: str
    url: str
    title: str
    body: bytes = b""
    lead: str = ""
    names: str = ""
    themes: tuple = ()
    year: int | None = None
    weight: float = 1.0

    @property
    def text(self):
        """The body as text."""
        return self.body.decode()
