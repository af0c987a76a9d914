"""Reminders by mail: when they go out, to whom, and never twice."""

import ssl
from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from plan.models import Action, Reminder, Status
from plan.progress.reminders import due_since, send_due
from tests.progress.conftest import make_round, report_row
from tests.tooling.mail_server import BREAKS
from themes.models import Theme, ThemeLimit
from veiligalmere import environment

SMTP = "django.core.mail.backends.smtp.EmailBackend"  # as on the site; the tests have another


@pytest.fixture(autouse=True)
def mails(settings):
    settings.MAIL_IS_SENT = True
    settings.SITE_URL = "https://veilig.example"


@pytest.fixture
def owner(redacteur, actions):
    """The editor, with a mail address and two actions."""
    redacteur.user.email = "redacteur@almere.example"
    redacteur.user.save()
    keys = [action.pk for action in actions[:2]]
    Action.objects.filter(pk__in=keys).update(owner=redacteur.user)
    return redacteur.user


@pytest.fixture
def chief(eindredacteur):
    """The chief editor, with a mail address."""
    permission = Permission.objects.get(codename="adopt_progressreport")
    eindredacteur.user.user_permissions.add(permission)
    eindredacteur.user.email = "chef@almere.example"
    eindredacteur.user.save()
    return eindredacteur.user


def due_round(plan, days=1):
    """Open a round whose deadline is in so many days."""
    return make_round(plan, deadline=timezone.localdate() + timedelta(days=days))


@pytest.mark.parametrize(
    ("today", "since"),
    [
        (date(2020, 6, 15), None),
        (date(2020, 6, 16), date(2020, 6, 16)),
        (date(2020, 6, 22), date(2020, 6, 16)),
        (date(2020, 6, 23), date(2020, 6, 23)),
        (date(2020, 6, 30), date(2020, 6, 29)),
        (date(2020, 7, 1), date(2020, 7, 1)),
        (date(2020, 7, 7), date(2020, 7, 1)),
        (date(2020, 7, 8), date(2020, 7, 8)),
        (date(2020, 7, 15), date(2020, 7, 15)),
    ],
)
def test_reminders_are_due_before_and_after_the_deadline(today, since, jaarplan):
    assert due_since(make_round(jaarplan, deadline=date(2020, 6, 30)), today) == since


def test_one_mail_a_person_names_what_is_missing_with_links_to_the_rows(
    jaarplan, owner, chief, actions
):
    report = due_round(jaarplan)
    report_row(report, actions[0], Status.STUCK, "")
    call_command("send_reminders", verbosity=0)
    assert sorted(one.to[0] for one in mail.outbox) == [
        "chef@almere.example",
        "redacteur@almere.example",
    ]
    body = next(one.body for one in mail.outbox if one.to == [owner.email])
    row = f"https://veilig.example/beheer/voortgang/ronde/2020-1/#actie-{actions[0].pk}"
    assert row in body
    assert "Vul een toelichting in." in body
    assert actions[1].title in body
    assert actions[2].title not in body
    assert "{" not in body


def test_sending_twice_on_a_day_sends_nothing_twice(jaarplan, owner, chief):
    due_round(jaarplan)
    call_command("send_reminders", verbosity=0)
    call_command("send_reminders", verbosity=0)
    assert len(mail.outbox) == 2
    log = Reminder.objects.get(recipient=owner)
    assert (log.address, log.missing, log.sent_on) == (owner.email, 2, timezone.localdate())


def test_late_timer_still_sends_once_for_what_was_due(jaarplan, owner, chief):
    report = make_round(jaarplan, deadline=date(2020, 6, 30))
    assert len(send_due(date(2020, 6, 18))[0]) == 2
    assert send_due(date(2020, 6, 20)) == ([], [])
    assert len(send_due(date(2020, 6, 24))[0]) == 2
    assert report.reminders.count() == 4


def test_who_is_ready_gets_no_mail(jaarplan, owner, chief, actions):
    report = due_round(jaarplan)
    for action in actions[:2]:
        report_row(report, action, Status.DONE)
    call_command("send_reminders", verbosity=0)
    assert [one.to for one in mail.outbox] == [["chef@almere.example"]]


def test_action_of_someone_who_left_goes_to_the_chief_editor(jaarplan, owner, chief, actions):
    owner.is_active = False
    owner.save()
    due_round(jaarplan)
    call_command("send_reminders", verbosity=0)
    assert len(mail.outbox) == 1
    body = mail.outbox[0].body
    assert mail.outbox[0].to == ["chef@almere.example"]
    assert f"{actions[0].title} (van redacteur)" in body
    assert f"?alles=1&actie={actions[0].pk}#actie-{actions[0].pk}" in body


def test_action_that_its_owner_may_not_see_goes_to_the_chief_editor(
    jaarplan, owner, chief, actions
):
    limit = ThemeLimit.objects.create(user=owner)
    limit.themes.add(Theme.objects.exclude(pk=actions[0].theme_id).first())
    due_round(jaarplan)
    call_command("send_reminders", verbosity=0)
    assert [one.to for one in mail.outbox] == [["chef@almere.example"]]
    assert f"{actions[0].title} (van redacteur)" in mail.outbox[0].body


def test_adopted_report_reminds_nobody(first_report, owner, chief):
    call_command("send_reminders", verbosity=0)
    assert mail.outbox == []


