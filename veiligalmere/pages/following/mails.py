"""The mails to who follows something: plain text, for every program, nothing that calls home."""

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac

from veiligalmere.editorial.addresses import absolute
from veiligalmere.editorial.mailing import host_of_site, mail_of_site
from veiligalmere.pages.following.subjects import Subject

SALT = "veiligalmere.following.confirm"
MOST_ENTRIES = 100  # in one mail; of the rest it says how many there are
DAYS = 7  # that the link to confirm works


def confirmation(subscription):
    """Return the mail that asks the owner of the address whether this is meant.

    Who follows it already is told so: nobody else can see the difference.
    """
    name = "already" if subscription.confirmed_at else "confirm"
    token = signing.dumps(subscription.key, salt=SALT)
    return _mail(
        subscription,
        Subject.of(subscription),
        "U volgt dit al" if subscription.confirmed_at else "Bevestig dat u dit wilt volgen",
        f"mail/follow_{name}.txt",
        {"confirm_url": absolute(reverse("follow_confirm", args=[token])), "days": DAYS},
    )


def confirmed_key(token):
    """Return the key of the subscription that `token` confirms; BadSignature if it is too late."""
    return signing.loads(token, salt=SALT, max_age=DAYS * 24 * 60 * 60)


def news(subscription, subject, entries, until):
    """Return the mail with `entries` of the feed of `subject`, all that appeared up to `until`."""
    if len(entries) == 1:
        title = entries[0].title
    else:
        title = f"{len(entries)} nieuwe berichten over {subject.label}"
    mail = _mail(
        subscription,
        subject,
        f"Veilig Almere: {title}",
        "mail/follow_news.txt",
        {"entries": entries[:MOST_ENTRIES], "more": len(entries[MOST_ENTRIES:])},
    )
    # The same for the same mail, so that a mail program shows it once whatever happens on the way.
    # Not the key itself: mail servers log this.
    secret = f"{subscription.key} {until.isoformat()}"
    name = salted_hmac(SALT, secret, algorithm="sha256").hexdigest()[:40]
    mail.extra_headers["Message-ID"] = f"<volgen-{name}@{host_of_site()}>"
    # One click in the mail program ends it (RFC 8058).
    mail.extra_headers["List-Unsubscribe"] = f"<{_own_address('follow_stop', subscription)}>"
    mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail


def _mail(subscription, subject, title, template, context):
    context |= {
        "subject": subject.label,
        "frequency": subscription.get_frequency_display(),
        "settings_url": _own_address("follow_settings", subscription),
        "stop_url": _own_address("follow_stop", subscription),
        "site_url": settings.SITE_URL,
    }
    return mail_of_site(
        title,
        render_to_string(template, context),
        subscription.email,
        {"List-Id": f"Veilig Almere <volgen.{host_of_site()}>"},
    )


def _own_address(name, subscription):
    return absolute(reverse(name, args=[subscription.key]))
