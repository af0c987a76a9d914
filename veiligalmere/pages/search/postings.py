"""In which documents each word stands, and how much it counts there."""

from array import array
from collections import Counter, defaultdict
from functools import partial
from itertools import chain, filterfalse
from operator import truediv

from veiligalmere.pages.search.words import words

# How much a match counts by the field in which it stands.
# The sums of the whole ones are small numbers, of which Python keeps only one each.
TITLE, NAMES, LEAD = 6, 4, 2
LONG = 250  # words; in a longer text a word has to come more often to count as much
FEW = 50  # documents; if more of them are other ones, it is quicker to begin anew


class Postings:
    """The words of documents, in which each document has a number.

    Postings never change, so that who searches meanwhile is not disturbed. They are made from
    nothing, or from `previous` ones of nearly the same documents, which takes a tenth of the time.

    `number_of` has the number of each document, in their order; `document_of` is the other way
    round; `by_word` has for each word the numbers of the documents with it in their body, as
    often as it stands there.
    """

    def __init__(self, documents, previous=None):
        self.number_of = dict.fromkeys(documents)
        known = previous.number_of if previous else {}
        new = [one for one in self.number_of if one not in known]
        gone = known.keys() - self.number_of.keys()
        if previous and len(new) + len(gone) <= FEW:
            self._take_over(previous, gone)
        else:
            self.by_word, self._in_fields, self._lengths, self._weights = {}, {}, [], []
            new = list(self.number_of)
        self._add(new)
        shared = {}
        each = map(truediv, self._weights, map((1.0).__add__, self._lengths))
        self._scores_of_one = {1.0: [shared.setdefault(score, score) for score in each]}
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
        alike = defaultdict(list)
        for word, factor in matches.items():
            alike[factor].append(word)
        best, lengths, weights = {}, self._lengths, self._weights
        for factor in sorted(alike, reverse=True):
            # Ten thousand documents may have them. In most of them they stand once; what that
            # scores needs no Python, nor room of its own.
            numbers = chain.from_iterable(map(self.by_word.__getitem__, alike[factor]))
            if among is not None:
                numbers = filter(among.__contains__, numbers)
            times_in = Counter(filterfalse(best.__contains__, numbers) if best else numbers)
            once = map(self._once(factor).__getitem__, times_in)
            best.update(zip(times_in, once, strict=True))
            for number, times in times_in.items():
                if times > 1:
                    best[number] = factor * weights[number] * times / (times + lengths[number])
        in_fields = {}
        for word, factor in matches.items():
            for number, value in self._in_fields.get(word, {}).items():
                if value * factor > in_fields.get(number, 0):
                    in_fields[number] = value * factor
        for number in in_fields if among is None else in_fields.keys() & among:
            best[number] = best.get(number, 0) + in_fields[number] * weights[number]
        return best

    def _once(self, factor):
        """Return what a word that counts `factor` scores by number where it stands once."""
        if factor not in self._scores_of_one:
            scores = self._scores_of_one[1.0]
            shared = {score: factor * score for score in set(scores)}
            self._scores_of_one[factor] = list(map(shared.__getitem__, scores))
        return self._scores_of_one[factor]

    def _add(self, documents):
        # What stands between spaces is split off and noted much quicker than words are; there is
        # far less of it that differs than there is of it.
        in_bodies = defaultdict(partial(array, "I"))
        in_fields = defaultdict(dict)
        for number, document in enumerate(documents, len(self._lengths)):
            self.number_of[document] = number
            self._weights.append(document.weight)
            chunks = document.text.split()
            self._lengths.append(1 + len(chunks) / LONG)
            for chunk in chunks:
                in_bodies[chunk].append(number)
            for word, weight in _weights_of_fields(document).items():
                in_fields[word][number] = weight
        for chunk, numbers in in_bodies.items():
            for word in words(chunk):
                known = self.by_word.get(word)
                self.by_word[word] = known + numbers if known else numbers
        for word, weights in in_fields.items():
            self.by_word.setdefault(word, array("I"))
            self._in_fields[word] = {**self._in_fields.get(word, {}), **weights}

    def _take_over(self, previous, gone):
        """Begin with what `previous` has, without `gone`."""
        numbers = previous.number_of
        self.number_of |= {one: numbers[one] for one in self.number_of if one in numbers}
        # What is in these is never changed, but replaced: `previous` goes on using it.
        self.by_word, self._in_fields = dict(previous.by_word), dict(previous._in_fields)
        self._lengths, self._weights = list(previous._lengths), list(previous._weights)
        for document in gone:
            number = numbers[document]
            fields = (document.text, document.lead, document.names, document.title)
            for word in {word for text in fields for word in words(text)}:
                left = array("I", self.by_word[word])
                for _time in range(left.count(number)):
                    left.remove(number)
                in_fields = dict(self._in_fields.get(word, ()))
                in_fields.pop(number, None)
                self.by_word[word], self._in_fields[word] = left, in_fields
                if not left and not in_fields:
                    del self.by_word[word], self._in_fields[word]


def _weights_of_fields(document):
    """Return what each word in the fields other than the body counts."""
    weights = {}
    for value, text in ((LEAD, document.lead), (NAMES, document.names), (TITLE, document.title)):
        for word in set(words(text)):
            weights[word] = weights.get(word, 0) + value
    return weights
