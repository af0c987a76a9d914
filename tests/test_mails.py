"""What holds for every mail that the site sends, whatever it is about."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.core.management import call_command
from django.utils import timezone

from plan.models import Action, Subscription
from tests.pages.following.conftest import OURS
from tests.progress.conftest import make_round
from veiligalmere.editorial.login.password import POST
from veiligalmere.editorial.publish import publish
from veiligalmere.pages.following.sending import send_news

pytestmark = pytest.mark.django_db
ADDRESS = "anna@voorbeeld.nl"


def ask_to_follow(bezoeker):
    bezoeker.post(
        "/volgen/", {"wat": "alles", "hoe-vaak": "meteen", "mailadres": ADDRESS}, headers=OURS
    )


def ask_to_follow_again(bezoeker):
    follow()
    ask_to_follow(bezoeker)


def follow():
    Subscription.objects.create(email=ADDRESS, frequency="meteen").confirm()


def have_news(bezoeker):
    follow()
    publish(Action.objects.get(slug="straatintimidatie"), note="De datum is verzet")
    send_news(timezone.now() + timedelta(minutes=5))


def have_something_to_report(bezoeker):
    action = Action.objects.get(slug="straatintimidatie")
    make_round(action.plan, deadline=timezone.localdate() + timedelta(days=1))
    call_command("send_reminders", verbosity=0)


def forget_a_password(bezoeker):
    bezoeker.post("/beheer/wachtwoord/", {"email": ADDRESS})
    POST.submit(lambda: None).result()


@pytest.mark.parametrize(
    "happens",
    [
        ask_to_follow,
        ask_to_follow_again,
        have_news,
        have_something_to_report,
        forget_a_password,
    ],
)
def test_a_mail_says_that_no_person_sent_it_in_which_language_and_from_which_site(
    happens, bezoeker, mailoutbox, settings, django_user_model
):
    settings.MAIL_IS_SENT = True
    settings.SITE_URL = "http://testserver"
    django_user_model.objects.create_superuser("anna", ADDRESS, "een-lang-wachtwoord-1")
    happens(bezoeker)
    (mail,) = mailoutbox
    message = mail.message()
    assert parseaddr(message["To"])[1] == ADDRESS
    assert message["Auto-Submitted"] == "auto-generated", "no answering machine answers"
    assert message["Content-Language"] == "nl"
    assert message["Message-ID"].endswith("@testserver>")
    assert "\n" not in message["Subject"]
