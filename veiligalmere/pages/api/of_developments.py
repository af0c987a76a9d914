"""Developments in the API."""

from plan.models import Development
from themes.models import Theme
from veiligalmere.editorial.addresses import absolute
from veiligalmere.pages.api.filters import Chosen, Named, Numbered
from veiligalmere.pages.api.kind import (
    CHANGED,
    DAY,
    ID,
    INTEGER,
    MARKDOWN,
    NUMBER_KEY,
    PAGE,
    REFERENCE,
    SLUG,
    TEXT,
    Field,
    Kind,
    day,
    many,
    optional,
    references,
)
from veiligalmere.pages.api.of_plans import FIRST_YEAR, LAST_YEAR
from veiligalmere.pages.api.of_themes import ABOUT

DOCUMENT = {"$ref": "#/components/schemas/Document"}


def _document(development):
    if not development.document:
        return None
    return {"naam": development.document_title, "adres": absolute(development.document_url)}


def _about(selection, themes):
    """Return the developments on any of `themes`, or on what belongs to them."""
    keys = set()
    for theme in themes:
        keys.update(Development.objects.about_theme(theme).values_list("pk", flat=True))
    return selection.filter(pk__in=keys)


DEVELOPMENTS = Kind(
    "ontwikkelingen",
    "Ontwikkeling",
    "Ontwikkelingen",
    "Nieuws, nieuwe projecten en publicaties, het nieuwste eerst.",
    (
        ID,
        Field(
            "soort",
            "Een ontwikkeling, een nieuw project of een publicatie.",
            {"type": "string", "enum": list(Development.Kind.values)},
            lambda one: one.kind,
        ),
        Field("titel", "De titel.", TEXT, lambda one: one.title),
        SLUG,
        Field("jaar", "Het jaar.", INTEGER, lambda one: one.year),
        Field("datum", "De dag, als die bekend is.", optional(DAY), lambda one: day(one.date)),
        Field("inHetKort", "Eén of twee zinnen.", TEXT, lambda one: one.lead),
        Field("tekst", "De tekst, in markdown.", MARKDOWN, lambda one: one.body),
        Field("document", "Het document dat erbij hoort.", optional(DOCUMENT), _document),
        Field(
            "themas",
            "De thema’s.",
            many(REFERENCE),
            lambda one: references("themas", one.themes.all()),
        ),
        ABOUT,
        Field(
            "acties",
            "De acties.",
            many(REFERENCE),
            lambda one: references("acties", one.actions.all()),
        ),
        PAGE,
        CHANGED,
    ),
    lambda: Development.objects.public().newest_first().with_labels(),
    filters=(
        Chosen(
            "soort",
            "Ontwikkelingen van deze soort.",
            lambda selection, kinds: selection.filter(kind__in=kinds),
            dict(Development.Kind.choices),
        ),
        Numbered(
            "jaar",
            "Ontwikkelingen van dit jaar.",
            lambda selection, years: selection.filter(year__in=years),
            FIRST_YEAR,
            LAST_YEAR,
        ),
        Named(
            "thema",
            "Ontwikkelingen over dit thema of wat erbij hoort.",
            _about,
            Theme.objects.public,
        ),
    ),
    key=NUMBER_KEY,
)
