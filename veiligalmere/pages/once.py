"""What is the same on many pages, made once for each content version."""

from collections import OrderedDict
from threading import Lock

from veiligalmere.page_cache.rendering import version_in_the_making

MOST = 100  # of one thing that has variants


class Once:
    """Keeps what was made in one content version; the first thing of another replaces it all."""

    def __init__(self):
        self._lock = Lock()
        self._version = None
        self._made = {}

    def __call__(self, name, make):
        """Return what `make()` gives; for a page that is made for the cache, of its own version.

        Such a page knows the content version of the snapshot that it is made in, so what another
        page of that version made is what this one would make. `name` says what it is; there must
        be few names, since all are kept. What is returned is shared: change nothing in it. It may
        not depend on the day.
        """
        version = version_in_the_making()
        if version is None:
            return make()
        with self._lock:
            if version == self._version and name in self._made:
                return self._made[name]
        made = make()
        with self._lock:
            if version != self._version:
                self._version = version
                self._made = {}
            return self._made.setdefault(name, made)

    def variant(self, name, variant, make):
        """Return what `make()` gives of a thing of which there is one for each `variant`.

        Of those with one `name` the MOST are kept that were asked for last.
        """
        kept = self(name, OrderedDict)
        with self._lock:
            if variant in kept:
                kept.move_to_end(variant)
                return kept[variant]
        made = make()
        with self._lock:
            _keep(kept, {variant: made})
        return made

    def variants(self, name, wanted, make):
        """Return [thing] for each of the variants `wanted`; those not kept are made in one go.

        `make(missing)` gets a list of variants and returns {variant: thing}.
        """
        kept = self(name, OrderedDict)
        with self._lock:
            found = {variant: kept[variant] for variant in wanted if variant in kept}
            for variant in found:
                kept.move_to_end(variant)
        missing = [variant for variant in wanted if variant not in found]
        if missing:
            made = make(missing)
            with self._lock:
                _keep(kept, made)
            found |= made
        return [found[variant] for variant in wanted]

    def forget(self):
        """Keep nothing of before."""
        with self._lock:
            self._version = None


def _keep(kept, made):
    kept |= made
    while len(kept) > MOST:
        kept.popitem(last=False)


once = Once()
