"""How an action stands; the words lead, colour and icon follow."""

from django.db import models


class Status(models.TextChoices):
    """The states of an action, in the order in which charts and tables show them.

    NOT_REPORTED means that there is no update. It is never chosen and never stored on an update:
    no news is not zero percent, and it is not "op schema" either.
    """

    DONE = "gereed", "gereed"
    ON_TRACK = "op-schema", "op schema"
    DELAYED = "vertraagd", "vertraagd"
    STUCK = "loopt-vast", "loopt vast"
    NOT_STARTED = "niet-gestart", "nog niet gestart"
    DROPPED = "vervallen", "vervallen"
    NOT_REPORTED = "niet-gemeld", "nog niet gemeld"

    @property
    def needs_account(self):
        """Whether it can be published only with cause, consequence and correction."""
        return self in NEED_ACCOUNT

    @property
    def is_final(self):
        """Whether the action has ended with it."""
        return self in {Status.DONE, Status.DROPPED}

    @property
    def is_outline(self):
        """Whether a chart draws it as an outline: nothing has been done or said yet."""
        return self in {Status.NOT_STARTED, Status.NOT_REPORTED}

    @property
    def urgency(self):
        """Where it stands in a list in which what needs attention comes first; 0 is first."""
        return {Status.STUCK: 0, Status.DELAYED: 1}.get(self, 2)

    @property
    def meaning(self):
        """What the word says, in a plain Dutch sentence."""
        return MEANINGS[self]


MEANINGS = {
    Status.DONE: "De actie is klaar.",
    Status.ON_TRACK: "De actie loopt zoals gepland.",
    Status.DELAYED: "De actie loopt later dan gepland. Waarom, en wat eraan gebeurt, staat erbij.",
    Status.STUCK: "De actie komt zo niet verder. Waarom, en wat eraan gebeurt, staat erbij.",
    Status.NOT_STARTED: "De actie moet nog beginnen.",
    Status.DROPPED: "De actie gaat niet door.",
    Status.NOT_REPORTED: "Over de actie is nog niets gemeld. Dat zegt niet hoe het ermee gaat.",
}
NEED_ACCOUNT = (Status.DELAYED, Status.STUCK)
REPORTABLE = [choice for choice in Status.choices if choice[0] != Status.NOT_REPORTED]
