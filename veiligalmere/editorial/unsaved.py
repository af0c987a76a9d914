"""Text that was typed in a form and never saved: kept on the server for who typed it.

It survives a browser that closed and a session that ended, and goes when the form is saved. Each
form that is opened keeps its own: what is typed in one never takes the place of what was typed in
another and is still to be taken back.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import get_random_string

KEPT = timedelta(days=5)
MAX_LENGTH = 1_000_000  # characters of an encoded form
NEW = 0  # the key of an object that does not exist yet
FORM = "_formulier"  # the field by which a form tells which of those that were opened it is
MOST = 20  # texts of one account about one object; the oldest goes
# What is in a form but is no text of the editor's.
NOT_TEXT = (
    FORM,
    *("csrfmiddlewaretoken", "_continue", "_save", "_addanother", "_indienen", "_beoordelen"),
    *("opslaan", "ongewijzigd"),
    *("_popup", "_to_field"),  # where the form stood
)


_KEY = re.compile(r"f[A-Za-z0-9]{12}")


class UnsavedTextQuerySet(models.QuerySet):
    """Selections of unsaved texts."""

    def past(self, now):
        """Those that nobody came back for in time."""
        return self.filter(saved_at__lt=now - KEPT)


class UnsavedText(models.Model):
    """The fields of one form as one account last left them.

    `part` tells forms about one object apart: the rows of a round (`rij` and a number), the forms
    of content that were opened (their key).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField(default=NEW)
    part = models.CharField(max_length=40, default="", db_default="")
    data = models.TextField()
    saved_at = models.DateTimeField(default=timezone.now)

    objects = UnsavedTextQuerySet.as_manager()

    class Meta:
        verbose_name = "niet opgeslagen tekst"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "content_type", "object_id", "part"], name="unsaved_once_a_form"
            )
        ]

    def __str__(self):
        return f"niet opgeslagen tekst van {self.user}"

    @property
    def fields(self):
        """The fields as a QueryDict."""
        return QueryDict(self.data)


def new_form_key():
    """Return a key for a form that is opened."""
    return f"f{get_random_string(12)}"


def form_key(fields):
    """Return which opened form `fields` were posted by, or "" if it was none of ours."""
    key = fields.get(FORM, "")
    return key if _is_of_form(key) else ""


def _is_of_form(part):
    return not part or _KEY.fullmatch(part)


def keep_unsaved(user, model, object_id, fields, part=None):
    """Keep `fields` (a QueryDict) as what `user` typed; return whether it was not too much.

    `part` is that of the form that they were posted by, unless it is given.
    """
    if part is None:
        part = form_key(fields)
    fields = fields.copy()
    for name in NOT_TEXT:
        fields.pop(name, None)
    data = fields.urlencode()
    if len(data) > MAX_LENGTH:
        return False
    UnsavedText.objects.past(timezone.now()).delete()
    UnsavedText.objects.update_or_create(
        **_form(user, model, object_id),
        part=part,
        defaults={"data": data, "saved_at": timezone.now()},
    )
    if _is_of_form(part):
        for oldest in unsaved_forms(user, model, object_id)[MOST:]:
            oldest.delete()
    return True


def unsaved_forms(user, model, object_id):
    """Return what `user` left unsaved in forms of this object, newest first; one query."""
    kept = unsaved_parts(user, model, object_id).values()
    of_forms = [one for one in kept if _is_of_form(one.part)]
    return sorted(of_forms, key=lambda one: one.saved_at, reverse=True)


def unsaved_parts(user, model, object_id):
    """Return what `user` left unsaved on the page of this object, by part; one query."""
    kept = UnsavedText.objects.filter(
        **_form(user, model, object_id), saved_at__gte=timezone.now() - KEPT
    )
    return {one.part: one for one in kept}


def forget_unsaved(user, model, object_id, part):
    """Forget what `user` left unsaved, because it has been saved or is not wanted."""
    UnsavedText.objects.filter(**_form(user, model, object_id), part=part).delete()


def _form(user, model, object_id):
    return {
        "user": user,
        "content_type": ContentType.objects.get_for_model(model),
        "object_id": object_id or NEW,
    }
