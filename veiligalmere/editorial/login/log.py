"""The log of who logged in, who was refused, and whose rights changed.

Goes to the logger `veiligalmere.access`; django-axes keeps logins and refusals in the database as
well. No passwords and no codes.
"""

import logging
from contextlib import suppress
from contextvars import ContextVar
from ipaddress import ip_address, ip_network
from urllib.parse import quote

from django.contrib.auth.models import Group, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.signals import request_finished, request_started
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

logger = logging.getLogger("veiligalmere.access")
_actor = ContextVar("actor", default=None)


def note(request, what):
    """Write one line about the account of `request`."""
    logger.info("%s: account %s, address %s", what, request.user.pk, address_of(request))


def note_forbidden(request):
    """Write one line, once a request, about what its account asked and may not have."""
    if getattr(request, "is_noted_as_forbidden", False):
        return
    request.is_noted_as_forbidden = True
    note(request, f"forbidden: {request.method} {quote(request.path)}")


def note_change(message, *values):
    """Write one line about rights or an account that changed, and which account did it.

    `message` has a place for each of `values`, as of a logger. Of a command, or of a link in a
    mail, there is no account that did it.
    """
    actor = _actor.get()
    if actor:
        logger.info("%s, by account %s", message % values, actor)
    else:
        logger.info(message, *values)


def remember_actor(request):
    """Remember, until this request ends, whose it is."""
    _actor.set(request.user.pk)


@receiver([request_started, request_finished])
def _forget_actor(sender, **kwargs):
    _actor.set(None)


def address_of(request):
    """Return the visitor's address; behind a trusted proxy that is the visitor's own already."""
    return request.META.get("REMOTE_ADDR") if request else None


def counted_address_of(request):
    """Return the address for which wrong passwords are counted: of IPv6 that of the network.

    A household has all of the addresses in its network of 64 bits, and would otherwise have as
    many tries.
    """
    address = address_of(request)
    with suppress(ValueError):
        if ip_address(address).version == 6:
            return str(ip_network((address, 64), strict=False).network_address)
    return address


@receiver(user_logged_in)
def note_login(sender, request, user, **kwargs):
    """Note a name and password that were right."""
    logger.info("logged in: account %s, address %s", user.pk, address_of(request))


@receiver(user_logged_out)
def note_logout(sender, request, user, **kwargs):
    """Note who left."""
    if user is not None:
        logger.info("logged out: account %s, address %s", user.pk, address_of(request))


@receiver(user_login_failed)
def note_refusal(sender, credentials, request=None, **kwargs):
    """Note a refusal; the name may be a password typed in the wrong field, so it is left out."""
    logger.warning("login refused: address %s", address_of(request))


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
def note_rights(sender, instance, action, pk_set, **kwargs):
    """Note that an account or a group got or lost rights."""
    if action in {"post_add", "post_remove", "post_clear"}:
        done = {"post_add": "got", "post_remove": "lost", "post_clear": "lost all"}[action]
        note_change(
            "rights changed: %s %s %s %s of %s",
            instance._meta.model_name,
            instance.pk,
            done,
            sorted(pk_set or ()),
            sender._meta.model_name,
        )


@receiver(post_save, sender=User)
def note_account(sender, instance, created, update_fields, **kwargs):
    """Note what an account may be, whenever more of it was saved than the moment of a login."""
    if instance._password is not None and not created:  # set anew, and not only hashed anew
        note_change("password changed: account %s", instance.pk)
    if update_fields and set(update_fields) <= {"last_login", "password"}:
        return
    note_change(
        "account %s: %s, active %s, staff %s, superuser %s",
        "made" if created else "saved",
        instance.pk,
        instance.is_active,
        instance.is_staff,
        instance.is_superuser,
    )


@receiver(post_save, sender=Group)
def note_group(sender, instance, created, **kwargs):
    """Note a group that was made or got another name; its number is how the log calls it."""
    note_change("group %s: %s", "made" if created else "saved", instance.pk)


@receiver(post_delete, sender=User)
@receiver(post_delete, sender=Group)
def note_deletion(sender, instance, **kwargs):
    """Note that an account, or a group with the rights of its accounts, is gone."""
    what = "account" if sender is User else "group"
    note_change("%s deleted: %s", what, instance.pk)
