"""A PostgreSQL that a test pulls the plug of, with all that keeps data safe switched on."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from signal import SIGCONT, SIGQUIT, SIGSTOP
from urllib.parse import quote

from tests.tooling import postgres


class StoppableServer:
    """A server of its own; a context manager. `address` stays the same over stops and starts."""

    def __enter__(self):
        self._binaries = postgres.find_binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="veiligalmere-pg-"))
        self._options = {"cwd": self._folder, "stdin": subprocess.DEVNULL}
        self._options["stderr"] = subprocess.STDOUT
        if os.geteuid() == 0:
            account = postgres.unprivileged_account()
            os.chown(self._folder, account.pw_uid, account.pw_gid)
            self._options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        postgres.run_initdb(self._binaries, self._folder / "data", self._options)
        self.address = f"postgresql://postgres@{quote(str(self._folder), safe='')}/postgres"
        self.start()
        return self

    def __exit__(self, *exception):
        self.thaw()
        self.pull_the_plug()
        shutil.rmtree(self._folder)

    def start(self):
        """Start it, on the data that it had; return when it answers."""
        command = [self._binaries / "postgres", "-D", self._folder / "data", "-k", self._folder]
        command += ["-c", "listen_addresses="]
        log = self._folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command, stdout=output, start_new_session=True, **self._options
            )
        postgres.wait_until_ready(self._process, self.address, log)

    def pull_the_plug(self):
        """Stop it at once, without a word to who is connected and without finishing anything."""
        self._process.send_signal(SIGQUIT)
        self._process.wait(30)

    def freeze(self):
        """Let it hang: it takes connections and questions, and answers nothing."""
        self._send_to_all(SIGSTOP)

    def thaw(self):
        """Let it go on where it was."""
        self._send_to_all(SIGCONT)

    def _send_to_all(self, number):
        # First the one that would start others. Those are in process groups of their own.
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, number)
        for process in children_of(self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(process, number)


def children_of(process):
    """Return the ids of the processes that `process` started; none if it is gone."""
    children = Path(f"/proc/{process}/task/{process}/children")
    return [int(number) for number in children.read_text().split()] if children.exists() else []
