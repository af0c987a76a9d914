"""Content without states: what is saved is public at once."""

from django.db import models, transaction

from veiligalmere.editorial.content_version import raise_content_version


class ImmediateQuerySet(models.QuerySet):
    """Selections of content without states."""

    def delete(self):
        """Delete all of these, and let every cache know; refuse all if any of it is in use."""
        with transaction.atomic():
            for one in self:
                one.refuse_if_in_use()
            raise_content_version()
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class Immediate(models.Model):
    """Base of what is public as soon as it is saved, such as a synonym or a short address."""

    objects = ImmediateQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Save, and let every cache know."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            raise_content_version()

    def delete(self, *args, **kwargs):
        """Delete, and let every cache know; refuse if it is in use."""
        with transaction.atomic():
            self.refuse_if_in_use()
            raise_content_version()
            return super().delete(*args, **kwargs)

    def why_in_use(self):
        """Return in Dutch why this can't be deleted, or "" if it can."""
        return ""

    def refuse_if_in_use(self):
        """Raise ProtectedError, with a Dutch explanation, if this can't be deleted."""
        reason = self.why_in_use()
        if reason:
            raise models.ProtectedError(reason, {self})
