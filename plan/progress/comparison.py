"""What changed between two adopted reports, action by action."""

from dataclasses import dataclass

from plan.models import ReportEntry, Status
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
        return bool(self.before and self.after and self.before.words != self.after.words)

    @property
    def renamed(self):
        """Whether both reports have it, each with another title."""
        return bool(self.before and self.after and self.before.title != self.after.title)

    @property
    def text_changed(self):
        """Whether both reports have it, each with another text of the plan."""
        return bool(self.before and self.after and self.before.body != self.after.body)

    @property
    def difference(self):
        """The words that were added and removed, as parts in order."""
        return words(self.before.words, self.after.words)

    @property
    def any(self):
        """Whether anything changed at all."""
        one_of_them = self.is_new or self.has_left
        reported = self.status_changed or self.words_changed
        return one_of_them or reported or self.renamed or self.text_changed


def compare(before, after, between):
    """Return a `Change` for each action in either of two reports, in the order of the later one.

    All three are querysets of entries, those of the two reports with their version; `between` has
    those of the reports that came between, the oldest first. An action is found again by itself,
    or, in the report of a later plan, as what follows on it, however many plans later. What the
    later report lost comes last.
    """
    earlier = {entry.action_key: entry for entry in before}
    later = list(after)
    continued = between.filter(predecessor_key__isnull=False)
    predecessors = dict(continued.values_list("action_key", "predecessor_key"))
    predecessors |= {entry.action_key: entry.predecessor_key for entry in later}
    changes = [Change(_found_again(entry, earlier, predecessors), entry) for entry in later]
    changes += [Change(entry, None) for entry in earlier.values()]
    return changes


def _found_again(entry, earlier, predecessors):
    """Take out of `earlier` and return the entry about the same action; None if there is none."""
    key, tried = entry.action_key, set()
    while key is not None and key not in tried:
        if key in earlier:
            return earlier.pop(key)
        tried.add(key)
        key = predecessors.get(key)
    return None
