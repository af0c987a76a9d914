"""What machines that watch the site are told."""

import os
import signal
import time
from collections import namedtuple
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from veiligalmere.editorial import jobs
from veiligalmere.editorial.jobs import Job, JobIsRunning, Task, punctuality, running
from veiligalmere.pages import health

ALIVE, READY = "/gezond/", "/gezond/gereed/"


def refuse(execute, sql, params, many, context):
    """Stand for a database that is away."""
    raise OperationalError("gone")


@pytest.fixture
def task(monkeypatch):
    """One task that a timer should do every five minutes."""
    monkeypatch.setitem(jobs.TASKS, "proef", Task("Een proef", timedelta(minutes=5)))
    return "proef"


def test_a_living_process_says_so_even_while_the_database_is_away(bezoeker, db):
    with connection.execute_wrapper(refuse):
        response = bezoeker.get(ALIVE)
    assert (response.status_code, response.text) == (200, "leeft\n")
    assert response["Cache-Control"] == "no-store"


def test_the_site_is_ready_when_all_is_in_order(bezoeker, db):
    response = bezoeker.get(READY)
    assert response.status_code == 200
    parts = response.json()["onderdelen"]
    assert set(parts) == {"database", "migraties", "paginacache", "taken", "schijf"}
    assert all(part["in_orde"] for part in parts.values())
    assert response["Cache-Control"] == "no-store"


def test_it_is_not_ready_while_the_database_is_away(bezoeker, db):
    with connection.execute_wrapper(refuse):
        response = bezoeker.get(READY)
    assert response.status_code == 503
    assert not response.json()["onderdelen"]["database"]["in_orde"]
    assert "gone" not in response.text


def test_it_is_not_ready_while_a_migration_is_missing(bezoeker, db):
    [last] = MigrationLoader(connection).graph.leaf_nodes("editorial")
    MigrationRecorder(connection).record_unapplied(*last)
    health._missing_migrations.cache_clear()
    response = bezoeker.get(READY)
    assert response.status_code == 503
    assert "manage.py migrate" in response.json()["onderdelen"]["migraties"]["uitleg"]
    MigrationRecorder(connection).record_applied(*last)
    assert bezoeker.get(READY).status_code == 200


def test_the_disk_of_the_backups_counts_too(bezoeker, db, monkeypatch, settings, tmp_path):
    settings.BACKUP_DIR = str(tmp_path)
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(
        health.shutil, "disk_usage", lambda folder: usage(2**20 if folder == tmp_path else 2**40)
    )
    response = bezoeker.get("/gezond/gereed/")
    assert response.status_code == 503
    assert response.json()["onderdelen"]["schijf"]["uitleg"] == "1 MiB vrij"
    settings.BACKUP_DIR = str(tmp_path / "weg")
    part = bezoeker.get("/gezond/gereed/").json()["onderdelen"]["schijf"]
    assert not part["in_orde"]
    assert "reservekopieën" in part["uitleg"]


def test_the_site_need_not_write_where_the_backups_are(
    bezoeker, db, monkeypatch, settings, tmp_path
):
    # To its unit of systemd all folders but its own are read-only.
    may_write = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path and may_write(path, mode))
    settings.BACKUP_DIR = str(tmp_path)
    assert bezoeker.get(READY).status_code == 200


