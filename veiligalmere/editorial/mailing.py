"""Addresses that mail can be sent to, and handing a mail over so that it goes out at most once."""

import logging
from contextlib import contextmanager, suppress
from smtplib import SMTP, SMTPRecipientsRefused, SMTPResponseException

from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.validators import EmailValidator

log = logging.getLogger(__name__)


def validate_can_be_mailed(address):
    """Refuse an address of which the domain can't be written as the mail server gets it.

    Such as one whose name is too long once it is written in ASCII: Django takes that for an
    address, and fails when it makes a mail to it. A form field shows its own words for "invalid".
    """
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError as error:
        raise ValidationError(EmailValidator.message, code="invalid") from error


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
