"""Under which licence the data may be used again, as far as the municipality has settled that."""

from typing import NamedTuple

from django.conf import settings

NAMES = {
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
}


class Licence(NamedTuple):
    """A licence: its name, which is its address where we know none, and its address."""

    name: str
    url: str


def licence():
    """Return the Licence, or None while it has not been settled."""
    url = settings.DATA_LICENCE
    return Licence(NAMES.get(url, url), url) if url else None
