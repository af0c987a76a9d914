"""The index of what is public at this moment, in this process."""

import gc
from contextlib import contextmanager
from threading import Lock

from themes.models import Synonym
from veiligalmere.editorial.content_version import current_content_version
from veiligalmere.pages.search.documents import all_documents
from veiligalmere.pages.search.index import Index


class CurrentIndex:
    """Keeps the index, and makes it anew as soon as the content version is another.

    Each process asks the database for the version at every search, so that what is published by
    one is found by all at once. Who comes while it is made waits for it.
    """

    def __init__(self):
        self._lock = Lock()
        self._made = (None, None)

    def get(self):
        """Return the index of the present content."""
        version = current_content_version()
        made_for, index = self._made
        if made_for == version:
            return index
        with self._lock:
            made_for, index = self._made
            if made_for != version:
                with _no_look_for_garbage():
                    synonyms = [group.phrases for group in Synonym.objects.all()]
                    index = Index(all_documents(), synonyms, previous=index)
                self._made = (version, index)
        return index

    def forget(self):
        """Make the index anew at the next search."""
        self._made = (None, None)


@contextmanager
def _no_look_for_garbage():
    """Spare Python its looks for cycles: an index has none, and they take an eighth of its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


current_index = CurrentIndex()
