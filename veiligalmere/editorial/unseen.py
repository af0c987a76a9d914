"""Characters that nobody sees, which come along with what is pasted from a PDF or from Word."""

import unicodedata

from veiligalmere.editorial.xml_text import for_xml

UNSEEN = {"Cc", "Cf"}  # controls, and signs such as the soft hyphen and the space without a width


def without_unseen(text):
    """Return `text` without characters that nobody sees; spaces and line ends stay.

    For what is read as a number, a name or a date. A text for people needs some: a soft hyphen
    tells where a word may break, and the parts of an emoji are joined by one.
    """
    return "".join(filter(_is_seen, for_xml(text)))


def is_blank(text):
    """Whether a reader sees nothing in `text`."""
    return not any(_is_seen(one) and not one.isspace() for one in text)


def _is_seen(character):
    return character.isspace() or unicodedata.category(character) not in UNSEEN
