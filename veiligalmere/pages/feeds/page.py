"""The feeds themselves, in Atom (RFC 4287)."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from plan.models import Development
from themes.models import Subtopic, Theme
from veiligalmere.editorial.addresses import absolute
from veiligalmere.editorial.xml_text import for_xml
from veiligalmere.pages import records
from veiligalmere.pages.actions import outlined_or_404
from veiligalmere.pages.errors import NotFound, public_or_gone
from veiligalmere.pages.feeds.entries import changes, developments, identifier, newest
from veiligalmere.pages.feeds.subjects import (
    about_action,
    about_everything,
    about_reports,
    about_subtopic,
    about_theme,
    kinds_with_news,
)
from veiligalmere.pages.outline import outline_of
from veiligalmere.pages.plan import plan_or_404


@require_safe
@conditional_page
def everything(request):
    """All that is new or changed: developments, reports, progress and the rest."""
    return _feed(request, "Alles", reverse("home"), about_everything())


@require_safe
@conditional_page
def of_changes(request):
    """What changed in what was on the site already."""
    return _feed(request, "Wijzigingen", reverse("changes"), newest(changes(kinds_with_news())))


@require_safe
@conditional_page
def of_developments(request):
    """News, new projects and published studies."""
    entries = newest(developments(Development.objects.public()))
    return _feed(request, "Ontwikkelingen", reverse("developments"), entries)


@require_safe
@conditional_page
def of_reports(request):
    """Progress reports that were adopted, and corrections to them."""
    return _feed(request, "Voortgangsrapportages", reverse("progress"), about_reports())


@require_safe
@conditional_page
def of_theme(request, slug):
    """What is new on one theme, its subtopics and its actions in the current plans."""
    theme = _found(records.themes().values(), Theme, slug, "thema")
    return _feed_of(request, "thema", theme, theme.name, about_theme(theme))


@require_safe
@conditional_page
def of_subtopic(request, slug):
    """What is new on one subtopic, what falls under it, and its actions in the current plans."""
    subtopic = _found(records.subtopics().values(), Subtopic, slug, "onderwerp")
    return _feed_of(request, "onderwerp", subtopic, subtopic.name, about_subtopic(subtopic))


@require_safe
@conditional_page
def of_action(request, year, slug):
    """What is new on one action."""
    outline = outline_of(plan_or_404(year))
    action = outlined_or_404(outline, slug)
    return _feed_of(request, "actie", action, action.title, about_action(action))


def _found(public, model, slug, noun):
    found = next((one for one in public if one.slug == slug), None)
    if found is None:
        public_or_gone(model.objects, slug=slug)
        raise NotFound(f"Er is geen {noun} “{slug[:60]}” om te volgen.")
    return found


def _feed_of(request, noun, subject, title, entries):
    """Answer with the feed of what may get another address; its identifier never changes."""
    key = f"feed/{noun}/{subject.pk}"
    return _feed(request, title, subject.get_absolute_url(), entries, key)


def _feed(request, title, about, entries, key=None):
    """Answer with the feed; without entries it was last changed when there were none: in 2020.

    `key` makes its identifier; without one, its address does.
    """
    context = {
        "title": for_xml(title, line_end=" "),
        "identifier": identifier(key or f"feed{request.path}"),
        "feed_url": absolute(request.path),
        "about_url": absolute(about),
        "updated": entries[0].updated if entries else None,
        "entries": entries,
    }
    return render(
        request, "pages/feed.xml", context, content_type="application/atom+xml; charset=utf-8"
    )
