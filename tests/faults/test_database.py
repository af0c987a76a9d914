"""A database that goes away under readers and writers, and a disk that is full."""

import itertools
import json
import os
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from html import unescape
from io import BytesIO
from threading import get_ident

import pytest
from PIL import Image

from tests.faults.conftest import installation, lasting_workers, on_postgresql, workers_of
from tests.faults.editing import TOKEN, Editor
from tests.faults.load import Visitors, ask, wait_for
from tests.faults.stoppable import StoppableServer
from tests.tooling.environment import ROOT
from tests.tooling.leaving_out import leave_out
from veiligalmere.page_cache.hanging import REQUEST
from veiligalmere.page_cache.warming import LOOK, START

pytestmark = pytest.mark.slow

WARM = ("/", "/themas/", "/jaarplan/2020/volledig/")
COLD = "/werkwijzen/"
COUNT_IMAGES = """
import django
django.setup()
from veiligalmere.editorial.images.model import Image
print(Image.objects.count())
"""


@pytest.mark.skipif(not on_postgresql(), reason="SQLite has no server that can be stopped")
def test_a_database_that_is_stopped_and_started_loses_nothing_and_readers_read_on():
    with StoppableServer() as server, installation(DATABASE_URL=server.address) as site:
        for path in WARM * 20:
            assert ask(site.port, path)[0] == 200
        editor = Editor(site)
        numbers, acknowledged = itertools.count(), []

        def save():
            time.sleep(0.2)
            path = f"proef-{next(numbers)}"
            status, text = editor.add(path)
            if status == 302:
                acknowledged.append(path)
            return status, path, text

        workers = workers_of(site)
        pages = itertools.cycle(WARM)
        with (
            Visitors(4, lambda: ask(site.port, next(pages))[0]) as readers,
            Visitors(2, save) as writers,
        ):
            wait_for(lambda: len(acknowledged) > 5)
            server.pull_the_plug()
            wait_for(lambda: writers.seen[-1][0] == 503)
            status, text = ask(site.port, COLD)
            assert status == 503
            assert "Deze pagina is even niet bereikbaar" in text
            time.sleep(2)
            server.start()
            saved_before = len(acknowledged)
            wait_for(lambda: len(acknowledged) > saved_before + 3)
            wait_for(lambda: ask(site.port, COLD)[0] == 200)
        assert set(readers.seen) == {200}
        refused = [one for one in writers.seen if one[0] == 503]
        assert refused
        for _status, path, text in refused:
            assert "Uw werk is niet opgeslagen" in text
            assert f'value="{path}"' in unescape(text), "the editor's text is in the page"
        assert {status for status, _path, _text in writers.seen} == {302, 503}
        assert set(acknowledged) <= editor.saved()
        assert workers_of(site) == workers, "it went on without a restart"


@pytest.mark.skipif(not on_postgresql(), reason="SQLite has no server that can be stopped")
def test_after_a_reload_every_page_is_there_before_anyone_asks_for_it():
    with (
        StoppableServer() as server,
        installation(DATABASE_URL=server.address, WARM_PAGES="500") as site,
    ):
        pages = re.findall(r"<loc>https://[^/]+(.+?)</loc>", ask(site.port, "/sitemap.xml")[1])
        assert len(pages) > 80

        def kept():
            """Return how many pages a worker says that it keeps, whichever of them answers."""
            parts = json.loads(ask(site.port, "/gezond/gereed/")[1])["onderdelen"]
            return int(parts["paginacache"]["uitleg"].split()[0])

        before = set(workers_of(site))
        site._process.send_signal(signal.SIGHUP)
        wait_for(lambda: len(workers_of(site)) == 2 and not before & set(workers_of(site)), 90)
        # Both workers have come to the end, so that it matters to no reader which one answers.
        wait_for(lambda: all(kept() > len(pages) for _ in range(20)), 90)
        server.pull_the_plug()
        for path in pages:
            assert [ask(site.port, path)[0] for _ in range(4)] == [200] * 4, path


WITHDRAW = """
import django
django.setup()
from plan.models import Action
from veiligalmere.editorial.publish import withdraw
action = Action.objects.public()[0]
print(action.get_absolute_url())
withdraw(action)
"""


