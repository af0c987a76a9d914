"""Markdown to safe HTML: one pure function with a bounded cache.

CommonMark with tables, without raw HTML (markdown-it-py), and then everything but a short list of
elements and attributes removed (nh3). Two locks on one door: neither is trusted alone.

An image is named in a text as `![](afbeelding:12)`. Its address, sizes and alternative text are
those that it has when the text is rendered; of any other image only the alternative text is shown,
because pages fetch nothing from other sites.
"""

from functools import cache, lru_cache

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from veiligalmere.editorial.images.catalogue import REFERENCE, pictures_in

MAX_LENGTH = 100_000  # characters; four times the whole Jaarplan, and quick whatever they are
MAX_CACHED = 20_000  # characters; with 2,000 texts of this length the cache is some 100 MB
TAGS = {
    *("p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
    *("img", "figure", "figcaption", "small"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
    "th": {"scope"},
}
URL_SCHEMES = {"http", "https", "mailto", "tel"}
# A column of text is 42rem at its widest (--measure), and a phone's whole width at its narrowest.
SIZES = "(min-width: 44rem) 42rem, 92vw"


@cache
def parser():
    """Return the parser, which all share."""
    # Of sixty modules, that a start need not wait for: a page that is kept asks for none of them.
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- see above

    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Without links that are defined apart ("[a]: /x"): an address that is written once and named
    # often would make a page of thousands of times the size of its text.
    made.disable("reference")
    made.add_render_rule("image", _image)
    return made


def _image(self, tokens, index, options, env):
    """Return the HTML of an image token (a rule of markdown-it's renderer)."""
    token = tokens[index]
    picture = picture_of(token, env["pictures"])
    if picture is None:
        return escape(token.content)
    values = {
        "src": picture.src,
        "srcset": picture.srcset,
        "sizes": SIZES,
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alternative_text,
        "loading": "lazy",
    }
    html = "".join(f' {name}="{escape(value)}"' for name, value in values.items())
    credit = ""
    if picture.credit:
        tag = "figcaption" if token.meta.get("alone") else "small"
        credit = f"<{tag}>Beeld: {escape(picture.credit)}</{tag}>"
    return f"<img{html}>{credit}"


def picture_of(token, pictures):
    """Return the Picture in {pk: Picture} that an image token names, or None."""
    match = REFERENCE.fullmatch(str(token.attrGet("src")))
    return pictures.get(int(match[1])) if match else None


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


def _make_figures(tokens, pictures):
    """Let a paragraph that is one image with a credit become a figure with its caption."""
    for index, token in enumerate(tokens):
        child, *others = token.children or [None]
        picture = picture_of(child, pictures) if child and child.type == "image" else None
        if not others and picture and picture.credit and tokens[index - 1].tag == "p":
            child.meta["alone"] = True
            for paragraph in (tokens[index - 1], tokens[index + 1]):
                paragraph.tag = "figure"
                paragraph.hidden = False


def _render(text, level, pictures):
    """Return `text` as HTML; `pictures` is a tuple of the Pictures that it may name."""
    by_key = {picture.pk: picture for picture in pictures}
    tokens = parser().parse(text)
    _shift_headings(tokens, level)
    _make_figures(tokens, by_key)
    html = parser().renderer.render(tokens, parser().options, {"pictures": by_key})
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=URL_SCHEMES, link_rel="noopener"
    )


_render_cached = lru_cache(maxsize=512)(_render)


def render(text, level=2) -> SafeString:
    """Return markdown `text` as safe HTML whose highest heading is h<level> (2 to 6).

    Text beyond MAX_LENGTH characters is cut off. A text that names images costs at most one query,
    and within one request often none (see `images.catalogue`).
    """
    text = text[:MAX_LENGTH]
    function = _render_cached if len(text) <= MAX_CACHED else _render
    return mark_safe(function(text, level, pictures_in(text)))  # noqa: S308 -- cleaned by nh3


def render_once(text, level=2) -> SafeString:
    """Return the same as `render`, without keeping it: for a text that changes as one types."""
    text = text[:MAX_LENGTH]
    return mark_safe(_render(text, level, pictures_in(text)))  # noqa: S308 -- cleaned by nh3
