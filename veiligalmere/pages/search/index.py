"""The index: which documents a query finds, and in which order.

An index is made once and never changes; it knows no database. A word of a query matches a word of
a document that is the same, or has the same stem (exact), begins with it (prefix), or has it
inside or at its end (infix): Dutch writes compounds as one word, so "overlast" is in
"jeugdoverlast". Only where a word of the query matches nothing, the words that it is made of or
the one that it resembles most take its place.
"""

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass

from veiligalmere.pages.search.typos import Speller
from veiligalmere.pages.search.words import STOP_WORDS, query_words, stem, words

MAX_QUERY_WORDS = 8

# How much a match counts by the way in which it matches …
SAME, SAME_STEM, PREFIX, SUFFIX, INFIX, SYNONYM = 1.0, 0.95, 0.6, 0.5, 0.4, 0.55
# … and by the field in which it stands.
TITLE, NAMES, LEAD, BODY = 6.0, 4.0, 2.0, 1.0

# Fewer letters than these match too much: "bi" begins many a word, "crimes" ends in "mes".
SHORTEST_PREFIX, SHORTEST_INFIX, SHORTEST_STEM = 3, 4, 5


@dataclass(frozen=True, slots=True)
class Document:
    """What a page gives to the search: plain text in fields of different weight.

    `kind` is the key of its kind, `names` are other names and labels, `themes` are slugs, `weight`
    multiplies its score.
    """

    kind: str
    url: str
    title: str
    body: str = ""
    lead: str = ""
    names: str = ""
    themes: tuple = ()
    year: int | None = None
    weight: float = 1.0


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

    `previous` is an index whose analysis of unchanged documents is taken over.
    """

    def __init__(self, documents, synonyms=(), previous=None):
        known = previous._analysed if previous else {}
        self.documents = list(documents)
        self._analysed = {one: known.get(one) or analyse(one) for one in self.documents}
        self._weights = [one.weight for one in self.documents]
        postings = defaultdict(dict)
        for number, document in enumerate(self.documents):
            for word, weight in self._analysed[document].items():
                postings[word][number] = weight
        self._words = sorted(postings)
        self._postings = [postings[word] for word in self._words]
        stems = [stem(word) for word in self._words]
        self._by_stem = defaultdict(list)
        for number, one in enumerate(stems):
            self._by_stem[one].append(number)
        self._in_words = _Inside(self._words)
        self._in_stems = _Inside(stems)
        self._synonyms = _by_member(synonyms)
        frequency = {word: len(found) for word, found in postings.items()}
        in_synonyms = {word for others in self._synonyms.values() for one in others for word in one}
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
        scores, matched = self._match(run)
        if scores:
            return _Slot(run, run, [scores], matched)
        if len(run) > 1:
            parts = run
        else:
            parts = self._speller.parts(run[0], self._classes)
            parts = parts or self._speller.resembling(run[0])
        found = [(part, *self._match((part,))) for part in parts]
        return _Slot(
            run,
            tuple(part for part, scores, _matched in found if scores),
            [scores for _part, scores, _matched in found if scores],
            set().union(*(matched for _part, _scores, matched in found)),
        )

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
            scores, numbers = self._match_word(word)
            if total is None:
                total = scores
            else:
                total = {one: total[one] + score for one, score in scores.items() if one in total}
            if not total:
                return {}, set()
            matched.update(self._words[number] for number in numbers)
        if len(phrase) > 1:
            total = {one: score / len(phrase) for one, score in total.items()}
        return total, matched

    def _match_word(self, word):
        """Return what one word scores by document, its rarity counted, and the words matched."""
        classes = self._classes(word)
        found = set().union(*(self._postings[number] for number in classes))
        rarity = math.log(1 + len(self.documents) / (1 + len(found)))
        best = {}
        for number, how_well in classes.items():
            weight = how_well * rarity
            for document, in_field in self._postings[number].items():
                score = in_field * weight
                if score > best.get(document, 0):
                    best[document] = score
        return best, classes

    def _classes(self, word):
        """Return how much each word of the index that `word` matches counts, by its number."""
        classes = {}
        its_stem = stem(word)
        found = []
        if len(word) >= SHORTEST_PREFIX:
            found += self._in_words.find(word)
        # A stem can lose its beginning too: "geschil" becomes "schil", which is in "verschillend".
        if len(its_stem) >= SHORTEST_STEM and word.startswith(its_stem[:3]):
            found += self._in_stems.find(its_stem)
        for number, weight in found:
            classes[number] = max(weight, classes.get(number, 0))
        for number in self._by_stem.get(its_stem, ()):
            classes[number] = SAME if self._words[number] == word else SAME_STEM
        return classes

    def _ranked(self, slots):
        """Return the documents by score, and whether all of them match every slot."""
        if not slots:
            return [], True
        common = set(slots[0]).intersection(*slots[1:])
        if common:
            totals = {number: sum(scores[number] for scores in slots) for number in common}
        else:
            totals = defaultdict(float)
            counts = Counter(number for scores in slots for number in scores)
            for scores in slots:
                for number, score in scores.items():
                    totals[number] += score * counts[number]
        scores = {number: total * self._weights[number] for number, total in totals.items()}
        ranked = sorted(sorted(scores), key=scores.__getitem__, reverse=True)
        return [self.documents[number] for number in ranked], bool(common)


class _Inside:
    """Finds in which of many words a piece of text stands; quick, as one search in one string."""

    def __init__(self, all_words):
        self._text = "\n" + "\n".join(all_words) + "\n"
        self._starts, start = [], 1
        for word in all_words:
            self._starts.append(start)
            start += len(word) + 1

    def find(self, piece):
        """Yield (number of the word, how much the match counts) for each word that has `piece`."""
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
                yield bisect_right(self._starts, position) - 1, weight
            position = self._text.find(piece, end)


def analyse(document):
    """Return how much each word of `document` counts in it.

    In a long text a word has to come more often to count as much.
    """
    body = Counter(words(document.body))
    length = 1 + body.total() / 250
    weights = {word: BODY * times / (times + length) for word, times in body.items()}
    for value, text in ((LEAD, document.lead), (NAMES, document.names), (TITLE, document.title)):
        for word in set(words(text)):
            weights[word] = weights.get(word, 0.0) + value
    return weights


def _by_member(groups):
    """Return for each phrase, as stems, the other phrases of its groups."""
    others = defaultdict(list)
    for group in groups:
        phrases = [
            tuple(word for word in query_words(phrase) if word not in STOP_WORDS)
            for phrase in group
        ]
        for phrase in filter(None, phrases):
            others[tuple(map(stem, phrase))] += [one for one in phrases if one and one != phrase]
    return dict(others)
