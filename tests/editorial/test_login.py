"""Logging in: throttled, in two steps where the site is real, noted, and by mail if forgotten."""

import re
import time
from binascii import unhexlify
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP, totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.tooling.accounts import make_account
from tests.tooling.forms import posted
from themes.models import Theme
from veiligalmere.editorial.login.form import LOGINS_AT_ONCE, turns
from veiligalmere.editorial.login.password import POST
from veiligalmere.observation.formatting import JsonFormatter
from veiligalmere.page_cache.gate import ROOM

pytestmark = pytest.mark.django_db
PASSWORD = "een-lang-wachtwoord-1"


@pytest.fixture
def anna(django_user_model):
    """An account with a password and a mail address."""
    return django_user_model.objects.create_superuser("anna", "anna@voorbeeld.nl", PASSWORD)


@pytest.fixture
def real_site(settings):
    """The setting that an https SITE_URL turns on."""
    settings.SECOND_STEP_REQUIRED = True


@pytest.fixture
def bezoeker():
    return Client()


def text(response):
    return " ".join(response.content.decode().split())


def type_password(client, password=PASSWORD, address="/beheer/login/?next=/beheer/plan/action/"):
    data = posted(client.get(address), username="anna", password=password)
    return client.post(address, data, follow=True)


def code_of(user, steps=0):
    """Return the code that the app of `user` shows, `steps` half minutes from now."""
    app = TOTP(unhexlify(TOTPDevice.objects.get(user=user).key), drift=steps)
    app.time = time.time()  # the one that a test may have stopped
    return f"{app.token():06d}"


def test_a_process_has_room_for_readers_beside_all_who_log_in():
    assert LOGINS_AT_ONCE < ROOM


def test_who_logs_in_while_many_do_is_asked_to_wait_and_keeps_the_name(anna, bezoeker):
    """A password takes a fifth of a second to check: no number of guesses takes all threads."""
    for _ in range(LOGINS_AT_ONCE):
        turns.acquire()
    try:
        answer = type_password(bezoeker)
        assert answer.status_code == 503
        assert "Er loggen nu veel mensen tegelijk in." in text(answer)
        assert posted(answer)["username"] == ["anna"]
        assert not AccessAttempt.objects.exists()
        assert bezoeker.get("/").status_code == 200
    finally:
        turns.release(LOGINS_AT_ONCE)
    for _ in range(LOGINS_AT_ONCE + 1):
        assert type_password(Client(), "verkeerd").status_code == 200
    assert type_password(bezoeker).redirect_chain


def set_up(client, user):
    """Set up the second step; return the page with the backup codes."""
    page = "/beheer/inloggen/instellen/?next=/beheer/plan/action/"
    shown = client.get(page)
    user.used_code = code_of(user)
    return client.post(page, posted(shown, form="code", code=user.used_code))


def test_a_wrong_password_is_refused_in_dutch(bezoeker, anna):
    shown = text(type_password(bezoeker, "verkeerd"))
    assert "errornote" in shown
    assert "wachtwoord" in shown
    assert "<title>Fout: " in shown


def test_after_ten_wrong_passwords_the_right_one_has_to_wait(bezoeker, anna):
    for _ in range(9):
        type_password(bezoeker, "verkeerd")
    data = {"username": "anna", "password": "verkeerd"}
    answer = bezoeker.post("/beheer/login/", data)
    assert answer.status_code == 429
    assert "Over een kwartier" in text(answer)
    data["password"] = PASSWORD
    assert bezoeker.post("/beheer/login/", data).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post("/beheer/login/", data).status_code == 302


def test_all_addresses_of_one_household_share_ten_tries(anna):
    data = {"username": "anna", "password": "verkeerd"}
    statuses = [
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}:1").post("/beheer/login/", data).status_code
        for number in range(10)
    ]
    assert statuses == [200] * 9 + [429]
    neighbours = Client(REMOTE_ADDR="2001:db8:1:3::1")
    assert neighbours.post("/beheer/login/", data).status_code == 200


