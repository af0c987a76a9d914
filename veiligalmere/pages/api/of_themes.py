"""Themes, subtopics and working methods in the API."""

from django.db.models import Q

from themes.models import Subtopic, Theme, WorkingMethod
from veiligalmere.pages.api.filters import Named
from veiligalmere.pages.api.kind import (
    CHANGED,
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
    lines,
    many,
    optional,
    reference,
    references,
)

NUMBER = Field("nummer", "De plaats in de volgorde.", INTEGER, lambda one: one.number)
NAME = Field("naam", "De naam.", TEXT, lambda one: one.name)
THEME = Field("thema", "Het thema.", REFERENCE, lambda one: reference("themas", one.theme))
ABOUT = Field(
    "onderwerpen",
    "De onderwerpen.",
    many(REFERENCE),
    lambda one: references("onderwerpen", one.subtopics.all()),
)


def about_family(selection, subtopics):
    """Return those of `selection` about any of `subtopics`, or about what falls under them."""
    keys = [one.pk for one in subtopics]
    family = Subtopic.objects.public().filter(Q(pk__in=keys) | Q(parent__in=keys))
    return selection.about(family.values("pk"))


def _public_parent(subtopic):
    """Return what the subtopic falls under, if that is public: its theme is, being the same."""
    parent = subtopic.parent
    return parent if parent and parent.is_public else None


THEMES = Kind(
    "themas",
    "Thema",
    "Thema’s",
    "De thema’s van het veiligheidsbeleid.",
    (
        ID,
        NUMBER,
        NAME,
        SLUG,
        Field(
            "inleiding",
            "De inleiding van de redactie, in markdown; vaak leeg.",
            MARKDOWN,
            lambda one: one.introduction,
        ),
        PAGE,
        CHANGED,
    ),
    Theme.objects.public,
    key=NUMBER_KEY,
)

SUBTOPICS = Kind(
    "onderwerpen",
    "Onderwerp",
    "Onderwerpen",
    "De onderwerpen waar een thema over gaat.",
    (
        ID,
        NAME,
        Field(
            "andereNamen",
            "Andere namen voor hetzelfde.",
            many(TEXT),
            lambda one: lines(one.other_names),
        ),
        SLUG,
        THEME,
        Field(
            "valtOnder",
            "Het onderwerp waar dit onder valt.",
            optional(REFERENCE),
            lambda one: reference("onderwerpen", _public_parent(one)),
        ),
        Field(
            "inleiding",
            "De inleiding van de redactie, in markdown; vaak leeg.",
            MARKDOWN,
            lambda one: one.introduction,
        ),
        Field(
            "opmerking",
            "Wat het plan zelf bij dit onderwerp opmerkt.",
            TEXT,
            lambda one: one.remark,
        ),
        Field(
            "hulp",
            "Waar u dit kunt melden en wie helpt, in markdown.",
            MARKDOWN,
            lambda one: one.help,
        ),
        PAGE,
        CHANGED,
    ),
    lambda: Subtopic.objects.public().in_order(),
    filters=(
        Named(
            "thema",
            "Onderwerpen van dit thema.",
            lambda selection, values: selection.filter(theme__in=values),
            Theme.objects.public,
        ),
    ),
    key=NUMBER_KEY,
)

METHODS = Kind(
    "werkwijzen",
    "Werkwijze",
    "Werkwijzen",
    "De manieren van werken die door het hele beleid lopen.",
    (
        ID,
        NUMBER,
        NAME,
        Field("korteNaam", "De naam in het schema van het plan.", TEXT, lambda one: one.short_name),
        SLUG,
        Field(
            "beschrijving",
            "De beschrijving van de redactie, in markdown; vaak leeg.",
            MARKDOWN,
            lambda one: one.description,
        ),
        PAGE,
        CHANGED,
    ),
    WorkingMethod.objects.public,
    key=NUMBER_KEY,
)
