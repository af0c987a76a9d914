"""The words of an index: which of them have a piece of text, or a stem, in them."""

from bisect import bisect_right

from veiligalmere.pages.search.words import single_vowels, stem

# How much a match counts by the way in which it matches.
SAME, SAME_STEM, PREFIX, SUFFIX, INFIX = 1.0, 0.95, 0.6, 0.5, 0.4

# Fewer letters than these match too much: "bi" begins many a word, "crimes" ends in "mes".
SHORTEST_PREFIX, SHORTEST_INFIX, SHORTEST_STEM = 3, 4, 5
LONGEST_ENDING = 5  # letters that a word may have more than its stem


class Vocabulary:
    """Different words, of which each can be found by its parts.

    To find the stems of thirty thousand words takes longer than all else. So a word is asked for
    its stem only when it resembles the stem that is looked for, and keeps it.
    """

    def __init__(self, all_words):
        self._words = sorted(all_words)
        self._in_words = _Inside(self._words)
        self._in_bare = _Inside(_bare("\n".join(self._words)).split("\n"))

    def matching(self, word):
        """Return {word of these: how much the match counts} of what `word` matches."""
        its_stem = stem(word)
        found = {}
        if len(word) >= SHORTEST_PREFIX:
            found |= self._in_words.find(word)
        # A stem can lose its beginning too: "geschil" becomes "schil", which is in "verschillend".
        if len(its_stem) >= SHORTEST_STEM and word.startswith(its_stem[:3]):
            found |= self._with_stem_in_theirs(its_stem, but=found)
        for number in self._with_stem(its_stem):
            found[number] = SAME if self._words[number] == word else SAME_STEM
        return {self._words[number]: weight for number, weight in found.items()}

    def has_inside(self, piece):
        """Return whether `piece` stands in any of these words."""
        return self._in_words.has(piece)

    def _with_stem(self, its_stem):
        """Return the numbers of the words with exactly this stem."""
        most = len(its_stem) + LONGEST_ENDING
        return {
            number
            for beginning in _as_written(its_stem)
            for number in self._in_bare.beginning_with(beginning)
            if len(self._words[number]) <= most and stem(self._words[number]) == its_stem
        }

    def _with_stem_in_theirs(self, its_stem, but):
        """Return {number: weight} of the words, without `but`, whose stem has `its_stem` in it."""
        found = set().union(*map(self._in_bare.find, _as_written(its_stem)))
        stems = ((number, stem(self._words[number])) for number in found.difference(but))
        return {
            number: PREFIX
            if other.startswith(its_stem)
            else SUFFIX
            if other.endswith(its_stem)
            else INFIX
            for number, other in stems
            if its_stem in other
        }


class _Inside:
    """Finds in which of many words a piece of text stands; quick, as one search in one string."""

    def __init__(self, all_words):
        self._text = "\n" + "\n".join(all_words) + "\n"
        self._starts, start = [], 1
        for word in all_words:
            self._starts.append(start)
            start += len(word) + 1

    def has(self, piece):
        """Return whether any word has `piece`."""
        return piece in self._text

    def find(self, piece):
        """Return {number of a word: how much the match counts} of the words that have `piece`."""
        found = {}
        position = self._text.find(piece)
        while position != -1:
            end = self._text.index("\n", position)
            if self._text[position - 1] == "\n":
                weight = PREFIX
            elif len(piece) < SHORTEST_INFIX:
                weight = 0
            else:
                weight = SUFFIX if position + len(piece) == end else INFIX
            if weight:
                found[bisect_right(self._starts, position) - 1] = weight
            position = self._text.find(piece, end)
        return found

    def beginning_with(self, piece):
        """Yield the number of each word that begins with `piece`."""
        position = self._text.find("\n" + piece)
        while position != -1:
            yield bisect_right(self._starts, position + 1) - 1
            position = self._text.find("\n" + piece, position + 1)


def _bare(text):
    """Return `text` without what a stem can have lost in its middle."""
    return single_vowels(text).replace("ge", "")


def _as_written(its_stem):
    """Return pieces of which a bare word with this stem, or with it inside, has one.

    A stem ends otherwise than its word: "dief" is of "dieven", "communicer" of "communicatie".
    """
    bare = _bare(its_stem)
    if len(bare) >= SHORTEST_STEM + 1:
        return (bare[:-2],)
    others = {"f": "v", "s": "z"}
    return {bare, bare[:-1] + others.get(bare[-1:], bare[-1:])}
