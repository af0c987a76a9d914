"""`make test`: lint, then the suite on SQLite and on PostgreSQL, at the same time.

One process for each database keeps both cores of a small machine busy. The first writes to the
screen, the second to a file that is shown when the first is done.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.tooling import audit, browser, debian, postgres
from tests.tooling.environment import ROOT, environment_for

NO_TESTS = 5  # pytest's exit code when it ran none
# Which tests on SQLite, and which on PostgreSQL. What is the same on any database is tested on one
# of the two by `make test`, so that it stays short and both cores are busy till the end, and on
# the other by `make test-slow`; together they leave nothing out but what is tested on one only.
QUICK = "not slow and not first_on_postgresql", "not slow and not first_on_sqlite"
SLOW = (
    "(slow or first_on_postgresql) and not only_on_postgresql",
    "(slow or first_on_sqlite) and not only_on_sqlite",
)
WITHOUT_POSTGRESQL = "not slow", "slow"
UNTESTED = "NOT TESTED ON POSTGRESQL: no server found and none could be installed."


def main():
    """Run what the arguments ask for and exit with its code; pytest gets the arguments left."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lint", action="store_true", help="only the linters")
    parser.add_argument("--slow", action="store_true", help="the slow tests, and no linters")
    arguments, for_pytest = parser.parse_known_args()
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda number, frame: sys.exit(128 + number))
    started = time.monotonic()
    try:
        outcome = run(arguments, for_pytest)
    except KeyboardInterrupt:
        outcome = "interrupted"
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    print(f"\n{outcome or 'All green'} ({minutes} min {seconds} s).", flush=True)
    sys.exit(bool(outcome))


def run(arguments, for_pytest):
    """Do the steps; return what is wrong in a few words, or None."""
    if not arguments.slow and (failed := lint()):
        return f"Lint failed: {', '.join(failed)}"
    if arguments.lint:
        return None
    if missing := lacking():
        return missing
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="veiligalmere-run-")))
        address = stack.enter_context(postgresql())
        if address:
            on_sqlite, on_postgresql = SLOW if arguments.slow else QUICK
        else:
            on_sqlite = WITHOUT_POSTGRESQL[arguments.slow]
        suites = [Suite("SQLite", folder, ["-m", on_sqlite, *for_pytest])]
        if address:
            name = f"PostgreSQL {postgres.server_version(address)}"
            chosen = ["-m", on_postgresql, *for_pytest]
            suites.append(Suite(name, folder, chosen, TEST_DATABASE_URL=address))
        print(f"\nTesting on {' and '.join(suite.name for suite in suites)} …", flush=True)
        for suite in suites:
            stack.enter_context(suite)
        codes = {suite.name: suite.show() for suite in suites}
    failed = [name for name, code in codes.items() if code not in {0, NO_TESTS}]
    if set(codes.values()) == {NO_TESTS}:
        outcome = "No test was run"
    elif failed:
        outcome = f"Tests failed on {' and '.join(failed)}"
    else:
        # A developer may go without PostgreSQL, but not what decides whether a change lands.
        outcome = None if address or not os.environ.get("CI") else "Tests left out"
    if not address:
        print(f"\n{UNTESTED}")
    return outcome


def lint():
    """Run every linter and check; return the names of those that failed."""
    templates = sorted(map(str, ROOT.glob("templates/**/*.html")))
    manage = [sys.executable, "manage.py"]
    with tempfile.TemporaryDirectory(prefix="veiligalmere-lint-") as folder:
        environment = environment_for(folder)
        steps = {
            "ruff check": [tool("ruff"), "check", "--quiet", "--output-format=concise"],
            "ruff format": [tool("ruff"), "format", "--check", "--quiet"],
            "djade": [tool("djade"), "--target-version", "5.2", "--check", *templates],
            "import-linter": [tool("lint-imports"), "--no-cache"],
            "manage.py check": [*manage, "check", "--fail-level", "WARNING"],
            "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        }
        failed = [name for name, command in steps.items() if not passes(name, command, environment)]
    return failed if audited() else [*failed, "audit of packages"]


def passes(name, command, environment):
    """Run one lint step and print its outcome, with what it said if it failed."""
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(f"lint · {name}: {'failed' if result.returncode else 'ok'}", flush=True)
    if result.returncode:
        print(result.stdout, flush=True)
    return result.returncode == 0


def audited():
    """Audit the locked packages and print the outcome; return whether nothing is known of them."""
    try:
        known = audit.audit()
    except audit.NotAudited as why:
        print(f"lint · audit of packages: NOT AUDITED, the advisories were not reached: {why}.")
        return True
    print(f"lint · audit of packages: {'failed' if known else 'ok'}", flush=True)
    for line in known:
        print(line)
    return not known


def tool(name):
    """Return the path of a program in this virtual environment."""
    return str(Path(sys.executable).with_name(name))


def found_or_installed(find, package):
    """Return what `find` finds, if need be after installing Debian's package, or None."""
    return find() or (find() if debian.install(package) else None)


def lacking():
    """Return in a sentence what the browser tests lack and could not be installed, or None."""
    if not found_or_installed(browser.find_chromium, "chromium"):
        return "No Chromium or Chrome found: install one, or name it with CHROMIUM=/its/path"
    if not found_or_installed(browser.driver_starts, "libatomic1"):
        return "Playwright's driver does not start: install libatomic (Debian: libatomic1)"
    return None


@contextmanager
def postgresql():
    """Yield the address of a PostgreSQL to test on, or None.

    It is the server that TEST_DATABASE_URL names, or else a throw-away one; never a server that
    happens to run.
    """
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield named
        return
    binaries = found_or_installed(postgres.find_binaries, "postgresql")
    if not binaries:
        yield None
        return
    with postgres.throw_away_server(binaries) as address:
        yield address


class Suite:
    """The test suite on one database, in a process of its own for the time of the context."""

    def __init__(self, name, folder, for_pytest, **environment):
        self.name = name
        self._output = folder / f"{name}.txt"
        cache = ROOT / ".pytest_cache" / name.split()[0]
        self._command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache}", *for_pytest]
        if sys.stdout.isatty():
            self._command.append("--color=yes")
        # Hundreds of processes of the site are started: each would compile all of it anew.
        ours = {"TEST_DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}
        others = {k: v for k, v in os.environ.items() if k not in ours}
        self._environment = {**others, **environment}

    def __enter__(self):
        with self._output.open("wb") as output:
            # A process group of its own, so that all that a suite started can be ended with it.
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def __exit__(self, *exception):
        if self._process.poll() is None:
            # As Ctrl-C does, so that the fixtures still stop their servers.
            self._process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def show(self):
        """Print the suite's output until it ends; return pytest's exit code."""
        print(f"\n──── {self.name} ────", flush=True)
        with self._output.open("rb") as output:
            while True:
                ended = self._process.poll() is not None
                sys.stdout.buffer.write(output.read())
                sys.stdout.flush()
                if ended:
                    return self._process.returncode
                time.sleep(0.2)


if __name__ == "__main__":
    main()
