"""`make bench`: what an answer costs, of the site, of nginx, of gunicorn and of Wagtail.

Everything runs in one go on this machine, in rounds in which each variant has its turn, so that
what else the machine does weighs on all alike. Only ratios within one run mean something.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.processes import AsDeployed, Server
from tests.tooling import debian, postgres
from tests.tooling.environment import ROOT, environment_for
from tests.tooling.nginx import Nginx, find_nginx

CONNECTIONS = 16
STARTS = 7  # of each server; each takes some seconds
VISITS = 8  # of every page: with two workers, either has then nearly surely made it
SETTLED = 20  # seconds from when one worker made all pages anew until the other surely has
ENOUGH = 250  # pages to visit; all of ten thousand take an hour
SIZES = "the plan as loaded", "10 plans of 1,000 actions more"
OF_A_FILE = {"content-type", "content-length", "etag"}  # headers that nginx gives it
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PAGE = "/jaarplan/2020/acties/cyber-24/"
GUNICORN = ["-m", "gunicorn", "--config", ROOT / "deploy/gunicorn.conf.py"]
FILE, WHOLE, BEHIND = "nginx, a file", "nginx, that file with our headers", "ours behind nginx"
INSTALLED = "nginx as Debian installs it, a file"
HIT, GZIP, COLD, WAGTAIL = "ours, hit", "ours, hit, gzip", "ours, cold", "Wagtail"
DEPLOYED_FILE, DEPLOYED = "nginx as deployed, a file", "ours behind nginx as deployed"
# As every browser, all say what they accept: reading that costs gunicorn something too.
PLAIN = ("Accept-Encoding: identity",)
KEPT_OPEN = "open_file_cache max=1000 inactive=60s;"
# As in deploy/nginx/veiligalmere.conf and around it in Debian, but without TLS and the log.
NGINX = """
{user}
daemon off; pid {folder}/pid; error_log {folder}/error.log crit; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    types {{ text/html html; }}
    access_log off; {kept_open} sendfile on; tcp_nopush on;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache levels=1:2 keys_zone=va:10m use_temp_path=off;
    server {{
        listen 127.0.0.1:{{port}};
        location = /page.html {{ root {folder}; {headers} }}
        location / {{
            proxy_pass http://127.0.0.1:{upstream};
            proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_set_header Host 127.0.0.1;
            proxy_cache va; proxy_cache_key "$host$request_uri"; proxy_ignore_headers Vary;
            proxy_cache_lock on; proxy_cache_revalidate on;
            proxy_cache_use_stale error timeout http_500 http_502 http_503 http_504;
        }}
    }}
}}
"""


# Makes all that is kept old.
PUBLISH = """
import django
django.setup()
from veiligalmere.editorial.content_version import raise_content_version
raise_content_version()
"""


def main():
    """Measure what the arguments ask for, and print it as a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    # Many short turns rather than a few long ones: the machine's speed changes by the minute, and
    # what is compared in one round met the same.
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=int, default=1, help="of each turn")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    arguments = parser.parse_args()
    if not find_nginx() or not (shutil.which("wrk") or debian.install("wrk")):
        sys.exit("make bench needs nginx and wrk (Debian: nginx-light, wrk).")
    wagtail_python = wagtail_environment()
    with tempfile.TemporaryDirectory(prefix="veiligalmere-bench-") as name:
        print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {CONNECTIONS} connections, ")
        print(f"{arguments.rounds} rounds of {arguments.seconds} s each.\n")
        for database in ("sqlite", "postgresql"):
            if arguments.database in {database, "both"}:
                with databases(database) as new_database:
                    for size in SIZES:
                        folder = Path(name) / f"{database}-{size.split()[0]}"
                        folder.mkdir()
                        title = f"{NAMES[database]}, {size}"
                        measure(title, folder, new_database, wagtail_python, arguments)
    print("\n### Search, in SQLite\n", flush=True)
    subprocess.run([sys.executable, "-m", "benchmarks.search"], cwd=ROOT, check=True)


