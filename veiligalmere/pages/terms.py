"""The page of terms, and the links to it from the texts in which they stand."""

import re

from django.shortcuts import render
from django.utils.html import escape
from django.views.decorators.http import require_safe

from themes.models import Term
from themes.words import fold
from veiligalmere.editorial.addresses import BACK_OFFICE, address
from veiligalmere.pages.once import once

# Running text stands in elements of this class; all other words on a page are headings and labels.
PROSE = re.compile(r"<div\b[^>]*\bclass=\"prose\b")
DIV = re.compile(r"</?div\b")
TAG = re.compile(r"(<[^>]+>)")
NAME = re.compile(r"</?([a-z0-9]+)")
NOT_INSIDE = {"a", "h2", "h3", "h4", "h5", "h6", "code", "pre"}


@require_safe
def terms(request):
    """All terms, in the order of a Dutch dictionary."""
    context = {
        "terms": sorted(Term.objects.public(), key=lambda term: fold(term.name)),
        "crumbs": [("Home", "/"), ("Begrippen", None)],
    }
    return render(request, "pages/terms.html", context)


class TermLinksMiddleware:
    """Make the first use of each term in the running text of a public page a link to it.

    Here and not in the templates, because what is the first use only the whole page knows.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer as the view does, with links in the running text of a public page."""
        response = self.get_response(request)
        if (
            response.status_code == 200
            and not response.streaming
            and response.get("Content-Type", "").startswith("text/html")
            and not request.path.startswith((BACK_OFFICE, address("terms")))
        ):
            html = response.content.decode(response.charset)
            if PROSE.search(html):
                links = once("terms", lambda: TermLinks(Term.objects.public()))
                response.content = links.put_in(html)
        return response


class TermLinks:
    """Makes the first use of each of `terms` in the running text of a page a link to it.

    Of two that differ in case alone, a word is of the one that is written in precisely that way.
    """

    def __init__(self, terms):
        by_spelling = {}
        for term in terms:
            for spelling in term.spellings:
                by_spelling[escape(spelling)] = escape(term.get_absolute_url())
        self._by_spelling = by_spelling
        self._by_folded = {
            one.casefold(): url for one, url in by_spelling.items() if _counts_in_any_case(one)
        }
        self._pattern = _pattern(by_spelling) if by_spelling else None

    def put_in(self, html):
        """Return `html` with the links in it."""
        if not self._pattern:
            return html
        used = set()

        def link(match):
            word = match.group()
            # The pattern takes an i without a dot for an i in another case; folding does not.
            address = self._by_spelling.get(word) or self._by_folded.get(word.casefold())
            if address is None or address in used:
                return word
            used.add(address)
            return f'<a href="{address}">{word}</a>'

        pieces, end = [], 0
        for start, stop in _running_text(html):
            pieces.append(html[end:start])
            text, end = html[start:stop], stop
            # Looking is far cheaper than taking it apart, and most texts name no term.
            pieces.append(self._link(text, link) if self._pattern.search(text) else text)
        return "".join([*pieces, html[end:]])

    def _link(self, text, link):
        return "".join(
            self._pattern.sub(link, piece) if is_free else piece for piece, is_free in _pieces(text)
        )


def _pattern(spellings):
    """Return what finds a whole spelling, the longest first; only one in small letters in any case.

    "JIT" is no "jit", but "Driehoek" at the start of a sentence is a driehoek.
    """
    choices = (
        f"(?i:{re.escape(one)})" if _counts_in_any_case(one) else re.escape(one)
        for one in sorted(spellings, key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w&-])(?:{'|'.join(choices)})(?![\w-])")


def _counts_in_any_case(spelling):
    return spelling == spelling.lower()


def _running_text(html):
    """Yield where each element of running text begins and ends in `html`."""
    end = 0
    while begin := PROSE.search(html, end):
        depth, end = 0, len(html)
        for tag in DIV.finditer(html, begin.start()):
            depth += -1 if tag.group() == "</div" else 1
            if not depth:
                end = tag.end()
                break
        yield begin.start(), end


def _pieces(html):
    """Yield the tags and texts of `html`, each with whether it is text in which a link may stand.

    That is text outside links, headings and code.
    """
    inside = []
    for piece in TAG.split(html):
        if not piece.startswith("<"):
            yield piece, not inside
            continue
        name = NAME.match(piece)
        tag = name.group(1) if name else ""
        if tag in NOT_INSIDE and not piece.startswith("</"):
            inside.append(tag)
        elif tag in NOT_INSIDE and inside:
            inside.pop()
        yield piece, False
