"""Counts of what the site does, in the text format of Prometheus.

The processes of one server share a piece of memory, with a row of numbers for each of them, so
that whichever of them answers on METRICS_PORT can tell the whole. This module imports nothing of
Django: gunicorn reads its configuration, which makes that memory, before Django is set up.
"""

import mmap
from bisect import bisect_left
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import sleep, time

ROWS = 64
OUTCOMES = ("hit", "not-modified", "miss", "stale", "away", "busy", "pass")
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
GAUGES = ("pages", "page_bytes", "started")
NAMES = (
    *((outcome, status) for outcome in OUTCOMES for status in CLASSES),
    *((outcome, bucket) for outcome in OUTCOMES for bucket in BUCKETS),
    *((outcome, "seconds") for outcome in OUTCOMES),
    "slow_queries",
    *GAUGES,
)
PLACE = {name: place for place, name in enumerate(NAMES)}
# Of an answer, by outcome and first digit of its status: where it, its time and its bucket count.
OF_ANSWER = {
    (outcome, status[0]): (
        PLACE[outcome, status],
        PLACE[outcome, "seconds"],
        PLACE[outcome, BUCKETS[0]],
    )
    for outcome in OUTCOMES
    for status in CLASSES
}


class Metrics:
    """The numbers of all processes of this server."""

    def __init__(self):
        self._memory = memoryview(mmap.mmap(-1, 8 * ROWS * len(NAMES))).cast("d")
        self._lock = Lock()
        self._start = 0
        self._in_use = set()

    def reserve_row(self):
        """Return the number of a row that no process counts in; for who starts the processes."""
        free = set(range(ROWS)) - self._in_use
        # With more processes than rows, the last one is shared.
        row = min(free, default=ROWS - 1)
        self._in_use.add(row)
        return row

    def take_row(self, row):
        """Count from now on in this row, on top of what was counted in it before."""
        self._start = row * len(NAMES)
        self._lock = Lock()
        for name in GAUGES:
            self.set(name, 0.0)
        self.set("started", time())

    def leave_row(self, row):
        """Forget what the process of this row held, now that it is gone; what it counted stays."""
        self._in_use.discard(row)
        start = row * len(NAMES)
        for name in GAUGES:
            self._memory[start + PLACE[name]] = 0.0

    def add(self, name, amount=1.0):
        """Add to one number of this process."""
        with self._lock:
            self._memory[self._start + PLACE[name]] += amount

    def set(self, name, value):
        """Set one number of this process."""
        self._memory[self._start + PLACE[name]] = value

    def count_request(self, outcome, status, seconds):
        """Count one answer: its cache outcome, its HTTP status as text, how long it took."""
        # Once for each page from memory, of which it is a good part of what we do.
        memory, start = self._memory, self._start
        count, time_taken, first_bucket = OF_ANSWER[outcome, status[0]]
        bucket = bisect_left(BUCKETS, seconds)
        with self._lock:
            memory[start + count] += 1.0
            memory[start + time_taken] += seconds
            if bucket < len(BUCKETS):
                memory[start + first_bucket + bucket] += 1.0

    def total(self, name):
        """Return the sum of one number over all processes."""
        place, width = PLACE[name], len(NAMES)
        return sum(self._memory[place + row * width] for row in range(ROWS))

    def processes(self):
        """Return how many processes there are now."""
        place, width = PLACE["started"], len(NAMES)
        return sum(1 for row in range(ROWS) if self._memory[place + row * width])

    def text(self):
        """Return all numbers as Prometheus reads them."""
        lines = [
            "# HELP veiligalmere_requests_total Answers, by what the page cache did and status.",
            "# TYPE veiligalmere_requests_total counter",
        ]
        lines += [
            f'veiligalmere_requests_total{{cache="{outcome}",status="{status}"}} '
            f"{self.total((outcome, status)):.0f}"
            for outcome in OUTCOMES
            for status in CLASSES
        ]
        lines += [
            "# HELP veiligalmere_request_seconds Time from request to answer.",
            "# TYPE veiligalmere_request_seconds histogram",
        ]
        for outcome in OUTCOMES:
            lines += self._histogram(outcome)
        for name, kind, what, value in (
            ("slow_queries_total", "counter", "Slow queries.", self.total("slow_queries")),
            ("kept_pages", "gauge", "Pages in the page caches.", self.total("pages")),
            (
                "kept_bytes",
                "gauge",
                "Size of the kept pages, in memory or on disk.",
                self.total("page_bytes"),
            ),
            ("processes", "gauge", "Processes that answer.", self.processes()),
        ):
            lines += [
                f"# HELP veiligalmere_{name} {what}",
                f"# TYPE veiligalmere_{name} {kind}",
                f"veiligalmere_{name} {value:.0f}",
            ]
        return "\n".join(lines) + "\n"

    def _histogram(self, outcome):
        name, cumulative = "veiligalmere_request_seconds", 0
        count = sum(self.total((outcome, status)) for status in CLASSES)
        for bucket in BUCKETS:
            cumulative += self.total((outcome, bucket))
            yield f'{name}_bucket{{cache="{outcome}",le="{bucket}"}} {cumulative:.0f}'
        yield f'{name}_bucket{{cache="{outcome}",le="+Inf"}} {count:.0f}'
        yield f'{name}_sum{{cache="{outcome}"}} {self.total((outcome, "seconds")):.6f}'
        yield f'{name}_count{{cache="{outcome}"}} {count:.0f}'


METRICS = Metrics()


def serve_metrics(host, port):
    """Answer on a port of our own, in a thread; of several processes, whichever gets it.

    The others wait until it is free, so that another takes over within seconds.
    """
    Thread(target=_serve, args=(host, port), name="metrics", daemon=True).start()


def _serve(host, port):
    while True:
        try:
            server = ThreadingHTTPServer((host, port), _Handler)
        except OSError:
            sleep(2)
        else:
            server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    timeout = 5

    def do_GET(self):
        found = self.path == "/metrics"
        body = METRICS.text().encode() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Say nothing: the one that asks does so every few seconds."""
