"""Processes that are killed, reloaded, or stormed."""

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from tests.faults.conftest import installation, lasting_workers, workers_of
from tests.faults.editing import Editor
from tests.faults.load import Visitors, ask, wait_for
from tests.tooling.environment import ROOT
from tests.tooling.site import Site

pytestmark = pytest.mark.slow

# Each publication changes two rows, which the page reads by two queries: the first as
# the back-office publishes, the others as fast as fifty a second.
PUBLISH = """
import sys, time, django
django.setup()
from django.db import transaction
from plan.models import Action, AnnualPlan
from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.editorial.publish import publish
from veiligalmere.editorial.versions import Version
plans = AnnualPlan.objects.filter(year=2020)
actions = Action.objects.filter(slug="cyber-24")
published, total = int(sys.argv[1]), int(sys.argv[2])
before = Version.objects.of(actions.get()).published().count()
began = time.monotonic()
for number in range(1, total + 1):
    started = time.monotonic()
    with transaction.atomic():
        plans.update(title=f"Plan nummer {number}")
        actions.update(title=f"Actie nummer {number}")
        if number <= published:
            publish(plans.get())
            publish(actions.get())
        else:
            raise_content_version()
    if number == published:
        between = time.monotonic()
    time.sleep(max(0, 0.02 - (time.monotonic() - started)))
print(
    Version.objects.of(actions.get()).published().count() - before,
    round(published / (between - began)),
    round((total - published) / (time.monotonic() - between)),
)
"""
PUBLISHED, TOTAL = 20, 250  # as the back-office does, PDFs are made anew each time
ACTION = "/jaarplan/2020/acties/cyber-24/"
NUMBERS = re.compile(r"(?:Plan|Actie) nummer (\d+)")


KILLS = 60  # after which the test gives up that one hits a save
HITS = 5


def test_a_save_that_is_killed_is_whole_or_not_there_and_no_saved_work_is_lost():
    with installation() as site:
        editor = Editor(site)
        numbers = itertools.count()
        assert editor.add_action(next(numbers))[0] == 302
        (whole,) = editor.actions()[0].values()
        assert all(whole), "it has something of each part"
        saving = {}  # by thread: the number of the action that is being saved
        acknowledged, hit = {"Proef 0"}, set()

        def save():
            number = next(numbers)
            time.sleep(0.3)  # four hasty editors, yet below what nginx allows from one address
            saving[threading.get_ident()] = number
            status, _text = editor.add_action(number)
            del saving[threading.get_ident()]
            if status == 302:
                acknowledged.add(f"Proef {number}")
            return status, number

        def answers():
            return {number: status for status, number in list(writers.seen)}

        with Visitors(4, save) as writers:
            for kill in range(KILLS):
                wait_for(lambda: saving)
                time.sleep(0.02 * (kill % 10))  # at another point of the save each time
                under_way = set(saving.values())
                for worker in workers_of(site):
                    os.kill(worker, signal.SIGKILL)
                wait_for(lambda under_way=under_way: under_way <= answers().keys(), 60)
                hit |= {number for number in under_way if answers()[number] != 302}
                if len(hit) >= HITS:
                    break
                enough = len(acknowledged) + 1
                wait_for(lambda enough=enough: len(acknowledged) >= enough, 60)
            enough = len(acknowledged) + 5
            wait_for(lambda: len(acknowledged) >= enough, 60)
        assert len(hit) >= HITS, "kills came while something was being saved"
        found, labels = editor.actions()
        assert acknowledged <= found.keys()
        halves = {title: parts for title, parts in found.items() if parts != whole}
        assert not halves
        assert labels == sorted(found), "no draft without its action"
        assert set(answers().values()) <= {302, 503, 0}, "an answer that says what it is"
        assert site.nginx.get("/")[0] == 200


@pytest.mark.parametrize("number", [2, 3])
def test_the_first_worker_gives_way_under_load_and_fails_no_request(number):
    """It may have begun before all was imported that the others share: see gunicorn.conf.py."""
    search = itertools.count()
    settings = {"GUNICORN_CMD_ARGS": f"--workers {number}"}
    with Site(ALLOWED_HOSTS="www.veiligalmere.nl 127.0.0.1", **settings) as site:

        def visit():
            # Not from any cache.
            return ask(site.port, f"/zoeken/?woorden=overlast{next(search)}")[0]

        site._stop()
        site._process = site._start()
        site._wait_until_ready()
        first = workers_of(site)[0]
        with Visitors(8, visit) as visitors:
            lasting = lasting_workers(site, number)
            answered = len(visitors.seen)
            wait_for(lambda: len(visitors.seen) > answered + 16, 60)
        assert first not in lasting
        assert workers_of(site) == lasting
        assert set(visitors.seen) == {200}, site.log()


