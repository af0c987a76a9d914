"""Compression of pages that the page cache does not keep, such as the results of a search."""

from django.middleware.gzip import GZipMiddleware


class CompressPagesMiddleware(GZipMiddleware):
    """Compress HTML; what is kept was compressed once already, and files are no pages.

    Django's own adds bytes by chance to each answer, so that its length tells nothing of what is
    secret in it (the BREACH attack).
    """

    def process_response(self, request, response):
        """Return `response`, compressed if it is a page and the visitor's browser takes it."""
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
