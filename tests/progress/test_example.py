"""`make demo`: a made-up year in a database of its own, marked on every page."""

import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from plan.models import ProgressReport, ProgressUpdate
from tests.progress.conftest import main_of
from tests.tooling.environment import ROOT, environment_for


@pytest.fixture
def example(jaarplan, settings):
    settings.DEMO = True
    call_command("load_example", verbosity=0, stdout=sys.stderr)


def test_every_page_is_marked_and_has_content(bezoeker, example):
    pages = (
        "/",
        "/voortgang/",
        "/voortgang/2020-1/",
        "/voortgang/2020-2/",
        "/voortgang/vergelijk/",
        "/themas/veilige-wijken/",
        "/jaarplan/2021/",
        "/jaarplan/2020/acties/straatintimidatie/",
    )
    unmarked = [
        page
        for page in pages
        if "De voortgang op deze site is verzonnen." not in main_of(bezoeker.get(page))
    ]
    assert not unmarked


def test_every_made_up_text_says_so(example):
    for update in ProgressUpdate.objects.all():
        for name in ("explanation", *ProgressUpdate.ACCOUNT):
            assert not getattr(update, name) or getattr(update, name).startswith("Voorbeeld")
    assert all(one.summary.startswith("Voorbeeld") for one in ProgressReport.objects.all())


def test_filling_twice_changes_nothing(example):
    call_command("load_example", verbosity=0)
    assert ProgressReport.objects.count() == 3


def test_any_other_database_is_refused(jaarplan, bezoeker):
    with pytest.raises(CommandError, match="make demo"):
        call_command("load_example")
    assert not ProgressReport.objects.exists()
    assert "verzonnen" not in bezoeker.get("/").content.decode()


def test_demo_has_a_database_of_its_own(tmp_path):
    show = "from django.conf import settings; print(settings.DATABASES['default']['NAME'])"
    own = environment_for(tmp_path, DEMO="1")
    answer = subprocess.run(
        [sys.executable, "-c", show], cwd=ROOT, env=own, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == str(tmp_path / "voorbeeld.sqlite3")
    other = environment_for(tmp_path, DEMO="1", DATABASE_URL="sqlite:///x")
    answer = subprocess.run(
        [sys.executable, "-c", show],
        cwd=ROOT,
        env=other,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "leave DATABASE_URL empty" in answer.stderr