def test_a_reload_under_load_fails_no_request():
    with installation() as site:
        search = itertools.count()

        def visit():
            # Not from any cache.
            status, _headers, _body = site.nginx.get(f"/zoeken/?woorden=overlast{next(search)}")
            return status

        editor = Editor(site)
        numbers = itertools.count()

        def save():
            number = next(numbers)
            time.sleep(0.3)  # below what nginx allows from one address
            return editor.add_action(number)[0], f"Proef {number}"

        before = set(workers_of(site))
        with Visitors(8, visit) as visitors, Visitors(3, save) as writers:
            for _ in range(3):
                answered = len(visitors.seen), len(writers.seen)
                site._process.send_signal(signal.SIGHUP)
                wait_for(lambda since=answered: len(visitors.seen) > since[0] + 16, 60)
                wait_for(lambda since=answered: len(writers.seen) > since[1] + 6, 60)
        wait_for(lambda: len(workers_of(site)) == 2)
        assert not before & set(workers_of(site))
        assert set(visitors.seen) == {200}, site.problems()
        assert {status for status, _title in writers.seen} == {302}, site.problems()
        assert editor.actions()[0].keys() == {title for _status, title in writers.seen}


def test_a_restart_on_another_version_fails_no_request_while_systemd_holds_the_port():
    """As by veiligalmere-web.socket: the socket is there before the site, and after it."""
    with (
        Site(ALLOWED_HOSTS="www.veiligalmere.nl 127.0.0.1", WARM_PAGES="500") as site,
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        port = listening.getsockname()[1]
        asked = itertools.cycle(["/gezond/", "/themas/", "/zoeken/?zoek=inbraak"])

        def visit():
            time.sleep(0.05)
            return ask(port, next(asked))[0]

        wait_for((site.var_dir / "pages" / str(site.port)).exists, 90)
        with ExitStack() as versions, Visitors(4, visit) as visitors:
            version = versions.enter_context(held(site, listening))
            for _ in range(2):
                before = len(visitors.seen)
                wait_for(lambda: len(visitors.seen) > before + 4, 90)  # noqa: B023 -- asked here
                version.terminate()
                assert version.wait(60) == 0
                version = versions.enter_context(held(site, listening))
            served = len(visitors.seen)
            wait_for(lambda: len(visitors.seen) > served + 4, 90)
        assert set(visitors.seen) == {200}


# Takes the socket as its third file, and tells gunicorn so, as systemd does.
TAKE_SOCKET = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
gunicorn = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
os.execv(sys.executable, [sys.executable, *gunicorn])
"""


@contextmanager
def held(site, listening):
    """Run the site on the socket `listening`; yield the process."""
    with (site.var_dir / "log-held").open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", TAKE_SOCKET, str(listening.fileno())],
            cwd=ROOT,
            env=site.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[listening.fileno()],
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def test_a_stampede_on_a_cold_page_makes_it_once_in_each_worker(stack):
    path = "/jaarplan/2020/volledig/"
    with ThreadPoolExecutor(500) as visitors:
        answers = list(visitors.map(lambda _number: ask(stack.port, path), range(500)))
    assert {status for status, _text in answers} == {200}
    assert len({text for _status, text in answers}) == 1
    lines = [json.loads(line) for line in stack.log().splitlines() if f'"path": "{path}"' in line]
    made = [line for line in lines if line["cache"] == "miss"]
    assert len(lines) == 500
    assert 1 <= len(made) <= 2, "there are two workers"


def test_a_publication_storm_shows_nobody_a_mixture_an_error_or_for_long_an_old_page(capsys):
    # With pages made in the background, as where it runs.
    with installation(machines=2, WARM_PAGES="500") as site:
        failures = []

        def visit():
            through = next(turn) % 3
            if through < 2:
                status, text = ask(site.ports[through], ACTION)
            else:
                status, _headers, body = site.nginx.get(ACTION)
                text = body.decode()
            if status != 200:
                failures.append(text[:300])
            return status, set(NUMBERS.findall(text))

        turn = itertools.count()
        storm = ["-c", PUBLISH, str(PUBLISHED), str(TOTAL)]
        with Visitors(64, visit) as readers, ThreadPoolExecutor(1) as publisher:
            said = publisher.submit(site.run, *storm).result(400).splitlines()[-1].split()
            time.sleep(3)
            settled = len(readers.seen)
            time.sleep(2)
        published, slow, fast = map(int, said)
        with capsys.disabled():
            print(  # noqa: T201 -- the rate is what one wants to see of it
                f"\n{PUBLISHED} publications at {slow} a second, {TOTAL - PUBLISHED} at {fast}; "
                f"{len(readers.seen)} pages read"
            )
        assert published == PUBLISHED
        assert not failures, site.problems()
        mixed = [numbers for _status, numbers in readers.seen if len(numbers) > 1]
        assert not mixed
        distinct = {number for _status, numbers in readers.seen for number in numbers}
        assert len(distinct) > 2, "readers saw the storm"
        # Those who were on their way when it settled don't count.
        late = [numbers for _status, numbers in readers.seen[settled + 64 :]]
        assert late
        assert all(numbers == {str(TOTAL)} for numbers in late)
