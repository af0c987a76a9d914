"""Documents as they were made: kept in the database, which all web machines share."""

from django.db import models


class StoredPdfQuerySet(models.QuerySet):
    """Selections of documents."""

    def of(self, key):
        """Return the document with this key, or None."""
        return self.filter(key=key).first()

    def facts_of(self, key):
        """Return the document with this key without its bytes, if there are any; or None."""
        return self.filter(key=key, made_at__isnull=False).defer("pdf").first()


class StoredPdf(models.Model):
    """The PDF of a plan or a report, or why it could not be made."""

    key = models.CharField("document", max_length=60, unique=True)
    pdf = models.BinaryField("pdf", default=b"")
    size = models.PositiveIntegerField("bytes", default=0)
    digest = models.CharField("vingerafdruk van de inhoud", max_length=64, blank=True)
    content_version = models.PositiveBigIntegerField("versie van de inhoud", default=0)
    made_at = models.DateTimeField("gemaakt op", null=True)
    failure = models.TextField("wat er misging", blank=True)

    kept_by_the_site = True
    codes = ("key", "digest")

    objects = StoredPdfQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name = "document"
        verbose_name_plural = "documenten"

    def __str__(self):
        return self.key
