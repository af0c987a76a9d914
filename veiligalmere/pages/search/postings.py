"""In which documents each word stands, and how much it counts there.

What stands in few documents is kept as their numbers. What stands in many is kept as a byte for
each document, which takes less room; and the bytes of ten thousand documents are put together,
compared and counted as one great number of Python's, which takes it some microseconds.
"""

from collections import defaultdict
from functools import lru_cache
from itertools import chain, compress, filterfalse, product
from operator import itemgetter
from typing import NamedTuple

from themes.words import STOP_WORDS
from veiligalmere.pages.search.vocabulary import INFIX, PREFIX, SAME, SAME_STEM, SUFFIX
from veiligalmere.pages.search.words import words, words_of_chunk

# How much a match counts by the field in which it stands, other than the body.
_WEIGHTS = {"title": 6, "names": 4, "lead": 2}
ALONE = 3  # how much more it counts in a title of that one word: that is what the page is about
LONG = 250  # words; in a longer text a word has to come more often to count as much
STEP = 10  # words; how exactly the length of a text is kept
MOST = 50  # times that a word stands in a text, after which no more are counted
AT_ONCE = 255 // MOST - 1  # numbers of up to MOST that are added to one before a byte is full
FEW = 50  # documents; if more of them are other ones, it is quicker to begin anew
ROOM = 8  # bytes that a number takes, of a document in which a word stands

_STOP_CHUNKS = frozenset(word.encode() for word in STOP_WORDS)

# What a match counts is told by a code: the place among _IN_FIELDS of what it counts there, and in
# a body how often it stands there, after MOST for each way to match that counts less.
_FACTORS = sorted((SAME, SAME_STEM, PREFIX, SUFFIX, INFIX))
_PARTS = (*_WEIGHTS.values(), ALONE)  # of what a match counts in all fields together
_FIELDS = sorted({sum(some) for some in product(*((0, weight) for weight in _PARTS))})
_IN_FIELDS = sorted({weight * factor for weight in _FIELDS for factor in _FACTORS})


def _table(code_of):
    """Return what bytes.translate() needs for the code of each byte, 0 for 0."""
    return bytes([0, *map(code_of, range(1, 256))])


_BODY_CODES = {
    factor: _table(lambda times, before=number * MOST: before + min(times, MOST))
    for number, factor in enumerate(_FACTORS)
}
_FIELD_CODES = {
    factor: _table(lambda weight, by=factor: weight in _FIELDS and _IN_FIELDS.index(weight * by))
    for factor in _FACTORS
}
_AT_MOST = _table(lambda times: min(times, MOST))
_ANY = _table(lambda code: 1)
_NONE = bytes([255, *bytes(255)])  # all bits where there is no code


class Found(NamedTuple):
    """What some words match, as a byte for each document.

    `in_bodies` and `in_fields` are codes of how much the match counts there, 0 where there is
    none. `having` is a great number, of which the byte of each document that has any is 1; so is
    `telling`, without those that are a whole and have it in their body alone.
    """

    in_bodies: bytearray
    in_fields: bytearray
    having: int
    telling: int


