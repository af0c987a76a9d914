"""The index: which documents a query finds, and in which order.

An index is made once and never changes; it knows no database. A word of a query matches a word of
a document that is the same, or has the same stem (exact), begins with it (prefix), or has it
inside or at its end (infix): Dutch writes compounds as one word, so "overlast" is in
"jeugdoverlast". Only where a word of the query matches nothing, the words that it is made of or
the one that it resembles most take its place.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import partial, reduce
from operator import add, and_, mul, or_

from themes.words import CITY, STOP_WORDS, WHO_ACTS
from veiligalmere.pages.search.postings import Postings, taking
from veiligalmere.pages.search.typos import Speller
from veiligalmere.pages.search.vocabulary import PREFIX, Vocabulary
from veiligalmere.pages.search.words import query_words, stem

MAX_QUERY_WORDS = 8
SYNONYM = 0.55  # how much a match counts by a synonym
OTHER_YEAR = 0.5  # how much a document counts that is of another year than was asked for
TELLS_NOTHING = 1 / 3  # of all documents; a part of a compound that more of them have
ENOUGH = 3  # documents with all words: with less, those with a part of them are shown as well


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found.

    `hits`: documents, the best first. `words`: the words of documents that matched, to be marked.
    `asked`: the words of the query that count. `instead`: the words that were looked for where
    they are others, or "". `left_out`: words of the query that match nothing. `unread`: its words
    that were not looked for, being too many. `complete`: those of the hits that have all words
    that were looked for. `ahead`: how many hits come before those that have a part of them.
    """

    hits: list
    words: frozenset
    asked: list
    instead: str
    left_out: list
    unread: list
    complete: list
    ahead: int


