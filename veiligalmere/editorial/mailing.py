"""Addresses that mail can be sent to, and handing a mail over so that it goes out at most once."""

import logging
from contextlib import contextmanager, suppress
from smtplib import SMTPRecipientsRefused, SMTPResponseException

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

    `connection` is open. If it breaks halfway, nobody knows whether the mail went out, and it
    counts as sent.
    """
    try:
        connection.send_messages([mail])
    except (SMTPResponseException, SMTPRecipientsRefused):
        raise
    except OSError as error:
        # Without the address, which is a person's.
        log.warning("A mail may not have gone out: %s", type(error).__name__)