@pytest.mark.skipif(not on_postgresql(), reason="SQLite has no server that can be stopped")
def test_without_a_database_a_site_that_is_started_goes_on_with_the_pages_it_had():
    with (
        StoppableServer() as server,
        installation(DATABASE_URL=server.address, WARM_PAGES="500") as site,
    ):
        saved = site.var_dir / "pages" / str(site.port)
        wait_for(saved.exists, 90)
        pages = re.findall(r"<loc>https://[^/]+(.+?)</loc>", ask(site.port, "/sitemap.xml")[1])
        assert len(pages) > 80

        def restart():
            site._stop()
            site._process = start_gunicorn(site)
            site._wait_until_ready()

        def answers(path):
            """Return the statuses of as many answers as it takes to hear both workers."""
            return {ask(site.port, path)[0] for _ in range(6)}

        server.pull_the_plug()
        restart()
        assert {path: answers(path) for path in pages} == {key: {200} for key in pages}
        before = set(lasting_workers(site))
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        wait_for(lambda: len(workers_of(site)) == 2 and not before & set(workers_of(site)), 60)
        assert {path: answers(path) for path in pages} == {key: {200} for key in pages}
        assert ask(site.port, "/zoeken/?woorden=overlast")[0] == 503

        server.start()
        wait_for(lambda: ask(site.port, "/zoeken/?woorden=overlast")[0] == 200)
        withdrawn = site.run("-c", WITHDRAW).strip()
        assert withdrawn in pages
        # Nobody asks for it; the site itself does, after a while in which no more is published.
        assert withdrawn in paths_in(saved)
        wait_for(lambda: withdrawn not in paths_in(saved), 90)
        time.sleep(2 * LOOK + START)  # in which the other worker looks twice, and is done
        server.pull_the_plug()
        assert answers(withdrawn) <= {404, 410, 503}
        restart()
        assert answers(withdrawn) <= {404, 410, 503}
        assert answers("/") == {200}


def paths_in(saved):
    """Return the paths of the pages in a file of saved pages."""
    with saved.open("rb") as file:
        size, _check = json.loads(file.readline())["index"]
        return {path for _host, path, *_rest in json.loads(file.read(size))}


def start_gunicorn(site):
    """Start it as systemd does, which asks nothing of the database; return the process."""
    with site._log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"],
            cwd=ROOT,
            env=site.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


@pytest.mark.skipif(not on_postgresql(), reason="SQLite has no server that can hang")
def test_a_database_that_hangs_holds_up_no_reader_and_gives_editors_their_text_back():
    with StoppableServer() as server, installation(DATABASE_URL=server.address) as site:
        for path in WARM * 20:
            assert ask(site.port, path)[0] == 200
        editor = Editor(site)
        numbers = itertools.count()

        def save():
            time.sleep(0.2)
            path = f"proef-{next(numbers)}"
            return path, *editor.add(path)

        def search():
            # Not from any cache, and more of them than there are threads.
            time.sleep(0.1)
            status, _text = ask(site.port, f"/zoeken/?woorden=overlast{next(numbers)}")
            return status, get_ident()

        def saved_since(count):
            return any(status == 302 for _path, status, _text in writers.seen[count:])

        workers = workers_of(site)
        pages = itertools.cycle(WARM)
        with (
            Visitors(4, lambda: ask(site.port, next(pages))[0]) as readers,
            Visitors(2, save) as writers,
            Visitors(16, search) as searchers,
        ):
            wait_for(lambda: saved_since(0) and (200 in {status for status, _ in searchers.seen}))
            server.freeze()
            hung = len(searchers.seen), len(readers.seen)
            # All of this long before the first query that hangs is given up.
            wait_for(lambda: len(readers.seen) > hung[1] + 500, 20)
            wait_for(lambda: 503 in {status for status, _ in searchers.seen[hung[0] :]}, 20)
            # The writers may all have been inside when it began; of those that come now, none.
            with Visitors(4, save) as later:
                wait_for(lambda: 503 in {status for _, status, _ in later.seen}, 20)
            wait_for(lambda: ask(site.port, COLD)[0] == 503, 20)
            status, health = ask(site.port, "/gezond/gereed/")
            assert status == 503
            assert "geeft geen antwoord" in health
            assert ask(site.port, "/gezond/")[0] == 200
            for number in range(20):
                assert ask(site.port, f"/media/afbeeldingen/weg{number}.webp")[0] == 404
            # Those that were inside when it began get an answer too, while it still hangs.
            wait_for(lambda: len({who for _, who in searchers.seen[hung[0] :]}) == 16, REQUEST + 20)
            answered = len(writers.seen)
            server.thaw()
            wait_for(lambda: saved_since(answered))
            wait_for(lambda: ask(site.port, COLD)[0] == 200)
        assert set(readers.seen) == {200}
        assert {status for status, _who in searchers.seen} == {200, 503}
        saves = [*writers.seen, *later.seen]
        assert {status for _path, status, _text in saves} == {302, 503}
        for path, status, text in saves:
            if status == 503:
                assert "Uw werk is niet opgeslagen" in text
                assert f'value="{path}"' in unescape(text), "the editor's text is in the page"
        assert {path for path, status, _ in saves if status == 302} <= editor.saved()
        assert workers_of(site) == workers, "it went on without a restart"


