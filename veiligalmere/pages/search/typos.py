"""Words that a visitor may have meant by one that is not in any text."""

from collections import defaultdict
from functools import reduce
from operator import add, or_

from themes.words import STOP_WORDS
from veiligalmere.pages.search.words import single_vowels, stem

SHORTEST = 4  # letters; a shorter word resembles too many others, unless its last letter lacks
LONG = 8  # from this length on, two mistakes are forgiven
SHORTEST_PART, LONGEST_COMPOUND = 4, 40
SHORTEST_END = 3  # letters that a compound has after the word that it begins with
SURE = 5  # letters of a word that is found and may still be mistyped
ENDING = 2  # letters by which words that are inflected differ
# First letters that sound alike, of which the one is written for the other: "kamera", "sijfers".
ALIKE = frozenset(map(frozenset, ("ck", "cs", "fv", "iy", "sz")))
ALIKE_IN_LONG = ALIKE | {frozenset("vw")}  # "vissen" and "wissen" are two words

# What makes another word of one: who looks for "radicaal" means "radicalisering".
DERIVING = ("isering", "iseren", "isatie", "atie", "iteit")


class Speller:
    """Knows the words of the index; `frequency` is in how many documents each stands.

    It knows the parts of compounds as well: a text may have "cameratoezicht" alone. One vowel or
    two is no mistake to it: "brandwer" is "brandweer".
    """

    def __init__(self, frequency):
        self._frequency = frequency
        meant = {}
        for part, word, instead in _parts(frequency):
            if part not in frequency:
                meant[part] = max(meant.get(part, (0, "")), (frequency[word], instead))
        known = [
            (word, 0, times, word)
            for word, times in frequency.items()
            if not word.isdigit() and len(word) >= SHORTEST - 1
        ]
        known += [(part, 1, *offered) for part, offered in meant.items()]
        bare = single_vowels("\n".join(one[0] for one in known)).split("\n")
        self._known = defaultdict(list)
        for one, entry in zip(bare, known, strict=True):
            self._known[len(one)].append((_letters(one), one, *entry))

    def resembling(self, word):
        """Return the known word that `word` most resembles as a tuple, or () if there is none.

        One mistake is forgiven in a word of four letters or more, two in one of eight or more.
        A mistake is a letter too many, too few or wrong, or two that changed places. Hardly anyone
        mistypes a first letter, and a wrong one in a short word makes another word of it: who
        looks for "vissen" or "rook" means no "wissen" or "roof".
        """
        if word.isdigit() or len(word) < SHORTEST - 1:
            return ()
        tries = [(word, 1), (word, 2)] if len(word) >= LONG else [(word, 1)]
        its_stem = stem(word)  # "ibraken" is "inbraak", where no text has "inbraken"
        if its_stem != word and len(its_stem) >= SURE:
            tries.append((its_stem, 1))
        for form, allowed in tries:
            found = self._resembling(form, allowed)
            # What loses more than an ending is another word: "bevel" is no "beveiliging".
            found = [one for one in found if len(one[-1]) >= len(word) - ENDING]
            if found:
                return (min(found)[-1],)
        return ()

    def rather(self, word, matched):
        """Return the word that was meant by `word`, which is not known but matched some, or ().

        Only what can be no other form of the word: "ondermijing", and not "criminele".
        """
        if len(word) < SURE or word in self._frequency or word.isdigit() or not matched:
            return ()
        meant = min(self._resembling(word, 1), default=("",))[-1]
        if (
            not meant
            or distance(word, meant) != 1
            or word[-ENDING:] != meant[-ENDING:]
            or not any(meant in one for one in matched)
        ):
            return ()
        return (meant,)

    def parts(self, word, begins):
        """Return the two words that the compound `word` is made of, or ().

        "jeugdgeweld" is "jeugd" and "geweld"; an s may join them, as in "veiligheidsplan". The
        second is a known word; `begins` tells of the first whether it is one or begins one.
        """
        splits = []
        for end in range(SHORTEST_PART, min(len(word), LONGEST_COMPOUND) - SHORTEST_PART + 1):
            first, second = word[:end], word[end:]
            if second in self._frequency:
                splits += [
                    (self._frequency[second], len(one), one, second)
                    for one in (first, first.removesuffix("s"))
                    if len(one) >= SHORTEST_PART
                ]
        best_first = sorted(splits, reverse=True)
        return next((split[2:] for split in best_first if begins(split[2])), ())

    def head(self, word):
        """Return the known word that the compound `word` ends in as a tuple, or ().

        In Dutch that says what it is: "parkeeroverlast" is "overlast".
        """
        if len(word) > LONGEST_COMPOUND:
            return ()
        ends = range(SHORTEST_PART - 1, len(word) - SURE + 1)
        return next(((word[end:],) for end in ends if word[end:] in self._frequency), ())

    def beginning(self, word):
        """Return the longest known word that the compound `word` begins with as a tuple, or ().

        That says what it is about: "drugshandel" is about "drugs". An s that joins the two falls
        off by itself; of what is left over too little for a word, it is no compound.
        """
        if len(word) > LONGEST_COMPOUND:
            return ()
        ends = range(len(word) - SHORTEST_END, SURE - 1, -1)
        known = (word[:end] for end in ends if word[:end] in self._frequency)
        return next(((one,) for one in known if one not in STOP_WORDS), ())

    def _resembling(self, word, allowed):
        """Return (… the less the better …, word to offer) of what has so many mistakes less."""
        bare, found = single_vowels(word), []
        letters, pairs = _letters(bare), _pairs(bare)
        for length in range(len(bare) - allowed, len(bare) + allowed + 1):
            # Most are told apart by their letters, and most of the rest by pairs of those.
            near = [
                one
                for one in self._known.get(length, ())
                if (one[0] ^ letters).bit_count() <= 2 * allowed
            ]
            for _letters_of, candidate, other, is_part, times, instead in near:
                if len(pairs & _pairs(candidate)) < len(pairs) - 3 * allowed:
                    continue
                if len(word) < SHORTEST and other[:-1] != word:
                    continue
                if not _may_begin(bare, candidate, allowed):
                    continue
                mistakes = distance(bare, candidate)
                if mistakes <= allowed and not _is_another_word(word, other):
                    found.append((mistakes, is_part, distance(word, other), -times, instead))
        return found


