"""From a fresh clone to a running site or test run, with nothing but a bare Python.

The Makefile calls this with whatever Python it found. It makes `.venv`, installs the locked
packages into it when the lock file changed since the last time, makes the secret of this
machine once, and hands over to the command that was asked for. It imports the standard
library alone, because nothing else is there yet.
"""

import fcntl
import hashlib
import json
import os
import secrets
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin/python"
STAMP = VENV / "installed.json"
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")

# What pip prints when it got no answer, as opposed to an answer that it did not like.
UNREACHABLE = (
    "Retrying (Retry(",
    "ConnectTimeoutError",
    "NewConnectionError",
    "ProxyError",
    "SSLError",
    "Temporary failure in name resolution",
)


def main() -> None:
    """Do what the command line asks for, and end with one line if that can't be."""
    match sys.argv[1:]:
        case ["install", *locks] if locks and set(locks) <= {"base", "sentry", "test"}:
            for lock in locks:
                install_packages(lock)
        case ["manage", *arguments]:
            install_packages("base")
            os.environ.setdefault("SECRET_KEY", secret_key())
            hand_over(str(ROOT / "manage.py"), *arguments)
        case ["test", *arguments]:
            install_packages("test")
            hand_over("-m", "tests.tooling.run", *arguments)
        case ["bench", *arguments]:
            install_packages("test")
            hand_over("-m", "benchmarks.run", *arguments)
        case ["manual-images"]:
            install_packages("test")
            hand_over("-m", "docs.beeld.handleiding")
        case _:
            sys.exit(
                "Usage: local.py install base|sentry|test …, "
                "or local.py manage|test|bench|manual-images …"
            )


def install_packages(name: str) -> None:
    """Make `.venv` hold the packages of `requirements/<name>.txt`; at once if it already does.

    `test.txt` contains all of `base.txt`, so installing it settles both.
    """
    settled = ["base", "test"] if name == "test" else [name]
    digests = {one: file_digest(lock_file(one)) for one in settled}
    with lock_file("base").open() as turn:
        # One at a time, should `make run` and `make test` be started together.
        fcntl.flock(turn, fcntl.LOCK_EX)
        fill_virtual_environment(lock_file(name), digests)


def lock_file(name: str) -> Path:
    """Return the file that pins the packages of `name`."""
    return ROOT / f"requirements/{name}.txt"


def fill_virtual_environment(lock: Path, digests: dict[str, str]) -> None:
    """Make `.venv` if need be, and install `lock` unless its stamp holds `digests` already."""
    if not virtual_environment_works():
        print(f"Making .venv with Python {sys.version.split()[0]} …", flush=True)
        venv.create(VENV, with_pip=True, clear=True)
    installed = json.loads(STAMP.read_text("utf-8")) if STAMP.exists() else {}
    if digests.items() <= installed.items():
        return
    print(f"Installing the packages of {lock.relative_to(ROOT)} …", flush=True)
    pip_install(lock)
    STAMP.write_text(json.dumps({**installed, **digests}), "utf-8")


def virtual_environment_works() -> bool:
    """Whether `.venv` still starts: it does not after its Python was removed or half made."""
    if not VENV_PYTHON.exists():
        return False
    check = [VENV_PYTHON, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0  # noqa: S603


def pip_install(lock: Path) -> None:
    """Install exactly what `lock` names, or end with one clear line; the whole log is kept."""
    command = [VENV_PYTHON, "-m", "pip", "install", "--no-deps", "--require-hashes", "--no-input"]
    command += ["--disable-pip-version-check", "--retries", "2", "--requirement", lock]
    result = subprocess.run(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if result.returncode == 0:
        return
    VAR.mkdir(parents=True, exist_ok=True)
    log = VAR / "pip.log"
    log.write_text(result.stdout, "utf-8")
    if any(sign in result.stdout for sign in UNREACHABLE):
        reason = "the package registry cannot be reached; check the network or pip's settings"
    else:
        errors = [line for line in result.stdout.splitlines() if line.startswith("ERROR:")]
        reason = (
            errors[0].removeprefix("ERROR: ") if errors else f"pip stopped with {result.returncode}"
        )
    sys.exit(f"Could not install the packages: {reason} (log: {log}).")


def secret_key() -> str:
    """The secret of this machine, made on the first call and readable by its owner alone."""
    VAR.mkdir(parents=True, exist_ok=True)
    path = VAR / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    secret = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    return secret


def file_digest(path: Path) -> str:
    """Return the SHA-256 of the file, by which a changed lock is known."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hand_over(*arguments: str) -> None:
    """Become the virtual environment's Python, so that signals and exit codes are its own."""
    os.chdir(ROOT)
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), *arguments])  # noqa: S606


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"Could not get ready: {error}")
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next run goes on from here.")
