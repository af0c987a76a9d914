"""The line of one action: every report and update about it, in order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from plan.models import ProgressReport, ProgressUpdate, ReportEntry, Status


@dataclass(frozen=True)
class Step:
    """How the action stood on `day`, as `said` (an entry or an update) has it.

    `report` is the adopted report that it stands in, or None for an update in between.
    `is_news` is False for a report to which nothing new was reported.
    """

    day: date
    said: ReportEntry | ProgressUpdate
    report: ProgressReport | None
    is_news: bool

    @property
    def status(self):
        """The status, with its label and icon."""
        return Status(self.said.status)

    @property
    def public_since(self):
        """The moment from which the public could read it; it orders what is of one day."""
        return self.report.adopted_at if self.report else self.said.published_at

    def lacks(self, news):
        """Whether `news` came after this, a report to which nothing new was reported.

        That may be of a day before the adoption: how the report has the action is older still. The
        report on a later half-year comes after it, also if that was adopted first.
        """
        if news.report and news.report.begins_on > self.report.begins_on:
            return True
        if (news.day, news.public_since) > (self.day, self.public_since):
            return True
        is_newer = self.said.reported_on is None or news.day > self.said.reported_on
        return is_newer and news.public_since > self.public_since


class Line(NamedTuple):
    """The steps of an action, the oldest first, and when it or what is told of it last changed."""

    steps: list[Step]
    last_change: datetime


@dataclass(frozen=True)
class Since:
    """What changed between the last report before, and now or the report after it."""

    report: ProgressReport
    before: Status
    after: Status
    words_changed: bool

    @property
    def status_changed(self):
        """Whether the action got another status."""
        return self.before != self.after


def line_of(action):
    """Return the Line of `action`; two queries.

    What is news is in the order of its days, so that the last of it is how the action stands now.
    """
    entries = ReportEntry.objects.of_public_reports().of_action(action)
    steps = [_step_of_entry(entry) for entry in entries]
    # In a report nothing ever changes; of what was withdrawn, the page changed by that.
    in_between = ProgressUpdate.objects.ever_public().between_reports().filter(action=action)
    moments = [step.report.adopted_at for step in steps]
    moments += [update.changed_at for update in in_between]
    steps += [Step(one.reported_on, one, None, True) for one in in_between if one.is_public]
    steps.sort(key=lambda step: (step.day, step.public_since))
    placed = [step for step in steps if step.is_news]
    for step in steps:
        if not step.is_news:
            place = next((i for i, one in enumerate(placed) if step.lacks(one)), len(placed))
            placed.insert(place, step)
    return Line(placed, max([action.changed_at, *moments]))


def with_last_change(actions):
    """Return `actions`, a queryset, each with `last_change`: when it or its line last changed.

    That is the moment that `line_of` gives as well.
    """
    of_action = {"action": OuterRef("pk")}
    updates = ProgressUpdate.objects.ever_public().between_reports().filter(**of_action)
    entries = ReportEntry.objects.of_public_reports().filter(**of_action)
    moments = (
        Subquery(selection.order_by(f"-{moment}").values(moment)[:1])
        for selection, moment in ((updates, "changed_at"), (entries, "report__adopted_at"))
    )
    own = F("changed_at")
    return actions.annotate(last_change=Greatest(own, *(Coalesce(one, own) for one in moments)))


def since_last_report(steps):
    """Return what changed since the report before, as a `Since`; None without such a report."""
    last_two = _with_news_after(steps)[-2:]
    if len(last_two) < 2:
        return None
    before, after = last_two
    words_changed = _words(before.said) != _words(after.said)
    return Since(before.report, before.status, after.status, words_changed)


def _with_news_after(steps):
    """The steps that are reports, and the very last step if it came after them."""
    reports = [step for step in steps if step.report]
    if reports and steps[-1] is not reports[-1]:
        return [*reports, steps[-1]]
    return reports


def _step_of_entry(entry):
    day = entry.reported_on if entry.in_round else timezone.localdate(entry.report.adopted_at)
    return Step(day, entry, entry.report, entry.in_round)


def _words(said):
    return [getattr(said, name) for name in ("explanation", *ProgressUpdate.ACCOUNT)]