def test_a_disk_with_the_uploads_that_is_not_there_is_not_in_order(
    bezoeker, db, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    response = bezoeker.get(READY)
    assert response.status_code == 503
    part = response.json()["onderdelen"]["schijf"]
    assert part["uitleg"] == "de map voor uploads (MEDIA_ROOT) is er niet"
    settings.MEDIA_ROOT.mkdir()
    assert bezoeker.get(READY).status_code == 200


def test_it_is_not_ready_when_the_disk_is_nearly_full(bezoeker, db, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: usage(499 * 2**20))
    response = bezoeker.get(READY)
    assert response.status_code == 503
    assert response.json()["onderdelen"]["schijf"]["uitleg"] == "499 MiB vrij"


def test_where_timers_are_expected_it_is_ready_only_when_they_are_on_time(
    bezoeker, db, settings, task, monkeypatch
):
    monkeypatch.setattr(jobs, "TASKS", {task: jobs.TASKS[task]})
    assert bezoeker.get(READY).status_code == 200
    settings.EXPECT_TIMERS = True
    response = bezoeker.get(READY)
    assert response.status_code == 503
    assert "proef" in response.json()["onderdelen"]["taken"]["uitleg"]
    with running(task):
        pass
    assert bezoeker.get(READY).status_code == 200
    Job.objects.update(succeeded_at=timezone.now() - timedelta(minutes=16))
    assert bezoeker.get(READY).status_code == 503


def test_on_a_new_machine_a_daily_task_has_its_days_as_soon_as_one_timer_runs(
    bezoeker, db, settings, task, monkeypatch
):
    monkeypatch.setitem(jobs.TASKS, "nachtelijk", Task("Elke nacht", timedelta(days=1)))
    monkeypatch.setattr(jobs, "TASKS", {one: jobs.TASKS[one] for one in (task, "nachtelijk")})
    settings.EXPECT_TIMERS = True
    explanation = bezoeker.get(READY).json()["onderdelen"]["taken"]["uitleg"]
    assert explanation == f"te laat: {task}, nachtelijk"
    with running(task):
        pass
    assert bezoeker.get(READY).status_code == 200
    Job.objects.filter(name="nachtelijk").update(expected_since=timezone.now() - timedelta(days=4))
    explanation = bezoeker.get(READY).json()["onderdelen"]["taken"]["uitleg"]
    assert explanation == "te laat: nachtelijk"


def test_a_run_that_takes_long_is_not_late(bezoeker, db, settings, task, monkeypatch):
    monkeypatch.setattr(jobs, "TASKS", {task: jobs.TASKS[task]})
    settings.EXPECT_TIMERS = True

    def is_ready(*, succeeded, began):
        now = timezone.now()
        Job.objects.update(
            succeeded_at=now - timedelta(minutes=succeeded),
            started_at=now - timedelta(minutes=began),
            running_until=now + jobs.LONGEST - timedelta(minutes=began),
        )
        return bezoeker.get(READY).status_code == 200

    with running(task):
        pass
    assert is_ready(succeeded=55, began=45)
    assert not is_ready(succeeded=75, began=5), "the run before it was killed"
    assert not is_ready(succeeded=75, began=65), "it was killed itself"


def test_a_job_runs_once_at_a_time(db):
    with running("proef"):
        with pytest.raises(JobIsRunning), running("proef"):
            pass
        with running("een-andere"):
            pass
    with running("proef"):
        pass


def test_a_job_that_was_broken_off_does_not_block_for_ever(db):
    Job.objects.create(name="proef", running_until=timezone.now() - timedelta(seconds=1))
    with running("proef"):
        pass


def test_a_job_that_is_told_to_end_frees_its_place(db, task):
    def be_ended():
        with running(task):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(10)

    with pytest.raises(SystemExit):
        be_ended()
    with running(task):
        pass


@pytest.mark.parametrize(("name", "minutes"), [("publish_due", 5), ("mail_followers", 60)])
def test_a_run_that_was_killed_holds_up_the_next_no_longer_than_need_be(
    db, monkeypatch, name, minutes
):
    now = timezone.now()
    with running(name):
        held = Job.objects.get(name=name).running_until
    Job.objects.filter(name=name).update(running_until=held)
    with pytest.raises(JobIsRunning), running(name):
        pass
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=minutes, seconds=30))
    with running(name):
        pass


def test_a_job_that_fails_with_the_database_tells_why(db, task):
    def lose_the_database():
        with running(task):
            stack.enter_context(connection.execute_wrapper(refuse))
            raise ValueError("stuk")

    with ExitStack() as stack, pytest.raises(ValueError, match="stuk"):
        lose_the_database()


def test_a_job_that_fails_keeps_why_and_frees_its_place(db, task):
    with pytest.raises(ValueError, match="stuk"), running(task):
        raise ValueError("stuk")
    row = next(row for row in punctuality() if row.name == task)
    assert row.failure == "ValueError: stuk"
    assert row.late
    with running(task):
        pass
    row = next(row for row in punctuality() if row.name == task)
    assert (row.late, row.failure) == (False, "")


def test_a_disk_that_can_not_be_written_is_not_in_order(bezoeker, db, monkeypatch, settings):
    may_write = os.access
    unwritable = settings.MEDIA_ROOT
    unwritable.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(
        os, "access", lambda path, mode: path != unwritable and may_write(path, mode)
    )
    response = bezoeker.get(READY)
    assert response.status_code == 503
    part = response.json()["onderdelen"]["schijf"]
    assert part["uitleg"] == "in een van de mappen kan niet worden geschreven"
