"""How gunicorn serves the site, under `make run` and in production alike.

Anything here can be set otherwise on gunicorn's own command line, which goes before this file.
"""

import gc
import os
import socket
import sys
from pathlib import Path

from gunicorn.glogging import Logger

from veiligalmere.observation.formatting import JsonFormatter, TextFormatter
from veiligalmere.observation.metrics import METRICS, serve_metrics
from veiligalmere.page_cache.gate import THREADS
from veiligalmere.page_cache.heap import limit_heap

wsgi_app = "veiligalmere.wsgi"
# The site is loaded once, and each worker is a copy of what was loaded: they share that part of
# their memory, and one that is killed is replaced at once. So SIGHUP gives new workers, with the
# same code; another version needs a restart, which under systemd fails no request.
preload_app = True
# The folder itself, not the link that leads to it: the link may lead to another version by the time
# that something is imported. Under systemd the port is the socket unit's.
chdir = os.fspath(Path(__file__).resolve().parent.parent)
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"

# Threads, because a request mostly waits for the database; two processes, so that a worker that
# is replaced never leaves the port without one. One thread of each stays outside Django, so that
# pages from memory go on when all else is stuck; see veiligalmere/page_cache/gate.py.
worker_class = "gthread"
workers = 2
threads = THREADS
timeout = 30
graceful_timeout = 20
keepalive = 5
HELD = 30  # seconds; see when_ready

# Workers touch a file as their sign of life; on a slow disk that would look like a hanging worker.
worker_tmp_dir = next((path for path in ["/dev/shm"] if Path(path).is_dir()), None)  # noqa: S108

# No second way in, and only Django's settings decide which proxies are believed.
control_socket_disable = True
forwarded_allow_ips = ""

# A filter with many words fits; far longer addresses are refused before Django sees them.
limit_request_line = 8190

errorlog = "-"
loglevel = "warning"


class logger_class(Logger):  # noqa: N801 -- the name that gunicorn reads
    """gunicorn's own few lines, in the form of all others.

    Not by `logconfig_dict`: with that, gunicorn makes a line of its own for each request as well,
    and throws it away.
    """

    def setup(self, cfg):
        """Set up the log as gunicorn does, and write to it as the site does."""
        super().setup(cfg)
        as_json = os.environ.get("LOG_FORMAT") == "json"
        formatter = JsonFormatter() if as_json else TextFormatter(self.error_fmt, self.datefmt)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter)


def when_ready(server):
    """Prepare the port for the browsers that ask, and what was loaded for the workers.

    Browsers open connections ahead of time, and gunicorn would let each of those keep a thread
    waiting: the system holds it until something is asked on it, or HELD has passed.
    """
    if hasattr(socket, "TCP_DEFER_ACCEPT"):  # Linux has it; nginx opens none without a request
        for listener in server.LISTENERS:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, HELD)
    # What was loaded stays as long as the site runs. Python would look through all of it for
    # garbage again and again, which is a good part of what a page from memory costs, and by
    # looking alone make each worker's memory its own. What little of it is garbage stays: to look
    # for that once, here, takes a twentieth of a start, and workers would not be smaller.
    gc.freeze()


gc.disable()  # nothing that is loaded at the start is garbage


# Figures for Prometheus, on a port of their own, for this machine alone.


def pre_fork(server, worker):
    """Choose a row for the worker to count in; here, where all others are known.

    The first worker may begin before all that the site is made of is imported (see wsgi.py). The
    rest is imported when it answers, for the others to share; then it gives way to one that does.
    """
    worker.row_of_metrics = METRICS.reserve_row()
    site = sys.modules.get("veiligalmere.wsgi")
    workers = server.cfg.workers
    if site and worker.age == 2:
        site.import_all()
        limit_heap()
        gc.freeze()
        if workers > 1:
            server.num_workers = workers + 1
    elif worker.age == workers + 1:
        server.num_workers = workers  # gunicorn stops the oldest, once this one is there


def post_fork(server, worker):
    """Let the worker count in its own row."""
    gc.enable()
    METRICS.take_row(worker.row_of_metrics)


def post_worker_init(worker):
    """Begin what a worker does beside answering; whichever gets the metrics' port answers on it."""
    site = sys.modules.get("veiligalmere.wsgi")
    if site:
        site.begin()
    port = int(os.environ.get("METRICS_PORT") or 0)
    if port:
        serve_metrics("127.0.0.1", port)


def child_exit(server, worker):
    """Forget what a worker held that is gone."""
    METRICS.leave_row(worker.row_of_metrics)
