"""The round: who still has to report what, and saving one row of it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from plan.models import Action, ProgressUpdate, Status
from plan.progress.adoption import lock_open
from themes.models.theme_limit import is_within_limit_of
from veiligalmere.editorial.publish import save_draft
from veiligalmere.editorial.publishing import State


class Overtaken(Exception):
    """A colleague saved the same row in the meantime; `update` is what that colleague saved."""

    def __init__(self, update):
        super().__init__("Een collega heeft deze regel intussen opgeslagen.")
        self.update = update


@dataclass
class Row:
    """One action in a round.

    `update` is what was saved in this round, or None; `previous` the last published update;
    `earlier`, as far as `add_earlier` found it, that of the action which this one continues;
    `owner_can_report`, as far as `rows_of` found it, whether its owner has an account that is in
    use and may see the action.
    """

    action: Action
    update: ProgressUpdate | None
    previous: ProgressUpdate | None
    earlier: ProgressUpdate | None = None
    owner_can_report: bool = False

    @property
    def is_reported(self):
        """Whether anything was saved in this round."""
        return self.update is not None

    @property
    def missing(self):
        """What the saved update still lacks, as Dutch sentences; empty if nothing was saved."""
        return list(self.update.missing().values()) if self.update else []

    @property
    def is_ready(self):
        """Whether the row can go into the report as it is."""
        return self.is_reported and not self.missing

    @property
    def revision(self):
        """The number by which saving sees that a colleague was first; 0 for a new update."""
        return self.update.revision if self.update else 0

    @property
    def status(self):
        """How the action stands: in this round, or else before it."""
        update = self.update or self.previous
        return Status(update.status) if update else Status.NOT_REPORTED


def rows_of(report, actions=None):
    """Return the rows of a round in the plan's order; a fixed number of queries.

    `actions` narrows them; without it they are all published actions of the plan.
    """
    if actions is None:
        actions = Action.objects.public()
    actions = actions.of_plan(report.plan).select_related("plan", "theme", "owner")
    updates = {one.action_id: one for one in ProgressUpdate.objects.of_round(report)}
    previous = ProgressUpdate.objects.latest_by_action(actions)
    return [
        Row(
            one,
            updates.get(one.pk),
            previous.get(one.pk),
            owner_can_report=bool(one.owner and one.owner.is_active and one.is_for_owner),
        )
        for one in actions.annotate(is_for_owner=is_within_limit_of("owner", "theme"))
    ]


def add_earlier(rows):
    """Set on rows without a previous update what was last said of the action that they continue.

    That is said of another plan, so it is to be read beside the row and never to be taken over as
    this plan's own. One query, however many rows; none if nothing is continued.
    """
    rows = [one for one in rows if one.action.predecessor_id and not one.previous]
    if not rows:
        return
    before = Action.objects.public().filter(pk__in=[one.action.predecessor_id for one in rows])
    updates = ProgressUpdate.objects.select_related("action__plan").latest_by_action(before)
    for row in rows:
        row.earlier = updates.get(row.action.predecessor_id)


def row_of(report, action):
    """Return the row of one action, with what was said earlier (see `add_earlier`)."""
    update = ProgressUpdate.objects.of_round(report).filter(action=action).first()
    previous = ProgressUpdate.objects.public().filter(action=action).latest_first().first()
    row = Row(action, update, previous)
    add_earlier([row])
    return row


def save_row(report, action, values, *, revision, by):
    """Save one row of an open round; return the update.

    `values` are the fields of an update; `revision` is the one that the editor started from, 0
    if there was no update yet. Raises Overtaken if a colleague saved meanwhile, and AlreadyAdopted
    if the round is over. What is saved is a draft: it may lack words, and is public only once the
    report is adopted.
    """
    with transaction.atomic():
        locked = lock_open(report)
        update = ProgressUpdate.objects.of_round(locked).filter(action=action).first()
        if (update.revision if update else 0) != revision:
            raise Overtaken(update)
        if update is None:
            update = ProgressUpdate(report=locked, action=action, status=values["status"])
            update.save()

        def write(row):
            for name, value in values.items():
                setattr(row, name, value)
            row.reported_on = timezone.localdate()
            row.state = State.CONCEPT
            row.clean()
            row.save()

        save_draft(update, write, by=by)
    return update


def unchanged_values(previous):
    """Return the values of an update that says the same as `previous`."""
    names = ("status", "explanation", *ProgressUpdate.ACCOUNT)
    return {name: getattr(previous, name) for name in names}
