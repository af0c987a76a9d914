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

from veiligalmere.pages.search.postings import Postings
from veiligalmere.pages.search.typos import Speller
from veiligalmere.pages.search.vocabulary import Vocabulary
from veiligalmere.pages.search.words import STOP_WORDS, query_words, stem

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
class _Slot:
    """A word or phrase of the query: how it was read, and what each of those words scores."""

    asked: tuple
    read: tuple
    scores: list
    words: set


class Index:
    """Documents by the words in them; `synonyms` are groups of phrases that mean one thing.

    `previous` is an index from which all is taken over that is still so.
    """

    def __init__(self, documents, synonyms=(), previous=None):
        self._postings = Postings(documents, previous and previous._postings)
        self.documents = list(self._postings.number_of)
        numbers = self._postings.number_of
        length = max(numbers.values(), default=-1) + 1
        self._numbers = list(numbers.values())
        self._weight_of = [0.0] * length
        for document, number in numbers.items():
            self._weight_of[number] = document.weight
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
        hits, complete = self._ranked([scores for slot in slots for scores in slot.scores])
        read = [word for slot in slots for word in slot.read]
        left_out = [word for slot in slots if not slot.read for word in slot.asked]
        return Answer(
            hits=hits,
            words=frozenset().union(*(slot.words for slot in slots)),
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
        scores, matched = ({}, set()) if rather else self._match(run)
        if scores:
            return _Slot(run, run, [scores], matched)
        if len(run) > 1:
            parts = run
        else:
            parts = rather or self._speller.parts(run[0], self._vocabulary.matching)
            parts = parts or self._speller.resembling(run[0])
        found = [(part, *self._match((part,))) for part in parts]
        return _Slot(
            run,
            tuple(part for part, scores, _matched in found if scores),
            [scores for _part, scores, _matched in found if scores],
            set().union(*(matched for _part, _scores, matched in found)),
        )

    def _rather(self, run):
        """Return the word that was meant by one that stands in no text and still matches some."""
        if len(run) > 1 or self._vocabulary.has_inside(run[0]):
            return ()
        return self._speller.rather(run[0], self._vocabulary.matching(run[0]))

    def _match(self, run):
        """Return what a phrase or a synonym of it scores by document, and the words matched."""
        best, matched = self._match_phrase(run)
        for phrase in self._synonyms.get(tuple(map(stem, run)), ()):
            scores, its_words = self._match_phrase(phrase)
            matched |= its_words
            for number, score in scores.items():
                if score * SYNONYM > best.get(number, 0):
                    best[number] = score * SYNONYM
        return best, matched

    def _match_phrase(self, phrase):
        """Return the score by document of those that have every word of `phrase`, and the words."""
        total, matched = None, set()
        for word in phrase:
            scores, its_words = self._match_word(word)
            if total is None:
                total = scores
            else:
                total = {one: total[one] + score for one, score in scores.items() if one in total}
            if not total:
                return {}, set()
            matched.update(its_words)
        if len(phrase) > 1:
            total = {one: score / len(phrase) for one, score in total.items()}
        return total, matched

    def _match_word(self, word):
        """Return what one word scores by document, its rarity counted, and the words matched."""
        classes = self._vocabulary.matching(word)
        best = {}
        for one, how_well in classes.items():
            scores = self._postings.scores(one)
            if how_well != 1:
                scores = {number: score * how_well for number, score in scores.items()}
            if len(scores) > len(best):
                best, scores = scores, best
            for number, score in scores.items():
                if score > best.get(number, 0):
                    best[number] = score
        rarity = math.log(1 + len(self.documents) / (1 + len(best)))
        return {number: score * rarity for number, score in best.items()}, classes

    def _ranked(self, slots):
        """Return the documents by score, and whether all of them match every slot."""
        if not slots:
            return [], True
        common = slots[0] if len(slots) == 1 else set(slots[0]).intersection(*slots[1:])
        if len(slots) == 1:
            totals = slots[0]
        elif common:
            totals = {number: sum(scores[number] for scores in slots) for number in common}
        else:
            totals = defaultdict(float)
            counts = Counter(number for scores in slots for number in scores)
            for scores in slots:
                for number, score in scores.items():
                    totals[number] += score * counts[number]
        document_of, weight_of = self._postings.document_of, self._weight_of
        scores = {number: total * weight_of[number] for number, total in totals.items()}
        # What comes first among equals: as the documents are ordered.
        in_order = [number for number in self._numbers if number in scores]
        ranked = sorted(in_order, key=scores.__getitem__, reverse=True)
        return [document_of[number] for number in ranked], bool(common)


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
