"""Figures and their measurements in the API."""

from django.db.models import Prefetch

from themes.models import Indicator, Measurement, Subtopic, Theme
from veiligalmere.pages.api.filters import Named
from veiligalmere.pages.api.kind import (
    ADDRESS,
    BOOLEAN,
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
    number,
    optional,
    reference,
)
from veiligalmere.pages.api.of_themes import ABOUT, NAME, THEME, about_family

NUMBER = {"type": "number"}


def _indicators():
    return (
        Indicator.objects.public()
        .select_related("theme")
        .prefetch_related(Prefetch("subtopics", Subtopic.objects.public().in_order()))
        .order_by("theme__number", "position", "pk")
    )


def _measurements():
    return (
        Measurement.objects.filter(indicator__in=Indicator.objects.public())
        .select_related("indicator")
        .order_by("indicator__theme__number", "indicator__position", "indicator", "area", "period")
    )


FIGURES = Kind(
    "cijfers",
    "Cijfer",
    "Cijfers",
    "De cijfers die de stad volgt: wat er geteld is en wie dat zegt. Wat er gemeten is, staat bij "
    "de metingen.",
    (
        ID,
        NAME,
        SLUG,
        THEME,
        ABOUT,
        Field(
            "eenheid",
            "De eenheid: “%”, “aantal” of wat er achter hoort.",
            TEXT,
            lambda one: one.unit,
        ),
        Field("decimalen", "Hoeveel cijfers achter de komma.", INTEGER, lambda one: one.decimals),
        Field(
            "besteRichting",
            "Welke kant beter is: “hoger”, “lager” of “geen”.",
            {"type": "string", "enum": list(Indicator.Better.values)},
            lambda one: one.better,
        ),
        Field(
            "definitie",
            "Wat er precies geteld is, in markdown.",
            MARKDOWN,
            lambda one: one.definition,
        ),
        Field("bron", "Wie dit zegt.", TEXT, lambda one: one.source),
        Field("bronAdres", "Waar de bron staat.", ADDRESS, lambda one: one.source_url),
        Field(
            "basisjaar",
            "Het jaar waarmee vergeleken wordt.",
            optional(INTEGER),
            lambda one: one.base_year,
        ),
        Field(
            "streefwaarde",
            "Wat de raad of het college wil bereiken.",
            optional(NUMBER),
            lambda one: number(one.target),
        ),
        Field(
            "volgendeVerwachtOp",
            "Wanneer het volgende cijfer verwacht wordt.",
            optional(DAY),
            lambda one: day(one.next_update),
        ),
        PAGE,
        CHANGED,
    ),
    _indicators,
    filters=(
        Named(
            "thema",
            "Cijfers van dit thema.",
            lambda selection, themes: selection.filter(theme__in=themes),
            Theme.objects.public,
        ),
        Named(
            "onderwerp",
            "Cijfers over dit onderwerp of over wat eronder valt.",
            about_family,
            Subtopic.objects.public,
        ),
    ),
    key=NUMBER_KEY,
)

MEASUREMENTS = Kind(
    "metingen",
    "Meting",
    "Metingen",
    "Wat er van elk cijfer gemeten is. Cijfer, gebied en periode samen zijn de sleutel.",
    (
        Field("cijfer", "Het cijfer.", REFERENCE, lambda one: reference("cijfers", one.indicator)),
        Field("gebied", "Het gebied.", TEXT, lambda one: one.area),
        Field(
            "periode",
            "Jaar (2020), halfjaar (2020-H1), kwartaal (2020-K3) of maand (2020-06).",
            {"type": "string", "pattern": "^[0-9]{4}(-(H[12]|K[1-4]|[01][0-9]))?$"},
            lambda one: one.period,
        ),
        Field(
            "waarde",
            "De waarde; leeg als er geen is.",
            optional(NUMBER),
            lambda one: number(one.value),
        ),
        Field(
            "voorlopig", "Of de waarde nog kan veranderen.", BOOLEAN, lambda one: one.provisional
        ),
        Field("toelichting", "Een opmerking bij de waarde.", TEXT, lambda one: one.note),
    ),
    _measurements,
    filters=(
        Named(
            "cijfer",
            "Metingen van dit cijfer.",
            lambda selection, indicators: selection.filter(indicator__in=indicators),
            Indicator.objects.public,
        ),
    ),
)
