"""Backups: complete, checked, and the same site again in either kind of database."""

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

from tests.tooling import postgres
from tests.tooling.environment import ROOT, environment_for
from tests.tooling.prepared import prepared_database

MAINS = """
import json, django
django.setup()
from django.test import Client
from tests.tooling.crawl import crawl, main_of, with_client
from veiligalmere.page_cache.rendering import making
with making((0, 1)):
    pages = crawl(with_client(Client(HTTP_HOST="127.0.0.1")))
mains = {path: main_of(text) if "<main" in text else text for path, text in pages.items()}
print(json.dumps(mains))
"""


class Machine:
    """A place where the project's commands run, with a database and uploads of its own."""

    def __init__(self, folder, **settings):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.environment = environment_for(folder, **settings)
        self.media = folder / "media"

    def run(self, *arguments):
        """Run Python with `arguments`; return exit code, what it printed, and errors."""
        result = subprocess.run(
            [sys.executable, *map(os.fspath, arguments)],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return result.returncode, result.stdout, result.stderr

    @contextmanager
    def busy_with(self, code):
        """Run Python's `code` beside what happens in the context; yield the process."""
        command = [sys.executable, "-c", code]
        options = {"cwd": ROOT, "env": self.environment, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, **options) as process:
            try:
                yield process
            finally:
                process.kill()

    def manage(self, *arguments):
        """Run a command that has to succeed; return what it printed."""
        code, output, errors = self.run("manage.py", *arguments)
        assert code == 0, errors
        return output

    def empty_database(self):
        """Make the database anew."""
        for file in self.folder.glob("veiligalmere.sqlite3*"):
            file.unlink()
        if address := self.environment.get("DATABASE_URL"):
            name = urlsplit(address).path.removeprefix("/")
            postgres.replace_database(os.environ["TEST_DATABASE_URL"], name)

    def pages(self):
        """Return the `<main>` of every public page by its path."""
        code, output, errors = self.run("-c", MAINS)
        assert code == 0, errors
        return json.loads(output)


@contextmanager
def machine(folder, *, on_postgresql):
    """A machine with an empty database."""
    with ExitStack() as stack:
        settings = {}
        if on_postgresql:
            server = os.environ["TEST_DATABASE_URL"]
            settings["DATABASE_URL"] = stack.enter_context(postgres.new_database(server))
        yield Machine(folder, **settings)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A machine with the whole plan, an account and an upload."""
    folder = tmp_path_factory.mktemp("source")
    with prepared_database(folder) as address:
        found = Machine(folder, DATABASE_URL=address)
        found.manage("collectstatic", "--no-input", "--verbosity=0")
        found.run("-m", "tests.tooling.accounts", "Wachtwoord van 1 proef")
        (found.media / "map").mkdir(parents=True)
        (found.media / "map" / "beeld.webp").write_bytes(os.urandom(5000))
        yield found


@pytest.fixture(scope="module")
def backup(source, tmp_path_factory):
    """A backup of it."""
    folder = tmp_path_factory.mktemp("backups") / "eerste"
    assert "Written and checked" in source.manage("backup", folder)
    return folder


@pytest.mark.slow
def test_every_page_is_the_same_after_restoring_into_the_other_kind_of_database(
    source, backup, tmp_path
):
    """On SQLite: into another SQLite. On PostgreSQL: into SQLite, and from there back.

    So from one kind into the other, and PostgreSQL itself, is only shown where
    TEST_DATABASE_URL is set, as it is in `make test-slow`.
    """
    kinds = [False, True] if os.environ.get("TEST_DATABASE_URL") else [False]
    expected = source.pages()
    assert len(expected) > 50
    for number, on_postgresql in enumerate(kinds):
        with machine(tmp_path / f"target-{number}", on_postgresql=on_postgresql) as target:
            assert "Put back and checked" in target.manage("restore", backup)
            if on_postgresql:
                code, output, _errors = target.run("-c", ACTIONS_AND_ESTIMATE)
                assert code == 0
                actions, estimate = output.split()
                assert actions == estimate, "it plans for what there is"
            target.manage("collectstatic", "--no-input", "--verbosity=0")
            assert target.pages() == expected
            image = "map/beeld.webp"
            assert (target.media / image).read_bytes() == (source.media / image).read_bytes()
            backup = tmp_path / f"again-{number}"
            target.manage("backup", backup)
            # New rows find free numbers, and nothing of the old ones is missing.
            assert target.run("-c", IS_AHEAD)[0] == 0
            code, _output, errors = target.run("-c", NEW_ACCOUNT, "nieuw")
            assert code == 0, errors


# What PostgreSQL plans with is -1 for a table that it never looked at.
ACTIONS_AND_ESTIMATE = """
import django
django.setup()
from django.db import connection
from plan.models import Action
with connection.cursor() as cursor:
    cursor.execute("SELECT reltuples::int FROM pg_class WHERE relname = 'plan_action'")
    print(Action.objects.count(), *cursor.fetchone())
"""
NEW_ACCOUNT = """
import sys
import django
django.setup()
from django.contrib.auth.models import User
from veiligalmere.editorial.content_version import current_content_version
assert User.objects.get(username="redacteur").check_password("Wachtwoord van 1 proef")
User.objects.create_user(sys.argv[1])
assert current_content_version() > 0
"""
# Above all that a database had which this one takes the place of.
IS_AHEAD = """
import time
import django
django.setup()
from veiligalmere.editorial.content_version import current_content_version
assert current_content_version() > time.time()
"""


def test_a_backup_and_a_restore_refuse_to_overwrite_unless_told(source, backup):
    code, _output, errors = source.run("manage.py", "backup", backup)
    assert code == 1
    assert "--overwrite" in errors
    code, _output, errors = source.run("manage.py", "restore", backup)
    assert code == 1
    assert "--overwrite" in errors
    source.manage("backup", backup, "--overwrite")
    source.manage("restore", backup, "--overwrite")


@pytest.mark.first_on_sqlite
def test_overwriting_removes_no_folder_that_is_not_a_backup(source, tmp_path):
    other = tmp_path / "administratie"
    other.mkdir()
    (other / "van-iemand.txt").write_text("onvervangbaar")
    code, _output, errors = source.run("manage.py", "backup", other, "--overwrite")
    assert code == 1
    assert "is no backup" in errors
    assert [path.name for path in tmp_path.rglob("*")] == ["administratie", "van-iemand.txt"]
    empty = tmp_path / "leeg"
    empty.mkdir()
    source.manage("backup", empty, "--overwrite")
    source.manage("backup", empty, "--verify")


@pytest.mark.slow
def test_restoring_over_a_site_leaves_no_upload_that_the_backup_lacks(source, backup):
    later = source.media / "map" / "later.webp"
    later.write_bytes(b"van na de kopie")
    assert source.run("manage.py", "restore", backup)[0] == 1
    assert later.exists(), "refused, so nothing was changed"
    source.manage("restore", backup, "--overwrite")
    assert not later.exists()
    assert (source.media / "map" / "beeld.webp").exists()


# The command on a machine where no file gets larger than 32 MiB: as a disk that is full.
ON_A_FULL_DISK = """
import resource, sys
from django.core.management import execute_from_command_line
resource.setrlimit(resource.RLIMIT_FSIZE, (32 << 20, 32 << 20))
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


@pytest.fixture(scope="module")
def large_backup(source, tmp_path_factory):
    """A backup with one upload that is larger than that."""
    large = source.media / "map" / "groot.webp"
    with large.open("wb") as file:
        file.truncate(40 << 20)
    folder = tmp_path_factory.mktemp("backups") / "groot"
    source.manage("backup", folder)
    large.unlink()
    return folder


@pytest.mark.slow
def test_a_restore_that_does_not_fit_leaves_an_empty_machine_empty(large_backup, tmp_path):
    with machine(tmp_path / "doel", on_postgresql="TEST_DATABASE_URL" in os.environ) as target:
        code, _output, errors = target.run("-c", ON_A_FULL_DISK, "restore", large_backup)
        assert code == 1
        assert "Nothing was changed" in errors
        assert errors.count("\n") == 1
        assert not [path for path in target.media.rglob("*") if path.is_file()]
        # One that fails at the very last: a folder is in the place of a file.
        in_its_place = target.media / "map" / "beeld.webp"
        in_its_place.mkdir(parents=True)
        code, _output, errors = target.run("manage.py", "restore", large_backup)
        assert code == 1
        assert "Nothing was changed" in errors
        assert not [path for path in target.media.rglob("*") if path.is_file()]
        in_its_place.rmdir()
        # Without --overwrite: there is nothing that would be lost.
        target.manage("restore", large_backup)
        assert (target.media / "map" / "groot.webp").stat().st_size == 40 << 20


def state_of(site):
    """Return what a backup of `site` holds, and its uploads with their content."""
    copy = site.folder / "stand"
    site.manage("backup", copy)
    tables = json.loads((copy / "inhoud.json").read_text())["tables"]
    shutil.rmtree(copy)
    files = {path: path.read_bytes() for path in site.media.rglob("*") if path.is_file()}
    return {label: facts["rows"] for label, facts in tables.items()}, files


@pytest.mark.slow
def test_a_restore_over_a_site_that_fails_leaves_rows_and_uploads_as_they_were(
    source, large_backup, backup
):
    later = source.media / "map" / "later.webp"
    later.write_bytes(b"van na de kopie")
    assert source.run("-c", NEW_ACCOUNT, "van-na-de-kopie")[0] == 0
    before = state_of(source)
    code, _output, errors = source.run("-c", ON_A_FULL_DISK, "restore", large_backup, "--overwrite")
    assert code == 1
    assert "Nothing was changed" in errors
    assert state_of(source) == before
    # Now one that fails at the very last: a folder is in the place of a file.
    (source.media / "map" / "beeld.webp").rename(source.media / "map" / "elders.webp")
    (source.media / "map" / "beeld.webp").mkdir()
    before = state_of(source)
    code, _output, errors = source.run("manage.py", "restore", backup, "--overwrite")
    assert code == 1
    assert "Nothing was changed" in errors
    assert errors.count("\n") == 1
    assert state_of(source) == before
    assert source.run("-c", NEW_ACCOUNT, "nieuw")[0] == 0, "new rows find free numbers"
    (source.media / "map" / "beeld.webp").rmdir()
    source.manage("restore", backup, "--overwrite")
    assert sorted(path.name for path in (source.media / "map").iterdir()) == ["beeld.webp"]


# Ends the process, as a power cut does, when a restore is at a given point: the first argument.
BROKEN_OFF = """
import os, shutil, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from veiligalmere.backup.replacement import Replacement

def end(*arguments, **more):
    os.kill(os.getpid(), signal.SIGKILL)

def move(self, source, target, move=Replacement._move):
    if sys.argv[1] == "between the uploads" and source.name == "beeld.webp":
        end()
    move(self, source, target)

if sys.argv[1] == "between the uploads":
    Replacement._move = move
elif sys.argv[1] == "before the commit":
    connection.ensure_connection()
    connection._commit = end
elif sys.argv[1] == "while it cleans up":
    shutil.rmtree = end
else:
    Replacement.__exit__ = end
call_command("restore", sys.argv[2], "--overwrite")
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["between the uploads", "before the commit", "after the commit"])
def test_a_restore_that_is_killed_is_undone_or_done_before_another_that_fails(
    source, backup, large_backup, moment
):
    source.manage("restore", backup, "--overwrite")
    restored, kept = state_of(source)
    for name in ("beeld.webp", "andere.webp"):
        (source.media / "map" / name).write_bytes(f"van na de kopie: {name}".encode())
    assert source.run("-c", NEW_ACCOUNT, f"van-{moment.split()[0]}")[0] == 0
    before = state_of(source)
    assert source.run("-c", BROKEN_OFF, moment, backup)[0] == -signal.SIGKILL
    code, _output, errors = source.run("-c", ON_A_FULL_DISK, "restore", large_backup, "--overwrite")
    assert code == 1
    assert "Nothing was changed" in errors
    assert state_of(source) == ((restored, kept) if moment == "after the commit" else before)
    source.manage("restore", backup, "--overwrite")
    assert state_of(source) == (restored, kept)


PUBLISH = """
import django
django.setup()
from plan.models import Action
from veiligalmere.editorial.publish import publish
publish(Action.objects.public().first(), note="Na het terugzetten")
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["after the commit", "while it cleans up"])
def test_a_restore_that_was_killed_when_it_was_done_is_never_undone(
    source, backup, large_backup, moment
):
    source.manage("restore", backup, "--overwrite")
    (source.media / "map" / "beeld.webp").write_bytes(b"van na de kopie")
    assert source.run("-c", BROKEN_OFF, moment, backup)[0] == -signal.SIGKILL
    # Rows and uploads are right, so the site is started, and used.
    assert source.run("-c", PUBLISH)[0] == 0
    (source.media / "map" / "van-daarna.webp").write_bytes(b"van daarna")
    rows, files = state_of(source)
    code, _output, errors = source.run("-c", ON_A_FULL_DISK, "restore", large_backup, "--overwrite")
    assert code == 1
    assert "Nothing was changed" in errors
    after = state_of(source)
    waiting = source.media / ".restoring"
    left = {path: content for path, content in files.items() if waiting not in path.parents}
    assert after == (rows, left)
    source.manage("restore", backup, "--overwrite")


