"""Content without states: what is saved is public at once."""

from django.db import models, transaction

from veiligalmere.editorial.content_version import raise_content_version


class ImmediateQuerySet(models.QuerySet):
    """Selections of content without states."""

    def delete(self):
        """Delete all of these, and let every cache know."""
        with transaction.atomic():
            raise_content_version()
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class Immediate(models.Model):
    """Base of content that is public as soon as it is saved, such as a synonym."""

    objects = ImmediateQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Save, and let every cache know."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            raise_content_version()

    def delete(self, *args, **kwargs):
        """Delete, and let every cache know."""
        with transaction.atomic():
            raise_content_version()
            return super().delete(*args, **kwargs)
