"""Plan content, as HTML, held against the source: the same sentences in the same order.

What is compared is each sentence with the mark of its block (heading, paragraph, list item), so
that a changed word, a dropped item, a heading that became text, two paragraphs run together and
two passages that changed places are all found, whichever of the two sides has them.

The overview is a diagram of four columns. The extraction wrote its labels down in an order that
is neither by row nor by column, so within the overview they are compared as a multiset: each
label as often as the diagram has it, in any order. It has to stand in its own place.
"""

import re
from difflib import unified_diff
from html.parser import HTMLParser

from tests.transcription.source import Block, Sentence, Source, sentences

_HEADINGS = {f"h{level}" for level in range(1, 7)}
_BLOCKS = _HEADINGS | {
    *("address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div"),
    *("dl", "dt", "figcaption", "figure", "footer", "header", "li", "main", "nav", "ol", "p"),
    *("pre", "section", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _BlockParser(HTMLParser):
    """Collect the blocks inside the elements of one class, without what is marked as ours."""

    OUTSIDE, PLAN, OURS = "outside the plan", "the plan's", "ours"

    def __init__(self, within):
        super().__init__(convert_charrefs=True)
        self.within = within
        self.blocks = []
        self._stack = []  # (tag, whose its text is, next number of a numbered list)
        self._mark = "paragraph"
        self._text = ""

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in _VOID:
            self._text += " "
            return
        if tag in _BLOCKS:
            self._flush()
        if tag in _HEADINGS:
            self._mark = "heading"
        elif tag == "li":
            self._mark = self._item_mark()
        whose = self._whose()
        if "data-redactie" in attributes:
            whose = self.OURS
        elif whose == self.OUTSIDE and self.within in (attributes.get("class") or "").split():
            whose = self.PLAN
        number = int(attributes.get("start") or 1) if tag == "ol" else None
        self._stack.append((tag, whose, number))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in _BLOCKS:
            self._flush()
            self._mark = "paragraph"
        if tag in {opened for opened, _, _ in self._stack}:
            while self._stack.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if self._whose() == self.PLAN:
            self._text += data

    def _whose(self):
        """Whose the text is that comes now."""
        return self._stack[-1][1] if self._stack else self.OUTSIDE

    def _item_mark(self):
        """The mark of a list item that opens now: a bullet, or the next number of its list."""
        if not self._stack or self._stack[-1][0] != "ol":
            return "•"
        tag, whose, number = self._stack.pop()
        self._stack.append((tag, whose, number + 1))
        return f"{number}."

    def _flush(self):
        """Close the block whose text has been collected, if there is any."""
        text = re.sub(r"\s+", " ", self._text).strip()
        self._text = ""
        if text:
            self.blocks.append(Block(self._mark, text))
            self._mark = "paragraph"


def blocks_of_html(html: str, within: str = "plantekst") -> list[Block]:
    """The headings, paragraphs and list items inside the elements of the class `within`.

    Elements with the attribute `data-redactie`, such as a link to an anchor or a title of ours
    where the plan gives none, are left out with all that is in them.
    """
    parser = _BlockParser(within)
    parser.feed(html)
    parser.close()
    return parser.blocks


def assert_same_text(blocks: list[Block], source: Source) -> None:
    """Hold plan content against the source, both ways and in order.

    Raises AssertionError with the sentences that only the source has (-) and those that only the
    content has (+).
    """
    overview = [Block("label", text) for text in sorted(source.labels)]
    expected = sentences([*source.before, *overview, *source.after])
    found = sentences(_with_overview_sorted(blocks, source))
    if found != expected:
        lines = unified_diff(_lines(expected), _lines(found), "source", "content", "", "", 1, "")
        raise AssertionError("The plan's text is not the source's:\n" + "\n".join(lines))


def _with_overview_sorted(blocks, source):
    """The blocks with the labels of the overview, whatever marks they have, in sorted order."""
    if source.before[-1] not in blocks or source.after[0] not in blocks:
        return blocks
    start = blocks.index(source.before[-1]) + 1
    end = blocks.index(source.after[0])
    labels = sorted(block.text for block in blocks[start:end])
    return [*blocks[:start], *(Block("label", text) for text in labels), *blocks[end:]]


def _lines(found: list[Sentence]) -> list[str]:
    return [f"[{sentence.mark}] {sentence.text}" for sentence in found]
