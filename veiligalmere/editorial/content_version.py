"""The content version: one number that rises with every change of what the public sees.

A page kept in a cache under this number is never older than the content. The number lives in the
database, because several web machines share nothing else.
"""

import time

from django.db import connection, models
from django.db.models import F

ONLY = 1  # the primary key of the single row
NUMBER = "SELECT number FROM editorial_contentversion WHERE id = %s"


class ContentVersion(models.Model):
    """The single row that holds the number."""

    number = models.PositiveBigIntegerField("nummer", default=0)

    class Meta:
        verbose_name = "versie van de inhoud"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=ONLY), name="content_version_single_row")
        ]

    def __str__(self):
        return str(self.number)


def first_number():
    """Return a number above all that another database had until now, unless it was ever higher.

    Pages may outlive the database that they were made of; they are of none that follows on it.
    """
    return int(time.time())


def raise_content_version():
    """Raise the number by one; call it inside the transaction that changes the content."""
    if not ContentVersion.objects.filter(pk=ONLY).update(number=F("number") + 1):
        first = ContentVersion(pk=ONLY, number=first_number())
        ContentVersion.objects.bulk_create([first], ignore_conflicts=True)
        ContentVersion.objects.filter(pk=ONLY).update(number=F("number") + 1)


def current_content_version():
    """Return the number as an int; 0 before the first change."""
    # Each page that is made asks this. Django would take longer to make the SQL than to run it.
    with connection.cursor() as cursor:
        cursor.execute(NUMBER, [ONLY])
        row = cursor.fetchone()
    return row[0] if row else 0
