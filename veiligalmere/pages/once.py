"""What is the same on every page, made once for each content version."""

from threading import Lock

from veiligalmere.page_cache.rendering import KEY

_lock = Lock()
_version = None
_made = {}


def once(request, name, make):
    """Return what `make()` gives; for a page that is made for the cache, of its own version.

    Such a page knows the content version of the snapshot that it is made in, so what another page
    of that version made is what this one would make. `name` says what it is. What is returned is
    shared: change nothing in it.
    """
    global _version  # noqa: PLW0603 -- the one thing that this module keeps
    rendering = request.environ.get(KEY)
    version = rendering.version if rendering else None
    if version is None:
        return make()
    with _lock:
        if version == _version and name in _made:
            return _made[name]
    made = make()
    with _lock:
        if version != _version:
            _version = version
            _made.clear()
        _made[name] = made
    return made
