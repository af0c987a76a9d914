"""What an editor is told of a file: its name is a random one of ours, and says nothing."""

from django.template.defaultfilters import filesizeformat

MISSING = "bestand niet gevonden"


def size_of(storage, name):
    """Return how large the file `name` in `storage` is, as "12,0 KB", or that it is not there."""
    try:
        return filesizeformat(storage.size(name))
    except OSError:
        return MISSING
