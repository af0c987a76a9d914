"""A throw-away PostgreSQL server, and databases on one."""

import os
import pwd
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGINT
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
DROP = "DROP DATABASE {} WITH (FORCE)"
# Nothing here has to survive a crash.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def find_binaries():
    """Return the folder with `initdb` and `postgres`, the newest version first, or None."""
    found = [folder for pattern in FOLDERS for folder in Path("/").glob(pattern[1:])]
    found.sort(key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))], reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    return next((f for f in found if (f / "initdb").exists() and (f / "postgres").exists()), None)


@contextmanager
def throw_away_server(binaries):
    """Run a new, empty server for the time of the context; yield its address.

    It listens on a socket in a folder of its own, so that it meets no other server and takes no
    port. It refuses to run as root, so for root it runs as another user. All of it is gone
    afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="veiligalmere-pg-") as name:
        folder = Path(name)
        options = {"cwd": folder, "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        if os.geteuid() == 0:
            account = unprivileged_account()
            os.chown(folder, account.pw_uid, account.pw_gid)
            options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        run_initdb(binaries, folder / "data", options)
        command = [binaries / "postgres", "-D", folder / "data", "-k", folder]
        for setting in ("listen_addresses=", *FAST):
            command += ["-c", setting]
        log = folder / "log"
        with log.open("wb") as output:
            # In a session of its own, so that Ctrl-C reaches the tests and not their database.
            server = subprocess.Popen(command, stdout=output, start_new_session=True, **options)
            try:
                address = f"postgresql://postgres@{quote(name, safe='')}/postgres"
                wait_until_ready(server, address, log)
                yield address
            finally:
                # "Fast shutdown": it ends open connections instead of waiting for them.
                server.send_signal(SIGINT)
                try:
                    server.wait(20)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()


def unprivileged_account():
    """Return the account that root's server runs as."""
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def run_initdb(binaries, data, options):
    """Make the data folder.

    Text sorts as in Dutch where the version can (15 and later): unlike in SQLite, so that a test
    that leans on the order of texts fails on one of the two.
    """
    command = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]
    command += ["--encoding=UTF8", "--locale=C"]
    version = subprocess.run([command[0], "--version"], capture_output=True, text=True, check=True)
    if int(re.search(r"\d+", version.stdout)[0]) >= 15:
        command += ["--locale-provider=icu", "--icu-locale=nl"]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **options)
    if result.returncode:
        raise RuntimeError(f"initdb failed:\n{result.stdout}")


def wait_until_ready(server, address, log, seconds=30):
    """Return when the server answers; raise RuntimeError with its log if it does not in time."""
    deadline = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text('utf-8', 'replace')}")


def server_version(address):
    """Return the version of the server at `address`, as "15.18"."""
    with psycopg.connect(address) as connection:
        return connection.execute("SHOW server_version").fetchone()[0].split()[0]


@contextmanager
def new_database(server, like=None):
    """Make a database on `server` for the time of the context; yield its address.

    It is empty, or a copy of the one at the address `like`, to which nobody may be connected.
    """
    name = f"site_{secrets.token_hex(4)}"
    _create(server, name, like)
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        run_sql(server, DROP, name)


def replace_database(server, name, like=None):
    """Make the database `name` anew: empty, or a copy of the one at the address `like`.

    Whoever is connected to it is no longer.
    """
    run_sql(server, DROP, name)
    _create(server, name, like)


def _create(server, name, like):
    if like:
        original = urlsplit(like).path.removeprefix("/")
        run_sql(server, "CREATE DATABASE {} TEMPLATE {}", name, original)
    else:
        run_sql(server, "CREATE DATABASE {}", name)


def run_sql(server, statement, *names):
    """Run one statement outside a transaction, with `names` quoted for their places."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
