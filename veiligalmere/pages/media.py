"""Uploaded files, served by the site itself where no web server does it."""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.views.decorators.http import require_safe
from django.views.static import serve

from plan.uploads import FOLDER
from veiligalmere.pages.errors import NotFound

POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
OTHER_WAYS = {"", ".", ".."}  # parts that no address of ours has, and that the disk leaves out


@require_safe
def media(request, path):
    """Serve an uploaded file with a policy of its own, so that it can do nothing but be shown."""
    parts = path.split("/")
    # Documents go out by their development's page, so not by another way to write where they are
    # kept either: "./documenten" and "../media/documenten" are that folder too.
    if parts[0] == FOLDER or not OTHER_WAYS.isdisjoint(parts):
        raise NotFound("Dit bestand is er niet.")
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except (OSError, SuspiciousFileOperation, ValueError) as error:
        raise NotFound("Dit bestand is er niet.") from error
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
