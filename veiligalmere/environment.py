"""Strict reading of settings from environment variables.

A value that is not understood stops the start with one clear line, so that a typing error in
`DEBUG=flase` can't leave debugging on. A variable that is empty is as one that is not there: so it
stands in the template of settings.
"""

import os
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def text(name, default=""):
    """Return variable `name` stripped of surrounding space, or `default` if nothing is left."""
    return os.environ.get(name, "").strip() or default


def boolean(name, *, default=False):
    """Return variable `name` as a bool; raise ImproperlyConfigured on an unknown word."""
    value = text(name).lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, yes, no, on, off.")


def integer(name, default, *, minimum=0, maximum=None):
    """Return variable `name` as an int within bounds; raise ImproperlyConfigured otherwise."""
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error
    if number < minimum or (maximum is not None and number > maximum):
        raise ImproperlyConfigured(f"{name} must be at least {minimum} and at most {maximum}.")
    return number


def words(name, default=()):
    """Return variable `name` split at commas and spaces, as a list of non-empty strings."""
    return text(name).replace(",", " ").split() or list(default)


MAIL_SCHEMES = {
    "smtp": (25, False, False),
    "smtp+tls": (587, True, False),
    "smtps": (465, False, True),
}


def mail(name):
    """Return Django's mail settings from variable `name`, as a dict; empty if that is.

    The value is smtp+tls://user:password@host:port/?from=address (or smtp:, without encryption, or
    smtps:), or console:?from=address, which prints. Raises ImproperlyConfigured on anything else.
    """
    value = text(name)
    if not value:
        return {}
    url = urlsplit(value)
    query = parse_qs(url.query)
    sender = query.pop("from", [""])[0]
    if "@" not in sender or query:
        raise ImproperlyConfigured(f"{name} must end in ?from= and the address of the sender.")
    if url.scheme == "console":
        backend = "django.core.mail.backends.console.EmailBackend"
        return {"EMAIL_BACKEND": backend, "DEFAULT_FROM_EMAIL": sender}
    if url.scheme not in MAIL_SCHEMES or not url.hostname or url.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must be such as smtp+tls://user:password@host:587/.")
    default_port, start_tls, implicit_tls = MAIL_SCHEMES[url.scheme]
    try:
        port = url.port or default_port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a port that is no number.") from error
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": start_tls,
        "EMAIL_USE_SSL": implicit_tls,
        "EMAIL_TIMEOUT": 10,  # seconds
        "DEFAULT_FROM_EMAIL": sender,
    }
