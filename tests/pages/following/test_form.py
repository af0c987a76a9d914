"""Asking to follow: for everybody the same answer, no cookie, and not for bots and floods."""

import smtplib
from datetime import UTC, datetime

import pytest

from plan.models import FormUse, Subscription
from tests.pages.following.conftest import ADDRESS, FORM, OURS, links_in
from veiligalmere.page_cache.gate import ROOM
from veiligalmere.pages.following import visitors
from veiligalmere.pages.following.page import MAILS_AT_ONCE

pytestmark = pytest.mark.django_db


def test_nothing_happens_before_the_owner_confirms(ask, bezoeker, mailoutbox):
    answer = ask()
    assert (answer.status_code, answer["Location"]) == (303, "/volgen/verstuurd/")
    assert "Kijk in uw mailbox" in bezoeker.get(answer["Location"]).content.decode()
    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]
    assert mailoutbox[0].message()["Message-ID"].endswith("@testserver>")
    assert not Subscription.objects.confirmed().exists()
    link = links_in(mailoutbox[0])[0]

    # A mail scanner opens every link.
    assert "Ja, dat wil ik" in bezoeker.get(link).content.decode()
    assert not Subscription.objects.confirmed().exists()

    answer = bezoeker.post(link)
    assert "U volgt dit nu" in answer.content.decode()
    subscription = Subscription.objects.confirmed().get()
    assert (subscription.email, subscription.theme.slug) == (ADDRESS, "veilige-wijken")
    assert "U volgt dit nu" in bezoeker.post(link).content.decode(), "twice is no harm"
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("alles", "alles op deze site"),
        ("thema/veilige-wijken", "Veilige wijken"),
        ("onderwerp/woninginbraken", "Woninginbraken"),
        ("actie/2020/straatintimidatie", "Straatintimidatie"),
    ],
)
def test_everything_a_theme_a_subtopic_and_an_action_can_be_followed(
    ask, bezoeker, mailoutbox, word, label
):
    form = bezoeker.get(FORM, {"wat": word}).content.decode()
    assert f'value="{word}" selected' in form
    assert ask(wat=word).status_code == 303
    assert label.lower() in mailoutbox[0].body.lower()


@pytest.mark.parametrize(
    "page",
    [
        "/themas/veilige-wijken/",
        "/themas/veilige-wijken/woninginbraken/",
        "/jaarplan/2020/acties/straatintimidatie/",
    ],
)
def test_the_form_is_one_link_away_with_the_subject_chosen(bezoeker, jaarplan, page):
    text = bezoeker.get(page).content.decode()
    link = text[text.index('href="/volgen/?wat=') + 6 :].split('"')[0]
    word = link.partition("=")[2]
    assert f'value="{word}" selected' in bezoeker.get(link).content.decode()


def test_no_cookie_is_set(ask, bezoeker, mailoutbox):
    assert not bezoeker.get(FORM).cookies
    assert not ask().cookies
    assert not bezoeker.get(links_in(mailoutbox[0])[0]).cookies
    assert not bezoeker.cookies


def test_who_is_subscribed_does_not_show(ask, follow, mailoutbox):
    follow()
    known, unknown = ask(), ask(mailadres="iemand@voorbeeld.nl")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert known.content == unknown.content
    assert len(mailoutbox) == 2, "the same kind of work"
    assert "U volgt dit al" in mailoutbox[0].body
    subscription = Subscription.objects.confirmed().get()
    assert subscription.frequency == "meteen"


def test_a_stranger_changes_nothing_for_a_subscriber(ask, follow):
    follow()
    ask(hoe_vaak="wekelijks")
    assert Subscription.objects.get().frequency == "meteen"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://elders.nl"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
        {"origin": "https://testserver"},
    ],
)
def test_a_form_from_elsewhere_is_refused_and_keeps_its_text(ask, mailoutbox, headers):
    answer = ask(headers=headers)
    assert answer.status_code == 403
    assert "Probeer het hier nog eens" in answer.content.decode()
    assert ADDRESS in answer.content.decode()
    assert not mailoutbox
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("headers", [{"origin": "http://testserver"}, OURS])
def test_older_and_newer_browsers_can_follow(ask, headers):
    assert ask(headers=headers).status_code == 303


