"""Which addresses are kept, and which query parameters each of them knows.

A kept page is made from its address alone: host, path and the parameters named here. A view on a
kept address sees no other parameter, no cookie and no header of the visitor, so that nobody can
put a page in the cache that was made for one visitor, or fill it with parameters that mean
nothing. Whoever adds an address to `pages/urls.py` adds its name to KEPT or to NOT_KEPT.
"""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

PAGES = "veiligalmere.pages.urls"  # the URL configuration in which all kept addresses are
MAX_PARAMETERS = 20  # in one address; with more it is not kept
# Where files are: what is read here, or is not there, is answered without the database.
FILES = ("/static/", "/media/")


class Parameters(NamedTuple):
    """The query parameters of a kept address.

    `known` are those that its view reads, in the order in which they stand in the key. With one
    of `searching` filled in, the page is the answer to a visitor's own words, and is not kept.
    A `strict` view refuses what it does not know, so an address with that is not kept either.
    """

    known: tuple[str, ...] = ()
    searching: tuple[str, ...] = ()
    strict: bool = False


NONE = Parameters()
_ONE = Parameters(known=("fields",), strict=True)


def _collection(*filters):
    return Parameters(known=(*filters, "fields", "page", "pageSize"), strict=True)


KEPT = {
    "home": NONE,
    "themes": NONE,
    "theme": NONE,
    "subtopic": NONE,
    "methods": NONE,
    "method": NONE,
    "plan": NONE,
    "plan_full": NONE,
    "actions": Parameters(
        known=("thema", "onderwerp", "werkwijze", "plaats", "stand", "pagina"),
        searching=("woorden",),
    ),
    "action": NONE,
    "action_changes": NONE,
    "changes": Parameters(known=("pagina",)),
    "progress": NONE,
    "progress_comparison": Parameters(known=("van", "naar")),
    "progress_report": NONE,
    "standing": NONE,
    "embed_action": NONE,
    "embed_figure": NONE,
    "feed": NONE,
    "feed_changes": NONE,
    "feed_developments": NONE,
    "feed_reports": NONE,
    "feed_theme": NONE,
    "feed_subtopic": NONE,
    "feed_action": NONE,
    "follow": Parameters(known=("wat",)),
    "follow_sent": NONE,
    "developments": Parameters(known=("soort", "thema", "jaar", "pagina")),
    "development": NONE,
    "figures": NONE,
    "figures_file": NONE,
    "figure": NONE,
    "figure_file": NONE,
    "terms": NONE,
    "open_data": NONE,
    "dcat_turtle": NONE,
    "dcat_jsonld": NONE,
    "api": Parameters(strict=True),
    "api_root": Parameters(strict=True),
    "api_openapi": Parameters(strict=True),
    "api_themas": _collection(),
    "api_themas_item": _ONE,
    "api_onderwerpen": _collection("thema"),
    "api_onderwerpen_item": _ONE,
    "api_werkwijzen": _collection(),
    "api_werkwijzen_item": _ONE,
    "api_jaarplannen": _collection(),
    "api_jaarplannen_item": _ONE,
    "api_acties": _collection("jaar", "thema", "onderwerp", "werkwijze", "plaats", "stand"),
    "api_acties_item": _ONE,
    "api_voortgangsmeldingen": _collection("actie", "jaar", "thema", "stand"),
    "api_voortgangsmeldingen_item": _ONE,
    "api_voortgangsrapportages": _collection("jaar"),
    "api_voortgangsrapportages_item": _ONE,
    "api_rapportageregels": _collection("rapportage", "stand"),
    "api_cijfers": _collection("thema", "onderwerp"),
    "api_cijfers_item": _ONE,
    "api_metingen": _collection("cijfer"),
    "api_ontwikkelingen": _collection("soort", "jaar", "thema"),
    "api_ontwikkelingen_item": _ONE,
    "opensearch": NONE,
    "sitemap": NONE,
    "robots": NONE,
    "security_txt": NONE,
}

NOT_KEPT = {
    "actions_file",  # a download
    "alive",  # must be true now
    "api_unknown",  # is not there
    "current_plan",  # a redirect
    "development_document",  # a download
    "open_data_file",  # a download
    "follow_confirm",  # a key
    "follow_settings",  # a key
    "follow_stop",  # a key
    "media",  # the browser keeps it for itself
    "preview",  # a draft
    "preview_document",  # a draft's
    "plan_at",  # as many as there are days
    "plan_day",  # a redirect
    "plan_pdf",  # a download
    "ready",  # must be true now
    "report_file",  # a download
    "report_pdf",  # a download
    "search",  # answers a visitor's own words
    "shared_preview",  # a draft
    "shared_preview_document",  # a draft's
}


class Address(NamedTuple):
    """The key of a kept page: all strings, the path as WSGI gives it."""

    host: str
    path: str
    query: str


def known_hosts():
    """Return the Host headers under which pages are kept: names that we have, with our own port.

    Others that Django would answer as well, such as a name with any other port, could each fill
    the cache anew.
    """
    site = urlsplit(settings.SITE_URL)
    names = [name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))]
    return frozenset(
        host.lower() for name in names for host in (name, f"{name}:{settings.PORT}")
    ) | {site.netloc.lower()}


@lru_cache(maxsize=256)
def view_at(path):
    """Return what Django resolves `path` to; raise Resolver404 if no page can have it.

    Asked for at least twice for each page that is made, and change nothing in it: it is shared.
    """
    return resolve(path, PAGES)


def canonical_query(path, query):
    """Return `query` with only what the page at `path` knows, in fixed order; None if not kept.

    Values of one parameter are sorted, each once, without empty ones.
    """
    try:
        name = view_at(path.encode("latin-1").decode("utf-8")).view_name
    except (Resolver404, UnicodeDecodeError):
        return None
    parameters = KEPT.get(name)
    if parameters is None:
        return None
    if not query:
        return ""
    try:
        given = parse_qsl(query, keep_blank_values=parameters.strict, max_num_fields=MAX_PARAMETERS)
    except ValueError:
        return None
    if any(name in parameters.searching for name, _value in given):
        return None
    if parameters.strict and not _all_known(given, parameters):
        return None
    chosen = sorted({pair for pair in given if pair[0] in parameters.known})
    chosen.sort(key=lambda pair: parameters.known.index(pair[0]))
    return urlencode(chosen)


def _all_known(given, parameters):
    """Return whether a strict view knows all that is `given`, each pair of it once."""
    return all(value and name in parameters.known for name, value in given) and len(
        set(given)
    ) == len(given)
