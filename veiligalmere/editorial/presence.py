"""Who has which form open at this moment."""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from veiligalmere.editorial.versions import name_of

# A form tells every twenty seconds that it is open; after this long it is taken for closed.
AWAY_AFTER = timedelta(seconds=75)


class PresenceQuerySet(models.QuerySet):
    """Selections of presences."""

    def at(self, obj):
        """Those who have the form of `obj` open, the first comer first."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(obj),
            object_id=obj.pk,
            seen_at__gte=timezone.now() - AWAY_AFTER,
        ).order_by("since", "pk")

    def past(self, now):
        """Those whose form was closed before `now`, as far as we heard."""
        return self.filter(seen_at__lt=now - AWAY_AFTER)


class Presence(models.Model):
    """One account that has the form of one object open."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = "aanwezigheid bij een formulier"
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "user"], name="presence_once_a_form"
            )
        ]

    def __str__(self):
        moment = timezone.localtime(self.since)
        return f"{name_of(self.user)} bewerkt dit sinds {moment:%H.%M} uur"


def note_presence(user, obj):
    """Remember that `user` has the form of `obj` open now."""
    now = timezone.now()
    presence, made = Presence.objects.get_or_create(
        user=user,
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        defaults={"since": now, "seen_at": now},
    )
    if not made:
        if presence.seen_at < now - AWAY_AFTER:
            presence.since = now
        presence.seen_at = now
        presence.save(update_fields=["since", "seen_at"])


def end_presence(user, obj):
    """Forget that `user` had the form of `obj` open."""
    Presence.objects.at(obj).filter(user=user).delete()


def others_at(obj, user):
    """Return Dutch sentences, one for each colleague of `user` who has the form of `obj` open."""
    return [str(one) for one in Presence.objects.at(obj).exclude(user=user).select_related("user")]