def test_on_a_local_run_the_second_step_is_offered_and_not_asked(bezoeker, anna):
    answer = type_password(bezoeker)
    assert answer.redirect_chain[-1][0] == "/beheer/plan/action/"
    assert "/beheer/inloggen/instellen/" in text(answer)


def test_on_the_real_site_nothing_opens_before_the_second_step_is_set_up(bezoeker, anna, real_site):
    answer = type_password(bezoeker)
    assert answer.redirect_chain[-1][0].startswith("/beheer/inloggen/instellen/")
    assert "data:image/svg+xml;base64," in text(answer)
    for address in ("/beheer/", "/beheer/plan/action/", "/voorbeeld/plan.action/1/"):
        assert bezoeker.get(address).status_code == 302
    assert bezoeker.post("/beheer/tekst/voorbeeld/", {"text": "x"}).status_code == 403

    page = "/beheer/inloggen/instellen/"
    answer = bezoeker.post(page, posted(bezoeker.get(page), form="code", code="000000"))
    assert "Deze code klopt niet" in text(answer)
    assert "<title>Fout: " in text(answer)
    answer = set_up_after_pause(bezoeker, anna)
    assert len(re.findall(r"<li><code>", text(answer))) == 10
    assert bezoeker.get("/beheer/plan/action/").status_code == 200


def set_up_after_pause(client, user):
    """Set up once the pause that a wrong code brings is over."""
    TOTPDevice.objects.filter(user=user).update(
        throttling_failure_timestamp=None, throttling_failure_count=0
    )
    return set_up(client, user)


def test_who_has_set_it_up_is_asked_for_a_code_that_works_once(bezoeker, anna):
    type_password(bezoeker)
    codes = re.findall(r"<code>(\w+)</code>", text(set_up(bezoeker, anna)))
    other = Client()
    answer = type_password(other)
    page, _ = answer.redirect_chain[-1]
    assert page.startswith("/beheer/inloggen/code/")
    assert other.get("/beheer/plan/action/").status_code == 302
    assert other.get("/beheer/inloggen/instellen/").status_code == 302

    answer = other.post(page, posted(answer, form="code", code=anna.used_code))
    assert "Deze code klopt niet" in text(answer)
    for device in (TOTPDevice, StaticDevice):
        device.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    data = posted(answer, form="code", code=f" {codes[0].upper()} ")
    answer = other.post(page, data, follow=True)
    assert answer.redirect_chain[-1][0] == "/beheer/plan/action/"
    assert "U hebt er nog 9" in text(answer)

    third = Client()
    answer = type_password(third)
    page, _ = answer.redirect_chain[-1]
    answer = third.post(page, posted(answer, form="code", code=codes[0]))
    assert "Deze code klopt niet" in text(answer)


def test_who_has_no_code_can_log_out(bezoeker, anna):
    type_password(bezoeker)
    set_up(bezoeker, anna)
    other = Client()
    asked = type_password(other)
    assert 'action="/beheer/logout/"' in text(asked)
    answer = other.post("/beheer/logout/")
    assert "U bent afgemeld" in text(answer)
    assert "_auth_user_id" not in other.session
    assert other.get("/beheer/inloggen/code/").status_code == 302, "the password is asked again"
    assert bezoeker.get("/beheer/plan/action/").status_code == 200, "who is in elsewhere stays in"


def test_who_is_not_logged_in_has_nothing_to_log_out_of(bezoeker, db):
    answer = bezoeker.post("/beheer/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/beheer/")


def test_the_second_step_leads_to_no_other_site(bezoeker, anna):
    type_password(bezoeker)
    page = "/beheer/inloggen/instellen/?next=https://kwaad.example/"
    shown = bezoeker.get(page)
    assert "kwaad.example" not in text(shown)