@contextmanager
def databases(kind):
    """Yield a context manager that makes an empty database of `kind` and gives its address.

    It takes a path; SQLite's file stands there.
    """
    if kind == "sqlite":
        yield lambda path: nullcontext(f"sqlite:///{path}")
        return
    binaries = postgres.find_binaries() or (
        debian.install("postgresql") and postgres.find_binaries()
    )
    if not binaries:
        sys.exit("make bench needs PostgreSQL (Debian: postgresql), or --database=sqlite.")
    with postgres.throw_away_server(binaries) as server:
        yield lambda path: postgres.new_database(server)


def wagtail_environment():
    """Return the Python that has Wagtail, in a virtual environment made for it in var/."""
    folder = ROOT / "var/bench-venv"
    python = folder / "bin/python"
    lock = ROOT / "requirements/bench.txt"
    stamp = folder / "installed.txt"
    if not stamp.exists() or stamp.read_text("utf-8") != lock.read_text("utf-8"):
        print("Installing Wagtail, for the comparison alone …", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        install = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--quiet",
            "--require-hashes",
            "-r",
            lock,
        ]
        subprocess.run(install, check=True)
        stamp.write_text(lock.read_text("utf-8"), "utf-8")
    return python


def measure(title, folder, new_database, wagtail_python, arguments):
    """Measure one size of content on one kind of database, and print its tables."""
    with new_database(folder / "ours.sqlite3") as ours, new_database(folder / "theirs") as theirs:
        environment = environment_for(folder, PYTHONPATH=str(ROOT), DATABASE_URL=ours)
        measure_on(title, folder, environment, theirs, wagtail_python, arguments)


def measure_on(title, folder, environment, wagtail_database, wagtail_python, arguments):
    """Measure as `measure` does, on databases that are there."""
    # A server starts from compiled modules; the first start compiles them.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout

    for command in ("migrate", "load_jaarplan"):
        run("manage.py", command, "--verbosity=0")
    run("manage.py", "collectstatic", "--no-input", "--verbosity=0")
    is_large = SIZES[1] in title
    if is_large:
        run("-m", "benchmarks.fill")
    with ExitStack() as stack:
        wagtail = wagtail_server(folder, environment, wagtail_python, wagtail_database)
        servers = start_all(stack, folder, environment, wagtail)
        results = {name: [] for name in servers}
        for number in range(arguments.rounds):
            # There and back: whoever always came second would always meet what the first left.
            for name in list(servers)[:: -1 if number % 2 else 1]:
                results[name].append(turn(servers[name], arguments.seconds))
        theirs = servers[WAGTAIL]
        memory_of_theirs = theirs.memory_per_worker()
    # As it is served: with the pages that it kept before it was stopped.
    command = [sys.executable, *GUNICORN, "veiligalmere.wsgi"]
    again = Server(command, PAGE, environment={**environment, "WARM_PAGES": str(ENOUGH)})
    starts = {again: [], servers[HIT]: [], theirs: []}
    saved = folder / "pages" / str(again.port)
    with again:
        wait_for_pages(saved)
    for _ in range(STARTS):
        for server, seconds in starts.items():
            with server:
                seconds.append(server.seconds_to_first_answer)
    memory = {}
    with again:
        # Ours having made every page, and not only the one that was measured.
        before = saved.stat().st_mtime_ns
        run("-c", PUBLISH)
        visit_all(again)
        memory["its pages visited"] = again.memory_per_worker()
        wait_for_pages(saved, before)
        time.sleep(SETTLED)
        memory["all its pages made anew"] = again.memory_per_worker()
    print(f"\n### {title}\n")
    print_table(results)
    print_comparison(results, memory, memory_of_theirs, *starts.values())
    first, *every = run("-m", "benchmarks.all_pages", PAGE, "first" if is_large else "all").split()
    print(f"\nThe first page of a content version: {float(first) * 1000:.1f} ms.", flush=True)
    if every:
        print(
            f"Every public page once, cold: {every[0]} pages in {float(every[1]):.3f} s.",
            flush=True,
        )


