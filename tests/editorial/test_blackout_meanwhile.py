"""Blacking out while a colleague saves: nothing of theirs is undone, and none of the words stay."""

import time
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from plan.models import Action
from tests.tooling.drafts import writing
from veiligalmere.editorial.blackout import MARK, BlackOut, black_out, find
from veiligalmere.editorial.publish import publish, save_draft
from veiligalmere.editorial.versions import Version

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets nobody write while another does"
    ),
]
NAME, RULE = "Kwikstaartlaan 17", "artikel 10 van de AVG"
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def summarize(action, words):
    save_draft(action, writing(summary=words))


def wait_until_somebody_waits():
    with connection.cursor() as cursor:
        for _try in range(200):
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("Nobody waited for the transaction of the colleague.")


@contextmanager
def a_colleague_who(saves):
    """Let `saves` be done in another connection, that commits once something waits for it."""
    saved, failed = Event(), []

    def work():
        try:
            with transaction.atomic():
                saves()
                saved.set()
                wait_until_somebody_waits()
        except Exception as error:  # noqa: BLE001 -- it has to be seen in the outcome
            failed.append(error)
        finally:
            saved.set()
            connection.close()

    thread = Thread(target=work)
    thread.start()
    saved.wait()
    yield
    thread.join()
    assert not failed


@pytest.fixture
def actions(jaarplan):
    """An action whose history names an address, and another."""
    named, other = Action.objects.public().order_by("pk")[:2]
    summarize(named, f"Aan de {NAME}.")
    publish(named, note="Nieuw")
    summarize(named, "Er is gezocht.")
    return named, other


def test_what_a_colleague_publishes_meanwhile_is_not_undone(actions):
    named, _other = actions
    with a_colleague_who(lambda: publish(named, note="Zonder adres")):
        black_out([NAME], rule=RULE, by=None)
    named.refresh_from_db()
    assert named.summary == "Er is gezocht."
    assert not find([NAME])


def test_words_that_a_colleague_is_saving_elsewhere_go_too(actions):
    _named, other = actions
    with a_colleague_who(lambda: summarize(other, f"Ook aan de {NAME}.")):
        made = black_out([NAME], rule=RULE, by=None)
    draft = Version.objects.of(other).drafts().get()
    assert draft.content["fields"]["summary"] == f"Ook aan de {MARK}."
    assert not find([NAME])
    assert BlackOut.objects.get() == made
    assert made.objects_touched.filter(object_id=other.pk).exists()
