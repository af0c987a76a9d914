"""Measurements as a table on the page and as files."""

from themes.models import Measurement
from veiligalmere.editorial.tables import Column, Table

COLUMNS = (
    Column("cijfer", "De naam van het cijfer.", lambda one: one.indicator.name),
    Column(
        "eenheid",
        "De eenheid: “%”, “aantal” of wat er achter hoort.",
        lambda one: one.indicator.unit,
    ),
    Column("gebied", "Het gebied.", lambda one: one.area),
    Column(
        "periode",
        "Jaar (2020), halfjaar (2020-H1), kwartaal (2020-K3) of maand (2020-06).",
        lambda one: one.period,
    ),
    Column("waarde", "De waarde; leeg als er geen is.", lambda one: one.value, "number"),
    Column(
        "voorlopig",
        "“ja” als de waarde nog kan veranderen, anders “nee”.",
        lambda one: "ja" if one.provisional else "nee",
    ),
    Column("toelichting", "Een opmerking bij de waarde.", lambda one: one.note),
    Column("bron", "Wie dit zegt.", lambda one: one.indicator.source),
    Column("adres", "Waar de bron staat.", lambda one: one.indicator.source_url, "anyURI"),
)


def rows(figure):
    """Return the rows of a figure's table: a period each, with a cell for each area."""
    areas = list(dict.fromkeys(one.area for one in figure.measurements))
    by_period = {}
    for one in figure.measurements:
        by_period.setdefault((one.when.start, one.period), {})[one.area] = one
    return [
        {
            "head": next(iter(found.values())).when.label,
            "cells": [_cell(figure, found.get(area)) for area in areas],
        }
        for _when, found in sorted(by_period.items())
    ]


def columns(figure):
    """Return the names above the columns of a figure's table."""
    return ["Periode", *dict.fromkeys(one.area for one in figure.measurements)]


def caption(figure):
    """Return what the table is called, with its unit where that is not in the cells."""
    indicator = figure.indicator
    return (
        indicator.name
        if indicator.unit in {"%", "aantal"}
        else f"{indicator.name}, {indicator.unit}"
    )


def as_file(figures, name, title):
    """Return the measurements of `figures` as a Table to download."""
    measurements = [one for figure in figures for one in figure.measurements]
    return Table(name, title, COLUMNS, measurements)


def _cell(figure, measurement: Measurement | None):
    if measurement is None:
        return "–"
    provisional = measurement.provisional and measurement.value is not None
    marks = [mark for mark in ("voorlopig" * provisional, measurement.note) if mark]
    return figure.short(measurement) + (f" ({', '.join(marks)})" if marks else "")
