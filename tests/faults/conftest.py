"""A whole installation for the tests of faults: nginx, processes of the site, a database."""

import os
import re
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults.load import ask, wait_for
from tests.faults.stoppable import children_of
from tests.tooling.environment import ROOT
from tests.tooling.nginx import SITE_URL, Nginx, find_nginx
from tests.tooling.site import Site, free_port

WORKERS = 2  # of each gunicorn
# Of the site's log and nginx's: what was not a failure of ours, and queries that were slow only.
ANSWERED = re.compile(r'"status": [1-4]|veiligalmere.slow_queries')


@pytest.fixture(scope="session", autouse=True)
def nginx_program():
    """Fail once, and clearly, where there is no nginx."""
    assert find_nginx(), "No nginx found, and none could be installed (Debian: nginx-light)."


@contextmanager
def installation(*, machines=1, **settings):
    """Yield a site with nginx before it; `machines` stand beside each other on one database."""
    with ExitStack() as stack:
        site = stack.enter_context(
            Site(
                SITE_URL=SITE_URL,
                TRUSTED_PROXIES="127.0.0.1",
                LOG_FORMAT="json",
                ALLOWED_HOSTS="www.veiligalmere.nl 127.0.0.1",
                **settings,
            )
        )
        others = [stack.enter_context(another_process(site)) for _ in range(machines - 1)]
        ports = [site.port, *others]
        site.nginx = stack.enter_context(Nginx(ports, site.var_dir / "static"))
        site.ports = ports
        site.problems = lambda: problems(site)
        lasting_workers(site)
        yield site


@contextmanager
def another_process(site):
    """Run a second gunicorn over the database of `site`; yield its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    with (site.var_dir / f"log-{port}").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**site.environment, "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(lambda: ask(port, "/gezond/")[0] == 200)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture(scope="session")
def stack():
    """Two machines behind nginx, shared by all tests that leave it as they found it."""
    with installation(machines=2) as site:
        yield site


def workers_of(site):
    """Return the process ids of gunicorn's workers."""
    return children_of(site._process.pid)


def lasting_workers(site, number=WORKERS):
    """Return the same, once the first has given way to one like the others."""

    def have_settled():
        # That is within some two seconds from the start.
        workers = workers_of(site)
        return len(workers) == number and min(map(seconds_since_start, workers)) > 3

    wait_for(have_settled, 60)
    return workers_of(site)


def seconds_since_start(process):
    """Return for how long a process has been there; none at all if it has gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    up = float(Path("/proc/uptime").read_text().split()[0])
    return up - int(fields[19]) / os.sysconf("SC_CLK_TCK")


def on_postgresql():
    """Whether the tests run on PostgreSQL."""
    return bool(os.environ.get("TEST_DATABASE_URL"))


def problems(site):
    """Return what the processes and nginx logged beside answers that were as they should be."""
    lines = [
        line for log in site.var_dir.glob("log*") for line in log.read_text("utf-8").splitlines()
    ]
    lines += site.nginx.log().splitlines() + site.nginx.errors().splitlines()
    return "\n".join(line for line in lines if not ANSWERED.search(line))[-5000:]
