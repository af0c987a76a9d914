"""The page that explains the open data."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from plan.models import AnnualPlan
from themes.models import Theme
from veiligalmere.editorial.addresses import absolute, address
from veiligalmere.pages.api.kinds import KINDS
from veiligalmere.pages.api.of_plans import ACTIONS
from veiligalmere.pages.api.query import MAX_PAGE_SIZE, PAGE_SIZE
from veiligalmere.pages.open_data.files import datatype, links
from veiligalmere.pages.open_data.licence import licence
from veiligalmere.pages.tables import GUARDED

PARTS = (
    ("licentie", "Wat u ermee mag doen"),
    ("bestanden", "Bestanden"),
    ("api", "De API"),
    ("catalogus", "Voor catalogi"),
)
SORTS = {
    "string": "tekst",
    "integer": "geheel getal",
    "number": "getal",
    "boolean": "true of false",
    "date": "datum",
    "dateTime": "datum en tijd",
    "anyURI": "adres",
}


@require_safe
def open_data(request):
    """What there is to use again: files, the API, and under which licence."""
    context = {
        "licence": licence(),
        "parts": [{"anchor": anchor, "label": label} for anchor, label in PARTS],
        "kinds": [_described(kind) for kind in KINDS],
        "columns": ["Kolom", "Wat erin staat", "Soort"],
        "guarded": GUARDED,
        "api_url": absolute(address("api")),
        "openapi_url": absolute(address("api_openapi")),
        "examples": _examples(),
        "page_size": PAGE_SIZE,
        "max_page_size": MAX_PAGE_SIZE,
        "crumbs": [("Home", "/"), ("Open data", None)],
    }
    return render(request, "pages/open_data.html", context)


def _described(kind):
    return {
        "name": kind.name,
        "title": kind.title,
        "caption": f"De kolommen van “{kind.title}”",
        "description": kind.description,
        "files": links(kind),
        "address": absolute(kind.address()),
        "filters": [one.name for one in kind.filters],
        "rows": [
            {
                "head": field.name,
                "cells": [field.description, SORTS[datatype(field.schema)]],
            }
            for field in kind.fields
        ],
    }


def _examples():
    """Return (what it asks, address) of questions that the API answers with what is on the site."""
    actions = absolute(ACTIONS.address())
    examples = [("Alle acties, van alle jaren", actions)]
    plan, theme = AnnualPlan.objects.current(), Theme.objects.public().first()
    if plan and theme:
        examples += [
            (
                f"De acties van {plan.year} binnen het thema {theme.name}",
                f"{actions}?jaar={plan.year}&thema={theme.slug}",
            ),
            (
                f"Van de acties van {plan.year} alleen de titel en hoe het ermee staat",
                f"{actions}?jaar={plan.year}&fields=titel,stand",
            ),
            ("De tweede bladzijde, met tien acties per bladzijde", f"{actions}?page=2&pageSize=10"),
        ]
    return examples
