"""The words of an index: which of them have a piece of text, or a stem, in them."""

from bisect import bisect_left, bisect_right
from collections import defaultdict

from veiligalmere.pages.search.words import stem, stems

# How much a match counts by the way in which it matches.
SAME, SAME_STEM, PREFIX, SUFFIX, INFIX = 1.0, 0.95, 0.6, 0.5, 0.4

# Fewer letters than these match too much: "bi" begins many a word, "crimes" ends in "mes".
SHORTEST_PREFIX, SHORTEST_INFIX, SHORTEST_STEM = 3, 4, 5


class Vocabulary:
    """Different words, of which each can be found by its parts and by those of its stem."""

    def __init__(self, all_words):
        self._words = sorted(all_words)
        self._in_words = _Inside(self._words)
        all_stems = stems(self._words)
        self._in_stems = _Inside(all_stems)
        self._with_stem = defaultdict(list)
        for number, one in enumerate(all_stems):
            self._with_stem[one].append(number)

    def matching(self, word):
        """Return {word of these: how much the match counts} of what `word` matches."""
        its_stem = stem(word)
        found = {}
        # A stem can lose its beginning: "geschil" becomes "schil", which is in "verschillend".
        if len(its_stem) >= SHORTEST_STEM and word.startswith(its_stem[:3]):
            found |= self._in_stems.find(its_stem)
        if len(word) >= SHORTEST_INFIX:
            found |= self._in_words.find(word)
        elif len(word) >= SHORTEST_PREFIX:
            first, end = (bisect_left(self._words, one) for one in (word, word + chr(0x10FFFF)))
            found |= dict.fromkeys(range(first, end), PREFIX)
        for number in self._with_stem.get(its_stem, ()):
            found[number] = SAME if self._words[number] == word else SAME_STEM
        return {self._words[number]: weight for number, weight in found.items()}

    def has_inside(self, piece):
        """Return whether `piece` stands in any of these words."""
        return self._in_words.has(piece)


class _Inside:
    """Finds in which of many words a piece of text stands; quick, as one search in one string."""

    def __init__(self, all_words):
        self._text = "\n" + "\n".join(all_words) + "\n"
        self._starts, start = [], 1
        for word in all_words:
            self._starts.append(start)
            start += len(word) + 1
        self._starts.append(start)

    def has(self, piece):
        """Return whether any word has `piece`."""
        return piece in self._text

    def find(self, piece):
        """Return {number of a word: how much the match counts} of the words that have `piece`."""
        found = {}
        position = self._text.find(piece)
        while position != -1:
            number = bisect_right(self._starts, position)
            end = self._starts[number] - 1
            if self._text[position - 1] == "\n":
                found[number - 1] = PREFIX
            else:
                found[number - 1] = SUFFIX if position + len(piece) == end else INFIX
            position = self._text.find(piece, end)
        return found