# A development and a short address that are gone; a draft names the one, the log the other.
DELETED = """
import django
django.setup()
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import User
from plan.models import Development
from veiligalmere.editorial.addresses import ShortAddress
from veiligalmere.editorial.publish import save_draft
one = Development.objects.create(title="Weg", slug="weg", year=2020, lead="Weg.")
save_draft(one, lambda row: (setattr(row, "title", "Nog een concept"), row.save()))
other = ShortAddress.objects.create(path="weg", target="/themas/")
LogEntry.objects.log_actions(User.objects.first().pk, [other], ADDITION)
print(one.pk, other.pk)
one.delete()
other.delete()
"""
NEW_ONES = """
import django
django.setup()
from plan.models import Development
from veiligalmere.editorial.addresses import ShortAddress
one = Development.objects.create(title="Nieuw", slug="nieuw", year=2020, lead="Nieuw.")
other = ShortAddress.objects.create(path="nieuw", target="/themas/")
print(one.pk, other.pk)
"""


@pytest.mark.slow
def test_after_a_restore_nothing_new_gets_the_key_of_what_was_deleted(source, backup, tmp_path):
    code, output, errors = source.run("-c", DELETED)
    assert code == 0, errors
    deleted = [int(key) for key in output.split()]
    source.manage("backup", tmp_path / "kopie")
    source.manage("restore", backup, "--overwrite")
    with machine(tmp_path / "doel", on_postgresql="TEST_DATABASE_URL" in os.environ) as target:
        target.manage("restore", tmp_path / "kopie")
        code, output, errors = target.run("-c", NEW_ONES)
        assert code == 0, errors
        assert [int(key) for key in output.split()] == [key + 1 for key in deleted]


