"""Sending what is new to those who follow it; made for a timer.

A mail goes out at most once. Before it is handed to the mail server, the subscription says up to
which moment is being told; whoever finds that after a crash can't know whether the server had it,
and takes it as told. What was not yet begun is sent by the next run.
"""

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from time import monotonic
from typing import NamedTuple

from django.conf import settings
from django.db.models import F, Min, Q
from django.utils import timezone

from plan.models import Subscription
from veiligalmere.editorial.content_version import current_content_version
from veiligalmere.editorial.mailing import hand_over, mail_server
from veiligalmere.pages.feeds.entries import Window
from veiligalmere.pages.following import mails
from veiligalmere.pages.following.subjects import KINDS, Subject
from veiligalmere.pages.following.visitors import forget_uses

# A publication gets its moment before it is committed: what is told has to be this old.
SETTLED = timedelta(minutes=2)
MORNING = 8  # o'clock on Monday, in Amsterdam, for those who want one mail a week
# How long to wait after each failure; after the last one this mail is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 240, 1440))
SUSPECT = len(WAITS) + 1  # attempts, of an address to which an earlier mail was refused to the end
FAILURES_IN_A_ROW = 5  # of one frequency, after which no more of it are tried until the next run
NO_MAILBOX = {550, 551, 553}
# Sooner than the job's lock ends (jobs.LONGEST), so that no other machine begins meanwhile.
LONGEST_RUN = timedelta(minutes=45)
CHUNK = 500

log = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """How many mails a run sent, and how many it could not."""

    sent: int
    failed: int


def send_news(now=None):
    """Send every mail that is due; return an Outcome. Running it again sends nothing twice."""
    now = now or timezone.now()
    Subscription.objects.never_confirmed(now).delete()
    forget_uses(now)
    if not settings.MAIL_IS_SENT:
        return Outcome(0, 0)
    _settle_broken_off()
    settled = now - SETTLED
    run = Run(now)
    for frequency, until in (
        (Subscription.Frequency.AT_ONCE, settled),
        (Subscription.Frequency.WEEKLY, last_monday_morning(settled)),
    ):
        run.send_due(frequency, until)
    return Outcome(run.sent, run.failed)


def last_monday_morning(moment):
    """Return the last Monday at eight in the morning, in Amsterdam, that is not after `moment`."""
    local = timezone.localtime(moment)
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    morning -= timedelta(days=local.weekday())
    # In the clock's own hours, so that summer time moves nothing.
    return morning if morning <= local else morning - timedelta(days=7)


def _settle_broken_off():
    """Take as told what a run that ended halfway may have sent."""
    Subscription.objects.filter(telling_until__isnull=False).update(**_told(F("telling_until")))


class News:
    """What was published in a window on each subject that is asked for.

    It is kept, until `renew` finds that the content changed: a run may take long, and what is
    withdrawn or blacked out meanwhile has to be in no mail that is still to go.
    """

    def __init__(self, window):
        self._window = window
        self._version = current_content_version()
        self._found = {}

    def renew(self):
        """Forget what is of an earlier content version."""
        version = current_content_version()
        if version != self._version:
            self._version, self._found = version, {}

    def of(self, subscription):
        """Return the Subject that `subscription` follows, and what it was not told of that."""
        followed = tuple(getattr(subscription, f"{field}_id") for field in KINDS)
        if followed not in self._found:
            subjects = ("theme", "subtopic__theme", "action__plan")
            # As it is now: a mail says what its subject is called.
            now = Subscription.objects.select_related(*subjects).filter(pk=subscription.pk).first()
            if now is None:
                return Subject(), []
            subject = Subject.of(now)
            self._found[followed] = subject, subject.news(self._window)
        subject, entries = self._found[followed]
        return subject, [entry for entry in entries if entry.published > subscription.told_until]


class Run:
    """One run of the timer: what it sent, and whether it goes on."""

    def __init__(self, now):
        self.now = now
        self.sent = self.failed = self.in_a_row = 0
        self._ends = monotonic() + LONGEST_RUN.total_seconds()
        self._server_is_away = False

    @property
    def goes_on(self):
        """Whether there is time left, and a mail server that takes anything."""
        return (
            not self._server_is_away
            and self.in_a_row < FAILURES_IN_A_ROW
            and monotonic() < self._ends
        )

    def send_due(self, frequency, until):
        """Tell all subscriptions of this frequency what is new up to `until`."""
        self.in_a_row = 0
        waiting = Q(retry_at=None) | Q(retry_at__lte=self.now)
        due = Subscription.objects.confirmed().filter(
            waiting, frequency=frequency, telling_until=None, told_until__lt=until
        )
        since = due.aggregate(first=Min("told_until"))["first"]
        # What failed before comes last: it holds up no other, and by then it is known whether the
        # server takes anything.
        due = due.order_by("attempts", "pk")
        keys = list(due.values_list("pk", flat=True))
        news = News(Window(since, until))
        for start in range(0, len(keys), CHUNK):
            nothing_new = []
            for one in due.filter(pk__in=keys[start : start + CHUNK]):
                _subject, entries = news.of(one)
                if not entries:
                    nothing_new.append(one.pk)
                elif self.goes_on:
                    self._tell(one, news, until)
            due.filter(pk__in=nothing_new).update(told_until=until)

    def _tell(self, subscription, news, until):
        """Send one mail and note the outcome, unless somebody else does or it is not wanted."""
        untold = Subscription.objects.filter(
            pk=subscription.pk, telling_until=None, told_until=subscription.told_until
        )
        mine = Subscription.objects.filter(pk=subscription.pk, telling_until=until)
        with mail_server() as connection:
            try:
                connection.open()
            except OSError as error:
                log.warning("The mail server is away: %s", type(error).__name__)
                self.failed += 1
                self._server_is_away = True
                return
            news.renew()
            subject, entries = news.of(subscription)
            if not entries:
                untold.update(told_until=until)
                return
            if not untold.update(telling_until=until):
                return
            try:
                hand_over(connection, mails.news(subscription, subject, entries, until))
            except (OSError, ValueError) as error:
                # Without the address, which is a person's.
                log.warning("A mail to a follower failed: %s", type(error).__name__)
                self._note_failure(mine, subscription, error, until)
                return
        mine.update(**_told(until))
        self.sent, self.in_a_row = self.sent + 1, 0

    def _note_failure(self, mine, subscription, error, until):
        """Try again later; after the last time give up this mail, or an address that is no more.

        That takes a run in which others are mailed: if the server refuses everybody, it is not the
        address. So of an address that seems to be no more, the next mail is tried once.
        """
        self.failed, self.in_a_row = self.failed + 1, self.in_a_row + 1
        is_no_more = _is_no_mailbox(error)
        failed_before = subscription.attempts
        if failed_before == SUSPECT and not is_no_more:
            failed_before = 0  # that was not the address, and this is another mail
        if failed_before < len(WAITS):
            mine.update(
                telling_until=None,
                attempts=failed_before + 1,
                retry_at=self.now + WAITS[failed_before],
            )
        elif is_no_more and self.sent:
            mine.delete()
        elif is_no_more:
            mine.update(**_told(until) | {"attempts": SUSPECT})
        else:
            mine.update(**_told(until))


def _is_no_mailbox(error):
    """Whether the server said of this very address that it is not there (RFC 5321, 4.2.3)."""
    return isinstance(error, SMTPRecipientsRefused) and all(
        code in NO_MAILBOX for code, _reason in error.recipients.values()
    )


def _told(until):
    return {"told_until": until, "telling_until": None, "attempts": 0, "retry_at": None}
