"""What a word is to who looks for it: its folded form, and which words are looked for at all."""

import re
import unicodedata

MAX_WORD_LENGTH = 60  # characters; what is longer is no word, and would only cost time

# Words that stand on nearly every page and say nothing about it.
STOP_WORDS = frozenset(
    """
    aan al als bij binnen d dan dat de der des deze die dit door dus een en er ge had heb
    hebben heeft hem het hier hij hoe hun ik in is ja je kan kunnen maar me mee men met mij
    mijn mogen na naar nee niet nog nu of om omdat onder ons onze ook op over s t te tegen ten ter
    tot u uit uw van veel voor wat we wel welke wie wij word worden wordt zal ze zich zij zijn zo
    zonder zou zullen waar waarom wanneer was waren moet moeten kun mag doe doet doen ben bent
    hoeveel hoelang waarmee waardoor waarvoor iemand iets ga gaan gaat gedaan kom komen komt krijg
    krijgen krijgt maak maakt maken vind vinden vindt weet weten wil willen
    a the and for to
    """.split()  # noqa: SIM905 -- a hundred quoted words are hard to read
)

# Who acts, in a question such as “wat doet de gemeente aan inbraak?”: it says something only alone.
WHO_ACTS = frozenset({"gemeente"})
# Where: all pages are about it, though not each names it.
CITY = frozenset({"almere"})

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