@pytest.mark.slow
def test_a_restore_that_was_killed_goes_on_in_a_database_that_was_made_anew(backup, tmp_path):
    with machine(tmp_path / "doel", on_postgresql="TEST_DATABASE_URL" in os.environ) as target:
        target.manage("restore", backup)
        assert target.run("-c", BROKEN_OFF, "between the uploads", backup)[0] == -signal.SIGKILL
        target.empty_database()
        target.manage("restore", backup, "--overwrite")
        assert [path.name for path in target.media.rglob("*.webp")] == ["beeld.webp"]
        assert not (target.media / ".restoring").exists()


@pytest.mark.first_on_sqlite
def test_what_a_broken_off_restore_left_is_no_upload(source, backup, tmp_path):
    left = source.media / ".restoring" / "new" / "map" / "half.webp"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    source.manage("backup", tmp_path / "kopie")
    assert not list(tmp_path.rglob("half.webp"))
    source.manage("restore", backup, "--overwrite")
    assert [path.name for path in source.media.iterdir()] == ["map"]


# Each transaction makes two rows of one number; on and on, until it is stopped.
WRITE = """
import itertools, time
import django
django.setup()
from django.db import transaction
from veiligalmere.editorial.addresses import ShortAddress
for number in itertools.count():
    with transaction.atomic():
        ShortAddress.objects.create(path=f"paar-{number}", target=f"/themas/?paar={number}")
        ShortAddress.objects.create(path=f"wederhelft-{number}", target=f"/themas/?paar={number}")
    print(number, flush=True)
    time.sleep(0.02)
"""


