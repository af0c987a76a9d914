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
    def difference(self):
        """The words that were added and removed, as parts in order."""
        return words(self.before.words, self.after.words)

    @property
    def any(self):
        """Whether anything changed at all."""
        return self.is_new or self.has_left or self.status_changed or self.words_changed


def compare(before, after):
    """Return a `Change` for each action in either of two reports, in the order of the later one.

    `before` and `after` are querysets of entries. An action is found again by itself, or, in the
    report of a later plan, as what follows on it. What the later report lost comes last.
    """
    earlier = {entry.action_key: entry for entry in before}
    changes = []
    for entry in after:
        found = earlier.pop(entry.action_key, None) or earlier.pop(entry.predecessor_key, None)
        changes.append(Change(found, entry))
    changes += [Change(entry, None) for entry in earlier.values()]
    return changes
