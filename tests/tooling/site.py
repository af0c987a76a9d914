"""The site as visitors meet it: served by gunicorn, DEBUG off, over a database of its own."""

import secrets
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.tooling.accounts import ROLES
from tests.tooling.environment import ROOT, environment_for
from tests.tooling.prepared import prepared_database


@dataclass(frozen=True)
class Account:
    """What one types to log in."""

    username: str
    password: str


class Site:
    """A server in a process of its own, made ready by the command behind `make run`.

    A context manager: inside it the server answers at `url` (without a closing slash), there is
    an account for each role in `accounts`, and `log()` is what the server has said so far. Its
    database is of the kind that the tests run on, with the Jaarplan in it. `settings` are
    environment variables.
    """

    def __init__(self, **settings):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        password = secrets.token_urlsafe(12)
        self.accounts = {role: Account(role, password) for role in ROLES}
        self._settings = {"PORT": str(self.port), **settings}
        self._cleanup = ExitStack()

    def __enter__(self):
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="veiligalmere-site-"))
            self.var_dir = Path(folder)
            if "DATABASE_URL" not in self._settings:
                database = stack.enter_context(prepared_database(self.var_dir))
                self._settings["DATABASE_URL"] = database
            self.environment = environment_for(self.var_dir, **self._settings)
            self._log = self.var_dir / "log"
            self._process = self._start()
            stack.callback(self._stop)
            self._wait_until_ready()
            self.run("-m", "tests.tooling.accounts", self.accounts[ROLES[0]].password)
            self._cleanup = stack.pop_all()
        return self

    def __exit__(self, *exception):
        self._cleanup.close()

    def run(self, *arguments):
        """Run Python with `arguments` in the site's environment; return what it printed."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        ).stdout

    def log(self):
        """Return what the server has printed."""
        return self._log.read_text("utf-8", "replace")

    def _start(self):
        with self._log.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _stop(self):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait_until_ready(self, seconds=180):
        deadline = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < deadline:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
                try:
                    # Any answer will do: whether it is a happy one, the tests will tell.
                    connection.request("HEAD", "/")
                    connection.getresponse()
                except OSError:
                    time.sleep(0.1)
                else:
                    return
        raise RuntimeError(f"The site did not start:\n{self.log()}")


def free_port():
    """Return a port that nothing on this machine listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
