"""Links to a draft: to its document, and for a colleague without an account, for a few days."""

from django.core import signing
from django.urls import reverse

SALT = "veiligalmere.preview"
DAYS = 7


def make_token(obj):
    """Return a signed token that names `obj` and the moment; it is part of an address."""
    return signing.dumps([obj._meta.label_lower, obj.pk], salt=SALT)


def read_token(token):
    """Return the model label and the key in `token`; raise BadSignature if false or expired."""
    label, object_id = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 60 * 60)
    return label, object_id


def document_address(obj):
    """Return where who may see the draft of `obj` in the back-office downloads its document."""
    return reverse("preview_document", args=[obj._meta.label_lower, obj.pk])