def test_who_is_not_logged_in_gets_no_second_step(bezoeker, db):
    for page in ("/beheer/inloggen/code/", "/beheer/inloggen/instellen/"):
        answer = bezoeker.get(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/beheer/login/")


def test_an_administrator_wipes_a_lost_second_step(bezoeker, anna, beheerder, redacteur):
    page = "/beheer/inloggen/instellen/"
    shown = redacteur.get(page)
    redacteur.post(page, posted(shown, form="code", code=code_of(redacteur.user)))
    assert TOTPDevice.objects.filter(user=redacteur.user, confirmed=True).exists()
    data = {"action": "wipe_second_step", "_selected_action": [redacteur.user.pk]}
    answer = beheerder.post("/beheer/auth/user/", data, follow=True)
    assert "gewist van: redacteur" in text(answer)
    assert not TOTPDevice.objects.filter(user=redacteur.user).exists()


def test_logins_refusals_and_changed_rights_are_noted_without_secrets(
    bezoeker, anna, beheerder, redacteur, caplog
):
    type_password(bezoeker, "verkeerd-wachtwoord")
    type_password(bezoeker)
    redacteur.user.groups.clear()
    noted = caplog.text
    assert "login refused" in noted
    assert f"logged in: account {anna.pk}" in noted
    assert "rights changed: user" in noted
    assert "verkeerd-wachtwoord" not in noted
    assert PASSWORD not in noted


def test_limits_to_themes_are_noted(beheerder, redacteur, caplog):
    page = f"/beheer/auth/user/{redacteur.user.pk}/change/"
    data = posted(beheerder.get(page), form="theme_limit-TOTAL_FORMS")
    themes = [str(pk) for pk in Theme.objects.order_by("pk").values_list("pk", flat=True)[:2]]
    data |= {"theme_limit-TOTAL_FORMS": ["1"], "theme_limit-0-themes": themes}
    caplog.clear()
    assert beheerder.post(page, data).status_code == 302
    who = f"account {redacteur.user.pk}"
    assert f"rights changed: {who} got a limit to themes" in caplog.text
    assert f"rights changed: {who} limited to themes [{', '.join(themes)}]" in caplog.text

    data = posted(beheerder.get(page), form="theme_limit-TOTAL_FORMS")
    data["theme_limit-0-themes"] = themes[:1]
    assert beheerder.post(page, data).status_code == 302
    assert f"rights changed: {who} limited to themes [{themes[0]}]" in caplog.text

    data["theme_limit-0-DELETE"] = ["on"]
    assert beheerder.post(page, data).status_code == 302
    assert f"rights changed: {who} lost its limit to themes" in caplog.text


def test_who_changed_rights_is_noted_and_nothing_is_said_of_a_command(beheerder, redacteur, caplog):
    page = f"/beheer/auth/user/{redacteur.user.pk}/change/"
    chief = Group.objects.get(name="Eindredacteur")
    data = posted(beheerder.get(page), form="theme_limit-TOTAL_FORMS") | {"groups": [str(chief.pk)]}
    caplog.clear()
    assert beheerder.post(page, data).status_code == 302
    by = f", by account {beheerder.user.pk}"
    assert (
        f"rights changed: user {redacteur.user.pk} got [{chief.pk}] of user_groups{by}"
        in caplog.text
    )
    assert f"account saved: {redacteur.user.pk}" in caplog.text
    assert all(line.endswith(by) for line in caplog.messages), caplog.messages

    caplog.clear()
    redacteur.user.groups.clear()
    assert "rights changed" in caplog.text
    assert "by account" not in caplog.text


@pytest.mark.parametrize(("kind", "what"), [("user", "account"), ("group", "group")])
def test_an_account_or_group_that_goes_is_noted(beheerder, kind, what, caplog):
    gone = Group.objects.create(name="Stagiair") if kind == "group" else make_account("redacteur")
    page = f"/beheer/auth/{kind}/{gone.pk}/delete/"
    assert beheerder.post(page, posted(beheerder.get(page))).status_code == 302
    assert f"{what} deleted: {gone.pk}" in caplog.text


def test_rights_that_the_site_itself_completes_are_no_news(db, caplog):
    role = Group.objects.get(name="Redacteur")
    before = set(role.permissions.all())
    role.permissions.clear()
    caplog.clear()
    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0)
    assert set(role.permissions.all()) == before
    assert "rights changed" not in caplog.text