def test_a_backup_under_a_writer_holds_whole_transactions(source, tmp_path):
    with source.busy_with(WRITE) as writer:
        assert writer.stdout.readline().strip() == "0"
        source.manage("backup", tmp_path / "druk")
        assert writer.poll() is None, "it wrote all the time"
    table = tmp_path / "druk" / "tabellen" / "editorial.shortaddress.jsonl.gz"
    lines = gzip.decompress(table.read_bytes()).decode().splitlines()
    paths = {json.loads(line)["path"] for line in lines}
    first = {path.removeprefix("paar-") for path in paths if path.startswith("paar-")}
    second = {path.removeprefix("wederhelft-") for path in paths if path.startswith("wederhelft-")}
    assert first == second, "no half transaction"
    assert "0" in first


@pytest.mark.slow
def test_a_long_command_shows_how_far_it_is_to_a_person_and_not_to_a_file(source, tmp_path):
    screen, inside = os.openpty()
    with os.fdopen(screen, "rb", closefd=True) as seen:
        subprocess.run(
            [sys.executable, "manage.py", "backup", tmp_path / "scherm"],
            cwd=ROOT,
            env=source.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=inside,
            check=True,
        )
        os.close(inside)
        shown = b"".join(iter(lambda: read_screen(seen), b"")).decode()
    steps = [int(percent) for percent in re.findall(r"(\d+) %", shown)]
    assert steps == sorted(steps)
    assert len(steps) > 5
    assert steps[-1] == 100
    assert source.run("manage.py", "backup", tmp_path / "bestand")[2] == ""


