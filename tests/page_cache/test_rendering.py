"""Real pages in the cache: kept, without queries, and each made of one moment."""

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.urls import resolve

from plan.models import Action
from tests.tooling.crawl import crawl
from veiligalmere.editorial.content_version import current_content_version, raise_content_version
from veiligalmere.page_cache.addresses import KEPT
from veiligalmere.page_cache.application import OUTCOME, PageCache
from veiligalmere.page_cache.rendering import PageHandler, SnapshotHandler
from veiligalmere.page_cache.versions import Versions

in_real_transactions = pytest.mark.django_db(transaction=True, serialized_rollback=True)


class Asked(Versions):
    """Asks in the thread of the request, which has the test's database."""

    def _ask(self):
        self.check()


class Visit:
    """One request to a cache before Django, and its answer."""

    def __init__(self, cache, path, **headers):
        environ = RequestFactory().get(path, HTTP_HOST="testserver", **headers).environ
        self.headers = {}
        self.body = b"".join(cache(environ, self._start)).decode(errors="replace")
        self.outcome = environ[OUTCOME]

    def _start(self, status, headers, exc_info=None):
        self.status = int(status[:3])
        self.headers = dict(headers)


@pytest.fixture
def cache():
    """A page cache before Django itself."""
    return PageCache(
        SnapshotHandler(),
        Asked(current_content_version),
        hosts={"testserver"},
        limit=64 * 1024 * 1024,
        away=lambda environ, reason: ("503 Service Unavailable", [], reason.encode()),
    )


@in_real_transactions
def test_every_public_page_is_kept_and_then_costs_no_query(cache, django_assert_num_queries):
    def get(path):
        visit = Visit(cache, path)
        if visit.status == 200:
            assert "Vary" not in visit.headers or "Cookie" not in visit.headers["Vary"]
            made.append(path)
        return visit.status, visit.headers.get("Content-Type", ""), visit.body

    made = []
    pages = crawl(get)
    kept = [path for path in made if resolve(path).view_name in KEPT]
    assert len(kept) > 50
    cache.versions._due = float("inf")
    with django_assert_num_queries(0):
        for path in kept:
            visit = Visit(cache, path)
            assert (visit.outcome, visit.body) == ("hit", pages[path])
            tag = visit.headers["ETag"]
            again = Visit(cache, path, HTTP_IF_NONE_MATCH=tag)
            assert (again.outcome, again.status, again.body) == ("not-modified", 304, "")


@in_real_transactions
def test_a_publication_is_seen_at_the_next_question_to_the_database(cache):
    path = Action.objects.public().first().get_absolute_url()
    before = Visit(cache, path)
    Action.objects.filter(pk=Action.objects.public().first().pk).update(title="Een nieuwe titel")
    assert Visit(cache, path).body == before.body
    raise_content_version()
    cache.versions._due = 0
    after = Visit(cache, path)
    assert after.outcome == "miss"
    assert "Een nieuwe titel" in after.body


IN_A_SNAPSHOT = """
import threading, django
django.setup()
from django.db import connection
from veiligalmere.editorial.content_version import current_content_version, raise_content_version
from veiligalmere.page_cache.rendering import snapshot

def publish():
    raise_content_version()
    connection.close()

with snapshot():
    numbers = [current_content_version()]
    writer = threading.Thread(target=publish)
    writer.start()
    writer.join()
    numbers.append(current_content_version())
print(*numbers, current_content_version())
"""


def test_a_snapshot_sees_nothing_of_what_is_published_meanwhile_and_holds_up_no_writer(site):
    before, meanwhile, after = map(int, site.run("-c", IN_A_SNAPSHOT).split())
    assert before == meanwhile == after - 1


@in_real_transactions
@pytest.mark.skipif(connection.vendor != "sqlite", reason="there both are asked at once")
def test_pages_are_made_again_after_a_version_that_could_not_be_read(cache, monkeypatch):
    def fail():
        raise OperationalError

    monkeypatch.setattr("veiligalmere.page_cache.rendering.current_content_version", fail)
    assert Visit(cache, "/themas/").status == 503
    monkeypatch.undo()
    assert Visit(cache, "/themas/").status == 200


def lose_the_connection():
    """End this connection to the database as a server does that goes down."""
    own = connection.settings_dict
    address = {"host": own["HOST"], "port": own["PORT"] or None, "user": own["USER"]}
    pid = connection.connection.info.backend_pid
    with psycopg.connect(**address, dbname=own["NAME"], autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


@in_real_transactions
@pytest.mark.skipif(connection.vendor == "sqlite", reason="a file that is there stays there")
@pytest.mark.parametrize("moment", ["before", "during", "after"])
@pytest.mark.parametrize("was_kept", [False, True])
def test_who_comes_while_the_connection_is_lost_gets_a_page(cache, monkeypatch, moment, was_kept):
    if was_kept:
        assert Visit(cache, "/themas/").status == 200
        raise_content_version()
        cache.versions._due = 0
    answer = PageHandler.get_response

    def get_response(self, request):
        if moment == "during":
            lose_the_connection()
        response = answer(self, request)
        if moment == "after":
            lose_the_connection()
        return response

    monkeypatch.setattr(PageHandler, "get_response", get_response)
    cache.versions.current()
    cache.versions._due = float("inf")
    if moment == "before":
        lose_the_connection()
    visit = Visit(cache, "/themas/")
    expected = {
        "before": ("miss", 200),
        "during": ("stale", 200) if was_kept else ("away", 503),
        "after": ("stale", 200) if was_kept else ("away", 503),
    }
    assert (visit.outcome, visit.status) == expected[moment]
    monkeypatch.undo()
    assert Visit(cache, "/themas/").status == 200, "on another connection"
