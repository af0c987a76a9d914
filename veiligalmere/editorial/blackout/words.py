"""Words in a text, however markdown writes them, and the mark that takes their place."""

import re
import unicodedata
from html.entities import html5

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from veiligalmere.editorial.xml_text import for_xml

MARK = "█████"  # of one length, whatever stood there
SHORTEST = 3  # characters; less would take away half of every text

# No letter and no digit: for Python, but not for a reader, the underscores of _Jansen_ are both.
BEFORE, AFTER = r"(?<![^\W_])", r"(?![^\W_])"
# What can stand between two characters of a word and is not read: marks, and characters without a
# width, such as the soft hyphens of a text from Word.
WITHOUT_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# And those that are no longer saved, as XML can't hold them, but stand in older texts: a PDF has
# some in a broken word. Not the ones that end a line or are a hyphen, nor that of BETWEEN_TEXTS.
NO_LONGER_SAVED = r"\x01-\x08\x0e-\x1d\x1f\ufffe\uffff"
UNSEEN = rf"[*_`\\{WITHOUT_WIDTH}{NO_LONGER_SAVED}]"
# What can stand between two words: spaces, marks, the two ends of a link, the start of a line of a
# quotation. Bounded, so that no text takes long.
ADDRESS = r"(?:[^()\n]|\([^()\n]{0,100}\)){0,500}+"
LINK_END = rf"\](?:\({ADDRESS}\)|\[[^\[\]\n]{{0,100}}\])?"
# Python takes the signs from \x1c to \x1f for spaces; what is unseen too would take for ever.
SEPARATE = rf"[^\S\x1c-\x1f]|>|\[|{LINK_END}"
SPACES = " \t\n\u00a0\u2002\u2003\u2009"
MARKUP = re.compile(rf"\\.|\*+|_+|`+|\[|{LINK_END}", re.DOTALL)
# What no find goes over: the first can't stand in one or between words, and the second not in the
# two ends of a link, where the first can.
BETWEEN_TEXTS = "\0\n"
# {character: the names by which markdown and HTML write it}.
ENTITIES = {}
for _name, _characters in html5.items():
    if _name.endswith(";"):
        ENTITIES.setdefault(_characters, []).append(_name)
# Characters that people take for one and the same.
SAME = ("'’‘`\u00b4", "-–—\u2010\u2011\x1e", '"“”„')


class Words:
    """Phrases to look for: whole words, in upper or lower case, with or without markdown in them.

    `phrases` is a list of str. Raises ValidationError, in Dutch, if there is none or one is too
    short.
    """

    def __init__(self, phrases):
        phrases = sorted({*map(_as_read, phrases)} - {""}, key=len, reverse=True)
        if not phrases or min(map(len, phrases)) < SHORTEST:
            raise ValidationError(
                f"Vul woorden van ten minste {SHORTEST} tekens in, elk op een regel."
            )
        self._in_plain_text = _any_of(_pattern(phrase, _plain) for phrase in phrases)
        self._in_text = _any_of(_pattern(phrase, _plain_or_entity) for phrase in phrases)
        slugs = filter(None, (slugify(phrase) for phrase in phrases))
        self._in_address = _any_of("[-_/.]+".join(slug.split("-")) for slug in slugs)

    def without(self, value):
        """Return `value` without the words: a text, or lists and dicts of texts."""
        if isinstance(value, str):
            return self._pattern_for(value).sub(self._black, value)
        if isinstance(value, list):
            return [self.without(one) for one in value]
        if isinstance(value, dict):
            return {key: self.without(one) for key, one in value.items()}
        return value

    def are_in(self, value):
        """Return whether a text in `value`, as for `without`, has the words: one look at all."""
        together = BETWEEN_TEXTS.join(_texts_in(value))
        return bool(self._pattern_for(together).search(together))

    def are_in_address(self, address):
        """Return whether `address` (a path or a slug) has the words, as a slug writes them."""
        return bool(self._in_address.search(address))

    def _pattern_for(self, text):
        # Entities make the search several times as long, and few texts have any.
        return self._in_text if "&" in text else self._in_plain_text

    def _black(self, match):
        """Return the mark, with the markup that begins or ends inside `match` around it."""
        opened, closed = [], []
        for one in MARKUP.finditer(match[0]):
            mark = one[0]
            opener = "[" if mark.startswith("]") else mark
            if mark.startswith("\\"):
                continue
            if opener in opened:
                opened.remove(opener)
            elif _opens(one, match):
                opened.append(mark)
            else:
                closed.append(self.without(mark))
        return "".join([*opened, MARK, *closed])


def _texts_in(value):
    """Return the texts in `value` as a list, in no order."""
    found, left = [], [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, list):
            left += one
        elif isinstance(one, dict):
            left += one.values()
    return found


def _as_read(phrase):
    """Return `phrase` with one space between words, and nothing in it that is not seen."""
    seen = for_xml(phrase).translate(dict.fromkeys(map(ord, WITHOUT_WIDTH)))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _opens(mark, match):
    """Whether `mark`, found in a text that was found, begins emphasis, code or a link."""
    before, after = match[0][: mark.start()], match[0][mark.end() :]
    if mark[0].startswith("["):
        return True
    if before[-1:].isalnum() and after[:1].isalnum():
        return not match.string[: match.start()].endswith(mark[0])
    return before.rstrip("*_`[")[-1:].isspace()


def _any_of(patterns):
    found = "|".join(patterns)
    # With nothing to look for, an expression that finds nothing.
    return re.compile(rf"{BEFORE}(?:{found}){AFTER}" if found else r"(?!)", re.IGNORECASE)


def _pattern(phrase, written):
    """Return the pattern of `phrase`; `written` gives that of a character, as markdown has it."""
    unseen = "|".join([UNSEEN, *filter(None, (written(one, "") for one in WITHOUT_WIDTH))])
    spaces = "|".join([SEPARATE, *filter(None, (written(one, "") for one in SPACES))])
    words = (
        f"(?:{unseen})*".join(_character(one, written) for one in word) for word in phrase.split()
    )
    return f"(?:{spaces}|{unseen})+".join(words)


def _character(one, written):
    alike = next((group for group in SAME if one in group), one)
    ways = dict.fromkeys([*alike, unicodedata.normalize("NFD", one)])
    found = [written(way, re.escape(way)) for way in ways]
    return f"(?:{'|'.join(found)})" if len(found) > 1 else found[0]


def _plain(character, itself):
    return itself


def _plain_or_entity(character, itself):
    """Return `itself`, or the character as an entity: `&eacute;`, `&#233;` or `&#xe9;`."""
    ways = [itself] if itself else []
    ways += [f"&{name}" for name in ENTITIES.get(character, ())]
    if len(character) == 1:
        for code in {ord(one) for one in (character, *character.lower(), *character.upper())}:
            ways += [f"&#0*{code};", f"&#x0*{code:x};"]
    return f"(?:{'|'.join(ways)})"