def wait_for_pages(path, before=None):
    """Return once a site saved the pages that it keeps in the file at `path`, after `before`."""
    deadline = time.monotonic() + 120
    while not path.exists() or path.stat().st_mtime_ns == before:
        if time.monotonic() > deadline:
            raise RuntimeError("The site saved no pages.")
        time.sleep(0.1)


def visit_all(server):
    """Ask `server` for the pages of the sitemap, often enough for each of its workers."""
    address = server.url.removesuffix(server.path)
    for _ in range(VISITS):
        with urllib.request.urlopen(f"{address}/sitemap.xml", timeout=30) as response:
            pages = re.findall(r"<loc>https?://[^/]+(/[^<]*)", response.read().decode())
        for page in pages[:ENOUGH]:
            with urllib.request.urlopen(address + page, timeout=30) as response:
                response.read()


def start_all(stack, folder, environment, wagtail):
    """Start every server; return {variant: Server}."""

    def site(**more):
        application = more.pop("application", "veiligalmere.wsgi")
        headers = more.pop("headers", ())
        command = [sys.executable, *GUNICORN, application]
        return stack.enter_context(
            Server(command, PAGE, environment={**environment, **more}, headers=headers)
        )

    hit = site(headers=PLAIN)
    # Of the same processes: what two of them take for the same work differs by some percent.
    gzipped = hit.asked_with("Accept-Encoding: gzip")
    not_modified = hit.asked_with(*PLAIN, f"If-None-Match: {hit.tag}")
    logged = site(headers=PLAIN, LOG_FORMAT="json", REQUEST_LOG="1")
    cold = site(application="benchmarks.cold:application", headers=PLAIN)
    page = folder / "page.html"
    page.write_bytes(hit.body)
    answer = folder / "page.json"
    answer.write_text(json.dumps({"headers": hit.answer_headers, "body": hit.body.decode()}))
    constant = site(
        application="benchmarks.constant:application", headers=PLAIN, BENCH_PAGE=str(answer)
    )
    installed = nginx(folder, "installed", "/page.html", hit.port, kept_open="")
    installed = stack.enter_context(installed)
    static = stack.enter_context(nginx(folder, "static", "/page.html", hit.port))
    whole = nginx(folder, "whole", "/page.html", hit.port, hit.answer_headers)
    whole = stack.enter_context(whole)
    behind = stack.enter_context(nginx(folder, "behind", PAGE, hit.port))
    behind.upstream = hit
    collected = folder / "collected"
    collected.mkdir()
    shutil.copy(page, collected)
    deployed = stack.enter_context(Nginx([hit.port], collected, also="localhost"))
    stack.enter_context(wagtail)
    # What is compared stands side by side, so that both meet the same machine.
    return {
        INSTALLED: installed,
        FILE: static,
        BEHIND: behind,
        WHOLE: whole,
        DEPLOYED_FILE: AsDeployed(deployed, "/static/page.html", hit, PLAIN),
        DEPLOYED: AsDeployed(deployed, PAGE, hit, PLAIN),
        "gunicorn, a constant": constant,
        HIT: hit,
        GZIP: gzipped,
        "ours, 304": not_modified,
        "ours, hit, with a log line": logged,
        COLD: cold,
        WAGTAIL: wagtail,
    }


def nginx(folder, name, path, upstream, headers=(), kept_open=KEPT_OPEN):
    """Return a server that is nginx, before the site on port `upstream`.

    Its file goes out with those of `headers`, pairs, that nginx does not give it by itself.
    `kept_open` is the setting by which it keeps files open, as deploy/nginx/ has; Debian has none.
    """
    own = folder / f"nginx-{name}"
    own.mkdir()
    shutil.copy(folder / "page.html", own)
    user = "user root;" if os.geteuid() == 0 else ""
    added = " ".join(
        f"add_header {one} {json.dumps(value)};"
        for one, value in headers
        if one.lower() not in OF_A_FILE
    )
    text = NGINX.format(
        folder=own, user=user, upstream=upstream, headers=added, kept_open=kept_open
    )
    command = [find_nginx(), "-c", own / "nginx.conf"]
    server = Server(command, path, environment=dict(os.environ), headers=PLAIN)
    (own / "nginx.conf").write_text(text.replace("{port}", str(server.port)), "utf-8")
    return server


