"""Pages of themes and subtopics."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from plan.models import Development, Passage
from themes.models import Subtopic, Theme
from veiligalmere.editorial.addresses import address
from veiligalmere.pages import records
from veiligalmere.pages.counts import with_action_counts, with_subtopic_counts
from veiligalmere.pages.developments import latest
from veiligalmere.pages.errors import NotFound, public_or_gone
from veiligalmere.pages.figures.figure import figures
from veiligalmere.pages.outline import outline_of
from veiligalmere.pages.progress_summary import summary


@require_safe
def themes(request):
    """All themes with their counts."""
    plan = records.current_plan()
    actions = outline_of(plan).actions.values()
    found = with_action_counts(records.themes().values(), actions, "theme")
    context = {
        "plan": plan,
        "themes": with_subtopic_counts(found, records.subtopics().values()),
        "crumbs": [("Home", "/"), ("Thema’s", None)],
    }
    return render(request, "pages/themes.html", context)


@require_safe
def theme(request, theme_slug):
    """One theme: what the plan says, its subtopics, its actions by subtopic, the methods used."""
    found = _theme_or_404(theme_slug)
    plan = records.current_plan()
    outline = outline_of(plan)
    subtopics = outline.subtopic_trees.get(found.pk, [])
    actions = outline.of_theme(found)
    methods = with_action_counts(records.methods().values(), actions, "working_methods")
    methods = [method for method in methods if method.action_count]
    for method in methods:
        method.actions_url = f"{plan.actions_url}?thema={found.slug}&werkwijze={method.slug}"
    passages = [one for one in outline.passages if one.theme_id == found.pk]
    running_text = [one for one in passages if one.body and one.kind != Passage.Kind.FRAME]
    context = {
        "theme": found,
        "plan": plan,
        "passages": [passage for passage in running_text if passage.subtopic_id is None],
        "kaders": [one for one in passages if one.kind == Passage.Kind.FRAME],
        "subtopics": subtopics,
        "groups": _by_subtopic(outline, actions, running_text, subtopics),
        "action_total": len(actions),
        "stands_in_plan": bool(actions or passages),
        "progress": summary(outline, theme=found),
        "methods": methods,
        "figures": figures(records.indicators().by_theme.get(found.pk, ())),
        "developments": latest(Development.objects.public().about_theme(found))
        if found.pk in records.themes_with_developments()
        else [],
        "crumbs": [("Home", "/"), ("Thema’s", address("themes")), (found.name, None)],
    }
    return render(request, "pages/theme.html", context)


@require_safe
def subtopic(request, theme_slug, subtopic_slug):
    """One subtopic: what falls under it, what the plan says about it, its actions, help."""
    outline = outline_of(records.current_plan())
    found = _subtopic_or_404(outline, theme_slug, subtopic_slug)
    if found.theme.slug != theme_slug:
        return redirect(found, permanent=True)
    family = [found, *found.children_list]
    keys = {one.pk for one in family}
    line = [one.pk for one in (found, found.parent) if one]
    passages = [one for one in outline.passages if one.subtopic_id in line]
    siblings = outline.subtopic_trees.get(found.theme_id, [])
    crumbs = [
        ("Home", "/"),
        ("Thema’s", address("themes")),
        (found.theme.name, found.theme.get_absolute_url()),
    ]
    if found.parent and found.parent.is_public:
        crumbs.append((found.parent.name, found.parent.get_absolute_url()))
        siblings = next((one.children_list for one in siblings if one.pk == found.parent_id), [])
    context = {
        "subtopic": found,
        "theme": found.theme,
        "plan": outline.plan,
        "children": found.children_list,
        "siblings": [one for one in siblings if one.pk != found.pk],
        "passages": [one for one in passages if one.body and one.kind != Passage.Kind.FRAME],
        "kaders": [one for one in passages if one.kind == Passage.Kind.FRAME],
        "actions": outline.about(family),
        "earlier": _earlier(found),
        "figures": figures(records.indicators().about(keys)),
        "developments": latest(Development.objects.public().about_subtopics(family))
        if keys & records.subtopics_with_developments()
        else [],
        "crumbs": [*crumbs, (found.name, None)],
    }
    return render(request, "pages/subtopic.html", context)


def _earlier(subtopic):
    """Return what earlier plans have on `subtopic`, the latest first: year, count of actions, url.

    A new plan has few actions at first; what the city did the year before is still there.
    """
    earlier = records.plans()[1:]
    counts = records.action_counts().get(subtopic.pk, {}) if earlier else {}
    return [
        {
            "year": plan.year,
            "count": counts[plan.pk],
            "url": f"{plan.actions_url}?onderwerp={subtopic.slug}",
        }
        for plan in earlier
        if plan.pk in counts
    ]


def _theme_or_404(slug):
    public = records.themes().values()
    found = next((one for one in public if one.slug == slug), None)
    if found is None:
        public_or_gone(Theme.objects, slug=slug)
        raise NotFound(
            f"Er is geen thema “{slug}”.",
            [(one.name, one.get_absolute_url()) for one in public],
            "De thema’s die er zijn:",
        )
    return found


def _subtopic_or_404(outline, theme_slug, slug):
    found = next((one for one in outline.listed_subtopics if one.slug == slug), None)
    if found is not None:
        return found
    public_or_gone(Subtopic.objects, slug=slug)
    theme = _theme_or_404(theme_slug)
    choices = [one for one in records.subtopics().values() if one.theme_id == theme.pk]
    raise NotFound(
        f"Bij dit thema is geen onderwerp “{slug}”.",
        [(one.name, one.get_absolute_url()) for one in choices],
        "De onderwerpen van dit thema:",
    )


def _by_subtopic(outline, actions, passages, subtopics):
    """Group passages and actions under top-level subtopics, in the plan's order.

    An action that is about several stands under the one whose passage governs it, or else under
    its first of these; one that is about none stands in a last group without a subtopic.
    """
    top = {one.pk: parent.pk for parent in subtopics for one in (parent, *parent.children_list)}
    groups = {one.pk: {"subtopic": one, "passages": [], "actions": []} for one in subtopics}
    loose = {"subtopic": None, "passages": [], "actions": []}
    governed = {}
    for passage in passages:
        group = top.get(passage.subtopic_id)
        if group:
            groups[group]["passages"].append(passage)
            governed |= dict.fromkeys(outline.governed.get(passage.pk, ()), group)
    for action in actions:
        # Of another theme it may have subtopics too; none of those stands on this page.
        first = next((top[one.pk] for one in action.labels.subtopics if one.pk in top), None)
        groups.get(governed.get(action.pk, first), loose)["actions"].append(action)
    return [one for one in (*groups.values(), loose) if one["passages"] or one["actions"]]
