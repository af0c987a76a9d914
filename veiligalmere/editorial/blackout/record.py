"""What is kept of a blacking out: that it was done, when, by whom and by which rule."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone


class BlackOut(models.Model):
    """That words were blacked out: when, by whom and by which rule."""

    made_at = models.DateTimeField("op", default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True
    )
    author_name = models.CharField("door", max_length=200)
    rule = models.TextField("op grond van")
    places = models.PositiveIntegerField("aantal plaatsen")

    codes = ("author_name",)  # who is accountable for it

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = "zwartlakking"
        verbose_name_plural = "zwartlakkingen"

    def __str__(self):
        return f"{timezone.localtime(self.made_at):%d-%m-%Y}: {self.rule}"


class BlackedOut(models.Model):
    """An object in whose text or history words were blacked out.

    Also what belongs to an adopted report (a true `is_frozen`), and a Version that is told among
    the changes, if its name or note had the words.
    """

    black_out = models.ForeignKey(BlackOut, models.PROTECT, related_name="objects_touched")
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    # Whether visitors could read the words in it: not in a draft, nor in a note about it alone.
    was_public = models.BooleanField(db_default=True)

    class Meta:
        verbose_name = "object met een zwartlakking"
        constraints = [
            models.UniqueConstraint(
                fields=["black_out", "content_type", "object_id"], name="blacked_out_object_once"
            )
        ]
        # Feeds look it up of each change there ever was.
        indexes = [models.Index(fields=["content_type", "object_id"], name="blacked_out_object")]

    def __str__(self):
        return f"{self.content_type} {self.object_id}"


def black_outs_of(obj):
    """Return the times that words of `obj` were blacked out, the last first."""
    return BlackOut.objects.filter(
        objects_touched__content_type=ContentType.objects.get_for_model(obj),
        objects_touched__object_id=obj.pk,
    )


def last_black_out():
    """Return the key of the last blacking out, 0 if there was none: what is older can hold words.

    Compare it with what it was when a text was set aside outside the reach of blacking out.
    """
    return BlackOut.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
