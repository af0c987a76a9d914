"""What a page gives to the search."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """Plain text in fields of different weight.

    `kind` is the key of its kind, `names` are other names and labels, `themes` are slugs, `weight`
    multiplies its score. `whole`: whether its body tells a little of everything, so that words
    stand in it that have nothing to do with each other. `about` stands in excerpts only, before the
    body: nobody finds the page by it. `body` is UTF-8: one “’” makes Python keep a whole text at
    two bytes a character, and the bodies are most of what an index keeps.
    """

    kind: str
    url: str
    title: str
    body: bytes = b""
    lead: str = ""
    about: str = ""
    names: str = ""
    themes: tuple = ()
    year: int | None = None
    weight: float = 1.0
    whole: bool = False

    @property
    def text(self):
        """The body as text."""
        return self.body.decode()

    @property
    def told(self):
        """All that an excerpt is taken from."""
        return f"{self.lead}\n{self.about}\n{self.text}"