def test_a_proxy_that_passes_no_name_on_is_no_hindrance(ask, settings):
    settings.SITE_URL = "https://www.veiligalmere.nl:8443"
    origin = "https://www.veiligalmere.nl:8443"
    assert ask(headers={"origin": origin, "sec-fetch-site": "same-origin"}).status_code == 303


def test_a_program_that_fills_in_everything_gets_the_same_answer_and_no_mail(ask, mailoutbox):
    answer = ask(website="https://koopnu.nl")
    assert (answer.status_code, answer["Location"]) == (303, "/volgen/verstuurd/")
    assert not mailoutbox
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mailadres": ""}, "Vul uw mailadres in"),
        ({"mailadres": "anna"}, "Dit is geen mailadres"),
        ({"mailadres": "a@b.nl\nBcc: c@d.nl"}, "Dit is geen mailadres"),
        ({"mailadres": "a" * 300 + "@b.nl"}, "te lang"),
        # Longer than a name may be, as the mail server would get it.
        ({"mailadres": f"a@{'é' * 60}.nl"}, "Dit is geen mailadres"),
        ({"mailadres": "a@xn--é.nl"}, "Dit is geen mailadres"),
        # No parser follows those to the end.
        ({"mailadres": "(" * 5000 + "@b.nl"}, "Dit is geen mailadres"),
        # The mail would go to anna@voorbeeld.nl, or to nobody.
        ({"mailadres": "=?utf-8?q?anna?=@voorbeeld.nl"}, "kunnen wij geen mail sturen"),
        ({"mailadres": '"anna"@voorbeeld.nl'}, "kunnen wij geen mail sturen"),
        ({"mailadres": '"an\x0bna"@voorbeeld.nl'}, "kunnen wij geen mail sturen"),
        ({"mailadres": '"an,\x0bna"@voorbeeld.nl'}, "kunnen wij geen mail sturen"),
        # Each of these letters is three in the name that the mail server gets.
        ({"mailadres": f"a@{'.'.join(['ﬃ' * 20] * 10)}.nl"}, "te lang"),
        ({"hoe_vaak": "elk-uur"}, "Kies hoe vaak"),
        ({"wat": "thema/bestaat-niet"}, "Dit is er niet"),
        ({"wat": "thema/a/b/c"}, "Dit is er niet"),
        ({"wat": "actie/x/y"}, "Dit is er niet"),
        ({"wat": "thema/\x00"}, "niet"),
        ({"wat": f"actie/{'9' * 5000}/x"}, "Dit is er niet"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(ask, mailoutbox, changes, message):
    answer = ask(**changes)
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert "<title>Fout: " in answer.content.decode()
    assert not mailoutbox
    assert not Subscription.objects.exists()


def test_an_address_in_letters_of_another_language_gets_mail(ask, mailoutbox):
    assert ask(mailadres="anna@café.nl").status_code == 303
    assert mailoutbox[0].message()["To"] == "anna@xn--caf-dma.nl"


def test_an_address_that_this_python_can_not_write_in_letters_gets_mail(ask, mailoutbox):
    assert ask(mailadres="anna@xn--fa-hia.de").status_code == 303
    assert mailoutbox[0].message()["To"] == "anna@xn--fa-hia.de"


def test_one_address_in_other_letters_is_the_same_one(ask, mailoutbox):
    same = ["Anna@CAFÉ.nl", "anna@XN--caf-dma.nl", "anna@cafe\u0301.nl", "anna@ca\u200bfé.nl"]
    assert {ask(mailadres=one).status_code for one in same} == {303}
    assert Subscription.objects.get().email == "anna@xn--caf-dma.nl"
    assert FormUse.objects.values("digest").distinct().count() == 2, "this address, this network"


@pytest.mark.parametrize(
    "word", ["thema/bestaat-niet", "", "thema/\x00", f"actie/{'9' * 5000}/x", "actie/٢٠٢٠/x", "//"]
)
def test_a_subject_that_is_not_there_is_explained(bezoeker, jaarplan, word):
    answer = bezoeker.get(FORM, {"wat": word})
    assert answer.status_code == 404
    assert "Alles volgen" in answer.content.decode()


def test_one_address_gets_no_flood_and_nobody_sees_that(ask, mailoutbox):
    most = visitors.PER_ADDRESS[0]
    answers = [ask() for _ in range(most + 3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(mailoutbox) == most


def test_one_network_sends_no_flood(ask, mailoutbox):
    most = visitors.PER_NETWORK[0]
    answers = [ask(mailadres=f"naam{number}@voorbeeld.nl") for number in range(most + 2)]
    assert [answer.status_code for answer in answers] == [303] * most + [429] * 2
    assert answers[-1]["Retry-After"] == "3600"
    assert "te vaak gebruikt" in answers[-1].content.decode()
    assert len(mailoutbox) == most


def test_neighbours_share_a_limit_and_others_do_not(bezoeker, ask, mailoutbox, monkeypatch):
    monkeypatch.setattr(visitors, "PER_NETWORK", (1, visitors.PER_NETWORK[1]))

    def status(address):
        bezoeker.defaults["REMOTE_ADDR"] = address
        return ask(mailadres=f"naam{len(mailoutbox)}@voorbeeld.nl").status_code

    assert status("203.0.113.5") == 303
    assert status("203.0.113.77") == 429
    assert status("203.0.114.5") == 303
    assert status("2001:db8:0:1::1") == 303
    assert status("2001:db8:0:2::1") == 429
    assert status("2001:db8:1::1") == 303


def test_what_is_kept_against_floods_names_nobody(ask):
    ask()
    kept = " ".join(f"{use.digest}" for use in FormUse.objects.all())
    assert ADDRESS not in kept
    assert "127.0.0" not in kept


def test_a_use_of_the_form_is_named_by_the_clock_of_almere():
    assert f"{FormUse(used_at=datetime(2020, 7, 1, 22, 30, tzinfo=UTC))}" == "02-07-2020 00:30"


def test_a_mail_server_that_is_away_is_told_and_the_text_stays(ask, monkeypatch):
    def fail(self, messages):
        raise smtplib.SMTPServerDisconnected("weg")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    answer = ask()
    assert answer.status_code == 503
    assert "Wij konden nu geen mail versturen" in answer.content.decode()
    assert ADDRESS in answer.content.decode()
    assert [ask().status_code for _ in range(MAILS_AT_ONCE)] == [503] * MAILS_AT_ONCE
    monkeypatch.undo()
    assert ask().status_code == 303, "what failed takes no place"


def test_a_slow_mail_server_holds_few_threads_and_the_next_visitor_is_told(
    ask, mailoutbox, monkeypatch
):
    backend = "django.core.mail.backends.locmem.EmailBackend.send_messages"
    answers = []

    def send_while_others_ask(self, messages):
        """As many visitors ask as there are tries left, each while the one before it waits."""
        if len(answers) < 9:
            answers.append(None)
            place = len(answers) - 1
            answers[place] = ask(mailadres=f"naam{place}@voorbeeld.nl")

    monkeypatch.setattr(backend, send_while_others_ask)
    assert ask().status_code == 303
    waiting = MAILS_AT_ONCE - 1
    assert [answer.status_code for answer in answers] == [303] * waiting + [503]
    assert "Wij konden nu geen mail versturen" in answers[-1].content.decode()
    assert not Subscription.objects.filter(email=f"naam{waiting}@voorbeeld.nl").exists()
    answers.extend([None] * 9)
    assert ask().status_code == 303


def test_mails_leave_threads_for_pages():
    assert MAILS_AT_ONCE < ROOM, "a page can be made while all mails that may be sent are slow"


def test_a_site_without_mail_says_so(ask, bezoeker, settings, mailoutbox):
    settings.MAIL_IS_SENT = False
    assert "kan nog geen mail versturen" in bezoeker.get(FORM).content.decode()
    assert ask().status_code == 503
    assert not Subscription.objects.exists()
