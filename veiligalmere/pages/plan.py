"""Pages of the plan as a whole."""

from collections import Counter
from itertools import groupby

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from plan.documents.making import plan_key
from plan.models import Action, AnnualPlan, Passage, StoredPdf
from veiligalmere.pages import records
from veiligalmere.pages.errors import NotFound, public_or_gone

# What these pages show of an action.
OF_CONTENTS = ("plan", "theme", "slug", "title")
OF_A_PLAN = (*OF_CONTENTS, "position", "heading", "body")


@require_safe
def current_plan(request):
    """Lead to the current plan."""
    plan = AnnualPlan.objects.current()
    if plan is None:
        raise NotFound("Er staat nog geen jaarplan op deze site.")
    return redirect(plan)


@require_safe
def plan(request, year):
    """One plan: its introduction and ambition, and its contents."""
    found = plan_or_404(year)
    introduction = Passage.objects.public().of_plan(found).filter(kind=Passage.Kind.INTRODUCTION)
    actions = _with_plan_and_theme(Action.objects.public().only(*OF_CONTENTS), found)
    context = {
        "plan": found,
        "modified": found.last_change,
        "passages": list(introduction),
        "contents": [
            {"theme": theme, "actions": [one for one in actions if one.theme_id == theme.pk]}
            for theme in records.themes().values()
        ],
        "pdf": StoredPdf.objects.facts_of(plan_key(found)),
        "other_plans": AnnualPlan.objects.public().exclude(pk=found.pk),
        "crumbs": [("Home", "/"), (found.title, None)],
    }
    return render(request, "pages/plan.html", context)


@require_safe
def plan_full(request, year):
    """The whole plan on one page, in the plan's own order."""
    found = plan_or_404(year)
    # Of a thousand actions, what else there is of each would be more than this.
    actions = _with_plan_and_theme(Action.objects.public().only(*OF_A_PLAN), found)
    sections = list(_sections(Passage.objects.public().of_plan(found), actions))
    context = {
        "plan": found,
        "modified": found.last_change,
        "sections": sections,
        "toc": _table_of_contents(sections),
        "crumbs": [
            ("Home", "/"),
            (found.title, found.get_absolute_url()),
            ("Het hele plan", None),
        ],
    }
    return render(request, "pages/plan_full.html", context)


def plan_or_404(year):
    """Return the public plan of `year`; raise Gone, or NotFound with the years there are."""
    public = records.plans()
    found = next((plan for plan in public if plan.year == year), None)
    if found is None:
        public_or_gone(AnnualPlan.objects, year=year)
        raise NotFound(
            f"Er is op deze site geen jaarplan van {year}.",
            [(one.title, one.get_absolute_url()) for one in public],
            "De jaarplannen die er zijn:",
        )
    return found


def _with_plan_and_theme(selection, found):
    """Return the actions of `selection` in plan `found`, in its order, in one query.

    They share the plan and the themes: of each action its own would take more than the action.
    """
    themes = records.themes()
    actions = list(selection.of_plan(found))
    for action in actions:
        action.plan = found
        action.theme = themes[action.theme_id]
    return actions


def _sections(passages, actions):
    """Yield the chapters of a plan: what stands before, in and after the themes.

    An action stands one level below the last heading before it in its chapter; so does a kader.
    """
    pieces = sorted([*passages, *actions], key=lambda piece: (piece.position, piece.pk))
    seen = Counter()
    for theme, items in groupby(pieces, key=lambda piece: piece.theme):
        anchor = f"thema-{theme.number}" if theme else None
        seen[anchor] += 1
        # A theme can return, after a piece of another in its midst.
        if theme and seen[anchor] > 1:
            anchor = f"{anchor}-{seen[anchor]}"
        section = {
            "theme": theme,
            "anchor": anchor,
            "title": f"Thema {theme.number}: {theme.name}" if theme else "",
            "items": [],
        }
        level = 2
        for item in items:
            is_action = isinstance(item, Action)
            if is_action or item.kind == Passage.Kind.FRAME:
                item_level = level + 1
            elif item.heading:
                item_level = level = item.heading_level
            else:
                item_level = level + 1
            section["items"].append(
                {
                    "kind": "action" if is_action else "passage",
                    "object": item,
                    "level": min(6, item_level),
                }
            )
        yield section


def _table_of_contents(sections):
    """Return the headings of levels 2 and 3 and the actions, as entries with children."""
    entries = []
    for section in sections:
        if section["theme"]:
            entries.append({"anchor": section["anchor"], "label": section["title"], "children": []})
        for item in section["items"]:
            piece = item["object"]
            label = piece.title if item["kind"] == "action" else piece.heading
            if not label:
                continue
            entry = {"anchor": piece.slug, "label": label, "children": []}
            if item["level"] == 2 or not entries:
                entries.append(entry)
            elif item["level"] == 3 or item["kind"] == "action" or piece.kind == "kader":
                entries[-1]["children"].append(entry)
    return entries
