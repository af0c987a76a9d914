"""What changed between two adopted reports, action by action."""

from dataclasses import dataclass

from django.db.models import F, Value
from django.utils.text import capfirst

from plan.models import Action, ReportEntry, Status
from veiligalmere.editorial.differences import words


@dataclass(frozen=True)
class Change:
    """One action in two reports; `before` or `after` is None if only one of them has it."""

    before: ReportEntry | None
    after: ReportEntry | None

    @property
    def entry(self):
        """The later entry that there is: its title and theme are the ones to show."""
        return self.after or self.before

    @property
    def is_new(self):
        """Whether the earlier report did not have this action."""
        return self.before is None

    @property
    def has_left(self):
        """Whether the later report does not have this action any more."""
        return self.after is None

    @property
    def has_ended(self):
        """Whether it was finished or dropped between the two reports."""
        if self.after is None or not Status(self.after.status).is_final:
            return False
        return self.before is None or not Status(self.before.status).is_final

    @property
    def status_changed(self):
        """Whether both reports have it, each with another status."""
        return bool(self.before and self.after and self.before.status != self.after.status)

    @property
    def words_changed(self):
        """Whether both reports have it, each with another text."""
        return bool(self.before and self.after and self.before.texts != self.after.texts)

    @property
    def renamed(self):
        """Whether both reports have it, each with another title."""
        return bool(self.before and self.after and self.before.title != self.after.title)

    @property
    def text_changed(self):
        """Whether both reports have it, each with another text of the plan."""
        return bool(self.before and self.after and self.before.body != self.after.body)

    @property
    def differences(self):
        """Yield (name, label, the words that came and went as parts in order) of what was said."""
        for name, was in self.before.texts.items():
            now = self.after.texts[name]
            if was != now:
                yield name, capfirst(self.entry._meta.get_field(name).verbose_name), words(was, now)

    @property
    def any(self):
        """Whether anything changed at all."""
        one_of_them = self.is_new or self.has_left
        reported = self.status_changed or self.words_changed
        return one_of_them or reported or self.renamed or self.text_changed


def compare(before, after, predecessors):
    """Return a `Change` for each action in either of two reports, in the order of the later one.

    The first two are querysets of entries, those of the two reports with their version;
    `predecessors` is what `predecessors_between` gives for them. An action is found again by
    itself, or, in the report of a later plan, as what follows on it, however many plans later. What
    the later report lost comes last.
    """
    earlier = {entry.action_key: entry for entry in before}
    later = list(after)
    predecessors = predecessors | {entry.action_key: entry.predecessor_key for entry in later}
    changes = [Change(_found_again(entry, earlier, predecessors), entry) for entry in later]
    changes += [Change(entry, None) for entry in earlier.values()]
    return changes


def predecessors_between(before, after, reports):
    """Return what each action between two reports continues, as {key: key}; at most one query.

    `reports` are those that came in between. What they say holds; of a plan on which there is none,
    the actions themselves are asked.
    """
    actions = Action.objects.filter(
        plan__year__in=range(before.plan.year + 1, after.plan.year), predecessor__isnull=False
    )
    entries = ReportEntry.objects.filter(report__in=reports, predecessor_key__isnull=False)
    half_year = F("report__plan__year") * 2 + F("report__half")
    links = (
        actions.order_by()
        .values_list("pk", "predecessor_id", Value(0))
        .union(entries.order_by().values_list("action_key", "predecessor_key", half_year))
    )
    return {key: one for key, one, _ in sorted(links, key=lambda link: link[2])}


def _found_again(entry, earlier, predecessors):
    """Take out of `earlier` and return the entry about the same action; None if there is none."""
    key, tried = entry.action_key, set()
    while key is not None and key not in tried:
        if key in earlier:
            return earlier.pop(key)
        tried.add(key)
        key = predecessors.get(key)
    return None
