"""What is past its term goes, and nothing else: `manage.py clean_up`."""

from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from plan.models import Action
from tests.tooling.forms import posted
from veiligalmere.editorial.batches import Batch
from veiligalmere.editorial.jobs import Job
from veiligalmere.editorial.presence import Presence
from veiligalmere.editorial.unsaved import UnsavedText
from veiligalmere.editorial.versions import Version

pytestmark = pytest.mark.django_db
# What is deleted, the moment by which its age is known, and what is just within and past its term.
TERMS = [
    (AccessLog, "attempt_time", timedelta(days=89), timedelta(days=91)),
    (AccessFailureLog, "attempt_time", timedelta(days=89), timedelta(days=91)),
    (AccessAttempt, "attempt_time", timedelta(minutes=14), timedelta(minutes=16)),
    (TOTPDevice, "created_at", timedelta(hours=23), timedelta(hours=25)),
    (UnsavedText, "saved_at", timedelta(days=4), timedelta(days=6)),
    (Batch, "made_at", timedelta(hours=23), timedelta(hours=25)),
    (Presence, "seen_at", timedelta(seconds=60), timedelta(seconds=90)),
]


@pytest.fixture
def traces(redacteur, jaarplan):
    """One of everything that people leave behind, made by using the site."""
    wrong = {"username": "iemand", "password": "verkeerd"}
    Client().post("/beheer/login/", wrong)
    redacteur.get("/beheer/inloggen/instellen/")
    form = f"/beheer/plan/action/{Action.objects.public().first().pk}/change/"
    data = posted(redacteur.get(form), title="Half getypt") | {"_getypt": ["1"]}
    assert redacteur.post(form.replace("change", "getypt"), data).json()["kept"]
    many = f"/beheer/plan/action/in-bulk/?gekozen={Action.objects.public().first().pk}"
    shown = redacteur.get(many)
    redacteur.post(many, posted(shown, form="step", period_doen="zet", period="Heel 2020"))
    for model, *_terms in TERMS:
        assert model.objects.count() == 1, model


def clean_up():
    out = StringIO()
    call_command("clean_up", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(("model", "field", "within", "past"), TERMS)
def test_each_kind_goes_when_its_term_is_past_and_not_before(traces, model, field, within, past):
    others = {other: other.objects.count() for other, *_terms in TERMS if other is not model}
    model.objects.update(**{field: timezone.now() - within})
    clean_up()
    assert model.objects.count() == 1
    model.objects.update(**{field: timezone.now() - past})
    assert ": 1\n" in clean_up()
    assert model.objects.count() == 0
    assert {other: other.objects.count() for other in others} == others


def test_a_second_step_in_use_stays_however_old(traces):
    old = timezone.now() - timedelta(days=900)
    TOTPDevice.objects.update(confirmed=True, created_at=old)
    clean_up()
    assert TOTPDevice.objects.count() == 1


def test_an_ended_session_goes_and_others_stay(redacteur, beheerder):
    ended = redacteur.session.session_key
    Session.objects.filter(pk=ended).update(expire_date=timezone.now() - timedelta(minutes=1))
    clean_up()
    assert [one.pk for one in Session.objects.all()] == [beheerder.session.session_key]


def test_it_is_a_job_that_those_who_watch_the_timers_see(db):
    clean_up()
    assert Job.objects.get(name="clean_up").succeeded_at


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts by itself")
def test_sqlite_knows_afterwards_how_much_there_is(jaarplan):
    clean_up()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'editorial_version'")
        rows = {int(stat.split()[0]) for (stat,) in cursor}
    assert Version.objects.count() in rows


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite never counts by itself")
def test_postgresql_is_left_to_count_by_itself(db):
    with CaptureQueriesContext(connection) as asked:
        clean_up()
    assert not [one for one in asked.captured_queries if one["sql"].startswith("ANALYZE")]