@dataclass(frozen=True, slots=True)
class _Way:
    """A way in which documents have a part of a query: by its own words or by those of a synonym.

    `words`: the words of documents that match. `found`: what is Found for each of its own, and
    `factors`: how much that counts. `having` has the documents that have a match for each, and
    `telling` those of them that are about it (see `Found`).
    """

    words: set
    found: list
    factors: list
    having: int
    telling: int


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
        self._years = {str(one.year): one.year for one in self.documents if one.year}
        self._of_all = CITY | self._years.keys()
        known = self._postings.words
        self._synonyms = _by_member(synonyms)
        same_words = previous and known == previous._postings.words
        self._vocabulary = previous._vocabulary if same_words else Vocabulary(known)
        if same_words and self._synonyms == previous._synonyms:
            self._speller = previous._speller
        else:
            groups = self._synonyms.values()
            in_synonyms = {word for others in groups for one in others for word in one}
            self._speller = Speller(dict.fromkeys(in_synonyms, 0) | self._postings.frequency())

    def search(self, query):
        """Return the Answer to what a visitor typed."""
        telling = [word for word in query_words(query) if word not in STOP_WORDS]
        asked, unread = telling[:MAX_QUERY_WORDS], telling[MAX_QUERY_WORDS:]
        runs = self._runs(asked)
        runs = [run for run in runs if not WHO_ACTS.issuperset(run)] or runs
        asked = [word for run in runs for word in run]
        slots = [self._slot(run) for run in runs]
        # The city and the years of plans are what all pages are about: they find nothing beside
        # other words, and tell only what of that comes first.
        telling = [one for one in slots if not self._of_all.issuperset(one.read or one.asked)]
        telling = telling or slots
        parts = [ways for slot in telling for ways in slot.parts]
        beside = [ways for slot in slots if slot not in telling for ways in slot.parts]
        years = {self._years[word] for word in asked if word in self._years}
        hits, complete, ahead = self._ranked(parts, beside, years)
        read = [word for slot in slots for word in slot.read]
        left_out = [word for slot in slots if not slot.read for word in slot.asked]
        return Answer(
            hits=hits,
            words=frozenset().union(*(way.words for ways in parts + beside for way in ways)),
            asked=asked,
            instead=" ".join(read) if read != [w for w in asked if w not in left_out] else "",
            left_out=left_out,
            unread=unread,
            complete=complete,
            ahead=ahead,
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
        parts = run if len(run) > 1 else rather
        parts = parts or self._speller.parts(run[0], self._begins_a_word)
        parts = parts or self._speller.resembling(run[0])
        if parts:
            found = {part: ways for part in parts if (ways := self._ways((part,)))}
        else:
            found = self._about(self._speller.head(run[0]))
            found = found or self._about(self._speller.beginning(run[0]))
        return _Slot(run, tuple(found), list(found.values()))

    def _about(self, parts):
        """Return {part of a compound: its ways}, without one that so many have that it is none."""
        most = len(self.documents) * TELLS_NOTHING
        found = {part: self._ways((part,)) for part in parts}
        return {
            part: ways
            for part, ways in found.items()
            if ways and reduce(or_, (way.having for way in ways)).bit_count() <= most
        }

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
        return [way for way in ways if way.having]

    def _way(self, phrase, counts):
        matches = [self._vocabulary.matching(word) for word in phrase]
        found = list(map(self._postings.find, matches))
        rarities = [
            math.log(1 + len(self.documents) / (1 + one.having.bit_count())) for one in found
        ]
        return _Way(
            words=set().union(*matches),
            found=found,
            factors=[rarity * counts / len(phrase) for rarity in rarities],
            having=reduce(and_, (one.having for one in found)),
            telling=reduce(and_, (one.telling for one in found)),
        )

    def _ranked(self, parts, beside, years):
        """Return the documents, the best first; those that have every part; how many go ahead.

        What stands `beside` those parts finds nothing by itself, and only adds to the score. Of
        what is alike in several years, that of the `years` that were asked for comes first.

        What tells of everything has every part without being about it: it keeps out nothing that
        has some of them, and does not go ahead.
        """
        if not parts:
            return [], [], 0
        having = [reduce(or_, (way.having for way in ways)) for ways in parts]
        common = reduce(and_, having)
        telling = reduce(and_, (reduce(or_, (way.telling for way in ways)) for ways in parts))
        enough = len(parts) == 1 or telling.bit_count() >= ENOUGH
        take = taking(self._postings.numbers(common if enough else reduce(or_, having)))
        totals = _sums(self._scores(ways, take) for ways in parts)
        if not enough:  # who has more of the parts comes first
            totals = map(mul, totals, take(self._postings.bytes_of(sum(having))))
        for ways in beside:
            totals = map(add, totals, self._scores(ways, take))
        totals = list(map(mul, totals, take(self._postings.weights)))
        documents = take(self._postings.document_of)
        if years:
            fitting = {None, *years}  # a subject or a figure is of every year
            totals = [
                total if document.year in fitting else total * OTHER_YEAR
                for total, document in zip(totals, documents, strict=True)
            ]
        # What comes first among equals: as the documents are ordered.
        ranked = sorted(range(len(totals)), key=totals.__getitem__, reverse=True)
        if enough:
            hits = list(map(documents.__getitem__, ranked))
            return hits, hits, len(hits)
        goes_ahead, has_all = (take(self._postings.bytes_of(some)) for some in (telling, common))
        ranked.sort(key=goes_ahead.__getitem__, reverse=True)
        return (
            list(map(documents.__getitem__, ranked)),
            [documents[place] for place in ranked if has_all[place]],
            telling.bit_count(),
        )

    def _scores(self, ways, take):
        """Return what each document that `take` takes scores by the best of `ways`."""
        best, *others = (self._scores_of(way, take) for way in ways)
        for scores in others:
            both = zip(best, scores, strict=True)
            best = [a if a > b else b for a, b in both]  # noqa: FURB136 -- max is slow
        return best

    def _scores_of(self, way, take):
        found = zip(way.found, way.factors, strict=True)
        scores = _sums(self._postings.scores(found, take))
        if len(way.found) == 1:
            return scores
        return map(mul, scores, take(self._postings.bytes_of(way.having)))


def _sums(scores):
    """Return the sum of each document's scores, as something to go through once."""
    return reduce(partial(map, add), scores)


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