def _may_begin(word, other, allowed):
    """Return whether `word`, with so many mistakes, may be `other` by what they begin with."""
    alike = ALIKE_IN_LONG if len(word) >= LONG else ALIKE
    if word[0] == other[0] or frozenset((word[0], other[0])) in alike:
        return True
    # A single mistake may be that the first letter lacks, is one too many or changed places.
    return allowed == 1 and (word[0] == other[1:2] or word[1:2] == other[0])


def _is_another_word(word, other):
    """Return whether `word` is short, and `other` not that word with a letter more, less or moved.

    One wrong letter makes another word of a short one.
    """
    if len(word) >= SURE:
        return False
    has_wrong_letter = len(word) == len(other) and sorted(word) != sorted(other)
    return has_wrong_letter or distance(word, other) > 1


def distance(one, other):
    """Return how many mistakes lie between two words (optimal string alignment)."""
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, other_letter in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _parts(known):
    """Yield (part, word, word to offer) for each part of a compound `word` beside a known one."""
    for word in known:
        ends = range(SHORTEST_PART, min(len(word), LONGEST_COMPOUND) - SHORTEST_PART + 1)
        for end in ends:
            if word[end:] in known:
                first = word[:end]
                yield first, word, first
                if first[-1] == "s" and end > SHORTEST_PART:
                    yield first[:-1], word, first[:-1]
            elif word[:end] in known:
                yield word[end:], word, word[end:]
        if word.endswith(DERIVING):
            parts = (word[: -len(one)] for one in DERIVING if word.endswith(one))
            yield from ((part, word, word) for part in parts if len(part) in ends)


def _pairs(word):
    """Return the pairs of neighbouring letters, the word's edges counted as letters."""
    padded = f"^{word}$"
    return set(map(add, padded, padded[1:]))


class _Bits(dict):
    def __missing__(self, letter):
        self[letter] = 1 << (ord(letter) & 63)
        return self[letter]


_BIT_OF = _Bits()


def _letters(word):
    """Return the set of letters of `word` as the bits of a number."""
    return reduce(or_, map(_BIT_OF.__getitem__, word))