def read_screen(screen):
    """Return what a program wrote to the pseudo-terminal; nothing once it is closed."""
    try:
        return screen.read1(65536)
    except OSError:  # what Linux says of a terminal that nobody has open
        return b""


@pytest.mark.slow
def test_a_damaged_backup_is_found_and_not_put_back(source, backup, tmp_path):
    copy = tmp_path / "copy"
    source.manage("backup", copy)
    assert "Good" in source.manage("backup", copy, "--verify")
    table = copy / "tabellen" / "plan.action.jsonl.gz"
    text = gzip.decompress(table.read_bytes())
    table.write_bytes(gzip.compress(text.replace(b"woninginbraken", b"woninginbreken", 1)))
    for command in (["backup", copy, "--verify"], ["restore", copy, "--overwrite"]):
        code, _output, errors = source.run("manage.py", *command)
        assert code == 1
        assert "plan.action is not what was written" in errors
    (copy / "inhoud.json").unlink()
    code, _output, errors = source.run("manage.py", "restore", copy, "--overwrite")
    assert (code, "is no backup" in errors) == (1, True)


# An image and a document, with their files, as the back-office leaves them.
PLACE = """
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from plan.models import Development
from veiligalmere.editorial.images.model import Image
image = Image(
    name="Markt", folder="afbeeldingen/2020/c0ffee", widths=[320, 640], width=640, height=480,
    decorative=True,
)
for width in image.widths:
    default_storage.save(image.file_name(width), ContentFile(b"beeld"))
image.save()
default_storage.save("documenten/2020/stuk.pdf", ContentFile(b"%PDF"))
Development.objects.create(
    title="Stuk", slug="stuk", year=2020, lead="Een stuk.",
    document="documenten/2020/stuk.pdf", document_title="Het stuk",
)
"""
REMOVE = """
import shutil
import django
django.setup()
from django.conf import settings
from plan.models import Development
from veiligalmere.editorial.images.model import Image
Image.objects.all().delete()
Development.objects.filter(slug="stuk").delete()
for name in ("afbeeldingen", "documenten"):
    shutil.rmtree(settings.MEDIA_ROOT / name, ignore_errors=True)
"""
UPLOADS = ("afbeeldingen/2020/c0ffee/320.webp", "documenten/2020/stuk.pdf")


@pytest.fixture
def placed(source):
    """The source, with an image and a document for the time of a test."""
    code, _output, errors = source.run("-c", PLACE)
    assert code == 0, errors
    yield source
    code, _output, errors = source.run("-c", REMOVE)
    assert code == 0, errors


