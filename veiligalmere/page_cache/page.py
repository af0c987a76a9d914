"""One kept page, in the forms in which it is sent."""

import gzip
import hashlib
import re
from functools import lru_cache

from veiligalmere.page_cache.bodies import AT_HAND, LARGEST, BodyLost, StoredBody, Unpacked

# A browser asks each time whether its copy is still good, which costs a 304. A cache that many
# share may answer by itself for a second, and for a day when we can't answer.
FOR_A_SECOND = "public, max-age=0, must-revalidate, s-maxage=1"
CACHE_CONTROL = f"{FOR_A_SECOND}, stale-if-error=86400"
COMPRESSIBLE = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|image/svg\+xml")
# What a 304 says as well, for scripts on other sites that read the API.
ALSO_ON_304 = {"access-control-allow-origin", "access-control-expose-headers", "api-version"}
# What is said here of each form, whatever the application said.
OURS = {"cache-control", "etag", "vary", "content-length", "content-encoding"}
# Compared with 6, the usual one: 2 % more bytes for three quarters of the time.
GZIP_LEVEL = 4
OVERHEAD = 4096  # bytes; what a page takes in memory beside its bodies, roughly

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_NO = re.compile(r"q=0(\.0{0,3})?$")


@lru_cache(maxsize=256)
def accepts_gzip(header):
    """Return whether an Accept-Encoding `header` lets us send gzip; its name goes before `*`."""
    allowed = {}
    for part in header.lower().replace(" ", "").split(","):
        name, _, quality = part.partition(";")
        allowed[name] = not _NO.match(quality)
    return allowed.get("gzip", allowed.get("*", False))


class Page:
    """The answer 200 of one address: plain and, where that is smaller, gzipped.

    `known` is the state of the site that it was made in (see `versions`), `tag` what tells its
    content from any other, and `size` the bytes that it takes, in memory or in a file.
    """

    __slots__ = ("_compressed", "_length", "_plain", "known", "size", "tag")

    def __init__(self, headers, body, known):
        content_type = dict(headers).get("Content-Type", "")
        # Of the headers too: who has the body already would go on with those of before.
        tag = hashlib.sha256(repr(sorted(headers)).encode())
        tag.update(body)
        compressed = b""
        if COMPRESSIBLE.match(content_type):
            compressed = gzip.compress(body, GZIP_LEVEL, mtime=0)
            if len(compressed) >= len(body):
                compressed = b""
        plain = b"" if compressed else body
        self._fill(headers, tag.hexdigest()[:24], len(body), plain, compressed, known)
        if compressed:
            AT_HAND.keep(self._plain, self._plain.body, body)

    @classmethod
    def restored(cls, parts, known):
        """Return the page whose `parts` a page gave before; it takes no work on the bodies."""
        page = cls.__new__(cls)
        page._fill(*parts, known)
        return page

    @property
    def parts(self):
        """What it is made of: headers, tag, length, and the plain body and the gzipped one.

        A body (see `bodies`) is b"" if there is none, or if it is large and there is the other.
        """
        headers = [pair for pair in self._plain.headers if pair[0].lower() not in OURS]
        compressed = self._compressed.body if self._compressed else b""
        plain = b"" if compressed and self._length > LARGEST else self._plain.body
        return headers, self.tag, self._length, plain, compressed

    def is_whole(self):
        """Return whether the bodies can be read that stand in a file; reads them all."""
        forms = filter(None, (self._plain, self._compressed))
        try:
            for body in (form.body for form in forms):
                if isinstance(body, StoredBody):
                    body.read()
        except BodyLost:
            return False
        return True

    def read_as(self, other):
        """Read the bodies from where those of `other` are, a page with the same tag."""
        self._plain, self._compressed = other._plain, other._compressed

    def _fill(self, headers, tag, length, plain, compressed, known):
        self.known = known
        self.tag = tag
        self._length = length
        self._compressed = None
        if compressed:
            size = len(compressed)
            self._compressed = _Form(headers, compressed, f'"{tag}-gzip"', "gzip", size)
            plain = plain or Unpacked(self._compressed)
        self._plain = _Form(headers, plain, f'"{tag}"', "", length)
        self.size = OVERHEAD + len(compressed)
        if not compressed or length <= LARGEST:
            self.size += length

    def answer(self, environ):
        """Return status, headers and the iterable body for the request in `environ`.

        Raises BodyLost if the body stands in a file and can't be read from it any more.
        """
        form = self._plain
        if self._compressed and accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            form = self._compressed
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and (known == form.tag or known.strip() == "*" or form.tag in _TAG.findall(known)):
            return "304 Not Modified", form.short_headers, []
        if environ["REQUEST_METHOD"] == "HEAD":
            return "200 OK", form.headers, []
        body = form.body
        if not isinstance(body, bytes):
            body = AT_HAND.read(form)
        return "200 OK", form.headers, [body]


class _Form:
    """A page in one encoding: tag, headers, and its body of `length` bytes, see `bodies`."""

    __slots__ = ("body", "headers", "short_headers", "tag")

    def __init__(self, headers, body, tag, encoding, length):
        self.body = body
        self.tag = tag
        self.short_headers = [
            ("Cache-Control", CACHE_CONTROL),
            ("ETag", tag),
            ("Vary", "Accept-Encoding"),
        ]
        also = [pair for pair in headers if pair[0].lower() in ALSO_ON_304]
        self.headers = [pair for pair in headers if pair[0].lower() not in OURS]
        self.headers += [*self.short_headers, ("Content-Length", str(length))]
        self.short_headers += also
        if encoding:
            self.headers.append(("Content-Encoding", encoding))
