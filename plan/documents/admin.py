"""What an editor sees of a document: when it was made, or why it could not be."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.timezone import localtime

from plan.models import StoredPdf


class DocumentMixin:
    """For an admin whose objects have a document; `document_key` gives its key."""

    document_key = None

    @admin.display(description="pdf")
    def document(self, obj):
        """Return when the document was made, or the reason why it was not."""
        stored = StoredPdf.objects.filter(key=type(self).document_key(obj)).defer("pdf").first()
        if stored is None:
            return "Nog niet gemaakt: dat gebeurt bij publiceren of vaststellen."
        made = stored.made_at and date_format(localtime(stored.made_at), "j F Y, H.i")
        if stored.failure:
            former = f" De pdf van {made} uur staat nog op de site." if made else ""
            return f"Niet gemaakt: {stored.failure}.{former}"
        return f"Gemaakt op {made} uur"
