"""Markdown to safe HTML: one pure function with a bounded cache.

CommonMark with tables, without raw HTML (markdown-it-py), and then everything but a short list of
elements and attributes removed (nh3). Two locks on one door: neither is trusted alone.
"""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

MAX_LENGTH = 200_000  # characters; far above the longest text, low enough to stay quick
TAGS = {
    *("p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "img"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
    "th": {"scope"},
}
URL_SCHEMES = {"http", "https", "mailto", "tel"}

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def _shift_headings(tokens, level):
    """Let the highest heading in `tokens` become h<level>, and the others keep their distance."""
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = level - min(levels, default=level)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
        elif token.type == "th_open":
            token.attrs = {"scope": "col"}
        elif token.type == "td_open":
            token.attrs = {}


@lru_cache(maxsize=4096)
def _render(text, level):
    tokens = _parser.parse(text)
    _shift_headings(tokens, level)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=URL_SCHEMES, link_rel="noopener"
    )


def render(text, level=2) -> SafeString:
    """Return markdown `text` as safe HTML whose highest heading is h<level> (2 to 6).

    Text beyond MAX_LENGTH characters is cut off.
    """
    return mark_safe(_render(text[:MAX_LENGTH], level))  # noqa: S308 -- cleaned by nh3
