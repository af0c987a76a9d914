"""A WSGI application that answers one constant: what gunicorn itself costs.

The bytes and headers are those of a real page, as JSON in the file that BENCH_PAGE names.
"""

import json
import os
from pathlib import Path

PAGE = json.loads(Path(os.environ["BENCH_PAGE"]).read_text("utf-8"))
BODY = PAGE["body"].encode()
HEADERS = [tuple(pair) for pair in PAGE["headers"]]


def application(environ, start_response):
    """Answer the page."""
    start_response("200 OK", HEADERS)
    return [BODY]
