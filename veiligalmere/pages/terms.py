"""The page of terms, and the links to it from the texts in which they stand."""

import re

from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from plan.words import fold
from themes.models import Term
from veiligalmere.pages.once import once

# Running text stands in elements of this class; all other words on a page are headings and labels.
PROSE = re.compile(r"<div\b[^>]*\bclass=\"prose\b")
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
        self.elsewhere = (reverse("admin:index"), reverse("terms"))

    def __call__(self, request):
        """Answer as the view does, with links in the running text of a public page."""
        response = self.get_response(request)
        if (
            response.status_code == 200
            and not response.streaming
            and response.get("Content-Type", "").startswith("text/html")
            and not request.path.startswith(self.elsewhere)
        ):
            html = response.content.decode(response.charset)
            if PROSE.search(html):
                found = once(request, "terms", lambda: list(Term.objects.public()))
                response.content = link_terms(html, found)
        return response


def link_terms(html, found):
    """Return `html` with a link at the first use of each of the terms `found` in running text."""
    by_spelling = {}
    for term in found:
        for spelling in term.spellings:
            by_spelling[escape(spelling)] = term
    if not by_spelling:
        return html
    pattern = _pattern(by_spelling)
    by_folded = {spelling.casefold(): term for spelling, term in by_spelling.items()}
    used = set()

    def link(match):
        term = by_folded[match.group().casefold()]
        if term.pk in used:
            return match.group()
        used.add(term.pk)
        return f'<a href="{escape(term.get_absolute_url())}">{match.group()}</a>'

    return "".join(
        pattern.sub(link, piece) if is_running_text else piece
        for piece, is_running_text in _pieces(html)
    )


def _pattern(spellings):
    """Return what finds a whole spelling, the longest first; only one in small letters in any case.

    "JIT" is no "jit", but "Driehoek" at the start of a sentence is a driehoek.
    """
    choices = (
        f"(?i:{re.escape(one)})" if one == one.lower() else re.escape(one)
        for one in sorted(spellings, key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w&-])(?:{'|'.join(choices)})(?![\w-])")


def _pieces(html):
    """Yield the tags and texts of `html`, each with whether it is text in which a link may stand.

    That is text in an element of running text, outside links, headings and code.
    """
    depth, inside = 0, []
    for piece in TAG.split(html):
        if not piece.startswith("<"):
            yield piece, depth > 0 and not inside
            continue
        name = NAME.match(piece)
        tag = name.group(1) if name else ""
        if tag == "div" and (depth or PROSE.match(piece)):
            depth += -1 if piece.startswith("</") else 1
        elif tag in NOT_INSIDE and not piece.startswith("</"):
            inside.append(tag)
        elif tag in NOT_INSIDE and inside:
            inside.pop()
        yield piece, False
