"""Believing what a reverse proxy says of the visitor, if it is one of ours."""

from ipaddress import ip_address, ip_network


class TrustedProxies:
    """WSGI layer that puts the visitor's own address and scheme in the request.

    `proxies` are addresses or networks (`10.0.0.0/24`) of reverse proxies. From them, the last
    address in X-Forwarded-For that is not one of them becomes REMOTE_ADDR, and X-Forwarded-Proto
    the scheme. From anyone else these headers are removed, so that nothing behind this can
    believe them by mistake.
    """

    HEADERS = frozenset(
        (
            *("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"),
            *("HTTP_X_FORWARDED_PORT", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_X_REQUEST_ID"),
        )
    )

    def __init__(self, application, proxies):
        self.application = application
        self.networks = [ip_network(proxy) for proxy in proxies]

    def __call__(self, environ, start_response):
        """Answer one request, as WSGI asks."""
        if environ.keys().isdisjoint(self.HEADERS):
            return self.application(environ, start_response)
        forwarded = {name: environ.pop(name) for name in self.HEADERS if name in environ}
        if self._is_ours(environ.get("REMOTE_ADDR", "")):
            addresses = forwarded.get("HTTP_X_FORWARDED_FOR", "").split(",")
            for address in reversed([address.strip() for address in addresses]):
                if not _valid(address):
                    break
                environ["REMOTE_ADDR"] = address
                if not self._is_ours(address):
                    break
            scheme = forwarded.get("HTTP_X_FORWARDED_PROTO")
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
            if "HTTP_X_REQUEST_ID" in forwarded:
                environ["HTTP_X_REQUEST_ID"] = forwarded["HTTP_X_REQUEST_ID"]
        return self.application(environ, start_response)

    def _is_ours(self, address):
        return _valid(address) and any(ip_address(address) in one for one in self.networks)


def _valid(address):
    try:
        ip_address(address)
    except ValueError:
        return False
    return True
