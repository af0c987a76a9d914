"""Dates in the forms of the back-office."""

from django.db import models

from veiligalmere.editorial.dates import DateField


class DatesMixin:
    """For a ModelAdmin: dates may be written as the site writes them."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return the form field; for a date, and not for a moment, our own."""
        if isinstance(db_field, models.DateField) and not isinstance(
            db_field, models.DateTimeField
        ):
            kwargs.setdefault("form_class", DateField)
        return super().formfield_for_dbfield(db_field, request, **kwargs)
