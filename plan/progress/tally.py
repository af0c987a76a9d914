"""How many actions have which status, in all and by theme."""

from collections import Counter

from django.db.models import Count

from plan.models import Action, ProgressUpdate, Status


class Tally:
    """Counts by theme and status, from rows (theme key, status, count)."""

    def __init__(self, rows):
        self.by_theme = {}
        for theme, status, count in rows:
            self.by_theme.setdefault(theme, Counter())[Status(status)] += count
        self.counts = sum(self.by_theme.values(), Counter())

    @classmethod
    def of_plan(cls, plan):
        """Count the public actions of `plan` by the status that was published last; one query."""
        actions = Action.objects.public().of_plan(plan).order_by()
        rows = ProgressUpdate.objects.with_status(actions).values_list("theme", "status")
        return cls(rows.annotate(Count("pk")))

    @classmethod
    def of_entries(cls, entries):
        """Count entries of a report, by the theme and status that they were frozen with."""
        return cls(entries.order_by().values_list("theme", "status").annotate(Count("pk")))

    @property
    def total(self):
        """The number of actions."""
        return self.counts.total()

    @property
    def reported(self):
        """The number of actions of which anything has been reported."""
        return self.total - self.counts[Status.NOT_REPORTED]

    @property
    def statuses(self):
        """(status, count) of every status, in their fixed order, zeros included."""
        return [(status, self.counts[status]) for status in Status]

    def of_theme(self, theme):
        """Return the tally of the theme with this primary key alone."""
        counts = self.by_theme.get(theme, Counter())
        return Tally((theme, status, count) for status, count in counts.items())

    @property
    def sentence(self):
        """What the counts say, in one Dutch sentence."""
        if not self.total:
            return "Er zijn geen acties."
        noun = "actie" if self.total == 1 else "acties"
        if not self.reported:
            return f"Over {self.total} {noun} is nog niets gemeld."
        parts = [f"{count} {status.label}" for status, count in self.statuses if count]
        listed = " en ".join([", ".join(parts[:-1]), parts[-1]]) if parts[1:] else parts[0]
        return f"Van {self.total} {noun}: {listed}."
