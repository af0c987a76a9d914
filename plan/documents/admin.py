"""What an editor sees of a document: when it was made, or why it could not be."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.timezone import localtime

from plan.models import StoredPdf

COULD_NOT = (
    "De pdf kon niet worden gemaakt. De site probeert het elke paar minuten opnieuw. Blijft dit "
    "staan? Geef dan deze melding door aan wie de site technisch beheert:"
)
NOW_NONE = "Op de site staat nu geen pdf."
AFTER_BLACKING_OUT = "Na zwartlakken maakt de site hem binnen een paar minuten opnieuw."


class DocumentMixin:
    """For an admin whose objects have a document; `document_key` gives its key."""

    document_key = None

    @admin.display(description="pdf")
    def document(self, obj):
        """Return when the document was made, or the reason why it was not."""
        stored = StoredPdf.objects.filter(key=type(self).document_key(obj)).defer("pdf").first()
        if stored is None:
            return "Nog niet gemaakt: dat gebeurt bij publiceren of vaststellen."
        if not (stored.made_at or stored.failure):
            return f"{NOW_NONE} {AFTER_BLACKING_OUT}"
        made = stored.made_at and date_format(localtime(stored.made_at), "j F Y, H.i")
        if not stored.failure:
            return f"Gemaakt op {made} uur"
        former = f"De vorige pdf, van {made} uur, staat nog op de site." if made else NOW_NONE
        return f"{COULD_NOT} “{stored.failure}”. {former}"
