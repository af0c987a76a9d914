"""The home page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from veiligalmere.pages import records
from veiligalmere.pages.counts import with_action_counts, with_subtopic_counts
from veiligalmere.pages.outline import outline_of
from veiligalmere.pages.progress_summary import summary


@require_safe
def home(request):
    """What this is, the four themes with their counts, and ways to find a subject."""
    plan = records.current_plan()
    outline = outline_of(plan)
    subtopics = outline.listed_subtopics
    themes = with_action_counts(records.themes().values(), outline.actions.values(), "theme")
    context = {
        "plan": plan,
        "themes": with_subtopic_counts(themes, subtopics),
        "action_total": len(outline.actions),
        "progress": summary(outline),
        "subtopics": subtopics,
    }
    return render(request, "pages/home.html", context)