class Postings:
    """The words of documents, in which each document has a number.

    Postings never change, so that who searches meanwhile is not disturbed. They are made from
    nothing, or from `previous` ones of nearly the same documents, which takes a tenth of the time.

    `number_of` has the number of each document, in their order; `document_of` is the other way
    round; `weights` has by number what the score of a document is multiplied by.
    """

    def __init__(self, documents, previous=None):
        self.number_of = dict.fromkeys(documents)
        known = previous.number_of if previous else {}
        new = [one for one in self.number_of if one not in known]
        gone = known.keys() - self.number_of.keys()
        if previous and len(new) + len(gone) <= FEW and not previous.is_worn():
            self._take_over(previous, gone)
        else:
            self._bodies, self._fields, self._scores, self.weights = {}, {}, [], []
            self._is_ordinary = bytearray()
            new = list(self.number_of)
        self._add(new)
        self._ordinary = _number(self._is_ordinary)
        self._order = list(self.number_of.values())
        self._in_order = taking(self._order)
        self.document_of = dict(zip(self._order, self.number_of, strict=True))

    @property
    def words(self):
        """The words that stand in any document, but for stop words, as the keys of a dict."""
        return self._bodies.keys()

    def frequency(self):
        """Return {word: in how many bodies it stands}."""
        return {
            word: len(kept) - kept.count(0) if isinstance(kept, bytes) else len(set(kept))
            for word, kept in self._bodies.items()
        }

    def is_worn(self):
        """Return whether most numbers are those of documents that are gone."""
        return len(self.number_of) < len(self.weights) / 2

    def find(self, matches):
        """Return what is Found of `matches`: {known word: how much a match with it counts}.

        In a body only the best of them count, together: who writes of "jeugdoverlast" and of
        "drugsoverlast" writes of "overlast" twice. In the other fields the best one counts.
        """
        in_bodies, in_fields = self._codes_in_bodies(matches), self._codes_in_fields(matches)
        bodies, fields = (_number(codes.translate(_ANY)) for codes in (in_bodies, in_fields))
        return Found(in_bodies, in_fields, bodies | fields, bodies & self._ordinary | fields)

    def numbers(self, having):
        """Return the numbers of the documents of which `having` has a byte, in their order."""
        return list(compress(self._order, self._in_order(self.bytes_of(having))))

    def bytes_of(self, number):
        """Return a byte for each document of what is put together in `number`."""
        return number.to_bytes(len(self.weights), "big")

    def scores(self, found, take):
        """Yield what each document that `take` takes scores by some Found, a list for each of it.

        Those have no weight yet. `found` are pairs of what is Found and how much that counts. A
        word scores the more the oftener it stands in a body, ever less for each time, and less in
        a long one.
        """
        of_body, of_field = take(self._scores), _IN_FIELDS
        for one, factor in found:
            codes = zip(of_body, take(one.in_bodies), take(one.in_fields), strict=True)
            yield [(scores[code] + of_field[other]) * factor for scores, code, other in codes]

    def _codes_in_bodies(self, matches):
        """Return the code of what the best of the matches count in each body."""
        many, few = defaultdict(list), defaultdict(list)
        for word, factor in matches.items():
            kept = self._bodies[word]
            (many if isinstance(kept, bytes) else few)[factor].append(kept)
        total = 0
        for factor in sorted(many):
            better = _sum(many[factor]).translate(_BODY_CODES[factor])
            total = _number(better) | total & _number(better.translate(_NONE))
        codes = bytearray(self.bytes_of(total))
        for factor in sorted(few, reverse=True):
            once, most = _BODY_CODES[factor][1], _BODY_CODES[factor][MOST]
            for number in chain.from_iterable(few[factor]):
                code = codes[number]
                if code < once:
                    codes[number] = once
                elif code < most:
                    codes[number] = code + 1
        return codes

    def _codes_in_fields(self, matches):
        """Return the code of what the best match counts in the other fields of each document."""
        found = [(self._fields[word], by) for word, by in matches.items() if word in self._fields]
        many = [kept.translate(_FIELD_CODES[by]) for kept, by in found if isinstance(kept, bytes)]
        codes = bytearray(many.pop() if many else len(self.weights))
        for others in many:
            both = zip(codes, others, strict=True)
            codes[:] = [a if a > b else b for a, b in both]  # noqa: FURB136 -- max is slow
        for weights, factor in found:
            if not isinstance(weights, bytes):
                code_of = _FIELD_CODES[factor]
                for number, weight in weights.items():
                    if code_of[weight] > codes[number]:
                        codes[number] = code_of[weight]
        return codes

    def _add(self, documents):
        # What stands between spaces is split off and noted much quicker than words are, quickest
        # in UTF-8; there is far less of it that differs than there is of it.
        in_bodies, in_fields = defaultdict(list), {field: defaultdict(list) for field in _WEIGHTS}
        # All numbers made at once lie side by side, where the processor has them at hand.
        numbers = list(range(len(self.weights), len(self.weights) + len(documents)))
        for number, document in zip(numbers, documents, strict=True):
            self.number_of[document] = number
            chunks = document.body.split()
            self._scores.append(_scores(len(chunks) // STEP))
            self.weights.append(document.weight)
            self._is_ordinary.append(not document.whole)
            for chunk in filterfalse(_STOP_CHUNKS.__contains__, chunks):
                in_bodies[chunk].append(number)
            for field, texts in in_fields.items():
                texts[getattr(document, field)].append(number)
        of_words = defaultdict(list)
        for chunk, numbers in in_bodies.items():
            for word in _telling(words_of_chunk(chunk.decode())):
                of_words[word].append(numbers)
        self._keep(of_words, _weights(in_fields))

    def _keep(self, of_words, weights):
        """Keep in which bodies words stand, and the weights of those in other fields."""
        size = len(self.weights)
        for kept in (self._bodies, self._fields):
            for word, already in kept.items():
                if isinstance(already, bytes):
                    kept[word] = already.ljust(size, b"\0")
        for word, of_chunks in of_words.items():
            numbers = of_chunks[0] if len(of_chunks) == 1 else list(chain.from_iterable(of_chunks))
            kept = self._bodies.get(word, ())
            if not isinstance(kept, bytes) and (len(kept) + len(numbers)) * ROOM <= size:
                self._bodies[word] = (*kept, *numbers)
            else:
                self._bodies[word] = _counted(kept, numbers, size)
        for word, of_word in weights.items():
            self._bodies.setdefault(word, ())
            kept = self._fields.get(word, {})
            if not isinstance(kept, bytes) and (len(kept) + len(of_word)) * ROOM <= size:
                self._fields[word] = kept | of_word
            else:
                self._fields[word] = _noted(kept, of_word, size)

    def _take_over(self, previous, gone):
        """Begin with what `previous` has, without `gone`."""
        numbers = previous.number_of
        self.number_of |= {one: numbers[one] for one in self.number_of if one in numbers}
        # What is in these is never changed, but replaced: `previous` goes on using it.
        self._bodies, self._fields = dict(previous._bodies), dict(previous._fields)
        self._scores, self.weights = list(previous._scores), list(previous.weights)
        self._is_ordinary = bytearray(previous._is_ordinary)
        for document in gone:
            number = numbers[document]
            fields = (document.text, document.lead, document.names, document.title)
            for word in set(_telling(chain.from_iterable(map(words, fields)))):
                for kept in (self._bodies, self._fields):
                    if word in kept:
                        kept[word] = _without(kept[word], number)
                if not _any(self._fields.get(word, {})):
                    self._fields.pop(word, None)
                    if not _any(self._bodies[word]):
                        del self._bodies[word]


def taking(numbers):
    """Return a function that takes of what it gets the items with those numbers, as a tuple."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda items: tuple(items[number] for number in numbers)


def _number(text):
    """Return bytes as one great number."""
    return int.from_bytes(text, "big")


@lru_cache(maxsize=2048)  # documents of one length share them
def _scores(length):
    """Return what each code of a match in a body scores in one of `length` STEPs."""
    long = 1 + length * STEP / LONG
    times = range(1, MOST + 1)
    return (0, *(factor * often / (often + long) for factor in _FACTORS for often in times))


def _sum(many):
    """Return how often any of some words stands in each body; `many`: of each word, bytes of it."""
    total = bytes(len(many[0]))
    for start in range(0, len(many), AT_ONCE):
        numbers = map(_number, many[start : start + AT_ONCE])
        total = sum(numbers, _number(total)).to_bytes(len(total), "big").translate(_AT_MOST)
    return total


def _counted(kept, numbers, size):
    """Return how often a word stands in each of `size` bodies, by what is kept and more."""
    is_many = isinstance(kept, bytes)
    times = bytearray(kept if is_many else size)
    for number in numbers if is_many else chain(kept, numbers):
        if times[number] < MOST:
            times[number] += 1
    return bytes(times)


def _noted(kept, weights, size):
    """Return what a word counts in fields of `size` documents, by what is kept and more."""
    is_many = isinstance(kept, bytes)
    noted = bytearray(kept if is_many else size)
    for number, weight in (weights if is_many else kept | weights).items():
        noted[number] = weight
    return bytes(noted)


def _without(kept, number):
    """Return what is kept of a word in documents, without the one with that number."""
    if isinstance(kept, bytes):
        return kept[:number] + b"\0" + kept[number + 1 :]
    if isinstance(kept, dict):
        return {one: weight for one, weight in kept.items() if one != number}
    return tuple(filter(number.__ne__, kept))


def _any(kept):
    """Return whether a word stands in any document, by what is kept of it."""
    return any(kept) if isinstance(kept, bytes) else bool(kept)


def _telling(words_or_chunks):
    """Yield those that are no stop words, for which nobody's query looks."""
    return filterfalse(STOP_WORDS.__contains__, words_or_chunks)


def _weights(in_fields):
    """Return {word: {number: what it counts}}; `in_fields` are {field: {text: its numbers}}."""
    weights = defaultdict(dict)
    for field, texts in in_fields.items():
        for text, numbers in texts.items():
            its_words = set(_telling(words(text)))
            counts = _WEIGHTS[field] + (ALONE if field == "title" and len(its_words) == 1 else 0)
            for word in its_words:
                of_word = weights[word]
                for number in numbers:
                    of_word[number] = of_word.get(number, 0) + counts
    return weights
