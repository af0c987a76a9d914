"""The index: which documents a query finds, and in which order.

An index is made once and never changes; it knows no database. A word of a query matches a word of
a document that is the same, or has the same stem (exact), begins with it (prefix), or has it
inside or at its end (infix): Dutch writes compounds as one word, so "overlast" is in
"jeugdoverlast". Only where a word of the query matches nothing, the words that it is made of or
the one that it resembles most take its place.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial, reduce
from itertools import chain
from operator import add

from themes.words import STOP_WORDS
from veiligalmere.pages.search.postings import Postings
from veiligalmere.pages.search.typos import Speller
from veiligalmere.pages.search.vocabulary import PREFIX, Vocabulary
from veiligalmere.pages.search.words import query_words, stem

MAX_QUERY_WORDS = 8
SYNONYM = 0.55  # how much a match counts by a synonym


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found.

    `hits`: documents, the best first. `words`: the words of documents that matched, to be marked.
    `asked`: the words of the query that count. `instead`: the words that were looked for where
    they are others, or "". `left_out`: words of the query that match nothing. `complete`: whether
    each hit has all words that were looked for.
    """

    hits: list
    words: frozenset
    asked: list
    instead: str
    left_out: list
    complete: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """A way in which documents have a part of a query: by its own words or by those of a synonym.

    `words`: for each of its words, {word of documents: how much a match with that counts}.
    `factors`: how much each of its words counts. `documents`: the numbers of those that have a
    match for each.
    """

    words: list
    factors: list
    documents: set


@dataclass(frozen=True, slots=True)
class _Slot:
    """A word or phrase of the query: how it was read, and the ways to have each part of that."""

    asked: tuple
    read: tuple
    parts: list


