"""Every component in its variants, for who works on the design; only with DEBUG.

The content is made up, and says so: it is never stored and no visitor sees it.
"""

from types import SimpleNamespace

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from plan.models import Status
from veiligalmere.pages.styleguide_samples import samples

HUES = ("wijken", "ondermijning", "zorg", "crisis")
SIGNS = (
    *("search", "phone", "onward", "back", "remove", "place", "period"),
    *("note", "good", "caution", "alarm"),
)
LONG = "Samenwerkingsovereenkomst voor rampenbestrijding en crisisbeheersing in Voorbeeldregio’s"
BODY = """Lopende tekst met een [koppeling](/) en **nadruk**.

- een punt
- nog een punt, dat zo lang is dat het op een smal scherm over meer dan een regel loopt

1. eerst dit
2. dan dat
"""


def styleguide(request):
    """Show the components; 404 where DEBUG is off."""
    if not settings.DEBUG:
        raise Http404
    themes = [_theme(hue, number) for number, hue in enumerate(HUES, 1)]
    subtopics = [
        _sample("Voorbeeld met onderdelen", count=3, children=["Onderdeel een", "Onderdeel twee"]),
        _sample("Voorbeeld met één actie", count=1),
        _sample("Voorbeeld zonder actie", count=0),
    ]
    actions = [
        _action(themes[0], "Voorbeeldactie"),
        _action(
            themes[3],
            LONG,
            summary="Een korte uitleg in gewone taal.",
            period="eerste helft van het jaar",
            places=["Voorbeeldwijk"],
            subtopics=["Voorbeeld", "Nog een voorbeeld"],
            partners="Voorbeeldpartner\nNog een partner",
            status=Status.ON_TRACK,
        ),
    ]
    context = {
        "crumbs": [("Home", "/"), ("Stijl", None)],
        "themes": themes,
        "signs": SIGNS,
        "subtopics": subtopics,
        "actions": actions,
        "body": BODY,
        "filters": _filters(),
        "page_obj": Paginator(range(200), 20).page(4),
        "entries": [
            {"anchor": "kop-1", "label": "Eerste hoofdstuk", "children": []},
            {
                "anchor": "kop-2",
                "label": "Tweede hoofdstuk, met een langere naam",
                "children": [{"anchor": "kop-3", "label": "Paragraaf"}],
            },
        ],
        "columns": ["Gebied", "2018", "2019", "Verschil"],
        "rows": [
            {"head": "Voorbeeldwijk", "cells": ["1.000", "950", "-5%"]},
            {"head": "Andere wijk", "cells": ["20", "21,5", "+7,5%"]},
        ],
    }
    return render(request, "pages/styleguide.html", context | samples(actions))


def _sample(name, *, count=0, children=()):
    return SimpleNamespace(
        pk=name,
        name=name,
        title=name,
        action_count=count,
        children_list=[_sample(child) for child in children],
        get_absolute_url="#",
    )


def _theme(hue, number):
    theme = _sample(f"Thema in de kleur {hue}", count=number)
    theme.icon = theme.colour = hue
    theme.number = number
    theme.subtopic_count = number * 3
    return theme


def _action(theme, title, **values):
    def many(names):
        return SimpleNamespace(all=[_sample(name) for name in names])

    action = _sample(title)
    action.theme = theme
    action.plan = SimpleNamespace(actions_url="#")
    action.summary = values.get("summary", "")
    action.period = values.get("period", "")
    action.partners = values.get("partners", "")
    action.status = values.get("status")
    action.places = many(values.get("places", ()))
    action.subtopics = many(values.get("subtopics", ()))
    action.working_methods = many(())
    return action


def _filters():
    def option(number, *, selected=False, count=2, nested=False):
        label = f"Keuze {number}"
        return {
            "value": f"keuze-{number}",
            "label": label,
            "count": count,
            "selected": selected,
            "nested": nested,
        }

    return {
        "words": "voorbeeld",
        "groups": [
            {
                "param": "kort",
                "legend": "Korte lijst",
                "options": [option(1, selected=True), option(2), option(3, count=0)],
                "is_open": True,
            },
            {
                "param": "lang",
                "legend": "Lange lijst",
                "options": [option(number, nested=number % 3 == 0) for number in range(4, 16)],
                "is_open": False,
            },
        ],
        "active": [
            {"label": "Keuze 1", "remove_url": "#"},
            {"label": "“voorbeeld”", "remove_url": "#"},
        ],
        "reset_url": "#",
    }
