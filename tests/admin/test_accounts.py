"""Making an account for a colleague, and deleting one."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.tooling.forms import posted
from themes.models import ThemeLimit
from veiligalmere.editorial.login.password import POST

pytestmark = pytest.mark.django_db
ADD = "/beheer/auth/user/add/"
PASSWORD = "een-lang-wachtwoord-1"


@pytest.fixture(autouse=True)
def mails(settings):
    """A site that sends mail."""
    settings.MAIL_IS_SENT = True


def make(client, **changes):
    """Fill in the form for a new account; return the answer."""
    role = str(Group.objects.get(name="Redacteur").pk)
    fields = {"username": "anna", "email": "anna@almere.example", "groups": role, **changes}
    return client.post(ADD, posted(client.get(ADD), button="_save", **fields), follow=True)


def logs_in(password):
    """Return whether anna gets past the first step of logging in with this password."""
    visitor = Client()
    page = visitor.get("/beheer/login/")
    answer = visitor.post("/beheer/login/", posted(page, username="anna", password=password))
    return answer.status_code == 302


def text(response):
    return " ".join(response.content.decode().split())


def test_a_colleague_chooses_the_first_password_by_mail(beheerder):
    answer = make(beheerder)
    assert "Het wachtwoord kiest anna zelf" in text(answer)
    assert User.objects.get(username="anna").groups.get().name == "Redacteur"
    visitor = Client()
    visitor.post("/beheer/wachtwoord/", {"email": "Anna@almere.example"})
    POST.submit(lambda: None).result()
    link = re.search(r"https?://[^/\s]+(\S+)", mail.outbox[-1].body)[1]
    page = visitor.get(link, follow=True)
    where = page.redirect_chain[-1][0]
    fields = posted(page, new_password1=PASSWORD, new_password2=PASSWORD)
    assert visitor.post(where, fields).status_code == 302
    assert logs_in(PASSWORD)


def test_a_password_that_was_given_works_at_once(beheerder):
    make(beheerder, email="", password1=PASSWORD, password2=PASSWORD)
    assert logs_in(PASSWORD)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": ""}, "Vul een adres in, of geef het account een wachtwoord."),
        ({"groups": []}, "Dit veld is verplicht."),
        ({"password1": PASSWORD}, "Dit veld is verplicht."),
        (
            {"password1": PASSWORD, "password2": "iets anders"},
            "wachtwoordvelden komen niet overeen",
        ),
    ],
)
def test_an_account_that_could_not_log_in_is_not_made(beheerder, changes, reason):
    assert reason in text(make(beheerder, **changes))
    assert not User.objects.filter(username="anna").exists()


def test_without_mail_a_password_is_asked_for(beheerder, settings):
    settings.MAIL_IS_SENT = False
    assert "Dit veld is verplicht." in text(make(beheerder))
    assert not User.objects.filter(username="anna").exists()


def test_a_password_that_was_taken_away_is_not_given_back_by_mail(beheerder):
    make(beheerder, password1=PASSWORD, password2=PASSWORD)
    assert logs_in(PASSWORD)
    account = User.objects.get(username="anna")
    account.last_login = account.date_joined
    account.set_unusable_password()
    account.save()
    Client().post("/beheer/wachtwoord/", {"email": account.email})
    POST.submit(lambda: None).result()
    assert not mail.outbox


@pytest.mark.parametrize("way", ["one", "selected"])
def test_what_goes_with_an_account_is_told_in_dutch(beheerder, way):
    make(beheerder)
    account = User.objects.get(username="anna")
    TOTPDevice.objects.create(user=account, confirmed=True)
    if way == "one":
        page = beheerder.get(f"/beheer/auth/user/{account.pk}/delete/")
    else:
        chosen = {"action": "delete_selected", "_selected_action": [account.pk]}
        page = beheerder.post("/beheer/auth/user/", chosen)
    shown = text(page)
    assert "Vink dan liever bij het account" in shown
    assert "anna, met de rollen, de tweede inlogstap" in shown
    assert not re.search(r"TOTP|Static|object \(", shown)


@pytest.mark.parametrize("mail", [True, False])
def test_a_password_is_left_to_its_owner_only_where_mail_is_sent(beheerder, settings, mail):
    settings.MAIL_IS_SENT = mail
    assert ("Laat dit leeg" in text(beheerder.get(ADD))) is mail


def test_the_themes_to_limit_a_new_account_to_can_be_ticked_at_once(beheerder):
    make(beheerder)
    page = f"/beheer/auth/user/{User.objects.get(username='anna').pk}/change/"
    shown = beheerder.get(page)
    assert "Beperken tot thema’s" in text(shown)
    assert 'name="theme_limit-0-themes"' in text(shown)
    assert beheerder.post(page, posted(shown, button="_save")).status_code == 302
    assert not ThemeLimit.objects.exists()
