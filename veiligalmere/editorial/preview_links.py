"""Links to a draft: to its document, and for a colleague without an account, for a few days."""

from django.core import signing
from django.urls import reverse

from veiligalmere.editorial.versions import Version

SALT = "veiligalmere.preview"
DAYS = 7


def make_token(obj):
    """Return a signed token that names the draft of `obj` and the moment, as part of an address.

    It is for what is written before the draft is published, withdrawn or discarded, and not for
    later drafts.
    """
    return signing.dumps([obj._meta.label_lower, obj.pk, last_end(obj)], salt=SALT)


def read_token(token):
    """Return the model label, the key and `last_end` then; raise BadSignature if false.

    That also goes for a token that has expired.
    """
    label, object_id, number = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 60 * 60)
    return label, object_id, number


def last_end(obj):
    """Return the number of the version with which a draft of `obj` ended last, 0 if none did."""
    ends = Version.objects.of(obj).ends_of_drafts()
    return ends.values_list("number", flat=True).first() or 0


def document_address(obj):
    """Return where who may see the draft of `obj` in the back-office downloads its document."""
    return reverse("preview_document", args=[obj._meta.label_lower, obj.pk])