@pytest.mark.skipif(on_postgresql(), reason="PostgreSQL lets writers of other rows pass")
def test_a_database_that_another_program_holds_refuses_saving_and_readers_read_on():
    with installation() as site:
        editor = Editor(site)
        assert editor.add("eerst")[0] == 302
        with closing(sqlite3.connect(site.var_dir / "veiligalmere.sqlite3")) as other:
            other.execute("BEGIN IMMEDIATE")
            pages = itertools.cycle((*WARM, COLD))
            with Visitors(2, lambda: ask(site.port, next(pages))[0]) as readers:
                status, text = editor.add("tweede")
            other.rollback()
        assert status == 503
        assert "Uw werk is niet opgeslagen" in text
        assert 'value="tweede"' in text
        assert set(readers.seen) == {200}
        assert editor.add("tweede")[0] == 302
        assert {"eerst", "tweede"} <= editor.saved()


@contextmanager
def small_disk(folder, size):
    """Put a disk of `size` (as mount writes it) at `folder`, for the time of the context."""
    if os.geteuid() != 0:
        leave_out("only root can make a small disk.")
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        leave_out(f"no small disk can be made here: {made.stderr}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.skipif(on_postgresql(), reason="PostgreSQL's own files are not the site's")
def test_a_database_whose_disk_is_full_refuses_saving_and_readers_read_on(tmp_path):
    disk = tmp_path / "schijf"
    with (
        small_disk(disk, "64m"),
        installation(DATABASE_URL=f"sqlite:///{disk}/site.sqlite3") as site,
    ):
        editor = Editor(site)
        assert editor.add("eerst")[0] == 302
        assert site.nginx.get("/")[0] == 200
        filling = disk / "vol"
        with suppress(OSError), filling.open("wb", buffering=0) as stream:
            while True:
                stream.write(b"x" * 4096)
        answers = [editor.add_action(number) for number in range(20)]
        status, text = answers[-1]
        assert status == 503
        assert "De schijf van de server is vol" in text
        assert 'name="title" value="Proef 19"' in text
        assert "Een alinea die er helemaal is" in text
        assert {status for status, _text in answers} <= {302, 503}
        for path in ("/", COLD, "/zoeken/?woorden=overlast"):
            assert site.nginx.get(path)[0] == 200, path
        filling.unlink()
        assert editor.add_action(100)[0] == 302
        saved, _labels = editor.actions()
        acknowledged = {f"Proef {n}" for n, (status, _text) in enumerate(answers) if status == 302}
        assert saved.keys() == acknowledged | {"Proef 100"}
        assert len({tuple(parts) for parts in saved.values()}) == 1, "each of them whole"
        assert "eerst" in editor.saved()


def test_a_full_disk_refuses_an_upload_keeps_nothing_of_it_and_serves_on():
    with installation() as site:
        media = site.var_dir / "media"
        with small_disk(media, "64k"):
            editor = Editor(site)
            picture = noisy_picture()
            status, text = upload(editor, picture)
            assert status == 503
            assert "De schijf van de server is vol" in text
            assert int(site.run("-c", COUNT_IMAGES)) == 0
            assert not [path for path in media.rglob("*") if path.is_file()]
            assert site.nginx.get("/")[0] == 200
            subprocess.run(["mount", "-o", "remount,size=20m", media], check=True)
            assert upload(editor, picture)[0] == 201
            assert int(site.run("-c", COUNT_IMAGES)) == 1


def noisy_picture():
    """Return a PNG that no encoding makes small."""
    size = (900, 600)
    stream = BytesIO()
    Image.frombytes("RGB", size, secrets.token_bytes(size[0] * size[1] * 3)).save(stream, "PNG")
    return stream.getvalue()


def upload(editor, picture):
    """Send an image as the editor's script does; return (status, text)."""
    boundary = "grens"
    fields = {"csrfmiddlewaretoken": TOKEN, "decorative": "on"}
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    head = 'Content-Disposition: form-data; name="file"; filename="a.png"'
    body += f"--{boundary}\r\n{head}\r\n".encode()
    body += b"Content-Type: image/png\r\n\r\n" + picture + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    headers = {**editor.headers(), "Content-Type": kind}
    with closing(editor.site.nginx.connect(timeout=60)) as connection:
        connection.request("POST", "/beheer/tekst/afbeelding/", body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
