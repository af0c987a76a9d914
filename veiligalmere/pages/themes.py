"""Pages of themes and subtopics."""

from itertools import chain

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from plan.models import Action, AnnualPlan, Development, Passage
from themes.models import Indicator, Subtopic, Theme, WorkingMethod
from veiligalmere.pages.counts import subtopic_tree, with_action_counts, with_subtopic_counts
from veiligalmere.pages.developments import latest
from veiligalmere.pages.errors import NotFound, public_or_gone
from veiligalmere.pages.figures.figure import figures
from veiligalmere.pages.progress_summary import summary


@require_safe
def themes(request):
    """All themes with their counts."""
    plan = AnnualPlan.objects.current()
    found = list(Theme.objects.public())
    with_action_counts(found, Action.objects.public().of_plan(plan), "theme")
    with_subtopic_counts(found)
    context = {
        "plan": plan,
        "themes": found,
        "crumbs": [("Home", "/"), ("Thema’s", None)],
    }
    return render(request, "pages/themes.html", context)


@require_safe
def theme(request, theme_slug):
    """One theme: what the plan says, its subtopics, its actions by subtopic, the methods used."""
    found = _theme_or_404(theme_slug)
    plan = AnnualPlan.objects.current()
    selection = Action.objects.public().of_plan(plan).filter(theme=found)
    subtopics = subtopic_tree(Subtopic.objects.public().in_order().filter(theme=found), selection)
    actions = list(selection.with_labels())
    methods = list(WorkingMethod.objects.public())
    with_action_counts(methods, selection, "working_methods")
    methods = [method for method in methods if method.action_count]
    for method in methods:
        method.actions_url = f"{plan.actions_url}?thema={found.slug}&werkwijze={method.slug}"
    passages = Passage.objects.public().of_plan(plan).filter(theme=found)
    running_text = list(passages.running_text().with_body().prefetch_related("actions"))
    context = {
        "theme": found,
        "plan": plan,
        "passages": [passage for passage in running_text if passage.subtopic_id is None],
        "kaders": passages.frames(),
        "subtopics": subtopics,
        "groups": _by_subtopic(actions, running_text, subtopics),
        "action_total": len(actions),
        "progress": summary(plan, theme=found),
        "methods": methods,
        "figures": figures(Indicator.objects.public().filter(theme=found)),
        "developments": latest(Development.objects.public().about_theme(found)),
        "crumbs": [("Home", "/"), ("Thema’s", reverse("themes")), (found.name, None)],
    }
    return render(request, "pages/theme.html", context)


@require_safe
def subtopic(request, theme_slug, subtopic_slug):
    """One subtopic: what falls under it, what the plan says about it, its actions, help."""
    found = public_or_gone(Subtopic.objects.in_order(), slug=subtopic_slug)
    if found is None:
        choices = _theme_or_404(theme_slug).subtopics.public().in_order()
        raise NotFound(
            f"Bij dit thema is geen onderwerp “{subtopic_slug}”.",
            [(one.name, one.get_absolute_url()) for one in choices],
            "De onderwerpen van dit thema:",
        )
    if found.theme.slug != theme_slug:
        return redirect(found, permanent=True)
    plan = AnnualPlan.objects.current()
    tree = Subtopic.objects.public().in_order().filter(theme=found.theme)
    everything = Action.objects.public().of_plan(plan)
    subtopic_tree_of_theme = subtopic_tree(tree, everything.filter(theme=found.theme))
    flat = chain.from_iterable([one, *one.children_list] for one in subtopic_tree_of_theme)
    here = next(one for one in flat if one.pk == found.pk)
    passages = (
        Passage.objects.public()
        .of_plan(plan)
        .filter(subtopic__in=[one for one in (found, found.parent) if one])
    )
    siblings = subtopic_tree_of_theme
    crumbs = [
        ("Home", "/"),
        ("Thema’s", reverse("themes")),
        (found.theme.name, found.theme.get_absolute_url()),
    ]
    if found.parent and found.parent.is_public:
        crumbs.append((found.parent.name, found.parent.get_absolute_url()))
        siblings = next(
            one.children_list for one in subtopic_tree_of_theme if one.pk == found.parent_id
        )
    context = {
        "subtopic": found,
        "theme": found.theme,
        "plan": plan,
        "children": here.children_list,
        "siblings": [one for one in siblings if one.pk != found.pk],
        "passages": passages.running_text().with_body(),
        "kaders": passages.frames(),
        "actions": everything.about([found, *here.children_list]).with_labels(),
        "figures": figures(Indicator.objects.public().about([found, *here.children_list])),
        "developments": latest(
            Development.objects.public().about_subtopics([found, *here.children_list])
        ),
        "crumbs": [*crumbs, (found.name, None)],
    }
    return render(request, "pages/subtopic.html", context)


def _theme_or_404(slug):
    found = public_or_gone(Theme.objects, slug=slug)
    if found is None:
        raise NotFound(
            f"Er is geen thema “{slug}”.",
            [(one.name, one.get_absolute_url()) for one in Theme.objects.public()],
            "De thema’s die er zijn:",
        )
    return found


def _by_subtopic(actions, passages, subtopics):
    """Group passages and actions under top-level subtopics, in the plan's order.

    An action that is about several stands under the one whose passage governs it, or else under
    its first; one that is about none stands in a last group without a subtopic.
    """
    top = {one.pk: parent.pk for parent in subtopics for one in (parent, *parent.children_list)}
    groups = {one.pk: {"subtopic": one, "passages": [], "actions": []} for one in subtopics}
    loose = {"subtopic": None, "passages": [], "actions": []}
    governed = {}
    for passage in passages:
        group = top.get(passage.subtopic_id)
        if group:
            groups[group]["passages"].append(passage)
            governed |= {action.pk: group for action in passage.actions.all()}
    for action in actions:
        first = next((top.get(one.pk) for one in action.subtopics.all()), None)
        groups.get(governed.get(action.pk, first), loose)["actions"].append(action)
    return [one for one in (*groups.values(), loose) if one["passages"] or one["actions"]]