def test_a_forgotten_password_is_renewed_by_mail(bezoeker, anna, settings):
    settings.MAIL_IS_SENT = True
    settings.SITE_URL = "https://www.veiligalmere.nl"
    page = "/beheer/wachtwoord/"
    assert page in text(bezoeker.get("/beheer/login/"))
    answer = bezoeker.post(
        page, posted(bezoeker.get(page), form="email", email=anna.email), follow=True
    )
    assert answer.status_code == 200
    POST.submit(lambda: None).result()  # the mail is sent after the answer
    link = re.search(r"https://www\.veiligalmere\.nl(/\S+)", mail.outbox[0].body)[1]
    shown = bezoeker.get(link, follow=True)
    new = {"new_password1": "nog-een-lang-wachtwoord", "new_password2": "nog-een-lang-wachtwoord"}
    answer = bezoeker.post(
        shown.redirect_chain[-1][0], posted(shown, form="new_password1", **new), follow=True
    )
    assert answer.status_code == 200
    assert "/beheer/" in type_password(bezoeker, new["new_password1"]).redirect_chain[-1][0]


def test_the_pages_about_a_forgotten_password_are_ours(bezoeker, anna, settings):
    settings.MAIL_IS_SENT = True
    page = "/beheer/wachtwoord/"

    def assert_ours(answer, title):
        shown = text(answer)
        assert f"<title>{title} | Beheer Veilig Almere</title>" in shown
        assert f"<h1>{title.removeprefix('Fout: ')}</h1>" in shown
        assert "Django" not in shown
        assert "hersteld" not in shown
        for keys in re.findall(r'aria-describedby="([^"]+)"', shown):
            assert all(f'id="{key}"' in shown for key in keys.split())

    asked = bezoeker.get(page)
    assert_ours(asked, "Wachtwoord vergeten")
    assert_ours(
        bezoeker.post(page, posted(asked, form="email", email="anna")), "Fout: Wachtwoord vergeten"
    )
    sent = bezoeker.post(page, posted(asked, form="email", email=anna.email), follow=True)
    assert_ours(sent, "Kijk in uw mail")
    POST.submit(lambda: None).result()
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1]
    chosen = bezoeker.get(link, follow=True)
    form = chosen.redirect_chain[-1][0]
    assert_ours(chosen, "Nieuw wachtwoord kiezen")
    assert 'id="id_new_password1_helptext"' in text(chosen)
    new = {"new_password1": "paard-batterij-nietje", "new_password2": "paard"}
    refused = bezoeker.post(form, posted(chosen, form="new_password1", **new))
    assert_ours(refused, "Fout: Nieuw wachtwoord kiezen")
    new["new_password2"] = new["new_password1"]
    done = bezoeker.post(form, posted(refused, form="new_password1", **new), follow=True)
    assert_ours(done, "Nieuw wachtwoord opgeslagen")
    assert_ours(bezoeker.get(link, follow=True), "Nieuw wachtwoord kiezen")
    settings.MAIL_IS_SENT = False
    assert_ours(bezoeker.get(page), "Wachtwoord vergeten")


