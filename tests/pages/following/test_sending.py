"""Mails with what is new: all of it, once, at the right moment, and none of it to the wrong."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plan.carrying_over import carry_over
from plan.models import (
    Action,
    AnnualPlan,
    Development,
    FormUse,
    Passage,
    ProgressUpdate,
    Status,
    Subscription,
)
from plan.progress.adoption import add_erratum, adopt
from tests.pages.following.conftest import ADDRESS
from tests.progress.conftest import make_round, publish_update, report_row
from tests.tooling.drafts import writing
from tests.tooling.mail_server import BREAKS
from themes.models import Theme
from veiligalmere.editorial.blackout import black_out
from veiligalmere.editorial.jobs import Job
from veiligalmere.editorial.publish import publish, save_draft, withdraw
from veiligalmere.pages.following import sending
from veiligalmere.pages.following.sending import (
    WAITS,
    last_monday_morning,
    send_news,
)

pytestmark = pytest.mark.django_db
SLUG = "straatintimidatie"


def later(**more):
    """Return a moment at which what is published now has settled."""
    return timezone.now() + timedelta(minutes=5, **more)


def confirmed(*addresses, **fields):
    """Let each address follow everything, at once if nothing else is said."""
    fields = {"frequency": Subscription.Frequency.AT_ONCE, **fields}
    for address in addresses:
        Subscription.objects.create(email=address, **fields).confirm()


def news(title="Camera’s in het park", slug="cameras", **fields):
    """Publish a development on the theme Veilige wijken."""
    one = Development.objects.create(title=title, slug=slug, year=2020, lead="Kort.", **fields)
    one.themes.add(Theme.objects.get(slug="veilige-wijken"))
    publish(one, note="Nieuw")
    return one


def change_action(note, *, minor=False):
    """Publish a change of the action that tests follow."""
    action = Action.objects.get(slug=SLUG)

    def write(row):
        row.summary = f"{row.summary} {note or 'iets'}"
        row.save()

    save_draft(action, write)
    publish(action, note=note, minor=minor)
    return action


def test_what_is_new_is_mailed_once(follow, mailoutbox):
    one = follow()
    news()
    assert send_news(later()) == (1, 0)
    assert send_news(later(hours=1)) == (0, 0)
    (mail,) = mailoutbox
    assert mail.to == [ADDRESS]
    assert mail.subject == "Veilig Almere: Camera’s in het park"
    assert "/ontwikkelingen/2020/cameras/" in mail.body
    assert f"/volgen/stoppen/{one.key}/" in mail.body
    message = mail.message()
    assert message["List-Unsubscribe"] == f"<http://testserver/volgen/stoppen/{one.key}/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@testserver>")
    assert message["Date"]
    assert message["List-Id"]


def test_nothing_new_is_no_mail(follow, mailoutbox):
    follow(wat="alles")
    assert send_news(later()) == (0, 0)
    assert not mailoutbox


def test_passages_that_are_published_ahead_of_their_plan_are_not_mailed(follow, mailoutbox):
    follow(wat="alles")
    plan = AnnualPlan.objects.create(year=2021, title="Jaarplan 2021", multi_year_plan="x")
    passage = Passage.objects.create(plan=plan, heading="Vooruitblik", slug="x", position=1)
    save_draft(passage, lambda row: row.save())
    publish(passage)
    assert send_news(later()) == (0, 0)
    assert not mailoutbox


def test_changes_with_a_note_are_mailed_and_small_ones_are_not(follow, mailoutbox):
    follow(wat=f"actie/2020/{SLUG}")
    follow(wat="thema/zorg-en-veiligheid", mailadres="bram@voorbeeld.nl")
    change_action("", minor=True)
    change_action("De periode is bijgesteld")
    assert send_news(later()) == (1, 0)
    assert mailoutbox[0].subject == "Veilig Almere: Gewijzigd: Straatintimidatie"
    assert "De periode is bijgesteld" in mailoutbox[0].body
    assert mailoutbox[0].to == [ADDRESS]


def test_a_small_change_of_a_development_mails_it_no_second_time(follow, mailoutbox):
    follow()
    one = news()
    send_news(later())
    save_draft(one, writing(lead="Korter."))
    publish(one, note="", minor=True)
    assert send_news(later(hours=1)) == (0, 0)


def test_changes_of_developments_new_things_and_errata_are_mailed(follow, mailoutbox, jaarplan):
    follow(wat="thema/veilige-wijken")
    follow(wat="alles", mailadres="bram@voorbeeld.nl")
    follow(wat="thema/zorg-en-veiligheid", mailadres="carla@voorbeeld.nl")
    one = news()
    assert send_news(later()) == (2, 0)
    Subscription.objects.update(told_until=timezone.now())
    mailoutbox.clear()
    save_draft(one, writing(lead="Anders."))
    publish(one, note="De datum is verzet")
    theme = Theme.objects.get(slug="veilige-wijken")
    action = Action.objects.create(
        plan=jaarplan, theme=theme, title="Nieuwe actie", slug="nieuw", body="x", position=9000
    )
    save_draft(action, lambda row: row.save())
    publish(action)
    add_erratum(adopt(make_round(jaarplan)), "Er had juni moeten staan.")
    assert send_news(later(hours=1)) == (2, 0)
    mails = {mail.to[0]: mail.body for mail in mailoutbox}
    assert set(mails) == {ADDRESS, "bram@voorbeeld.nl"}
    for body in mails.values():
        assert "De datum is verzet" in body
        assert "Nieuw: Nieuwe actie" in body
    assert "Er had juni moeten staan." in mails["bram@voorbeeld.nl"]
    assert send_news(later(hours=2)) == (0, 0)


@pytest.mark.parametrize("wat", ["thema/veilige-wijken", f"onderwerp/{SLUG}"])
def test_a_new_plan_takes_no_news_on_the_actions_of_the_one_before_from_a_mail(
    wat, follow, mailoutbox, jaarplan
):
    follow(wat=wat, hoe_vaak="wekelijks")
    action = Action.objects.get(slug=SLUG)
    publish_update(action, Status.DONE, "Voor het nieuwe plan gemeld.")
    change_action("De periode is bijgesteld")
    plan = carry_over(
        jaarplan, year=2021, title="Jaarplan 2021", multi_year_plan="x", actions=[action]
    )
    for draft in [*Action.objects.of_plan(plan), plan]:
        publish(draft)
    assert send_news(later(days=8)) == (1, 0)
    (mail,) = mailoutbox
    assert "Voor het nieuwe plan gemeld." in mail.body
    assert "De periode is bijgesteld" in mail.body
    assert "Nieuw: Jaarplan 2021" in mail.body
    # Its last report comes when the next plan has begun.
    report = make_round(jaarplan, half=2)
    report_row(report, action, Status.DONE, "In het tweede halfjaar gemeld.")
    adopt(report)
    ProgressUpdate.objects.of_round(report).update(published_at=later(days=9))
    assert send_news(later(days=17)) == (1, 0)
    assert "In het tweede halfjaar gemeld." in mailoutbox[1].body


def test_an_adopted_report_is_told_to_who_follows_everything_without_all_that_it_tells(
    mailoutbox, jaarplan
):
    confirmed(ADDRESS)
    report = make_round(jaarplan)
    for action in Action.objects.public().of_plan(jaarplan):
        report_row(report, action, Status.ON_TRACK)
    adopt(report)
    assert send_news(later()) == (1, 0)
    assert mailoutbox[0].subject == "Veilig Almere: Voortgangsrapportage eerste halfjaar 2020"


def test_several_are_one_mail(follow, mailoutbox):
    follow()
    for number in range(3):
        news(f"Nieuws {number}", f"nieuws-{number}")
    assert send_news(later()) == (1, 0)
    assert mailoutbox[0].subject == "Veilig Almere: 3 nieuwe berichten over thema “Veilige wijken”"
    assert all(f"Nieuws {number}" in mailoutbox[0].body for number in range(3))


def test_a_title_with_a_line_break_adds_no_header(follow, mailoutbox):
    follow()
    news("Nieuws\r\nBcc: iedereen@voorbeeld.nl")
    send_news(later())
    assert "Bcc" not in mailoutbox[0].message()
    assert mailoutbox[0].recipients() == [ADDRESS]


def test_what_was_withdrawn_or_blacked_out_meanwhile_is_not_mailed(follow, mailoutbox):
    follow()
    gone = news("Weer weg", "weg")
    news("Inval aan de Kwikstaartlaan", "inval")
    withdraw(gone, by=None, note="Vergissing")
    black_out(["Kwikstaartlaan"], rule="artikel 10 van de AVG", by=None)
    send_news(later())
    (mail,) = mailoutbox
    assert "Weer weg" not in mail.body
    assert "kwikstaart" not in f"{mail.subject}{mail.body}".lower()
    assert Subscription.objects.get().email == ADDRESS


def during_the_first_mail(monkeypatch, change):
    """Let `change` be made while a run hands its first mail over."""
    send_messages = EmailBackend.send_messages
    waiting = ["once"]

    def send_and_change(self, messages):
        sent = send_messages(self, messages)
        if waiting:
            waiting.clear()
            change()
        return sent

    monkeypatch.setattr(EmailBackend, "send_messages", send_and_change)


def test_what_is_blacked_out_during_a_run_is_not_in_the_mails_after_it(
    follow, mailoutbox, monkeypatch
):
    change_action("Inval aan de Kwikstaartlaan")
    action = Action.objects.get(slug=SLUG)
    save_draft(action, writing(title="Kwikstaartlaan"))
    publish(action, note="Nu met de straat")
    for number in range(3):
        follow(wat=f"actie/2020/{SLUG}", mailadres=f"naam{number}@voorbeeld.nl")
    Subscription.objects.update(told_until=timezone.now() - timedelta(hours=1))
    during_the_first_mail(
        monkeypatch,
        lambda: black_out(["Kwikstaartlaan"], rule="artikel 10 van de AVG", by=None),
    )
    assert send_news(later()) == (3, 0)
    first, *others = (f"{mail.subject}{mail.body}".lower() for mail in mailoutbox)
    assert "kwikstaart" in first
    for mail in others:
        assert "kwikstaart" not in mail
        assert "nu met de straat" in mail


def test_what_is_withdrawn_during_a_run_is_not_in_the_mails_after_it(
    follow, mailoutbox, monkeypatch
):
    follow(wat="alles")
    for number in range(2):
        follow(mailadres=f"naam{number}@voorbeeld.nl")
    follow(wat="alles", mailadres="bram@voorbeeld.nl")
    gone = news("Weer weg", "weg")
    during_the_first_mail(monkeypatch, lambda: withdraw(gone, by=None, note="Vergissing"))
    moment = later()
    assert send_news(moment) == (1, 0)
    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]
    assert send_news(moment) == (0, 0)
    news("Blijft", "blijft")
    Development.objects.filter(slug="blijft").update(published_at=later())
    assert send_news(later(hours=1)) == (4, 0), "and nobody was passed over or waits"


def test_blacking_out_leaves_addresses_alone(follow):
    follow(mailadres="kwikstaart@voorbeeld.nl")
    news("Over de kwikstaart", "kwikstaart")
    black_out(["kwikstaart"], rule="artikel 10 van de AVG", by=None)
    assert Subscription.objects.get().email == "kwikstaart@voorbeeld.nl"


def test_what_is_just_being_published_waits(follow, mailoutbox):
    """Its moment is set before it is committed; told too early, it would be passed over."""
    follow()
    news()
    assert send_news(timezone.now()) == (0, 0)
    assert send_news(later()) == (1, 0)


def test_once_a_week_is_on_monday_morning(follow, mailoutbox):
    one = follow(hoe_vaak="wekelijks")
    news()
    now = timezone.now()
    monday = last_monday_morning(now) + timedelta(days=7)
    assert send_news(monday - timedelta(minutes=1)) == (0, 0)
    assert send_news(monday + timedelta(minutes=3)) == (1, 0)
    assert send_news(monday + timedelta(days=1)) == (0, 0)
    one.refresh_from_db()
    assert one.told_until == monday


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        # Monday 30 March 2026 is the first in summer time: eight o'clock is six in UTC.
        (datetime(2026, 3, 30, 6, 0, tzinfo=UTC), datetime(2026, 3, 30, 6, 0, tzinfo=UTC)),
        (datetime(2026, 3, 30, 5, 59, tzinfo=UTC), datetime(2026, 3, 23, 7, 0, tzinfo=UTC)),
        # And Monday 26 October the first in winter time.
        (datetime(2026, 10, 26, 7, 0, tzinfo=UTC), datetime(2026, 10, 26, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 26, 6, 59, tzinfo=UTC), datetime(2026, 10, 19, 6, 0, tzinfo=UTC)),
    ],
)
def test_eight_in_the_morning_is_on_the_clock_in_almere(moment, monday):
    assert last_monday_morning(moment) == monday


class Crash(BaseException):
    """The process is killed."""


def test_a_crash_halfway_sends_nothing_twice_and_leaves_nobody_out(follow, mailoutbox, monkeypatch):
    for number in range(4):
        follow(mailadres=f"naam{number}@voorbeeld.nl")
    news()
    send_messages = EmailBackend.send_messages

    def send_two_and_crash(self, messages):
        sent = send_messages(self, messages)
        if len(mailoutbox) == 2:
            raise Crash
        return sent

    monkeypatch.setattr(EmailBackend, "send_messages", send_two_and_crash)
    with pytest.raises(Crash):
        send_news(later())
    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    assert send_news(later()) == (2, 0)
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        f"naam{number}@voorbeeld.nl" for number in range(4)
    ]


def test_a_refused_mail_is_tried_again_a_few_times_and_holds_up_no_other(
    follow, mailoutbox, monkeypatch
):
    follow(mailadres="vol@voorbeeld.nl")
    follow()
    news()
    send_messages = EmailBackend.send_messages
    attempts = []

    def refuse_one(self, messages):
        if messages[0].to == ["vol@voorbeeld.nl"]:
            attempts.append(messages[0])
            raise SMTPDataError(452, b"mailbox full")
        return send_messages(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse_one)
    moment = later()
    assert send_news(moment) == (1, 1)
    assert mailoutbox[0].to == [ADDRESS]
    for wait in WAITS:
        assert send_news(moment + wait - timedelta(minutes=1)) == (0, 0)
        moment += wait
        assert send_news(moment) == (0, 1)
    assert len(attempts) == len(WAITS) + 1
    assert send_news(moment + timedelta(days=9)) == (0, 0), "given up"
    assert Subscription.objects.count() == 2


@pytest.mark.parametrize(
    ("code", "others", "erased"),
    [
        (550, "are mailed", True),
        # Then it is the server that takes nothing, or not from us.
        (550, "are refused too", False),
        (554, "are mailed", False),
        (450, "are mailed", False),
    ],
)
def test_an_address_that_is_no_more_is_erased_in_the_end(follow, monkeypatch, code, others, erased):
    follow(mailadres="bram@voorbeeld.nl")
    one = follow()
    news()
    send_messages = EmailBackend.send_messages

    def refuse(self, messages):
        (recipient,) = messages[0].to
        if recipient == ADDRESS or others == "are refused too":
            raise SMTPRecipientsRefused({recipient: (code, b"no")})
        return send_messages(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    moment = later()
    for wait in (timedelta(0), *WAITS):
        moment += wait
        # The other one has news in each run.
        Development.objects.filter(slug="cameras").update(
            published_at=moment - timedelta(minutes=3)
        )
        Subscription.objects.exclude(pk=one.pk).update(told_until=moment - timedelta(minutes=4))
        send_news(moment)
    assert Subscription.objects.filter(pk=one.pk).exists() != erased


@pytest.mark.parametrize("others", ["are mailed", "are refused too"])
def test_an_address_that_is_no_more_is_erased_with_the_mail_after_it_if_others_get_theirs(
    monkeypatch, mailoutbox, others
):
    """The last try of a mail once a week is on Tuesday, when nobody else is mailed."""
    addresses = [ADDRESS, "bram@voorbeeld.nl", "carla@voorbeeld.nl"]
    confirmed(*addresses, frequency=Subscription.Frequency.WEEKLY)
    send_messages = EmailBackend.send_messages
    tries = []

    def refuse(self, messages):
        (recipient,) = messages[0].to
        tries.append(recipient)
        if recipient == ADDRESS or others == "are refused too":
            raise SMTPRecipientsRefused({recipient: (550, b"no such user")})
        return send_messages(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    monday = last_monday_morning(timezone.now()) + timedelta(days=7)
    for week in range(2):
        one = news(slug=f"week-{week}")
        Development.objects.filter(pk=one.pk).update(published_at=monday - timedelta(hours=1))
        moment = monday + timedelta(minutes=3)
        for wait in (timedelta(0), *WAITS):
            moment += wait
            send_news(moment)
        monday += timedelta(days=7)
    assert tries.count(ADDRESS) == len(WAITS) + 2
    erased = set(addresses) - set(Subscription.objects.values_list("email", flat=True))
    assert erased == ({ADDRESS} if others == "are mailed" else set())
    monkeypatch.undo()
    one = news(slug="weer-goed")
    Development.objects.filter(pk=one.pk).update(published_at=monday - timedelta(hours=1))
    assert send_news(monday + timedelta(minutes=3)) == (3 - len(erased), 0)


def test_a_mail_after_one_that_was_refused_to_everybody_is_tried_as_often_as_any(monkeypatch):
    """A relay that was set up wrongly takes nobody for a while; later it asks to come back."""
    confirmed(ADDRESS, "bram@voorbeeld.nl")
    answer = 550
    send_messages = EmailBackend.send_messages

    def refuse(self, messages):
        if answer is None:
            return send_messages(self, messages)
        raise SMTPRecipientsRefused({messages[0].to[0]: (answer, b"no")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    news()
    moment = later()
    for wait in (timedelta(0), *WAITS):
        moment += wait
        assert send_news(moment) == (0, 2)
    assert send_news(moment) == (0, 0)
    one = news(slug="een-maand-later")
    Development.objects.filter(pk=one.pk).update(published_at=moment + timedelta(days=30))
    moment += timedelta(days=30, minutes=5)
    answer = 450
    assert send_news(moment) == (0, 2)
    answer = None
    assert send_news(moment + WAITS[0]) == (2, 0)


@pytest.mark.parametrize("attempts", [0, 4, 5])
def test_addresses_that_are_no_more_hold_up_nobody_who_gets_one_mail_a_week(
    monkeypatch, attempts, mailoutbox
):
    dead = [f"weg-{number}@voorbeeld.nl" for number in range(6)]
    confirmed(*dead)
    Subscription.objects.update(attempts=attempts)
    confirmed(ADDRESS, frequency=Subscription.Frequency.WEEKLY)
    send_messages = EmailBackend.send_messages

    def refuse(self, messages):
        (recipient,) = messages[0].to
        if recipient in dead:
            raise SMTPRecipientsRefused({recipient: (550, b"no such user")})
        return send_messages(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    monday = last_monday_morning(timezone.now()) + timedelta(days=7)
    one = news()
    Development.objects.filter(pk=one.pk).update(published_at=monday - timedelta(hours=1))
    send_news(monday + timedelta(minutes=3))
    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]


def test_a_connection_that_breaks_is_never_taken_as_not_sent(follow, monkeypatch):
    follow()
    news()
    handed_over = []

    def take_and_break(self, messages):
        handed_over.extend(messages)
        raise SMTPServerDisconnected("weg")

    monkeypatch.setattr(EmailBackend, "send_messages", take_and_break)
    send_news(later())
    send_news(later(days=2))
    assert len(handed_over) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_mail_server_that_stops_before_the_mail_itself_did_not_take_it(mail_server, command):
    confirmed("anna@voorbeeld.nl", "bram@voorbeeld.nl", "carla@voorbeeld.nl")
    news()
    mail_server.does = {command: BREAKS}
    moment = later()
    assert send_news(moment) == (0, 3)
    mail_server.does = {}
    assert send_news(moment + WAITS[0]) == (3, 0)
    assert len(mail_server.mails) == 3


@pytest.mark.parametrize("command", ["DATA", "."])
def test_a_mail_server_that_stops_during_the_mail_may_have_taken_it(mail_server, command):
    confirmed("anna@voorbeeld.nl")
    news()
    mail_server.does = {command: BREAKS}
    moment = later()
    assert send_news(moment) == (1, 0)
    mail_server.does = {}
    assert send_news(moment + timedelta(days=2)) == (0, 0)
    assert len(mail_server.mails) == (command == ".")


def test_a_mail_server_that_is_away_is_not_asked_again_and_again(follow, monkeypatch):
    for number in range(4):
        follow(mailadres=f"naam{number}@voorbeeld.nl")
    news()

    def away(self):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "open", away)
    monkeypatch.setattr(sending, "SETTLED", timedelta(0))
    out = StringIO()
    with pytest.raises(CommandError, match="mails could not be sent"):
        call_command("mail_followers", stdout=out)
    assert send_news() == (0, 1), "asked once a run"
    monkeypatch.setattr(EmailBackend, "open", lambda self: None)
    assert send_news() == (4, 0), "and nobody is left out for it, or has to wait"


def test_who_stopped_meanwhile_gets_nothing(follow, bezoeker, mailoutbox):
    one, other = follow(), follow(mailadres="bram@voorbeeld.nl")
    news()
    bezoeker.post(f"/volgen/stoppen/{one.key}/")
    assert send_news(later()) == (1, 0)
    assert mailoutbox[0].to == [other.email]


def test_addresses_that_were_not_confirmed_are_erased_after_thirty_days(ask, settings):
    ask()
    Subscription.objects.update(asked_at=timezone.now() - timedelta(days=29))
    send_news()
    assert Subscription.objects.exists()
    settings.MAIL_IS_SENT = False  # erasing does not wait for a mail server
    send_news(timezone.now() + timedelta(days=2))
    assert not Subscription.objects.exists()
    assert not FormUse.objects.exists()


def test_the_command_is_a_job_of_which_the_last_run_is_known(follow, mailoutbox):
    follow()
    out = StringIO()
    call_command("mail_followers", stdout=out)
    assert out.getvalue() == "0 mails sent\n"
    assert Job.objects.get(name="mail_followers").succeeded_at


def test_the_number_of_queries_grows_with_mails_alone(follow, mailoutbox):
    counts = {}
    for size in (4, 12):
        for number in range(Subscription.objects.count(), size):
            follow(mailadres=f"naam{number}@voorbeeld.nl")
        with CaptureQueriesContext(connection) as nothing_new:
            send_news(later())
        Subscription.objects.update(told_until=timezone.now())
        news(slug=f"cameras-{size}")
        with CaptureQueriesContext(connection) as mailed:
            assert send_news(later()) == (size, 0)
        counts[size] = len(nothing_new), len(mailed)
    assert counts[12][0] == counts[4][0]
    assert counts[12][1] == counts[4][1] + 8 * 3, "looked up, claimed and noted"


def test_all_of_a_busy_week_is_mailed_however_much_it_is(follow, mailoutbox):
    """A feed ends after thirty; what is cut off there would never be told."""
    follow(wat="alles")
    for number in range(40):
        news(f"Nieuws {number}", f"nieuws-{number}")
    assert send_news(later()) == (1, 0)
    assert all(f"Nieuws {number}\n" in mailoutbox[0].body for number in range(40))


def test_an_action_of_a_withdrawn_plan_is_told_to_nobody(follow, mailoutbox, jaarplan):
    follow(wat=f"actie/2020/{SLUG}")
    withdraw(jaarplan, by=None, note="Vervangen")
    change_action("Dit leest niemand")
    assert send_news(later()) == (0, 0)
