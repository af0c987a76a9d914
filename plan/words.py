"""Folding of text, so that both databases find the same words."""

import unicodedata


def fold(text):
    """Return `text` in lower case without accents, quotes made plain, NUL characters dropped.

    SQLite's case-insensitive comparison knows ASCII only and the two databases differ in how they
    treat accents; comparing folded text makes them agree.
    """
    text = text.replace("\x00", " ").replace("’", "'").replace("‘", "'")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