def test_asking_for_a_password_tells_nobody_who_has_an_account_and_fills_no_mailbox(
    bezoeker, anna, settings
):
    settings.MAIL_IS_SENT = True
    page = "/beheer/wachtwoord/"

    def ask(address):
        data = posted(bezoeker.get(page), form="email", email=address)
        answer = bezoeker.post(page, data, follow=True)
        return re.sub(r'value="\w+"', "", text(answer)), answer.redirect_chain

    known = ask(anna.email)
    assert ask("niemand@voorbeeld.nl") == ask(anna.email) == known
    POST.submit(lambda: None).result()
    assert [one.to for one in mail.outbox] == [[anna.email]], "one mail in five minutes"
    LogEntry.objects.update(action_time=timezone.now() - timedelta(minutes=6))
    ask(anna.email)
    POST.submit(lambda: None).result()
    assert len(mail.outbox) == 2


def test_a_new_password_by_mail_does_not_skip_the_second_step(bezoeker, anna, settings):
    settings.MAIL_IS_SENT = True
    type_password(bezoeker)
    set_up(bezoeker, anna)
    forgetful = Client()
    page = "/beheer/wachtwoord/"
    forgetful.post(page, posted(forgetful.get(page), form="email", email=anna.email))
    POST.submit(lambda: None).result()
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1]
    shown = forgetful.get(link, follow=True)
    new = "paard-batterij-nietje"
    data = posted(shown, form="new_password1", new_password1=new, new_password2=new)
    forgetful.post(shown.redirect_chain[-1][0], data)
    assert forgetful.get("/beheer/plan/action/").status_code == 302, "nobody is logged in by it"
    answer = type_password(forgetful, new)
    assert answer.redirect_chain[-1][0].startswith("/beheer/inloggen/code/")
    assert forgetful.get("/beheer/plan/action/").status_code == 302
    assert bezoeker.get("/beheer/plan/action/").status_code == 302, "the old session has ended"
    assert "ongeldig" in text(Client().get(link, follow=True)), "the link works once"


def test_a_second_step_is_replaced_by_who_gives_the_password_as_well(bezoeker, anna):
    type_password(bezoeker)
    set_up(bezoeker, anna)
    page = "/beheer/inloggen/instellen/"
    first = TOTPDevice.objects.get(user=anna, confirmed=True)
    shown = bezoeker.get(page)
    new = TOTPDevice.objects.get(user=anna, confirmed=False)
    code = f"{totp(unhexlify(new.key)):06d}"
    answer = bezoeker.post(page, posted(shown, form="code", code=code, password="verkeerd"))
    assert "Dit wachtwoord klopt niet" in text(answer)
    assert re.findall(r'name="(\w+)"[^>]* autofocus', text(answer)) == ["password"]
    assert TOTPDevice.objects.get(user=anna, confirmed=True) == first
    answer = bezoeker.post(page, posted(shown, form="code", code=code, password=PASSWORD))
    assert len(re.findall(r"<li><code>", text(answer))) == 10
    assert TOTPDevice.objects.get(user=anna) == new


def test_guessing_the_password_there_counts_as_guessing_at_the_login(bezoeker, anna):
    type_password(bezoeker)
    set_up(bezoeker, anna)
    page = "/beheer/inloggen/instellen/"
    data = posted(bezoeker.get(page), form="code", code="246813", password="verkeerd")
    statuses = [bezoeker.post(page, data).status_code for _ in range(10)]
    assert statuses == [200] * 9 + [429]
    kept = AccessAttempt.objects.get().post_data
    assert "246813" not in kept
    assert "verkeerd" not in kept


def test_backup_codes_are_not_readable_in_the_database(bezoeker, anna):
    type_password(bezoeker)
    codes = re.findall(r"<code>(\w+)</code>", text(set_up(bezoeker, anna)))
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == len(set(codes)) == 10
    assert not kept & set(codes)
    assert {len(one) for one in kept} == {16}
    assert {len(one) for one in codes} == {8}, "40 bits of chance"


