"""What is new about a subject: the same in its feed and in the mails to those who follow it.

A feed has the newest; with a `window`, each function returns all that was published in it. "The
current plans" are the latest and the one before it: what was published before the next plan came
out is still to be told, and so is what its last report says, which is adopted after that.
"""

from typing import NamedTuple

from django.db.models import Exists, OuterRef

from plan.models import (
    Action,
    AnnualPlan,
    Development,
    Erratum,
    ProgressReport,
    ProgressUpdate,
    ReportEntry,
)
from themes.models import Indicator, Subtopic, Theme
from veiligalmere.pages import records
from veiligalmere.pages.changes import KINDS
from veiligalmere.pages.feeds.entries import (
    developments,
    errata,
    newest,
    news_and_changes,
    progress,
    reports,
)
from veiligalmere.pages.once import once
from veiligalmere.pages.outline import outline_of


def about_everything(window=None):
    """Return the newest entries of the whole site: developments, reports, progress, changes.

    A report stands for all that it was the first to tell, as a new plan does for its actions.
    """
    in_reports = ReportEntry.objects.first_told().order_by().values("update")
    updates = ProgressUpdate.objects.of_public_actions().exclude(pk__in=in_reports)
    return newest(
        developments(Development.objects.public(), window),
        about_reports(window),
        progress(updates, window),
        news_and_changes(kinds_with_news(), window),
        window=window,
    )


def kinds_with_news():
    """Return {model: None}, for all public ones, of each kind of which anything is worth telling.

    Most kinds seldom change, and each takes a part of its own in the query.
    """
    return dict.fromkeys(records.told_of(KINDS))


def about_reports(window=None):
    """Return those on progress reports: that they were adopted, and what was corrected in them."""
    adopted = ProgressReport.objects.adopted()
    return newest(
        reports(adopted, window),
        errata(Erratum.objects.filter(report__in=adopted), window),
        window=window,
    )


def about_theme(theme, window=None):
    """Return those on a public theme, its subtopics and its actions in the current plans."""
    current = _current_actions()
    subtopics = {one.pk for one in records.subtopics().values() if one.theme_id == theme.pk}
    return _about(
        current.by_theme.get(theme.pk, set()),
        current.reported,
        Development.objects.public().about_theme(theme),
        {
            Theme: {theme.pk} & records.told(Theme),
            Subtopic: subtopics & records.told(Subtopic),
            Indicator: records.indicators().by_theme.get(theme.pk, set()) & records.told(Indicator),
            AnnualPlan: _new({one.pk for one in _current_plans()}),
        },
        window,
    )


def about_subtopic(subtopic, window=None):
    """Return those on a public subtopic, what falls under it, and actions in the current plans."""
    current = _current_actions()
    public = records.subtopics().values()
    family = [one for one in public if subtopic.pk in {one.pk, one.parent_id}]
    keys = {one.pk for one in family}
    actions = set().union(*(current.by_subtopic.get(key, ()) for key in keys))
    has_developments = keys & records.subtopics_with_developments()
    return _about(
        actions,
        current.reported,
        Development.objects.public().about_subtopics(family) if has_developments else None,
        {
            Subtopic: keys & records.told(Subtopic),
            Indicator: records.indicators().about(keys) & records.told(Indicator),
            AnnualPlan: _new({current.plans[key] for key in actions}),
        },
        window,
    )


def about_action(action, window=None):
    """Return those on a public action, in whatever plan it stands."""
    outline = outline_of(action.plan)
    has_developments = action.pk in outline.with_developments
    return _about(
        {action.pk},
        outline.with_progress,
        action.developments.public() if has_developments else None,
        {},
        window,
    )


class _Actions(NamedTuple):
    """Keys of actions: by theme and by subtopic, of which anything was reported, their plans'."""

    by_theme: dict
    by_subtopic: dict
    reported: set
    plans: dict


def _current_actions():
    """Return the public actions in the current plans."""

    def make():
        found = _Actions({}, {}, set(), {})
        updates = ProgressUpdate.objects.public().filter(action=OuterRef("pk"))
        public = Action.objects.public().filter(plan__in=_current_plans()).order_by()
        for key, plan, theme, subtopic, is_reported in public.values_list(
            "pk", "plan", "theme", "subtopics", Exists(updates)
        ):
            found.plans[key] = plan
            found.by_theme.setdefault(theme, set()).add(key)
            found.by_subtopic.setdefault(subtopic, set()).add(key)
            if is_reported:
                found.reported.add(key)
        return found

    return once("actions in feeds", make)


def _current_plans():
    return records.plans()[:2]


def _about(actions, reported, about_it, keys, window):
    """Return the entries on `actions` (keys), a selection of developments or None, and `keys`.

    No progress is asked for of actions that are not among the keys in `reported`.
    """
    reported = actions & reported
    updates = ProgressUpdate.objects.public().filter(action__in=reported) if reported else None
    told = {
        Action: actions & records.told(Action),
        Development: _told(Development, about_it),
        ProgressUpdate: _told(ProgressUpdate, updates),
    }
    return newest(
        developments(about_it, window) if about_it is not None else [],
        progress(updates, window) if updates is not None else [],
        news_and_changes({**told, **keys}, window, new_only={AnnualPlan}),
        window=window,
    )


def _told(model, selection):
    """Return the keys of those of `selection`, or of None, about which there is news."""
    told = selection is not None and records.told(model)
    return told and told & set(selection.order_by().values_list("pk", flat=True))


def _new(plans):
    return plans & records.new_plans().keys() if plans else set()
