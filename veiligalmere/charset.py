"""What visitors and editors send is UTF-8, as all our pages and forms are."""


class Utf8Requests:
    """WSGI layer by which a request is read as UTF-8, whatever it says of itself.

    Django believes the `charset` in a Content-Type, and Python knows some, such as `undefined`,
    that nothing can be decoded by: anyone could have an error of ours with it.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        """Answer one request, as WSGI asks."""
        read_as_utf8(environ)
        return self.application(environ, start_response)


def read_as_utf8(environ):
    """Let the request of `environ` be read as UTF-8."""
    kind = environ.get("CONTENT_TYPE")
    if kind:
        environ["CONTENT_TYPE"] = without_charset(kind)


def without_charset(kind):
    """Return the Content-Type `kind` without its charset."""
    parts = kind.split(";")
    return ";".join(part for part in parts if not part.strip().lower().startswith("charset"))
