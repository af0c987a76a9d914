"""Servers under measurement: starting them, and reading what they cost from /proc."""

import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from copy import copy
from dataclasses import dataclass
from pathlib import Path

from tests.tooling.environment import ROOT
from tests.tooling.nginx import Nginx
from tests.tooling.site import free_port

TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """A server in processes of its own, on a port of 127.0.0.1; a context manager.

    `command` gets the port in place of `{port}`; `path` is the page that is asked for. What its
    `upstream`, if it has one, takes to answer it belongs to what an answer costs.
    """

    def __init__(self, command, path, *, environment, folder=ROOT, headers=()):
        self.port = free_port()
        self.path = path
        self.headers = list(headers)
        self.upstream = None
        self._command = [str(part).format(port=self.port) for part in command]
        self._options = {"env": {**environment, "PORT": str(self.port)}, "cwd": folder}

    def __enter__(self):
        started = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._options,
        )
        while True:
            try:
                with urllib.request.urlopen(self.url, timeout=30) as response:
                    self.body = response.read()
                    self.tag = response.headers.get("ETag", "")
                    # What gunicorn adds by itself it adds to any answer.
                    its_own = {"server", "date", "connection"}
                    self.answer_headers = [
                        pair for pair in response.getheaders() if pair[0].lower() not in its_own
                    ]
                break
            except urllib.error.HTTPError:
                self.__exit__()
                raise
            except OSError:
                if self._process.poll() is not None or time.monotonic() - started > 60:
                    raise
                time.sleep(0.01)
        self.seconds_to_first_answer = time.monotonic() - started
        return self

    def __exit__(self, *exception):
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def asked_with(self, *headers):
        """Return this very server, that is asked with other `headers`."""
        other = copy(self)
        other.headers = headers
        return other

    @property
    def url(self):
        """The address of the page."""
        return f"http://127.0.0.1:{self.port}{self.path}"

    def processor_seconds(self):
        """Return the processor time that all of its processes took until now."""
        upstream = self.upstream.processor_seconds() if self.upstream else 0
        return upstream + processor_seconds(self._process.pid)

    def memory_per_worker(self):
        """Return the proportional set size of one worker, in MiB: the mean over all of them."""
        sizes = []
        for pid in family(self._process.pid)[1:]:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            sizes.append(int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) / 1024)
        return sum(sizes) / max(1, len(sizes))


@dataclass(frozen=True)
class AsDeployed:
    """What `path` costs of an `nginx` of tests/tooling/nginx.py, before `upstream`, over TLS."""

    nginx: Nginx
    path: str
    upstream: Server
    headers: tuple

    @property
    def url(self):
        """The address of the page; its name is one that nginx is to answer to."""
        return f"https://localhost:{self.nginx.https_port}{self.path}"

    def processor_seconds(self):
        """Return the processor time that nginx and the site took until now."""
        return processor_seconds(self.nginx.pid) + self.upstream.processor_seconds()


def family(pid):
    """Return the numbers of a process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return found


def processor_seconds(pid):
    """Return the processor time that a process and all below it took until now."""
    ticks = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK
