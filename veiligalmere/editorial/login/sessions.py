"""How long somebody stays logged in, and ending that elsewhere.

A session ends when nothing was done in it for an hour, and in any case eight hours after the
password was typed (settings SESSION_IDLE_AGE and SESSION_COOKIE_AGE, in seconds). One of nobody,
such as that which holds a form until its sender has logged in, ends after that hour too.
"""

import logging
from time import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware as DjangosMiddleware
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError
from django.dispatch import receiver
from django.utils import timezone

BEGAN, SEEN = "login_began", "last_seen"
NOTED_EVERY = 60  # seconds; noting each request would write to the database at each request

logger = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    """Sessions in the database, whose moment of expiry knows both limits."""

    def get_session_cookie_age(self):
        """Return the seconds that the session may live from now on."""
        began = self.get(BEGAN)
        if began is None:
            return settings.SESSION_IDLE_AGE
        left = int(began + settings.SESSION_COOKIE_AGE - time())
        return max(0, min(settings.SESSION_IDLE_AGE, left))

    def save(self, must_create=False):
        """Save the session as Django does.

        Raises UpdateError if it was ended in the meantime, and OperationalError if the database
        is away, which Django takes for the same.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__  # noqa: B904 -- as it was before Django took it for another
            raise


class SessionMiddleware(DjangosMiddleware):
    """Django's, but what came of a request is told also if the session can't be saved after it.

    What the session would have kept is that somebody is at work, or a message for the next page;
    who was logging in is asked again.
    """

    def process_response(self, request, response):
        """Save the session as Django does, and answer whether that could be done or not."""
        try:
            return super().process_response(request, response)
        except (OperationalError, InterfaceError) as error:
            logger.warning("session not saved: %s", error)
            return response


@receiver(user_logged_in)
def begin(sender, request, user, **kwargs):
    """Give whoever has just logged in a new session key, also over a session that was open."""
    request.session.cycle_key()
    request.session[BEGAN] = request.session[SEEN] = int(time())


def note_activity(request):
    """Remember that somebody is at work; their session then ends an hour from now."""
    if request.user.is_authenticated and time() - request.session.get(SEEN, 0) >= NOTED_EVERY:
        request.session[SEEN] = int(time())


def end_sessions(users, *, but=None):
    """Log `users` out everywhere, except in the session with the key `but`."""
    keys = {str(user.pk) for user in users}
    # A session does not tell in a column whose it is; there are as many as there are colleagues.
    for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(pk=but):
        if session.get_decoded().get(SESSION_KEY) in keys:
            session.delete()
