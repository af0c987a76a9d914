"""A new password by mail."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin import site
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import close_old_connections
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache

from veiligalmere.editorial.kept_form import show_first_mistake
from veiligalmere.editorial.login.log import logger
from veiligalmere.editorial.mailing import hand_over, mail_of_site, mail_server

# After the answer: how long a mail takes would tell which addresses have an account.
POST = ThreadPoolExecutor(max_workers=1, thread_name_prefix="password-mail")
AGAIN_AFTER = timedelta(minutes=5)
ASKED = "Een nieuw wachtwoord per mail gevraagd."
NOT_SENT = "Een nieuw wachtwoord per mail gevraagd, maar de mail is niet verzonden."

log = logging.getLogger(__name__)


class ResetForm(PasswordResetForm):
    """Sends a link to the site's own address, whatever host the request named.

    At most one in five minutes for an account, so that nobody can fill a colleague's mailbox. One
    that was not sent does not count.
    """

    def save(self, **kwargs):
        """Send the mail."""
        site = urlsplit(settings.SITE_URL)
        kwargs |= {"domain_override": site.netloc, "use_https": site.scheme == "https"}
        super().save(**kwargs)

    def get_users(self, email):
        """Yield the accounts to write to, and note with each that it was asked."""
        recently = set(_asked_recently().values_list("object_id", flat=True))
        # Who never had a password chooses the first one so. One that was taken away stays so.
        new = User.objects.filter(email__iexact=email, is_active=True, last_login=None)
        new = [user for user in new if not user.has_usable_password()]
        for user in chain(super().get_users(email), new):
            if str(user.pk) not in recently:
                LogEntry.objects.log_actions(user.pk, [user], CHANGE, ASKED, single_object=True)
                logger.info("password mail asked: account %s", user.pk)
                yield user

    def send_mail(self, subject_template, text_template, context, sender, address, **kwargs):
        """Send it from another thread."""
        title = render_to_string(subject_template, context)
        mail = mail_of_site(title, render_to_string(text_template, context), address)
        POST.submit(_send, mail, context["user"].pk)


def _asked_recently():
    return LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User),
        change_message=ASKED,
        action_time__gt=timezone.now() - AGAIN_AFTER,
    )


def _send(mail, account):
    try:
        with mail_server() as connection:
            connection.open()
            hand_over(connection, mail)
    except (OSError, ValueError) as error:
        # Without the address, which is a person's: what went wrong may name it.
        log.warning("The mail for a new password failed: %s", type(error).__name__)
        close_old_connections()
        _asked_recently().filter(object_id=account).update(change_message=NOT_SENT)
        close_old_connections()  # which this thread has of its own


class OwnPageMixin:
    """Gives a page about a forgotten password what every page of the back-office knows.

    And its own `title`, also where Django has another for a link that does not work.
    """

    def get_context_data(self, **kwargs):
        """Return what the page shows; let the cursor begin in the first field that is wrong."""
        context = super().get_context_data(**kwargs)
        context |= {"title": self.title, "wrong": show_first_mistake(context)}
        return {**site.each_context(self.request), **context}


class AskView(OwnPageMixin, views.PasswordResetView):
    """Asks for the mail address; says so if this site sends no mail."""

    form_class = ResetForm
    title = "Wachtwoord vergeten"
    template_name = "admin/login/password_ask.html"
    subject_template_name = "admin/login/password_subject.txt"
    email_template_name = "admin/login/password_mail.txt"

    def dispatch(self, request, *args, **kwargs):
        """Show the form, or that there is no mail."""
        if not settings.MAIL_IS_SENT:
            self.template_name = "admin/login/no_mail.html"
            self.http_method_names = ["get", "head", "options"]
        return super().dispatch(request, *args, **kwargs)


class SentView(OwnPageMixin, views.PasswordResetDoneView):
    """Says that there is a mail for who has an account, and nobody which addresses have one."""

    title = "Kijk in uw mail"
    template_name = "admin/login/password_sent.html"


class NewView(OwnPageMixin, views.PasswordResetConfirmView):
    """Asks for the new password; says so if the link of the mail does not work any more."""

    title = "Nieuw wachtwoord kiezen"
    template_name = "admin/login/password_new.html"


class SetView(OwnPageMixin, views.PasswordResetCompleteView):
    """Says that the new password is in use."""

    title = "Nieuw wachtwoord opgeslagen"
    template_name = "admin/login/password_set.html"


urlpatterns = [
    path("", never_cache(AskView.as_view()), name="admin_password_reset"),
    path("verstuurd/", never_cache(SentView.as_view()), name="password_reset_done"),
    path("<uidb64>/<token>/", never_cache(NewView.as_view()), name="password_reset_confirm"),
    path("klaar/", never_cache(SetView.as_view()), name="password_reset_complete"),
]
