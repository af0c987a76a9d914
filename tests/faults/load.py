"""Many visitors at once, on connections of their own."""

import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException

from tests.tooling.nginx import NAME

AS_NGINX = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


def ask(port, path):
    """Ask gunicorn on `port` as nginx would; return (status, text), or (0, the error)."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        try:
            connection.request("GET", path, headers=AS_NGINX)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, HTTPException) as error:
            return 0, repr(error)


class Visitors:
    """Threads that each call `visit` again and again inside the context; `seen` is what it gave."""

    def __init__(self, count, visit):
        self.seen = []
        self._stop = threading.Event()
        self._visit = visit
        self._threads = [threading.Thread(target=self._go) for _ in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self._stop.set()
        for thread in self._threads:
            thread.join(90)

    def _go(self):
        while not self._stop.is_set():
            self.seen.append(self._visit())


def wait_for(condition, seconds=30):
    """Return once `condition()` is true; fail if it does not become so in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
