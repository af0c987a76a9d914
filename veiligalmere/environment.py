"""Strict reading of settings from environment variables.

A value that is not understood stops the start with one clear line, so that a typing error in
`DEBUG=flase` can't leave debugging on.
"""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name, default=""):
    """Return variable `name` stripped of surrounding space, or `default` if it is unset."""
    return os.environ.get(name, default).strip()


def boolean(name, *, default=False):
    """Return variable `name` as a bool; raise ImproperlyConfigured on an unknown word."""
    value = os.environ.get(name)
    if value is None:
        return default
    value = value.strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, yes, no, on, off.")


def integer(name, default, *, minimum=0, maximum=None):
    """Return variable `name` as an int within bounds; raise ImproperlyConfigured otherwise."""
    value = os.environ.get(name, "").strip()
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
    value = os.environ.get(name)
    if value is None:
        return list(default)
    return value.replace(",", " ").split()