class Index:
    """Documents by the words in them; `synonyms` are groups of phrases that mean one thing.

    `previous` is an index from which all is taken over that is still so.
    """

    def __init__(self, documents, synonyms=(), previous=None):
        self._postings = Postings(documents, previous and previous._postings)
        self.documents = list(self._postings.number_of)
        numbers = self._postings.number_of
        self._numbers = list(numbers.values())
        by_word = self._postings.by_word
        self._synonyms = _by_member(synonyms)
        same_words = previous and by_word.keys() == previous._postings.by_word.keys()
        self._vocabulary = previous._vocabulary if same_words else Vocabulary(by_word)
        if same_words and self._synonyms == previous._synonyms:
            self._speller = previous._speller
        else:
            groups = self._synonyms.values()
            in_synonyms = {word for others in groups for one in others for word in one}
            frequency = {word: len(found) for word, found in by_word.items()}
            self._speller = Speller(dict.fromkeys(in_synonyms, 0) | frequency)

    def search(self, query):
        """Return the Answer to what a visitor typed."""
        asked = [word for word in query_words(query) if word not in STOP_WORDS][:MAX_QUERY_WORDS]
        slots = [self._slot(run) for run in self._runs(asked)]
        parts = [ways for slot in slots for ways in slot.parts]
        hits, complete = self._ranked(parts)
        read = [word for slot in slots for word in slot.read]
        left_out = [word for slot in slots if not slot.read for word in slot.asked]
        return Answer(
            hits=hits,
            words=frozenset(
                chain.from_iterable(one for ways in parts for way in ways for one in way.words)
            ),
            asked=asked,
            instead=" ".join(read) if read != [w for w in asked if w not in left_out] else "",
            left_out=left_out,
            complete=complete,
        )

    def _runs(self, asked):
        """Split the words of a query into phrases that have synonyms and single words."""
        runs, position = [], 0
        longest = max(map(len, self._synonyms), default=1)
        while position < len(asked):
            for length in range(min(longest, len(asked) - position), 1, -1):
                run = tuple(asked[position : position + length])
                if tuple(map(stem, run)) in self._synonyms:
                    break
            else:
                run = (asked[position],)
            runs.append(run)
            position += len(run)
        return runs

    def _slot(self, run):
        rather = self._rather(run)
        ways = [] if rather else self._ways(run)
        if ways:
            return _Slot(run, run, [ways])
        if len(run) > 1:
            parts = run
        else:
            parts = rather or self._speller.parts(run[0], self._begins_a_word)
            parts = parts or self._speller.resembling(run[0]) or self._speller.head(run[0])
        found = {part: ways for part in parts if (ways := self._ways((part,)))}
        return _Slot(run, tuple(found), list(found.values()))

    def _begins_a_word(self, part):
        """Return whether `part` of a compound is a word, or begins one, of texts or synonyms."""
        matches = self._vocabulary.matching(part).values()
        return max(matches, default=0) >= PREFIX or (stem(part),) in self._synonyms

    def _rather(self, run):
        """Return the word that was meant by one that stands in no text and still matches some."""
        if len(run) > 1 or self._vocabulary.has_inside(run[0]):
            return ()
        return self._speller.rather(run[0], self._vocabulary.matching(run[0]))

    def _ways(self, run):
        """Return each _Way in which any document has a phrase, or a synonym of it."""
        synonyms = self._synonyms.get(tuple(map(stem, run)), ())
        ways = [self._way(run, 1), *(self._way(phrase, SYNONYM) for phrase in synonyms)]
        return [way for way in ways if way.documents]

    def _way(self, phrase, counts):
        words = [self._vocabulary.matching(word) for word in phrase]
        having = [self._postings.having(matches) for matches in words]
        rarities = [math.log(1 + len(self.documents) / (1 + len(found))) for found in having]
        factors = [rarity * counts / len(phrase) for rarity in rarities]
        return _Way(words, factors, set.intersection(*having))

    def _scores(self, ways, among):
        """Return ({number: score}, factor of those scores) of the best of `ways`.

        `among`: numbers of the only documents that matter; None means all of them.
        """
        (best, by), *others = (self._scores_of(way, among) for way in ways)
        for scores, factor in others:
            for number, score in scores.items():
                if score * factor / by > best.get(number, 0):
                    best[number] = score * factor / by
        return best, by

    def _scores_of(self, way, among):
        if len(way.words) == 1:
            return self._postings.scores(way.words[0], among), way.factors[0]
        numbers = way.documents if among is None else way.documents & among
        each = [self._postings.scores(words, numbers) for words in way.words]
        return _sums(zip(each, way.factors, strict=True), numbers), 1.0

    def _ranked(self, parts):
        """Return the documents by score, and whether all of them have every part."""
        if not parts:
            return [], True
        having = [_either(ways) for ways in parts]
        common = set.intersection(*having)
        # What a document scores that lacks a part need not be known, where that spares enough.
        among = common if 0 < len(common) < max(map(len, having)) / 2 else None
        slots = [self._scores(ways, among) for ways in parts]
        if len(slots) == 1:
            [(totals, _factor)] = slots
        elif common:
            totals = _sums(slots, common)
        else:
            totals = defaultdict(float)
            counts = Counter(number for scores, _factor in slots for number in scores)
            for scores, factor in slots:
                for number, score in scores.items():
                    totals[number] += score * factor * counts[number]
        # What comes first among equals: as the documents are ordered.
        in_order = filter(totals.__contains__, self._numbers)
        ranked = sorted(in_order, key=totals.__getitem__, reverse=True)
        return list(map(self._postings.document_of.__getitem__, ranked)), bool(common)


def _either(ways):
    """Return the numbers of the documents that have a part in one of `ways`."""
    first, *others = (way.documents for way in ways)
    return first.union(*others) if others else first


def _sums(slots, numbers):
    """Return for each of `numbers` the sum of the scores in `slots`, each times its factor."""
    each = (map(factor.__mul__, map(scores.__getitem__, numbers)) for scores, factor in slots)
    return dict(zip(numbers, reduce(partial(map, add), each), strict=True))


def _by_member(groups):
    """Return for each phrase, as stems, the other phrases of its groups."""
    others = defaultdict(dict)
    for group in groups:
        phrases = {}
        for phrase in group:
            its_words = tuple(word for word in query_words(phrase) if word not in STOP_WORDS)
            if its_words:
                phrases.setdefault(tuple(map(stem, its_words)), its_words)
        for one in phrases:
            others[one] |= {other: phrases[other] for other in phrases if other != one}
    return {one: list(found.values()) for one, found in others.items()}
