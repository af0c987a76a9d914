"""A new password by mail."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.urls import path


class ResetForm(PasswordResetForm):
    """Sends a link to the site's own address, whatever host the request named."""

    def save(self, **kwargs):
        """Send the mail."""
        site = urlsplit(settings.SITE_URL)
        kwargs |= {"domain_override": site.netloc, "use_https": site.scheme == "https"}
        super().save(**kwargs)


class ResetView(views.PasswordResetView):
    """Asks for the mail address; says so if this site sends no mail."""

    form_class = ResetForm
    subject_template_name = "admin/login/password_subject.txt"
    email_template_name = "admin/login/password_mail.txt"

    def dispatch(self, request, *args, **kwargs):
        """Show the form, or that there is no mail."""
        if not settings.MAIL_IS_SENT:
            self.template_name = "admin/login/no_mail.html"
            self.http_method_names = ["get", "head", "options"]
        return super().dispatch(request, *args, **kwargs)


urlpatterns = [
    path("", ResetView.as_view(), name="admin_password_reset"),
    path("verstuurd/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"
    ),
    path("klaar/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
