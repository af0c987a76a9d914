"""Words that a visitor may have meant by one that is not in any text."""

from collections import Counter, defaultdict

SHORTEST = 4  # letters; a shorter word resembles too many others
LONG = 8  # from this length on, two mistakes are forgiven
CANDIDATES = 60
SHORTEST_PART, LONGEST_COMPOUND = 4, 40


class Speller:
    """Knows the words of the index; `frequency` is in how many documents each stands."""

    def __init__(self, frequency):
        self._frequency = frequency
        self._by_pair = defaultdict(list)
        for word in frequency:
            if len(word) >= SHORTEST - 1 and not word.isdigit():
                for pair in _pairs(word):
                    self._by_pair[len(word), pair].append(word)

    def resembling(self, word):
        """Return the known word that `word` most resembles as a tuple, or () if there is none.

        One mistake is forgiven in a word of four letters or more, two in one of eight or more.
        A mistake is a letter too many, too few or wrong, or two that changed places.
        """
        if len(word) < SHORTEST or word.isdigit():
            return ()
        allowed = 2 if len(word) >= LONG else 1
        found = []
        for candidate in self._candidates(word, allowed):
            mistakes = distance(word, candidate)
            if mistakes <= allowed:
                found.append((mistakes, -self._frequency[candidate], candidate))
        return (min(found)[2],) if found else ()

    def parts(self, word, matching):
        """Return the two words that the compound `word` is made of, or ().

        "jeugdgeweld" is "jeugd" and "geweld"; an s may join them, as in "veiligheidsplan". The
        second is a known word; `matching` tells which known words the first matches.
        """
        splits = []
        for end in range(SHORTEST_PART, min(len(word), LONGEST_COMPOUND) - SHORTEST_PART + 1):
            first, second = word[:end], word[end:]
            if second in self._frequency:
                splits += [
                    (self._frequency[second], len(one), one, second)
                    for one in (first, first.removesuffix("s"))
                    if len(one) >= SHORTEST_PART and matching(one)
                ]
        return max(splits)[2:] if splits else ()

    def _candidates(self, word, allowed):
        shared = Counter()
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for pair in _pairs(word):
                shared.update(self._by_pair.get((length, pair), ()))
        return [candidate for candidate, _count in shared.most_common(CANDIDATES)]


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


def _pairs(word):
    """Return the pairs of neighbouring letters, the word's edges counted as letters."""
    padded = f"^{word}$"
    return {padded[position : position + 2] for position in range(len(padded) - 1)}
