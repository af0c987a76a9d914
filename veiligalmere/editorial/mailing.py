"""The mails of the site: to which addresses, and handing one over so that it goes at most once."""

import logging
from contextlib import contextmanager, suppress
from email.utils import make_msgid
from smtplib import SMTP, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import sanitize_address
from django.core.validators import EmailValidator, validate_email

LONGEST_ADDRESS = 254  # characters of an address (RFC 5321, 4.5.3.1.3)

log = logging.getLogger(__name__)


def validate_can_be_mailed(address):
    """Refuse an address that can't be written as the mail server gets it, or becomes another there.

    Such as one whose domain is too long once it is written in ASCII: Django takes that for an
    address, and fails when it makes a mail to it. One with an encoded word (RFC 2047) it mails to
    whom that says: then one mailbox has any number of addresses, and no limit holds for it. A form
    field shows its own words for "invalid" and "max_length", and refuses what is no address.
    """
    try:
        validate_email(address)
    except ValidationError:
        return  # nor is it for a parser, which "((((…" brings down
    local = address.rpartition("@")[0]
    try:
        mailed = sanitize_address(address, "utf-8")
    except ValueError as error:
        raise ValidationError(EmailValidator.message, code="invalid") from error
    if len(mailed) > LONGEST_ADDRESS:
        raise ValidationError("Dit mailadres is te lang.", code="max_length")
    if mailed.rpartition("@")[0] != local or not local.isprintable():
        raise ValidationError(
            "Naar dit mailadres kunnen wij geen mail sturen. Vul een gewoon mailadres in, zoals "
            "naam@voorbeeld.nl.",
            code="not_mailed",
        )


def in_one_spelling(address):
    """Return `address`, which can be mailed, as all that lead to the same domain are kept.

    That is as the mail server gets it, in lower case.
    """
    return sanitize_address(address, "utf-8").lower()


def mail_of_site(title, text, address, headers=None):
    """Return a mail to `address`, with what every mail of the site says in its headers.

    `headers` come beside those, or in their place.
    """
    return EmailMessage(
        # In one line, whatever an editor typed: a line break would begin a header of its own.
        " ".join(title.split())[:200],
        text,
        to=[address],
        headers={
            # Of the site, whichever machine sends it.
            "Message-ID": make_msgid(domain=host_of_site()),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no answering machine answers
            "Content-Language": "nl",
            **(headers or {}),
        },
    )


def host_of_site():
    """Return the name of the site's host."""
    return urlsplit(settings.SITE_URL).hostname


@contextmanager
def mail_server():
    """Yield a connection to the mail server, for the block to open; it is closed afterwards."""
    connection = get_connection()
    try:
        yield connection
    finally:
        with suppress(OSError):
            connection.close()


def hand_over(connection, mail):
    """Let the mail server take `mail`; raise OSError or ValueError if it certainly did not.

    `connection` is open. If it breaks once the server may have the text, nobody knows whether the
    mail went out, and it counts as sent.
    """
    text_is_on_its_way = _watch_for_text(connection)
    try:
        connection.send_messages([mail])
    except (SMTPResponseException, SMTPRecipientsRefused):
        raise
    except OSError as error:
        if not text_is_on_its_way():
            raise
        # Without the address, which is a person's.
        log.warning("A mail may not have gone out: %s", type(error).__name__)


def _watch_for_text(connection):
    """Return a function that tells whether the server may have got the text of a mail by then.

    smtplib raises the same for a connection that breaks before the text and after it.
    """
    server = getattr(connection, "connection", None)
    if not isinstance(server, SMTP):
        return lambda: True  # another way to send, of which nothing is known
    began = []
    data = server.data

    def noted(text):
        began.append(True)
        return data(text)

    server.data = noted
    return lambda: bool(began)
