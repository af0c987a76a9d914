"""Handing a mail to the mail server so that it goes out at most once."""

import logging
from contextlib import contextmanager, suppress
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import get_connection

log = logging.getLogger(__name__)


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
