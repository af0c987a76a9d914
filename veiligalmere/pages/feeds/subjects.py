"""What is new about a subject: the same in its feed and in the mails to those who follow it.

A feed has the newest; with a `window`, each function returns all that was published in it.
"""

from plan.models import Action, Development, ProgressReport, ProgressUpdate
from themes.models import Indicator, Subtopic, Theme
from veiligalmere.pages import records
from veiligalmere.pages.changes import KINDS
from veiligalmere.pages.feeds.entries import changes, developments, newest, progress, reports
from veiligalmere.pages.outline import outline_of

# Progress has entries of its own.
ALL_KINDS = dict.fromkeys(model for model in KINDS if model is not ProgressUpdate)


def about_everything(window=None):
    """Return the newest entries of the whole site: developments, reports, progress, changes."""
    return newest(
        developments(Development.objects.public(), window),
        reports(ProgressReport.objects.adopted(), window),
        progress(
            ProgressUpdate.objects.public().filter(action__in=Action.objects.public()), window
        ),
        changes(ALL_KINDS, window),
        window=window,
    )


def about_theme(theme, window=None):
    """Return those on a public theme, its subtopics and its actions in the current plan."""
    outline = outline_of(records.current_plan())
    actions = {one.pk for one in outline.of_theme(theme)}
    subtopics = {one.pk for one in records.subtopics().values() if one.theme_id == theme.pk}
    return newest(
        developments(Development.objects.public().about_theme(theme), window),
        _progress(actions & outline.with_progress, window),
        changes(
            {
                Theme: {theme.pk} & records.changed(Theme),
                Subtopic: subtopics & records.changed(Subtopic),
                Indicator: _changed(Indicator.objects.public().filter(theme=theme)),
                Action: actions & outline.changed,
            },
            window,
        ),
        window=window,
    )


def about_subtopic(subtopic, window=None):
    """Return those on a public subtopic, what falls under it, and actions in the current plan."""
    public = records.subtopics().values()
    family = [one for one in public if subtopic.pk in {one.pk, one.parent_id}]
    keys = {one.pk for one in family}
    outline = outline_of(records.current_plan())
    actions = {one.pk for one in outline.about(family)}
    return newest(
        developments(Development.objects.public().about_subtopics(family), window)
        if keys & records.subtopics_with_developments()
        else [],
        _progress(actions & outline.with_progress, window),
        changes(
            {
                Subtopic: keys & records.changed(Subtopic),
                Indicator: _changed(Indicator.objects.public().about(family)),
                Action: actions & outline.changed,
            },
            window,
        ),
        window=window,
    )


def about_action(action, window=None):
    """Return those on a public action, in whatever plan it stands."""
    outline = outline_of(action.plan)
    key = {action.pk}
    return newest(
        developments(action.developments.public(), window)
        if key & outline.with_developments
        else [],
        _progress(key & outline.with_progress, window),
        changes({Action: key & outline.changed}, window),
        window=window,
    )


def _progress(actions, window):
    """Return entries of the public updates about the actions with these keys."""
    if not actions:
        return []
    return progress(ProgressUpdate.objects.public().filter(action__in=actions), window)


def _changed(indicators):
    """Return the keys of those of `indicators` that changed."""
    changed = records.changed(Indicator)
    return changed and changed & set(indicators.values_list("pk", flat=True))
