"""The feeds themselves, in Atom (RFC 4287)."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from plan.models import Action, AnnualPlan, Development, ProgressReport, ProgressUpdate
from themes.models import Indicator, Subtopic, Theme
from veiligalmere.pages.actions import action_or_404
from veiligalmere.pages.changes import KINDS
from veiligalmere.pages.context import absolute
from veiligalmere.pages.errors import NotFound, public_or_gone
from veiligalmere.pages.feeds.entries import (
    NOT_IN_XML,
    changes,
    developments,
    identifier,
    newest,
    progress,
    reports,
)
from veiligalmere.pages.plan import plan_or_404


@require_safe
@conditional_page
def everything(request):
    """All that is new: developments, reports, progress and changes."""
    entries = newest(
        developments(Development.objects.public()),
        reports(ProgressReport.objects.adopted()),
        progress(ProgressUpdate.objects.public().filter(action__in=Action.objects.public())),
        changes(*_all_kinds()),
    )
    return _feed(request, "Alles", reverse("home"), entries)


@require_safe
@conditional_page
def of_changes(request):
    """What changed in what was on the site already."""
    return _feed(request, "Wijzigingen", reverse("changes"), newest(changes(*_all_kinds())))


@require_safe
@conditional_page
def of_developments(request):
    """News, new projects and published studies."""
    entries = newest(developments(Development.objects.public()))
    return _feed(request, "Ontwikkelingen", reverse("developments"), entries)


@require_safe
@conditional_page
def of_reports(request):
    """Progress reports that were adopted."""
    entries = newest(reports(ProgressReport.objects.adopted()))
    return _feed(request, "Voortgangsrapportages", reverse("progress"), entries)


@require_safe
@conditional_page
def of_theme(request, slug):
    """What is new on one theme, its subtopics and its actions in the current plan."""
    theme = _found(Theme.objects, slug, "thema")
    actions = Action.objects.public().of_plan(AnnualPlan.objects.current()).filter(theme=theme)
    entries = newest(
        developments(Development.objects.public().about_theme(theme)),
        progress(ProgressUpdate.objects.public().filter(action__in=actions)),
        changes(
            Theme.objects.public().filter(pk=theme.pk),
            Subtopic.objects.public().filter(theme=theme),
            Indicator.objects.public().filter(theme=theme),
            actions,
        ),
    )
    return _feed(request, theme.name, theme.get_absolute_url(), entries)


@require_safe
@conditional_page
def of_subtopic(request, slug):
    """What is new on one subtopic, what falls under it, and its actions in the current plan."""
    subtopic = _found(Subtopic.objects.select_related("theme"), slug, "onderwerp")
    family = Subtopic.objects.public().filter(pk=subtopic.pk) | (
        Subtopic.objects.public().filter(parent=subtopic)
    )
    keys = list(family.values_list("pk", flat=True))
    actions = Action.objects.public().of_plan(AnnualPlan.objects.current()).about(keys)
    entries = newest(
        developments(Development.objects.public().about_subtopics(keys)),
        progress(ProgressUpdate.objects.public().filter(action__in=actions)),
        changes(
            Subtopic.objects.public().filter(pk__in=keys),
            Indicator.objects.public().about(keys),
            actions,
        ),
    )
    return _feed(request, subtopic.name, subtopic.get_absolute_url(), entries)


@require_safe
@conditional_page
def of_action(request, year, slug):
    """What is new on one action."""
    action = action_or_404(plan_or_404(year), slug)
    entries = newest(
        developments(action.developments.public()),
        progress(ProgressUpdate.objects.public().filter(action=action)),
        changes(Action.objects.filter(pk=action.pk)),
    )
    return _feed(request, action.title, action.get_absolute_url(), entries)


def _all_kinds():
    """Return what is public of the kinds whose changes are told; progress has its own entries."""
    return [model.objects.public() for model in KINDS if model is not ProgressUpdate]


def _found(selection, slug, noun):
    found = public_or_gone(selection, slug=slug)
    if found is None:
        raise NotFound(f"Er is geen {noun} “{slug[:60]}” om te volgen.")
    return found


def _feed(request, title, about, entries):
    """Answer with the feed; without entries it was last changed when there were none: in 2020."""
    context = {
        "title": NOT_IN_XML.sub("", title),
        "identifier": identifier(f"feed{request.path}"),
        "feed_url": absolute(request.path),
        "about_url": absolute(about),
        "updated": entries[0].updated if entries else None,
        "entries": entries,
    }
    return render(
        request, "pages/feed.xml", context, content_type="application/atom+xml; charset=utf-8"
    )
