"""The file of SQLite's database: what is in it is for its owner alone."""

import json
import subprocess
import sys

import pytest

from tests.tooling.environment import ROOT, environment_for

MODES = """
import json
import django
django.setup()
from django.contrib.auth.models import User
from django.conf import settings
User.objects.count()
folder = settings.VAR_DIR
print(json.dumps({path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()}))
"""


@pytest.fixture
def run(tmp_path):
    """Return a function that runs Python, under a mask that leaves all to be read by anyone."""

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment_for(tmp_path),
            umask=0o022,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout

    return run


@pytest.mark.slow
def test_only_its_owner_reads_the_database_and_the_files_beside_it(run, tmp_path):
    run("manage.py", "migrate", "--verbosity=0")
    assert json.loads(run("-c", MODES)) == {
        "veiligalmere.sqlite3": "0o600",
        "veiligalmere.sqlite3-shm": "0o600",
        "veiligalmere.sqlite3-wal": "0o600",
    }
    (tmp_path / "veiligalmere.sqlite3").chmod(0o644)  # as one from before was left
    assert json.loads(run("-c", MODES))["veiligalmere.sqlite3"] == "0o600"