@pytest.mark.slow
def test_an_upload_that_a_row_names_and_that_is_not_in_a_backup_is_noticed(placed, tmp_path):
    folder = tmp_path / "kopie"
    placed.manage("backup", folder)
    complete = (folder / "inhoud.json").read_text()
    for name, *command in (
        (UPLOADS[0], "backup", folder, "--verify"),
        (UPLOADS[1], "restore", folder, "--overwrite"),
    ):
        manifest = json.loads(complete)
        del manifest["media"][name]
        (folder / "inhoud.json").write_text(json.dumps(manifest))
        code, _output, errors = placed.run("manage.py", *command)
        assert code == 1
        assert f"The upload {name} is missing" in errors


@pytest.mark.slow
@pytest.mark.parametrize("name", UPLOADS)
def test_an_upload_that_the_site_lost_is_told_and_all_else_is_kept(placed, tmp_path, name):
    (placed.media / name).unlink()
    folder = tmp_path / "kopie"
    code, output, errors = placed.run("manage.py", "backup", folder)
    assert code == 1, "so that somebody looks"
    assert "Written and checked" in output
    assert errors.splitlines()[-1].endswith(f"that are gone: {name}")
    placed.manage("backup", folder, "--verify")
    placed.manage("restore", folder, "--overwrite")


# An editor deletes an image at the moment in a backup that an event of Python's tells of.
DELETED_MEANWHILE = """
import sys
from threading import Thread
import django
django.setup()
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from veiligalmere.editorial.images.model import Image

folder, event_name, part_of_path = sys.argv[1:]
waiting = ["once"]

def delete():
    Image.objects.all().delete()
    for width in (320, 640):
        default_storage.delete(f"afbeeldingen/2020/c0ffee/{width}.webp")
    connection.close()

def at(event, arguments):
    if event == event_name and part_of_path in str(arguments[0]) and waiting:
        waiting.clear()
        editor = Thread(target=delete)
        editor.start()
        editor.join()

sys.addaudithook(at)
call_command("backup", folder)
assert not waiting
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(("open", "plan.action.jsonl.gz"), id="before the uploads are listed"),
        pytest.param(("shutil.copyfile", "afbeeldingen"), id="before its file is copied"),
    ],
)
def test_an_image_that_is_deleted_during_a_backup_does_not_break_it(placed, tmp_path, moment):
    folder = tmp_path / "kopie"
    code, _output, errors = placed.run("-c", DELETED_MEANWHILE, folder, *moment)
    assert code == 0, errors
    placed.manage("backup", folder, "--verify")
    assert not (folder / "media/afbeeldingen").exists()
    assert gzip.decompress((folder / "tabellen/editorial.image.jsonl.gz").read_bytes()) == b""
    assert (folder / "media/documenten/2020/stuk.pdf").exists()


def test_dated_backups_keep_the_last_ones_and_leave_other_folders_alone(source, tmp_path):
    other = tmp_path / "iets-anders"
    other.mkdir()
    for year in (2018, 2019, 2020):
        (tmp_path / f"{year}-01-01T000000Z").mkdir()
    source.manage("backup", tmp_path, "--keep", "2")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names[0] == "2020-01-01T000000Z"
    assert names[-1] == "iets-anders"
    assert len(names) == 3


BUSY = """
import time
import django
django.setup()
from veiligalmere.editorial.jobs import running
with running("backup"):
    print("begun", flush=True)
    time.sleep(600)
