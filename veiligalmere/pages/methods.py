"""Pages of working methods."""

from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from plan.models import Action, AnnualPlan
from themes.models import Theme, WorkingMethod
from veiligalmere.pages.counts import with_action_counts
from veiligalmere.pages.errors import NotFound, public_or_gone


@require_safe
def methods(request):
    """All working methods, and the matrix of themes and methods."""
    plan = AnnualPlan.objects.current()
    actions = Action.objects.public().of_plan(plan)
    found = list(WorkingMethod.objects.public())
    with_action_counts(found, actions, "working_methods")
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
    found = public_or_gone(WorkingMethod.objects, slug=slug)
    if found is None:
        raise NotFound(
            f"Er is geen werkwijze “{slug}”.",
            [(one.name, one.get_absolute_url()) for one in WorkingMethod.objects.public()],
            "De werkwijzen die er zijn:",
        )
    plan = AnnualPlan.objects.current()
    actions = Action.objects.public().of_plan(plan).filter(working_methods=found)
    context = {
        "method": found,
        "plan": plan,
        "actions": actions.with_labels(),
        "methods": WorkingMethod.objects.public().exclude(pk=found.pk),
        "crumbs": [("Home", "/"), ("Werkwijzen", reverse("methods")), (found.name, None)],
    }
    return render(request, "pages/method.html", context)


def _matrix(plan, actions, found):
    rows = actions.order_by().values_list("theme", "working_methods").annotate(Count("pk"))
    counts = {(theme, method): count for theme, method, count in rows}
    return [
        {
            "theme": theme,
            "cells": [
                {
                    "method": one,
                    "count": counts.get((theme.pk, one.pk), 0),
                    "url": f"{plan.actions_url}?thema={theme.slug}&werkwijze={one.slug}",
                }
                for one in found
            ],
        }
        for theme in Theme.objects.public()
        if plan
    ]
