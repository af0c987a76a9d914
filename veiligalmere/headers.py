"""Security headers on every response: pages, errors, redirects, static files and the admin."""

FRAMED_BY_NOBODY = "frame-ancestors 'none'"
FRAMED_BY_ANYONE = "frame-ancestors *"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    f"{FRAMED_BY_NOBODY}"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SecurityHeadersMiddleware:
    """Set the headers that internet.nl tests for, unless a view has set its own.

    First in the list, so that answers of the middleware below it have them too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer with the headers added."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.headers["Content-Security-Policy"].endswith(FRAMED_BY_ANYONE):
            del response.headers["X-Frame-Options"]  # which can't say that anyone may
        return response
