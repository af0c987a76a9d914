"""Pages of working methods."""

from collections import Counter

from django.shortcuts import render
from django.views.decorators.http import require_safe

from themes.models import WorkingMethod
from veiligalmere.editorial.addresses import address
from veiligalmere.pages import records
from veiligalmere.pages.counts import with_action_counts
from veiligalmere.pages.errors import NotFound, public_or_gone
from veiligalmere.pages.outline import outline_of


@require_safe
def methods(request):
    """All working methods, and the matrix of themes and methods."""
    plan = records.current_plan()
    actions = outline_of(plan).actions.values()
    found = with_action_counts(records.methods().values(), actions, "working_methods")
    context = {
        "plan": plan,
        "methods": found,
        "matrix": _matrix(plan, actions, found),
        "crumbs": [("Home", "/"), ("Werkwijzen", None)],
    }
    return render(request, "pages/methods.html", context)


@require_safe
def method(request, slug):
    """One working method and the actions that name it."""
    public = records.methods().values()
    found = next((one for one in public if one.slug == slug), None)
    if found is None:
        public_or_gone(WorkingMethod.objects, slug=slug)
        raise NotFound(
            f"Er is geen werkwijze “{slug}”.",
            [(one.name, one.get_absolute_url()) for one in public],
            "De werkwijzen die er zijn:",
        )
    plan = records.current_plan()
    context = {
        "method": found,
        "plan": plan,
        "actions": outline_of(plan).that_name(found),
        "methods": [one for one in public if one != found],
        "crumbs": [("Home", "/"), ("Werkwijzen", address("methods")), (found.name, None)],
    }
    return render(request, "pages/method.html", context)


def _matrix(plan, actions, found):
    counts = Counter(
        (action.theme_id, method.pk)
        for action in actions
        for method in action.labels.working_methods
    )
    return [
        {
            "theme": theme,
            "cells": [
                {
                    "method": one,
                    "count": counts[theme.pk, one.pk],
                    "url": f"{plan.actions_url}?thema={theme.slug}&werkwijze={one.slug}",
                }
                for one in found
            ],
        }
        for theme in records.themes().values()
        if plan
    ]
