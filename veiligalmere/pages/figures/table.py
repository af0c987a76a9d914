"""Measurements as a table on the page and as CSV."""

import csv

from django.http import HttpResponse

from themes.models import Measurement
from veiligalmere.editorial.tables import guard_in_csv

COLUMNS = (
    *("cijfer", "eenheid", "gebied", "periode", "waarde", "voorlopig", "toelichting"),
    *("bron", "adres"),
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


def csv_response(figures, name):
    """Return the measurements of `figures` as a CSV file to download.

    As RFC 4180: commas, a decimal point, UTF-8 with the mark by which Excel knows that. A text, or
    a part of one, that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for figure in figures:
        indicator = figure.indicator
        for one in figure.measurements:
            number = "" if one.value is None else format(one.value.normalize(), "f")
            cells = [indicator.name, indicator.unit, one.area, one.period, number]
            cells += ["ja" if one.provisional else "nee", one.note]
            cells += [indicator.source, indicator.source_url]
            writer.writerow(
                cell if column == "waarde" else guard_in_csv(cell)
                for column, cell in zip(COLUMNS, cells, strict=True)
            )
    return response


def _cell(figure, measurement: Measurement | None):
    if measurement is None:
        return "–"
    provisional = measurement.provisional and measurement.value is not None
    marks = [mark for mark in ("voorlopig" * provisional, measurement.note) if mark]
    return figure.short(measurement) + (f" ({', '.join(marks)})" if marks else "")
