"""One log line and one count a request."""

import json
import os
from datetime import UTC, datetime
from time import perf_counter

from veiligalmere.observation.formatting import given_id, request_id, without_secrets
from veiligalmere.observation.metrics import METRICS
from veiligalmere.page_cache.application import OUTCOME

ERRORS = 2  # the file descriptor that everything is logged to


class ObservedRequests:
    """WSGI layer that gives a request its id, and counts and logs its answer.

    The line has no query, no address of the visitor and no token: nothing of a person.
    """

    def __init__(self, application, *, log):
        self.application = application
        self.log = log

    def __call__(self, environ, start_response):
        """Answer one request, as WSGI asks."""
        started = perf_counter()
        given_id.set(environ.get("HTTP_X_REQUEST_ID", ""))
        answered = ["500"]

        def start(status, headers, exc_info=None):
            answered[0] = status[:3]
            return start_response(status, headers, exc_info)

        try:
            return self.application(environ, start)
        finally:
            seconds = perf_counter() - started
            outcome = environ.get(OUTCOME, "pass")
            METRICS.count_request(outcome, answered[0], seconds)
            if self.log:
                self._write(environ, answered[0], outcome, seconds)

    @staticmethod
    def _write(environ, status, outcome, seconds):
        # Not through the logging module: of a page from memory it would be half of the cost.
        path = json.dumps(without_secrets(environ.get("PATH_INFO", "")))
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = (
            f'{{"time": "{time}", "level": "INFO", "logger": "veiligalmere.requests", '
            f'"request": "{request_id()}", "method": {json.dumps(environ["REQUEST_METHOD"])}, '
            f'"path": {path}, "status": {status}, "ms": {seconds * 1000:.1f}, '
            f'"cache": "{outcome}"}}\n'
        )
        os.write(ERRORS, line.encode())
