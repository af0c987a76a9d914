"""Publishing what was planned for a set moment."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from veiligalmere.editorial import signals
from veiligalmere.editorial.publish import lock, publish, schedule
from veiligalmere.editorial.versions import Version, draft_of

COULD_NOT = "Kon niet vanzelf worden gepubliceerd: "
NO_PLACE = "Dit past niet bij wat er al staat."


class Outcome(NamedTuple):
    """What became of one planned draft: its label, and why it could not be published, or ""."""

    label: str
    problem: str


def publish_due(now=None):
    """Publish every draft whose moment has come; return a list of Outcome.

    Safe to run twice at once and late: each draft is looked at again while its row is locked, and
    a moment that has passed still counts. A draft that can't be published is planned no longer and
    carries the reason as a remark, so that its editors see it; it holds up no other.
    """
    now = now or timezone.now()
    outcomes = []
    for due in Version.objects.scheduled().filter(publish_at__lte=now):
        obj = due.object
        if obj is None:
            continue
        try:
            with transaction.atomic():
                if _still_due(lock(obj), now) != due:
                    continue
                publish(obj, by=due.scheduled_by, note=due.note, minor=due.minor)
        except (ValidationError, IntegrityError, DataError) as error:
            refused = isinstance(error, ValidationError)
            problem = " ".join(error.messages) if refused else NO_PLACE
            _give_up(obj, due, problem)
            outcomes.append(Outcome(due.label, problem))
        else:
            outcomes.append(Outcome(due.label, ""))
    signals.due_published.send_robust(sender=None)
    return outcomes


def _still_due(row, now):
    draft = draft_of(row)
    return draft if draft and draft.publish_at and draft.publish_at <= now else None


def _give_up(obj, due, problem):
    schedule(obj, None, note=due.note, minor=due.minor)
    Version.objects.filter(pk=due.pk).update(remark=COULD_NOT + problem, remark_by="het systeem")
