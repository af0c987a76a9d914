"""The form for name and password: checking a password is slow on purpose, so few are at once."""

from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.forms.forms import NON_FIELD_ERRORS

# Of the requests that a process answers at once (see page_cache/gate.py), one computes and another
# waits for it; who comes then is refused at once, so that the last goes on making pages.
LOGINS_AT_ONCE = 2
turns = BoundedSemaphore(LOGINS_AT_ONCE)
_computing = Lock()

BUSY = "busy"
TRY_AGAIN = (
    "Er loggen nu veel mensen tegelijk in. Wacht een paar tellen, en vul uw wachtwoord nog eens in."
)


class LoginForm(AdminAuthenticationForm):
    """Django's, which checks one password at a time, and none if too many wait for that."""

    def clean(self):
        """Check name and password, or say that it is too busy for that."""
        with _turn():
            return super().clean()

    @property
    def is_refused_unchecked(self):
        """Whether it was too busy to check the password."""
        return self.has_error(NON_FIELD_ERRORS, BUSY)


@contextmanager
def _turn():
    if not turns.acquire(blocking=False):
        raise ValidationError(TRY_AGAIN, code=BUSY)
    try:
        with _computing:
            yield
    finally:
        turns.release()
