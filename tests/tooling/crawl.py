"""Finding every public page of the site by following its links."""

import re
from html import unescape
from urllib.parse import urldefrag, urlsplit

LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
TEXT = ("text/", "application/json", "application/atom+xml")
ELSEWHERE = ("/beheer/", "/media/", "/static/")


def crawl(get, start="/"):
    """Return the text of every public page by its path.

    `get` takes a path and returns (status, content type, text). Links are followed from `start`
    on, without their query, which makes no other page but another choice from the same one. A
    page that does not answer 200, or leads elsewhere with 301 or 302, fails.
    """
    pages = {}
    waiting = [start]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        status, content_type, text = get(path)
        if status in {301, 302}:
            continue
        assert status == 200, f"{path} answers {status}"
        pages[path] = text
        if not content_type.startswith("text/html"):
            continue
        for link in LINK.findall(text):
            address = urlsplit(urldefrag(unescape(link))[0])
            target = address.path
            if address.netloc or address.scheme or not target.startswith("/"):
                continue
            if target.startswith(ELSEWHERE) or target in seen:
                continue
            seen.add(target)
            waiting.append(target)
    return pages


def main_of(text):
    """Return the `<main>` of a page."""
    return MAIN.search(text)[0]


def with_client(client):
    """Return a `get` for `crawl` that asks Django's test client."""

    def get(path):
        response = client.get(path)
        content_type = response.get("Content-Type", "")
        # A PDF and a workbook have no text to read here; that they answer is what counts.
        text = response.text if content_type.startswith(TEXT) else ""
        return response.status_code, content_type, text

    return get
