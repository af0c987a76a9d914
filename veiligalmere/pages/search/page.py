"""The search page, and the description by which a browser offers to search this site."""

from collections import Counter

from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from themes.models import Theme
from veiligalmere.pages.errors import NotFound
from veiligalmere.pages.paging import page_of
from veiligalmere.pages.search.current import current_index
from veiligalmere.pages.search.documents import KIND
from veiligalmere.pages.search.excerpts import excerpt, highlight
from veiligalmere.pages.search.filters import search_filters
from veiligalmere.pages.search.words import quoted

MAX_LENGTH = 200  # characters of a query; what comes after them is not looked at
GROUP_SIZE = 5  # results of a kind and year on the page with all kinds
PAGE_SIZE = 20


@require_safe
@never_cache
def search(request):
    """What a visitor's words find: grouped by kind and year, or a list if there is one group."""
    asked = " ".join(request.GET.get("zoek", "").replace("\x00", " ").split())
    words = asked[:MAX_LENGTH]
    index = current_index.get()
    answer = index.search(words)
    filters = search_filters(request.GET, words, index, answer.hits)
    found = filters.passing()
    themes = list(Theme.objects.public())
    context = {
        "search_words": words,
        "too_long": len(asked) > MAX_LENGTH,
        "nothing_to_find": bool(words) and not answer.asked,
        "answer": answer,
        "left_out": quoted(answer.left_out),
        "unread": quoted(answer.unread),
        "instead_url": filters.url(zoek=answer.instead) if answer.instead else "",
        "total": len(found),
        "filters": {
            "groups": filters.groups,
            "words": words,
            "active": filters.active,
            "any": filters.any,
            "reset_url": filters.reset_url,
        },
        "themes": themes,
        "crumbs": [("Home", "/"), ("Zoeken", None)],
    }
    context |= _results(request.GET.get("pagina", ""), found, answer, filters, themes)
    return render(request, "pages/search.html", context)


@require_safe
@cache_control(public=True, max_age=86_400)
def opensearch(request):
    """The OpenSearch description, from which a browser learns how to search this site."""
    return render(request, "opensearch.xml", content_type="application/opensearchdescription+xml")


def _results(number, found, answer, filters, themes):
    """Return the groups to show; one group alone is cut in pages.

    Where not all that is found goes ahead, the rest has groups of its own after it.
    """
    totals = Counter((one.kind, one.year) for one in found)
    page, groups = None, {}
    if len(totals) == 1:
        page = page_of(found, number, size=PAGE_SIZE, address=filters.url())
        groups = {(*next(iter(totals)), False): found}
    elif number not in {"", "1"}:
        raise NotFound("Deze resultaten hebben geen bladzijden.", [("Alle", filters.url())])
    else:
        ahead = answer.hits[: answer.ahead] if answer.ahead < len(answer.hits) else ()
        for document in found:
            is_rest = bool(ahead) and not any(document is one for one in ahead)
            groups.setdefault((document.kind, document.year, is_rest), []).append(document)
    theme_of = {theme.slug: theme for theme in themes}
    return {
        "page_obj": page,
        "page_url": filters.url(),
        "shown_url": page.address if page else filters.url(),
        "groups": [
            _group(kind, year, documents, page, answer, filters, theme_of)
            | {"is_rest": is_rest, "of_all": totals[kind, year]}
            for (kind, year, is_rest), documents in groups.items()
        ],
    }


def _group(kind, year, documents, page, answer, filters, theme_of):
    shown = page.object_list if page else documents[:GROUP_SIZE]
    more = not page and len(documents) > GROUP_SIZE
    changes = {"soort": [kind], **({"jaar": [str(year)]} if year else {})}
    return {
        "key": f"{kind}-{year}" if year else kind,
        "label": f"{KIND[kind].plural} {year}" if year else KIND[kind].plural,
        "total": len(documents),
        "more_url": filters.url(**changes) if more else "",
        "results": [
            {
                "url": document.url,
                "title": highlight(document.title, answer.words),
                "excerpt": excerpt(document.told, answer.words),
                # Under a theme's own name it would stand a second time.
                "theme": None
                if kind == "themas"
                else theme_of.get(next(iter(document.themes), "")),
            }
            for document in shown
        ],
    }