def test_mail_that_is_refused_is_told_and_tried_again(jaarplan, owner, chief, monkeypatch):
    due_round(jaarplan)

    def refuse(self, messages):
        if messages[0].to == [owner.email]:
            raise SMTPRecipientsRefused({owner.email: (450, b"mailbox full")})
        return original(self, messages)

    original = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with pytest.raises(CommandError, match=r"redacteur@almere\.example is niet verzonden"):
        call_command("send_reminders", verbosity=0)
    assert not Reminder.objects.filter(recipient=owner).exists()
    assert [one.to for one in mail.outbox] == [["chef@almere.example"]]
    monkeypatch.undo()
    call_command("send_reminders", verbosity=0)
    assert len(mail.outbox) == 2


def test_an_address_to_which_no_mail_can_be_made_holds_up_no_other(jaarplan, owner, chief):
    owner.email = f"redacteur@{'é' * 60}.nl"
    owner.save()
    due_round(jaarplan)
    with pytest.raises(CommandError, match="is niet verzonden"):
        call_command("send_reminders", verbosity=0)
    assert [one.to for one in mail.outbox] == [["chef@almere.example"]]
    assert not Reminder.objects.filter(recipient=owner).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nobody_who_writes_waits_for_the_mail_server(jaarplan, owner, chief, monkeypatch):
    due_round(jaarplan)
    held = []

    def look(self, messages=()):
        held.append(connection.in_atomic_block)

    monkeypatch.setattr(EmailBackend, "open", look)
    monkeypatch.setattr(EmailBackend, "send_messages", look)
    monkeypatch.setattr(EmailBackend, "close", look)
    call_command("send_reminders", verbosity=0)
    assert held == [False] * 6


def test_a_mail_server_that_is_away_is_asked_once_a_run(jaarplan, owner, chief, monkeypatch):
    due_round(jaarplan)
    asked = []

    def away(self):
        asked.append(1)
        raise TimeoutError("timed out")

    monkeypatch.setattr(EmailBackend, "open", away)
    with pytest.raises(CommandError, match="is niet verzonden: timed out"):
        call_command("send_reminders", verbosity=0)
    assert len(asked) == 1
    assert not Reminder.objects.exists()
    monkeypatch.undo()
    call_command("send_reminders", verbosity=0)
    assert len(mail.outbox) == 2, "and nobody is left out for it"


class Crash(BaseException):
    """The process is killed."""


@pytest.mark.parametrize(("moment", "expected"), [("open", 2), ("send_messages", 1)])
def test_a_crash_sends_nothing_twice_and_leaves_out_no_other(
    jaarplan, owner, chief, monkeypatch, moment, expected
):
    """Once the server may have had it, nobody knows whether it did."""
    due_round(jaarplan)

    def crash(self, *arguments):
        raise Crash

    monkeypatch.setattr(EmailBackend, moment, crash)
    with pytest.raises(Crash):
        call_command("send_reminders", verbosity=0)
    monkeypatch.undo()
    call_command("send_reminders", verbosity=0)
    assert len({one.to[0] for one in mail.outbox}) == len(mail.outbox) == expected


def test_a_connection_that_breaks_is_never_taken_as_not_sent(jaarplan, owner, monkeypatch):
    due_round(jaarplan)
    handed_over = []

    def take_and_break(self, messages):
        handed_over.extend(messages)
        raise SMTPServerDisconnected("weg")

    monkeypatch.setattr(EmailBackend, "send_messages", take_and_break)
    call_command("send_reminders", verbosity=0)
    call_command("send_reminders", verbosity=0)
    assert len(handed_over) == 1


@pytest.mark.parametrize(("command", "taken"), [("MAIL", False), ("RCPT", False), (".", True)])
def test_a_mail_server_that_stops_before_the_mail_itself_did_not_take_it(
    jaarplan, owner, chief, mail_server, command, taken
):
    due_round(jaarplan)
    mail_server.does = {command: BREAKS}
    sent, failures = send_due()
    assert (len(sent), len(failures)) == ((2, 0) if taken else (0, 2))
    mail_server.does = {}
    call_command("send_reminders", verbosity=0)
    assert len(mail_server.mails) == 2


def test_without_mail_settings_the_command_says_which_one_lacks(jaarplan, owner, settings):
    settings.MAIL_IS_SENT = False
    due_round(jaarplan)
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("send_reminders", verbosity=0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", {}),
        ("console:?from=site@almere.example", {"DEFAULT_FROM_EMAIL": "site@almere.example"}),
        (
            "smtp+tls://me:p%40ss@mail.example/?from=site@almere.example",
            {"EMAIL_HOST": "mail.example", "EMAIL_PORT": 587, "EMAIL_HOST_PASSWORD": "p@ss"},
        ),
        ("smtps://mail.example/?from=a@b.example", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True}),
    ],
)
def test_mail_settings_are_read(value, expected, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", value)
    found = environment.mail("EMAIL_URL")
    assert {name: found[name] for name in expected} == expected
    assert bool(found) == bool(value)


@pytest.mark.parametrize("scheme", ["smtp+tls", "smtps"])
def test_a_mail_server_has_to_prove_who_it_is(scheme, monkeypatch, settings):
    monkeypatch.setenv("EMAIL_URL", f"{scheme}://mail.example/?from=a@b.example")
    for name, value in environment.mail("EMAIL_URL").items():
        setattr(settings, name, value)
    context = get_connection(SMTP).ssl_context
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


@pytest.mark.parametrize(
    "value",
    [
        "mail.example",
        "http://mail.example/?from=a@b.example",
        "smtp://mail.example/",
        "smtp://mail.example/?from=nobody",
        "smtp://mail.example:port/?from=a@b.example",
        "smtp:///?from=a@b.example",
        "smtp://mail.example/?from=a@b.example&tls=1",
    ],
)
def test_mail_settings_that_are_not_understood_stop_the_start(value, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", value)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        environment.mail("EMAIL_URL")
