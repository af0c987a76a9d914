"""Logging in: throttled, in two steps where the site is real, noted, and by mail if forgotten."""

import logging
import re
from binascii import unhexlify

import pytest
from django.core import mail
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.tooling.forms import posted

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
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(unhexlify(device.key), drift=steps):06d}"


def set_up(client, user):
    """Set up the second step; return the page with the backup codes."""
    page = "/beheer/inloggen/instellen/?next=/beheer/plan/action/"
    shown = client.get(page)
    return client.post(page, posted(shown, form="code", code=code_of(user)))


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

    used = code_of(anna)
    answer = other.post(page, posted(answer, form="code", code=used))
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
    caplog.set_level(logging.INFO, "veiligalmere.access")
    type_password(bezoeker, "verkeerd-wachtwoord")
    type_password(bezoeker)
    redacteur.user.groups.clear()
    noted = caplog.text
    assert "login refused" in noted
    assert f"logged in: account {anna.pk}" in noted
    assert "rights changed: user" in noted
    assert "verkeerd-wachtwoord" not in noted
    assert PASSWORD not in noted


def test_a_forgotten_password_is_renewed_by_mail(bezoeker, anna, settings):
    settings.MAIL_IS_SENT = True
    settings.SITE_URL = "https://www.veiligalmere.nl"
    page = "/beheer/wachtwoord/"
    assert page in text(bezoeker.get("/beheer/login/"))
    answer = bezoeker.post(
        page, posted(bezoeker.get(page), form="email", email=anna.email), follow=True
    )
    assert answer.status_code == 200
    link = re.search(r"https://www\.veiligalmere\.nl(/\S+)", mail.outbox[0].body)[1]
    shown = bezoeker.get(link, follow=True)
    new = {"new_password1": "nog-een-lang-wachtwoord", "new_password2": "nog-een-lang-wachtwoord"}
    answer = bezoeker.post(
        shown.redirect_chain[-1][0], posted(shown, form="new_password1", **new), follow=True
    )
    assert answer.status_code == 200
    assert "/beheer/" in type_password(bezoeker, new["new_password1"]).redirect_chain[-1][0]
    bezoeker.post(page, posted(bezoeker.get(page), form="email", email="niemand@voorbeeld.nl"))
    assert len(mail.outbox) == 1


def test_a_site_without_mail_says_so(bezoeker, anna, settings):
    settings.MAIL_IS_SENT = False
    answer = bezoeker.get("/beheer/wachtwoord/")
    assert "verstuurt nog geen mail" in text(answer)
    assert bezoeker.post("/beheer/wachtwoord/", {"email": anna.email}).status_code == 405
    assert mail.outbox == []


def test_the_session_ends_after_a_working_day(settings):
    assert settings.SESSION_COOKIE_AGE <= 8 * 60 * 60
