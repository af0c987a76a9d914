"""Jobs: commands that a timer runs, one at a time over all machines, and when each last ran.

A command wraps its work in `running("its_name")`. The site's readiness and the desk of the
back-office tell from it whether the timers are on time.
"""

import signal
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import current_thread, main_thread
from typing import NamedTuple

from django.db import DatabaseError, models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from veiligalmere.editorial.signals import job_begins

LONGEST = timedelta(hours=1)  # after this a run that never ended counts as broken off
GRACE = 3  # a job is late when this many of its turns have passed


class Task(NamedTuple):
    """What a timer should do: its name for people, and how often.

    After `longest` without an end the next run may begin.
    """

    label: str
    every: timedelta
    longest: timedelta = LONGEST


# By name of the management command; deploy/systemd has a timer for each.
TASKS = {
    "backup": Task("Reservekopie maken", timedelta(days=1)),
    "clean_up": Task("Opruimen wat niet meer nodig is", timedelta(days=1)),
    "mail_followers": Task("Mail aan volgers versturen", timedelta(minutes=10)),
    # Two runs at once do no harm, and what was planned must not wait for one that was cut off.
    "publish_due": Task(
        "Geplande teksten publiceren", timedelta(minutes=2), longest=timedelta(minutes=5)
    ),
    "send_reminders": Task("Herinneren aan de voortgang", timedelta(days=1)),
}


class JobIsRunning(Exception):
    """The same job is being done already, here or on another machine."""


class Job(models.Model):
    """The latest run of one job. Its row is also its lock."""

    name = models.CharField("taak", max_length=60, unique=True)
    running_until = models.DateTimeField(
        "bezig tot uiterlijk", null=True, help_text="Leeg als de taak niet bezig is."
    )
    started_at = models.DateTimeField("laatst begonnen", null=True)
    succeeded_at = models.DateTimeField("laatst gelukt", null=True)
    failure = models.TextField("wat er misging", blank=True)
    # The database gives it, for the version before this one that runs on during an update.
    expected_since = models.DateTimeField("verwacht sinds", db_default=Now())

    codes = ("name",)

    class Meta:
        ordering = ["name"]
        verbose_name = "taak op de achtergrond"
        verbose_name_plural = "taken op de achtergrond"

    def __str__(self):
        return TASKS[self.name].label if self.name in TASKS else self.name

    def is_running_at(self, moment):
        """Whether its latest run is going on, and does not count as broken off by then."""
        return self.running_until is not None and self.running_until >= moment


@contextmanager
def running(name):
    """Do the block as the job `name`; raise JobIsRunning if that is being done already.

    An exception in the block is kept with the job and goes on; so is SIGTERM, as SystemExit.
    """
    # One timer that runs is the sign that the others are to run as well, each in its turn.
    missing = {name, *TASKS} - set(Job.objects.values_list("name", flat=True))
    Job.objects.bulk_create([Job(name=one) for one in missing], ignore_conflicts=True)
    now = timezone.now()
    free = Q(running_until__isnull=True) | Q(running_until__lt=now)
    mine = Job.objects.filter(free, name=name)
    longest = TASKS[name].longest if name in TASKS else LONGEST
    if not mine.update(running_until=now + longest, started_at=now):
        raise JobIsRunning(name)
    ours = Job.objects.filter(name=name, started_at=now)
    job_begins.send(sender=name)
    try:
        with _sigterm_as_exception():
            yield
    except BaseException as error:
        with suppress(DatabaseError):  # which may be what went wrong
            ours.update(running_until=None, failure=f"{type(error).__name__}: {error}"[:2000])
        raise
    ours.update(running_until=None, succeeded_at=timezone.now(), failure="")


@contextmanager
def _sigterm_as_exception():
    """Let a machine that goes down end the block as an error does, so that its place is freed."""
    if current_thread() is not main_thread():
        yield
        return

    def end(number, frame):
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Punctuality(NamedTuple):
    """How one task is doing: `last` is its last success, None for never.

    One that failed and never succeeded is late, and so is one whose turns passed without a success
    before the run that is going on, if there is one.
    """

    name: str
    label: str
    last: object
    late: bool
    failure: str


def punctuality():
    """Return a Punctuality for each of TASKS."""
    now = timezone.now()
    jobs = {job.name: job for job in Job.objects.filter(name__in=TASKS)}
    rows = []
    for name, task in TASKS.items():
        job = jobs.get(name)
        last = job.succeeded_at if job else None
        since = last or (job.expected_since if job and not job.failure else None)
        # A run within its time is late only if it began so: one may take longer than its turns.
        until = job.started_at if job and job.is_running_at(now) else now
        late = since is None or until - since > task.every * GRACE
        rows.append(Punctuality(name, task.label, last, late, job.failure if job else ""))
    return rows
