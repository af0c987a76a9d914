"""Words of Dutch text: how they are found, folded and brought back to their stem."""

import re
from functools import lru_cache
from itertools import chain
from threading import local

from Stemmer import Stemmer

from themes.words import MAX_WORD_LENGTH, fold

# A word may hold brackets, as in "(vuur)wapens" and "Straatwaarde(n)", and an apostrophe.
WORD = re.compile(
    r"(?:\([^\W_]+\))?[^\W_]+(?:(?:\([^\W_]+\)|['’])[^\W_]+)*(?:\([^\W_]+\))?", re.UNICODE
)
_AROUND = ".,:;?!'\"‘’“”"
_BRACKETED = re.compile(r"\([^)]*\)")
_ENDING = re.compile(r"'(?:s|en|er|je|tje|ing)?$")
_DOUBLE_VOWEL = re.compile(r"([aeou])\1")
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_MARKS = b"*_`\\|"
_LINE_MARKS = re.compile(
    r"\n[ \t]*(?:(?:#{1,6}|[-*+>]|\d{1,3}[.)])[ \t]+"  # heading, list item, quotation
    r"|(?=\|?[ \t]*:?-)\|?[ \t:|-]{3,}(?=\n|\Z))"  # the line under a table's head
)

_of_thread = local()


def stem(word):
    """Return the stem of a folded word, double vowels made single.

    "inbraak" and "inbraken" both give "inbrak", which "radicaal" (radical) shares with
    "radicalisering" (radicaliser).
    """
    return single_vowels(_stemmer().stemWord(word))


def stems(words):
    """Return the stem of each of `words`, a list; it takes far less time than one by one."""
    return single_vowels("\n".join(_stemmer().stemWords(words))).split("\n")


def _stemmer():
    """Return Snowball's stemmer `dutch`, which threads may not share."""
    if not hasattr(_of_thread, "stemmer"):
        _of_thread.stemmer = Stemmer("dutch", 0)
    return _of_thread.stemmer


def single_vowels(text):
    """Return `text` with each vowel that stands twice made single."""
    return _DOUBLE_VOWEL.sub(r"\1", text)


def plain(markdown):
    """Return markdown as plain text, its words and line ends kept."""
    # Ten thousand texts pass here: what begins with one letter is looked for quickest, and letters
    # are left out quickest in UTF-8.
    text = _LINE_MARKS.sub("\n", "\n" + markdown)[1:]
    if "[" in text:
        text = _LINK.sub(r"\1", text.replace("![", "["))
    return text.encode().translate(None, delete=_MARKS).decode()


def forms(token):
    """Return the folded words that a token of a text stands for, the fullest first.

    "(vuur)wapens" is "vuurwapens" as well as "wapens"; "thema's" is "thema". What is too long for
    a word gives none.
    """
    if len(token) > MAX_WORD_LENGTH:
        return ()
    if token.isascii() and token.isalnum():
        return (token.lower(),)
    folded = fold(token)
    if "(" in folded:
        whole, without = folded.replace("(", "").replace(")", ""), _BRACKETED.sub("", folded)
        return tuple(dict.fromkeys(_bare(word) for word in (whole, without)))
    return (_bare(folded),)


def words(text):
    """Return the folded words of a text, iterable in its order, a bracketed one in both forms."""
    return chain.from_iterable(map(_remembered, text.split()))


def words_of_chunk(chunk):
    """Return the folded words of what stands between two spaces, as a tuple."""
    inside = chunk.strip(_AROUND)
    if inside.isascii() and inside.isalnum():  # as most are: that is quicker than to look for them
        return forms(inside)
    return tuple(chain.from_iterable(map(forms, WORD.findall(chunk))))


_remembered = lru_cache(maxsize=50_000)(words_of_chunk)  # texts repeat them


def query_words(text):
    """Return the folded words of what a visitor typed, each once, in its order."""
    found = (forms(token)[:1] for token in WORD.findall(text))
    return list(dict.fromkeys(word for word in chain.from_iterable(found) if word))


def quoted(found):
    """Return words as a sentence of ours names them, or "" if there are none."""
    return ", ".join(f"“{word}”" for word in found)


def _bare(word):
    return _ENDING.sub("", word).replace("'", "")
