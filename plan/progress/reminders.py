"""Mails to those who still have something to report."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from plan.models import Action, ProgressReport, Reminder
from plan.progress.round import rows_of
from veiligalmere.editorial.addresses import absolute
from veiligalmere.editorial.mailing import hand_over, mail_of_site, mail_server
from veiligalmere.editorial.versions import name_of

BEFORE = (14, 7, 1)  # days before the deadline
AFTER = 7  # from the day after the deadline on, every so many days
BACKEND = "django.contrib.auth.backends.ModelBackend"


class NoMail(Exception):
    """The mail could not be sent; the message is a Dutch sentence."""


class ServerIsAway(NoMail):
    """Nor could any other mail be sent now."""


def due_since(report, today):
    """Return the day of the last reminder that should have gone out by `today`, or None."""
    if today > report.deadline:
        late = (today - report.deadline).days - 1
        return report.deadline + timedelta(days=1 + late // AFTER * AFTER)
    days = [report.deadline - timedelta(days=before) for before in BEFORE]
    return max((day for day in days if day <= today), default=None)


def send_due(today=None):
    """Send every reminder that is due, one mail a person; return (sent, failures).

    `sent` are the recipients, `failures` Dutch sentences. What was sent since the day on which it
    became due is not sent again: neither on the same day, nor when a timer runs late.
    """
    today = today or timezone.localdate()
    sent, failures = [], []
    for recipient, parts in _recipients(today).items():
        try:
            if remind(recipient, parts, today=today):
                sent.append(recipient)
        except NoMail as error:
            failures.append(str(error))
            if isinstance(error, ServerIsAway):
                break  # each further one would wait for it as long
    return sent, failures


def remind(recipient, parts, *, today=None):
    """Mail `recipient` what is missing, once a day; return whether a mail went out.

    `parts` are (report, missing rows). The log is written before the mail is handed over, so that
    who runs at the same time sends none, nor does who finds it after a crash: nobody knows then
    whether the server had it. It is committed, for on SQLite all who write would wait with this
    for the mail server. A mail that certainly did not go out leaves nothing in it.
    """
    today = today or timezone.localdate()
    if not settings.MAIL_IS_SENT:
        raise NoMail("Deze site kan nog niet mailen: EMAIL_URL is niet ingesteld.")
    if not recipient.email:
        raise NoMail(f"{recipient.get_username()} heeft geen mailadres.")
    mail = _mail(recipient, parts, today)
    with mail_server() as connection:
        try:
            connection.open()
        except OSError as error:
            raise ServerIsAway(_not_sent(recipient, error)) from error
        try:
            noted = _note(recipient, parts, today)
        except IntegrityError:
            return False
        try:
            hand_over(connection, mail)
        except (OSError, ValueError) as error:
            Reminder.objects.filter(pk__in=noted).delete()
            raise NoMail(_not_sent(recipient, error)) from error
    return True


def chief_editors():
    """Return the accounts that get what nobody else can be asked; those with a mail address."""
    users = get_user_model().objects
    chiefs = users.with_perm(
        "plan.adopt_progressreport", backend=BACKEND, include_superusers=False
    ).exclude(email="")
    chiefs = chiefs or users.filter(is_superuser=True, is_active=True).exclude(email="")
    return list(chiefs.order_by("pk"))


def _recipients(today):
    """Return {person: [(report, missing rows)]} of the reminders that are due and not yet sent."""
    found = {}
    chiefs = chief_editors()
    for report in ProgressReport.objects.open().select_related("plan").order_by("deadline", "pk"):
        since = due_since(report, today)
        if since is None:
            continue
        already = set(
            report.reminders.filter(sent_on__gte=since).values_list("recipient", flat=True)
        )
        missing, within = {}, _Reach(report)
        for row in rows_of(report):
            if not row.is_ready:
                for person in _asked(row, chiefs, within):
                    missing.setdefault(person, []).append(row)
        for person, rows in missing.items():
            if person.pk not in already:
                found.setdefault(person, []).append((report, rows))
    return found


class _Reach(dict):
    """{person: keys of the actions of the report's plan that they may see}, found when asked."""

    def __init__(self, report):
        super().__init__()
        self.actions = Action.objects.of_plan(report.plan).order_by()

    def __missing__(self, person):
        self[person] = set(self.actions.editable_by(person).values_list("pk", flat=True))
        return self[person]


def _asked(row, chiefs, within):
    """Who is asked for a row: the owner of its action, or the chief editors if that one can't be.

    Nobody can whose limit to themes leaves the action out, nor who can't be mailed.
    """
    if row.owner_can_report and row.action.owner.email:
        return [row.action.owner]
    return [chief for chief in chiefs if row.action.pk in within[chief]]


def _note(recipient, parts, today):
    """Write in the log that `recipient` is reminded of `parts`; return the keys of its rows."""
    with transaction.atomic():
        return [
            Reminder.objects.create(
                report=report,
                recipient=recipient,
                sent_on=today,
                address=recipient.email,
                missing=len(rows),
            ).pk
            for report, rows in parts
        ]


def _not_sent(recipient, error):
    return f"De mail aan {recipient.email} is niet verzonden: {error}"


def _mail(recipient, parts, today):
    total = sum(len(rows) for _report, rows in parts)
    noun = "actie" if total == 1 else "acties"
    subject = f"Voortgang: nog {total} {noun} te melden"
    context = {
        "name": name_of(recipient),
        "parts": [
            {
                "report": one,
                "url": absolute(reverse("progress_round", args=[one.number])),
                "rows": rows,
                "late": one.deadline < today,
            }
            for one, rows in parts
        ],
        "recipient": recipient,
    }
    return mail_of_site(subject, render_to_string("mail/reminder.txt", context), recipient.email)
