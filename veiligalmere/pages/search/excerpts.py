"""Excerpts of texts with the words that were looked for marked."""

import re

from django.utils.html import format_html, format_html_join

from veiligalmere.pages.search.words import WORD, forms, words

LENGTH = 220  # characters, about two lines on a wide screen and four on a phone
REACH = LENGTH - 50  # so that all matches fit after the beginning of their sentence
CHUNK = re.compile(r"\S+")
# What keeps a phone number on one line.
INSIDE_NUMBER = re.compile(r"(?<=\d)[- ](?=\d)")
UNBROKEN = {"-": "\N{NON-BREAKING HYPHEN}", " ": "\N{NO-BREAK SPACE}"}
MOST_MATCHES = 200  # after which the best place is found well enough
MUCH = 5000  # characters; in a longer text, such as that of a report, one line is looked at


def highlight(text, sought):
    """Return `text` as safe HTML with each word marked that has a form in the set `sought`."""
    return _marked(text, [match.span() for match in _matches(text, sought)])


def excerpt(text, sought):
    """Return the part of `text` with most of `sought` in it, as safe HTML with those marked.

    Without any of them, it is the beginning of the text.
    """
    text = _one_line(_best_line(text, sought) if len(text) > MUCH else text)
    matches = _matches(text, sought)
    start, end = _window(text, matches)
    spans = [
        (match.start() - start, match.end() - start)
        for match in matches
        if start <= match.start() and match.end() <= end
    ]
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    return format_html("{}{}{}", before, _marked(text[start:end], spans), after)


def _best_line(text, sought):
    """Return the line with most different words of `sought`, of equal ones the first."""
    first, *rest = text.splitlines()
    best, most = first, len(sought.intersection(words(first)))
    for line in rest:
        different = len(sought.intersection(words(line)))
        if different > most:
            best, most = f"… {line}", different
    return f"{best} …"


def _one_line(text):
    """Return the lines of `text` as one; a dot stands between those that are no sentences."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    text = "".join(line + (" " if line[-1] in ".,:;?!" else " · ") for line in lines if line)
    return INSIDE_NUMBER.sub(_unbroken, text.removesuffix(" · ").rstrip())


def _unbroken(match):
    return UNBROKEN[match[0]]


def _matches(text, sought):
    return [
        match
        for chunk in CHUNK.finditer(text)
        if not sought.isdisjoint(words(chunk.group()))  # its words are remembered: it is quicker
        for match in WORD.finditer(text, *chunk.span())
        if not sought.isdisjoint(forms(match.group()))
    ]


def _window(text, matches):
    """Return start and end of the stretch that has most different words, on whole words."""
    if len(text) <= LENGTH:
        return 0, len(text)
    best = (0, 0)
    for number, match in enumerate(matches[:MOST_MATCHES]):
        near = [one for one in matches[number : number + 12] if one.end() < match.start() + REACH]
        different = len({one.group().lower() for one in near})
        if different > best[0]:
            best = (different, match.start())
    start = _start_of_sentence(text, best[1])
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return start, end


def _start_of_sentence(text, position):
    """Return where the sentence begins that `position` is in, or a word somewhat before it."""
    sentence = max(text.rfind(mark, 0, position) for mark in (". ", "? ", "! ")) + 2
    if position - sentence < 90:
        return sentence if sentence > 1 else 0
    return text.rfind(" ", 0, position - 40) + 1


def _marked(text, spans):
    pieces, position = [], 0
    for start, end in spans:
        pieces.append((text[position:start], text[start:end]))
        position = end
    marked = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html("{}{}", marked, text[position:])
