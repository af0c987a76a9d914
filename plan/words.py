"""Folding of text, so that both databases find the same words."""

import re
import unicodedata

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def fold(text):
    """Return `text` in lower case without accents, quotes made plain, NUL characters dropped.

    SQLite's case-insensitive comparison knows ASCII only and the two databases differ in how they
    treat accents; comparing folded text makes them agree.
    """
    text = text.replace("\x00", " ").replace("’", "'").replace("‘", "'").casefold()
    # Letter by letter is slow, and nearly all of a Dutch text needs none of it.
    return _BEYOND_ASCII.sub(_without_accents, text)


def _without_accents(match):
    decomposed = unicodedata.normalize("NFKD", match.group())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
