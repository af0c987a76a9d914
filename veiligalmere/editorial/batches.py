"""Changes to many objects that were shown to an editor and wait for a yes.

They are kept on the server between the two pages: what is carried out is what was shown, and once.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string

KEPT = timedelta(days=1)


class BatchQuerySet(models.QuerySet):
    """Selections of batches."""

    def of(self, user, model):
        """What was shown to `user` about objects of `model` and has not become too old."""
        return self.filter(
            user=user,
            content_type=ContentType.objects.get_for_model(model),
            made_at__gte=timezone.now() - KEPT,
        )

    def past(self, now):
        """Those that have become too old."""
        return self.filter(made_at__lt=now - KEPT)


class Batch(models.Model):
    """What one editor was shown: `data` is for who carries it out."""

    kept_by_the_site = True

    key = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    data = models.JSONField(encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    told = models.TextField(blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "wijziging van meer objecten"
        verbose_name_plural = "wijzigingen van meer objecten"

    def __str__(self):
        return f"wijziging van {self.content_type} door {self.user}"

    def finish(self, told):
        """Note that this was carried out, and what the editor was told of it."""
        self.done_at, self.told = timezone.now(), told
        self.save(update_fields=["done_at", "told"])


def keep_batch(user, model, data):
    """Keep `data` as what `user` was shown about objects of `model`; return the Batch."""
    return Batch.objects.create(
        key=get_random_string(32),
        user=user,
        content_type=ContentType.objects.get_for_model(model),
        data=data,
    )
