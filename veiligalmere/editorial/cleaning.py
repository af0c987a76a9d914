"""What has had its time, and is deleted by the command that a timer runs every day.

The terms are those of the table of personal data in docs/beveiliging.md.
"""

from datetime import timedelta
from importlib import import_module

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from veiligalmere.editorial.batches import Batch
from veiligalmere.editorial.presence import Presence
from veiligalmere.editorial.unsaved import UnsavedText

# Long enough to look back after a break-in that was found late; who logged in from where is no
# business of ours for longer than that.
LOGINS_KEPT = timedelta(days=90)
# A key that was shown for a second step and never used.
KEYS_KEPT = timedelta(days=1)


def clean_up(now=None):
    """Delete what is past its term at `now`; return {what it was: number of rows}."""
    now = now or timezone.now()
    # The moment of expiry stands in the session's own row, so this one asks the clock itself.
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    logins = {"attempt_time__lt": now - LOGINS_KEPT}
    past = {
        "logins": AccessLog.objects.filter(**logins),
        "refused logins": AccessFailureLog.objects.filter(**logins),
        "counts of refusals": AccessAttempt.objects.filter(
            attempt_time__lt=now - settings.AXES_COOLOFF_TIME
        ),
        "unused keys": TOTPDevice.objects.filter(confirmed=False, created_at__lt=now - KEYS_KEPT),
        "unsaved texts": UnsavedText.objects.past(now),
        "batches": Batch.objects.past(now),
        "presences": Presence.objects.past(now),
    }
    return {what: rows.delete()[1].get(rows.model._meta.label, 0) for what, rows in past.items()}
