"""In which documents each word stands, and how much it counts there."""

from collections import Counter, defaultdict
from itertools import chain, compress, filterfalse, islice
from operator import eq
from typing import NamedTuple

from themes.words import STOP_WORDS
from veiligalmere.pages.search.words import words, words_of_chunk

# How much a match counts by the field in which it stands.
# The sums of the whole ones are small numbers, of which Python keeps only one each.
TITLE, NAMES, LEAD = 6, 4, 2
LONG = 250  # words; in a longer text a word has to come more often to count as much
KEPT = 3  # times that a word stands in a text up to which its scores are kept
FEW = 50  # documents; if more of them are other ones, it is quicker to begin anew

_STOP_CHUNKS = frozenset(word.encode() for word in STOP_WORDS)


class Kind(NamedTuple):
    """What of a document tells how much a word in its body scores; many have the same.

    `weight` multiplies its scores, `length` is 1 and how many times LONG its body is.
    """

    weight: float
    length: float


class Postings:
    """The words of documents, in which each document has a number.

    Postings never change, so that who searches meanwhile is not disturbed. They are made from
    nothing, or from `previous` ones of nearly the same documents, which takes a tenth of the time.

    `number_of` has the number of each document, in their order; `document_of` is the other way
    round; `by_word` has for each word but stop words the numbers of the documents with it in their
    body, as often as it stands there.
    """

    def __init__(self, documents, previous=None):
        self.number_of = dict.fromkeys(documents)
        known = previous.number_of if previous else {}
        new = [one for one in self.number_of if one not in known]
        gone = known.keys() - self.number_of.keys()
        if previous and len(new) + len(gone) <= FEW:
            self._take_over(previous, gone)
        else:
            self.by_word, self._in_fields, self._kinds = {}, {}, []
            new = list(self.number_of)
        self._add(new)
        self._kept_scores = {}
        self.document_of = dict(zip(self.number_of.values(), self.number_of, strict=True))

    def having(self, matches):
        """Return the set of numbers of the documents that have any of `matches`, known words."""
        in_bodies = map(self.by_word.__getitem__, matches)
        in_fields = (self._in_fields[word] for word in matches if word in self._in_fields)
        return set().union(*in_bodies, *in_fields)

    def scores(self, matches, among=None):
        """Return {number: score} of the documents that have any of `matches`, known words.

        `matches` have how much each counts. In a body only the best of them count, together: who
        writes of "jeugdoverlast" and of "drugsoverlast" writes of "overlast" twice. In the other
        fields the best one counts. `among`: numbers of the only documents that matter.
        """
        best = self._scores_in_bodies(matches, among)
        in_fields = {}
        for word, factor in matches.items():
            values = self._in_fields.get(word, {})
            for number in values if among is None else values.keys() & among:
                value = values[number] * factor
                if value > in_fields.get(number, 0):
                    in_fields[number] = value
        for number, value in in_fields.items():
            best[number] = best.get(number, 0) + value * self._kinds[number].weight
        return best

    def _scores_in_bodies(self, matches, among):
        alike = defaultdict(list)
        for word, factor in matches.items():
            alike[factor].append(word)
        best = {}
        for factor in sorted(alike, reverse=True):
            # Ten thousand documents may have them, in most of them a few times; what that scores
            # needs no Python, nor room of its own.
            numbers = chain.from_iterable(map(self.by_word.__getitem__, alike[factor]))
            if among is not None:
                numbers = filter(among.__contains__, numbers)
            numbers = sorted(filterfalse(best.__contains__, numbers) if best else numbers)
            times = 0
            while numbers and times < KEPT:
                times += 1
                scores = map(self._scores_of(times, factor).__getitem__, numbers)
                best.update(zip(numbers, scores, strict=True))
                numbers = list(compress(numbers, map(eq, numbers, islice(numbers, 1, None))))
            for number, more in Counter(numbers).items():
                best[number] = _score(KEPT + more, factor, *self._kinds[number])
        return best

    def _scores_of(self, times, factor):
        """Return by number what a word that counts `factor` scores where it stands so many times.

        Documents of the same Kind share what they score.
        """
        if (times, factor) not in self._kept_scores:
            scores = {kind: _score(times, factor, *kind) for kind in set(self._kinds)}
            self._kept_scores[times, factor] = list(map(scores.__getitem__, self._kinds))
        return self._kept_scores[times, factor]

    def _add(self, documents):
        # What stands between spaces is split off and noted much quicker than words are, quickest
        # in UTF-8; there is far less of it that differs than there is of it.
        in_bodies = defaultdict(list)
        in_fields = defaultdict(dict)
        kinds = {kind: kind for kind in self._kinds}
        for number, document in enumerate(documents, len(self._kinds)):
            self.number_of[document] = number
            chunks = document.body.split()
            kind = Kind(document.weight, 1 + len(chunks) / LONG)
            self._kinds.append(kinds.setdefault(kind, kind))
            for chunk in filterfalse(_STOP_CHUNKS.__contains__, chunks):
                in_bodies[chunk].append(number)
            for word, weight in _weights_of_fields(document).items():
                in_fields[word][number] = weight
        of_words = {}
        for chunk, numbers in in_bodies.items():
            for word in _telling(words_of_chunk(chunk.decode())):
                of_words[word] = of_words[word] + numbers if word in of_words else numbers
        for word, numbers in of_words.items():
            self.by_word[word] = self.by_word.get(word, ()) + tuple(sorted(numbers))
        for word, weights in in_fields.items():
            self.by_word.setdefault(word, ())
            self._in_fields[word] = {**self._in_fields.get(word, {}), **weights}

    def _take_over(self, previous, gone):
        """Begin with what `previous` has, without `gone`."""
        numbers = previous.number_of
        self.number_of |= {one: numbers[one] for one in self.number_of if one in numbers}
        # What is in these is never changed, but replaced: `previous` goes on using it.
        self.by_word, self._in_fields = dict(previous.by_word), dict(previous._in_fields)
        self._kinds = list(previous._kinds)
        for document in gone:
            number = numbers[document]
            fields = (document.text, document.lead, document.names, document.title)
            for word in set(_telling(chain.from_iterable(map(words, fields)))):
                left = tuple(filter(number.__ne__, self.by_word[word]))
                in_fields = dict(self._in_fields.get(word, ()))
                in_fields.pop(number, None)
                self.by_word[word], self._in_fields[word] = left, in_fields
                if not left and not in_fields:
                    del self.by_word[word], self._in_fields[word]


def _score(times, factor, weight, length):
    """Return what a word that counts `factor` scores in a body where it stands so many times."""
    return factor * weight * times / (times + length)


def _telling(words_or_chunks):
    """Yield those that are no stop words, for which nobody's query looks."""
    return filterfalse(STOP_WORDS.__contains__, words_or_chunks)


def _weights_of_fields(document):
    """Return what each word in the fields other than the body counts."""
    weights = {}
    for value, text in ((LEAD, document.lead), (NAMES, document.names), (TITLE, document.title)):
        for word in set(_telling(words(text))):
            weights[word] = weights.get(word, 0) + value
    return weights