def test_a_wrong_second_step_brings_a_pause_in_which_the_right_one_waits_too(bezoeker, anna):
    type_password(bezoeker)
    set_up(bezoeker, anna)
    TOTPDevice.objects.update(last_t=-1)
    other = Client()
    page, _ = type_password(other).redirect_chain[-1]

    def answer_to(code):
        return other.post(page, posted(other.get(page), form="code", code=code))

    assert "Deze code klopt niet" in text(answer_to("000000"))
    device = TOTPDevice.objects.filter(user=anna)
    assert device.get().throttling_failure_count == 1, "and the pause doubles with each"
    device.update(throttling_failure_count=10)
    assert "Deze code klopt niet" in text(answer_to(code_of(anna)))
    device.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert answer_to(code_of(anna)).status_code == 302


@pytest.mark.parametrize(
    ("steps", "status"), [(-4, 200), (-2, 200), (-1, 302), (0, 302), (1, 302), (2, 200)]
)
def test_a_code_works_for_half_a_minute_and_for_a_clock_that_is_nearly_right(
    bezoeker, anna, steps, status, monkeypatch
):
    # In the middle of a half minute, so that it stays the same one for the whole of the test.
    moment = time.time() // 30 * 30 + 15
    monkeypatch.setattr(time, "time", lambda: moment)
    type_password(bezoeker)
    set_up(bezoeker, anna)
    TOTPDevice.objects.update(last_t=-1)
    other = Client()
    page, _ = type_password(other).redirect_chain[-1]
    data = posted(other.get(page), form="code", code=code_of(anna, steps))
    assert other.post(page, data).status_code == status


def test_each_app_gets_a_key_of_its_own_of_160_bits(bezoeker, anna, redacteur):
    type_password(bezoeker)
    page = "/beheer/inloggen/instellen/"
    for client in (bezoeker, redacteur):
        client.get(page)
    keys = [unhexlify(one.key) for one in TOTPDevice.objects.all()]
    assert [len(key) for key in keys] == [20, 20]
    assert keys[0] != keys[1]


def test_a_site_without_mail_says_so(bezoeker, anna, settings):
    settings.MAIL_IS_SENT = False
    answer = bezoeker.get("/beheer/wachtwoord/")
    assert "verstuurt nog geen mail" in text(answer)
    assert bezoeker.post("/beheer/wachtwoord/", {"email": anna.email}).status_code == 405
    assert mail.outbox == []


@pytest.fixture
def refusing(settings, monkeypatch):
    """A mail server that refuses all, and is asked in the thread that has the test's database."""
    settings.MAIL_IS_SENT = True

    class AtOnce:
        submit = staticmethod(lambda task, *arguments: task(*arguments))

    def refuse(self, messages):
        raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})

    with monkeypatch.context() as patch:
        patch.setattr("veiligalmere.editorial.login.password.POST", AtOnce)
        # Of the other thread alone; this one's has the test in it.
        patch.setattr("veiligalmere.editorial.login.password.close_old_connections", lambda: None)
        patch.setattr(EmailBackend, "send_messages", refuse)
        yield patch


def test_a_mail_for_a_new_password_that_is_refused_leaves_no_address_in_the_log(
    bezoeker, anna, refusing, caplog
):
    bezoeker.post("/beheer/wachtwoord/", {"email": anna.email})
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert any("SMTPRecipientsRefused" in line for line in lines)
    assert not any(anna.email in line for line in lines)


def test_a_mail_for_a_new_password_that_is_refused_can_be_asked_for_again(bezoeker, anna, refusing):
    page = "/beheer/wachtwoord/"
    bezoeker.post(page, {"email": anna.email})
    refusing.undo()
    sent = bezoeker.post(page, {"email": anna.email}, follow=True)
    assert "Vraag na vijf minuten een nieuwe aan" in text(sent)
    POST.submit(lambda: None).result()
    assert [one.to for one in mail.outbox] == [[anna.email]]
    noted = LogEntry.objects.filter(object_id=anna.pk).order_by("pk")
    assert [one.change_message for one in noted] == [
        "Een nieuw wachtwoord per mail gevraagd, maar de mail is niet verzonden.",
        "Een nieuw wachtwoord per mail gevraagd.",
    ]
