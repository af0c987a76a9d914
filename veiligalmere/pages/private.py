"""Pages whose address is a key: kept by nobody, found by no search engine, told to no site."""

from functools import wraps

HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    # The address itself is the key: no link on the page may tell it on.
    "Referrer-Policy": "no-referrer",
}


def keep_private(response):
    """Give `response` the headers of a page whose address is a key, and return it."""
    for name, value in HEADERS.items():
        response[name] = value
    return response


def private(view):
    """Decorate a view whose every answer is private."""

    @wraps(view)
    def answer(*args, **kwargs):
        return keep_private(view(*args, **kwargs))

    return answer