def wagtail_server(folder, environment, python, database):
    """Return a server of the Wagtail site, filled with what the site of `environment` has."""
    content = folder / "content.json"
    dump = [sys.executable, "-m", "benchmarks.content"]
    content.write_bytes(
        subprocess.run(dump, cwd=ROOT, env=environment, check=True, capture_output=True).stdout
    )
    variables = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "wagtail_site.settings",
        "PYTHONPATH": str(ROOT / "benchmarks"),
        "DATABASE_URL": database,
        "BENCH_CONTENT": str(content),
    }
    fill = [python, "-m", "wagtail_site.fill"]
    done = subprocess.run(fill, cwd=folder, env=variables, check=True, stdout=subprocess.PIPE)
    path = done.stdout.decode().split()[-1]
    command = [python, "-m", "gunicorn", "--worker-class=gthread", "--workers=2", "--threads=4"]
    command += ["--bind=127.0.0.1:{port}", "wagtail_site.wsgi"]
    return Server(command, path, environment=variables, folder=folder, headers=PLAIN)


def turn(server, seconds):
    """Let wrk ask for the page; return (requests a second, processor seconds a request)."""
    command = ["wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s"]
    for header in server.headers:
        command += ["--header", header]
    before = server.processor_seconds()
    output = subprocess.run(
        [*command, server.url], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    spent = server.processor_seconds() - before
    requests = int(re.search(r"(\d+) requests in", output)[1])
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    if failed or not requests:
        raise RuntimeError(f"{server.url} failed:\n{output}")
    return requests / seconds, spent / requests


def print_table(results):
    """Print the medians of the turns, and of their ratios to nginx and a constant in each round."""
    files, constants = results[FILE], results["gunicorn, a constant"]
    print("| variant | requests/s | ratio to nginx | CPU ms/request | ratio to a constant |")
    print("|---|---:|---:|---:|---:|")
    for name, turns in results.items():
        rate, cost = (median(column) for column in zip(*turns, strict=True))
        to_file, to_constant = rate_ratio(turns, files), cost_ratio(turns, constants)
        print(f"| {name} | {rate:.0f} | {to_file:.3f} | {cost * 1000:.3f} | {to_constant:.2f} |")

    for ours, base in (
        *((BEHIND, INSTALLED), (BEHIND, FILE), (BEHIND, WHOLE)),
        (DEPLOYED, DEPLOYED_FILE),
    ):
        ratio = rate_ratio(results[ours], results[base])
        print(f"\n{ours}: {ratio:.2f} × the requests of {base}.")
    ratio = cost_ratio(results[GZIP], results[HIT])
    print(f"\n{GZIP}: {ratio:.2f} × the processor time of {HIT}.")


def rate_ratio(turns, base):
    """Return the median, over the rounds, of the ratio of requests a second."""
    return median(one[0] / other[0] for one, other in zip(turns, base, strict=True))


def cost_ratio(turns, base):
    """Return the median, over the rounds, of the ratio of processor time a request."""
    return median(one[1] / other[1] for one, other in zip(turns, base, strict=True))


def print_comparison(results, memory, memory_of_theirs, again, anew, wagtail):
    """Print what a cold page, memory (MiB) and a start (s) cost: ours, then Wagtail's.

    `memory` is ours in several states, as {state: size}; `again` are starts with the pages that
    were kept before, `anew` those without.
    """
    cold = [[cost * 1000 for _rate, cost in results[name]] for name in (COLD, WAGTAIL)]
    print("\n| | ours | Wagtail | ratio |\n|---|---:|---:|---:|")
    for what, (ours, theirs) in (
        ("CPU of a cold page, ms", cold),
        *(
            (f"memory of a worker (PSS), {state}, MiB", ([size], [memory_of_theirs]))
            for state, size in memory.items()
        ),
        ("start to first answer, s", (again, wagtail)),
        ("the same with no page kept of before, s", (anew, wagtail)),
    ):
        ratio = median(one / other for one, other in zip(ours, theirs, strict=True))
        print(f"| {what} | {median(ours):.2f} | {median(theirs):.2f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
