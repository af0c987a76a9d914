"""The home page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from plan.models import Action, AnnualPlan
from themes.models import Subtopic, Theme
from veiligalmere.pages.counts import with_action_counts, with_subtopic_counts
from veiligalmere.pages.progress_summary import summary


@require_safe
def home(request):
    """What this is, the four themes with their counts, and ways to find a subject."""
    plan = AnnualPlan.objects.current()
    actions = Action.objects.public().of_plan(plan)
    themes = list(Theme.objects.public())
    with_action_counts(themes, actions, "theme")
    with_subtopic_counts(themes)
    context = {
        "plan": plan,
        "themes": themes,
        "action_total": sum(theme.action_count for theme in themes),
        "progress": summary(plan),
        "subtopics": Subtopic.objects.public().in_order(),
    }
    return render(request, "pages/home.html", context)