"""


@pytest.mark.first_on_sqlite
def test_backups_from_before_an_update_go_with_the_dated_ones_of_their_time(source, tmp_path):
    old, new, other = (tmp_path / name for name in ("voor-toen", "voor-nu", "bewaard"))
    for folder in (old, new, other):
        source.manage("backup", folder)
    for folder in (old, other):
        manifest = json.loads((folder / "inhoud.json").read_text())
        (folder / "inhoud.json").write_text(
            json.dumps(manifest | {"written": "2019-07-01T12:00:00+00:00"})
        )
    no_backup = tmp_path / "voor-later"
    no_backup.mkdir()
    (tmp_path / "2020-01-01T000000Z").mkdir()
    source.manage("backup", tmp_path, "--keep", "3")
    assert old.exists(), "there are not three later ones yet"
    time.sleep(1)  # their names tell seconds
    source.manage("backup", tmp_path, "--keep", "3")
    assert not old.exists()
    assert new.exists()
    assert other.exists()
    assert no_backup.exists()


@pytest.mark.first_on_sqlite
def test_what_is_left_of_backups_that_were_broken_off_goes(source, tmp_path):
    broken_off = tmp_path / ".2020-01-01T000000Z.unfinished"
    being_made = tmp_path / ".voor-nu.unfinished"
    for folder in (broken_off, being_made):
        (folder / "tabellen").mkdir(parents=True)
    yesterday = time.time() - 23 * 60 * 60
    os.utime(broken_off, (yesterday, yesterday))
    source.manage("backup", tmp_path, "--keep", "2")
    assert not broken_off.exists()
    assert being_made.exists()


# Breaks a backup off when it replaces another: by a signal, or because the disk refuses.
REPLACING_BROKEN_OFF = """
import os, shutil, signal, sys
import django
django.setup()
from django.core.management import call_command

folder, moment, way = sys.argv[1:]
waiting = ["once"]

def at(event, arguments):
    moments = {
        "the new one comes": event == "os.rename" and str(arguments[1]) == folder,
        "the old one goes": event == "os.rmdir" and str(arguments[0]) == "tabellen",
    }
    if moments[moment] and waiting:
        waiting.clear()
        if way == "refused":
            raise PermissionError("refused")
        os.kill(os.getpid(), getattr(signal, way))

sys.addaudithook(at)
call_command("backup", folder, "--overwrite")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "way"),
    [
        ("the new one comes", "SIGTERM"),
        ("the new one comes", "SIGKILL"),
        ("the new one comes", "refused"),
        ("the old one goes", "SIGTERM"),
        ("the old one goes", "SIGKILL"),
    ],
)
def test_a_backup_that_is_broken_off_while_it_replaces_another_leaves_one_of_the_two(
    source, tmp_path, moment, way
):
    folder = tmp_path / "kopie"
    source.manage("backup", folder)
    old = json.loads((folder / "inhoud.json").read_text())
    (folder / "inhoud.json").write_text(json.dumps(old | {"written": "2019-07-01T12:00:00+00:00"}))
    assert source.run("-c", REPLACING_BROKEN_OFF, folder, moment, way)[0] != 0
    source.run("-c", FREE)
    if way != "SIGKILL":
        source.manage("backup", folder, "--verify")
    yesterday = time.time() - 23 * 60 * 60
    for left in tmp_path.glob(".*"):
        os.utime(left, (yesterday, yesterday))
    source.manage("backup", tmp_path, "--keep", "2")
    source.manage("backup", folder, "--verify")
    is_old = json.loads((folder / "inhoud.json").read_text())["written"].startswith("2019")
    assert is_old == (moment == "the new one comes")
    assert len(list(tmp_path.iterdir())) == 2, "and nothing is left of the other"


@pytest.mark.first_on_sqlite
def test_a_backup_that_was_asked_for_by_name_and_not_made_is_an_error(source, tmp_path):
    """An update begins with one, and has to stop there; a timer leaves its turn to the other."""
    with source.busy_with(BUSY) as other:
        assert other.stdout.readline().strip() == "begun"
        code, output, errors = source.run("manage.py", "backup", tmp_path / "voor-vandaag")
        timer = source.run("manage.py", "backup", tmp_path, "--keep", "2")
    source.run("-c", FREE)
    assert (code, output) == (1, "")
    assert "A backup is being made already." in errors
    assert timer == (0, "A backup is being made already.\n", "")
    assert list(tmp_path.iterdir()) == []


FREE = """
import django
django.setup()
from veiligalmere.editorial.jobs import Job
Job.objects.update(running_until=None)
"""


def test_a_backup_is_for_its_owner_alone_and_holds_no_sessions(source, backup):
    for path in [backup, *backup.rglob("*")]:
        assert not path.stat().st_mode & 0o077
    tables = {path.name for path in (backup / "tabellen").iterdir()}
    assert "auth.user.jsonl.gz" in tables
    assert "sessions.session.jsonl.gz" not in tables
