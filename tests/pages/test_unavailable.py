"""What visitors and editors see while the database is away or the disk is full."""

import errno
import os
import sqlite3
import subprocess
import sys
from html import unescape
from types import SimpleNamespace

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, RequestFactory

from plan.models import Action
from tests.tooling.environment import ROOT, environment_for
from veiligalmere.editorial.addresses import ShortAddress
from veiligalmere.editorial.login import sessions
from veiligalmere.pages import records
from veiligalmere.pages.unavailable import unavailable_answer


@pytest.fixture
def away(db):
    """A function that makes every query of this test raise `error`."""

    def query(error):
        def refuse(execute, sql, params, many, context):
            raise error

        return connection.execute_wrapper(refuse)

    return query


def environ(path, **posted):
    """Return a request for `path` as WSGI gives it; a POST if something is `posted`."""
    factory = RequestFactory()
    return (factory.post(path, posted) if posted else factory.get(path)).environ


def answer(client, method, path, **options):
    """Return the answer to a request, whatever was raised on the way."""
    client.raise_request_exception = False
    return getattr(client, method)(path, **options)


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_public_page_says_in_dutch_that_it_is_away_for_a_while(away, bezoeker, error):
    with away(error):
        response = answer(bezoeker, "get", "/themas/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in response
    assert "Deze pagina is even niet bereikbaar" in response.text
    assert "tel:112" in response.text
    assert "gone" not in response.text


def test_the_page_cache_says_the_same_without_asking_anything(away):
    with away(OperationalError("gone")):
        status, headers, body = unavailable_answer(environ("/themas/"))
    assert status.startswith("503")
    assert "Content-Security-Policy" in dict(headers)
    assert "Deze pagina is even niet bereikbaar" in body.decode()


def test_the_api_says_so_as_its_document_has_it(away, bezoeker):
    path = "/api/v1/themas"
    with away(OperationalError("gone")):
        response = answer(bezoeker, "get", path)
        status, headers, body = unavailable_answer(environ(path))
    assert response.status_code == 503
    assert status.startswith("503")
    assert response.content == body
    for found in (response.headers, dict(headers)):
        assert found["Content-Type"] == "application/problem+json"
        assert found["API-Version"] == "1.0.0"
        assert found["Retry-After"] == "30"
        assert found["Cache-Control"] == "no-store"
    document = bezoeker.get("/api/v1/openapi.json").json()
    assert "503" in document["paths"]["/themas"]["get"]["responses"]


def test_a_fault_of_ours_is_told_by_the_api_without_a_word_about_it(away, bezoeker):
    with away(ValueError("geheim")):
        response = answer(bezoeker, "get", "/api/v1/themas")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert "geheim" not in response.text


def test_an_editor_who_saves_gets_every_word_back_and_can_try_again(away, beheerder):
    action = Action.objects.public().first()
    path = f"/beheer/plan/action/{action.pk}/change/"
    text = "Eerste alinea met <b>haakjes</b> & “aanhalingstekens”.\r\n\r\nTweede alinea."
    posted = {"title": "Kort", "body": text, "csrfmiddlewaretoken": "x" * 64, "places": [1, 2]}
    with away(OperationalError("gone")):
        response = answer(beheerder, "post", path, data=posted)
    assert response.status_code == 503
    page = response.text
    assert "Uw werk is niet opgeslagen" in page
    assert f'action="{path}"' in page
    assert text.replace("\r\n", "\n") in unescape(page).replace("\r\n", "\n")
    assert "<b>haakjes</b>" not in page
    assert 'name="title" value="Kort"' in page
    assert page.count('type="hidden" name="places"') == 2
    assert "Tekst van het plan" in page, "the field is called as the form calls it"
    assert Action.objects.get(pk=action.pk).body == action.body


@pytest.fixture
def saving(beheerder):
    """A function that saves a short address while the database refuses to write some tables."""
    session = beheerder.session
    session[sessions.SEEN] = 0  # so that it is noted that the editor is at work
    session.save()

    def save(*tables):
        def refuse(execute, sql, params, many, context):
            if not sql.startswith("SELECT") and any(table in sql for table in tables):
                raise OperationalError("gone")
            return execute(sql, params, many, context)

        posted = {"path": "proef", "target": "/themas/"}
        with connection.execute_wrapper(refuse):
            path = "/beheer/editorial/shortaddress/add/"
            return answer(beheerder, "post", path, data=posted)

    return save


def test_nor_is_a_word_lost_when_the_session_can_not_be_saved_either(saving):
    response = saving(ShortAddress._meta.db_table, "django_session")
    assert response.status_code == 503
    assert "Uw werk is niet opgeslagen" in response.text
    assert 'name="path" value="proef"' in response.text
    assert not ShortAddress.objects.filter(path="proef").exists()


def test_what_was_saved_is_told_when_only_the_session_can_not_be(saving):
    assert saving("django_session").status_code == 302
    assert ShortAddress.objects.filter(path="proef").exists()


def test_an_editor_who_saves_gets_every_word_back_from_the_page_cache_too(away):
    text = "Een alinea die nergens anders staat. " * 5
    path = "/beheer/plan/action/add/"
    for reason, words in (
        ("database", "De database geeft geen"),
        ("busy", "De site is nu te"),
    ):
        with away(OperationalError("gone")):
            status, headers, body = unavailable_answer(
                environ(path, title="Kort", body=text), reason
            )
        page = unescape(body.decode())
        assert status.startswith("503")
        assert dict(headers)["Retry-After"] == "30"
        assert "Content-Security-Policy" in dict(headers)
        assert "Uw werk is niet opgeslagen" in page
        assert words in page
        assert f'action="{path}"' in page
        assert text in page
        assert 'name="title" value="Kort"' in page


SAVE = """
import sys
from veiligalmere.wsgi import application
from django.test import RequestFactory

kind = f"application/x-www-form-urlencoded; charset={sys.argv[1]}"
request = RequestFactory().generic("POST", "/beheer/x/", "title=Caf%C3%A9", kind)
body = application(request.environ, lambda status, headers, exc_info=None: print(status))
print(b"".join(body).decode())
"""


@pytest.mark.parametrize("charset", ["undefined", "utf-16"])
def test_nor_does_it_matter_then_in_which_charset_a_form_says_that_it_was_sent(charset, tmp_path):
    # A database without a table is as good as one that is away.
    answer = subprocess.run(
        [sys.executable, "-c", SAVE, charset],
        cwd=ROOT,
        env=environment_for(tmp_path, DEBUG="1", PAGE_CACHE_MB="1", PYTHONIOENCODING="utf-8"),
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    ).stdout
    assert answer.startswith("503 ")
    assert 'name="title" value="Café"' in answer


def test_a_password_is_never_sent_back(away):
    posted = {"username": "anna", "password": "geheim wachtwoord " * 5}
    with away(OperationalError("gone")):
        response = answer(Client(), "post", "/beheer/login/", data=posted)
    assert response.status_code == 503
    assert "geheim" not in response.text
    assert "anna" not in response.text


def test_an_editor_who_only_looks_is_told_so(away, beheerder):
    with away(OperationalError("gone")):
        response = answer(beheerder, "get", "/beheer/plan/action/")
    assert response.status_code == 503
    assert "Het beheer is even niet bereikbaar" in response.text


@pytest.mark.parametrize("cause", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_disk_that_can_not_be_written_is_named_to_the_editor(away, beheerder, cause):
    with away(OSError(cause, os.strerror(cause))):
        response = answer(beheerder, "post", "/beheer/plan/action/add/", data={"title": "Kort"})
    assert response.status_code == 503
    assert "De schijf van de server is vol" in response.text


@pytest.mark.parametrize(
    "cause",
    [SimpleNamespace(sqlite_errorcode=sqlite3.SQLITE_FULL), SimpleNamespace(sqlstate="53100")],
)
def test_so_is_a_full_disk_of_the_database(away, beheerder, cause):
    class FromDatabaseError(Exception):
        """What a driver raises, which Django keeps as the cause of its own."""

    error = OperationalError("full")
    error.__cause__ = FromDatabaseError()
    vars(error.__cause__).update(vars(cause))
    with away(error):
        response = answer(beheerder, "post", "/beheer/plan/action/add/", data={"title": "Kort"})
    assert response.status_code == 503
    assert "De schijf van de server is vol" in response.text
    assert "Uw werk is niet opgeslagen" in response.text


def test_any_other_error_is_a_500_without_a_word_about_its_cause(bezoeker, db, monkeypatch):
    def break_down():
        raise RuntimeError("geheime oorzaak")

    monkeypatch.setattr(records, "plans", break_down)
    response = answer(bezoeker, "get", "/")
    assert response.status_code == 500
    assert "Er ging iets mis" in response.text
    assert "geheime oorzaak" not in response.text


def test_everything_works_again_as_soon_as_the_database_is_back(away, bezoeker):
    with away(OperationalError("gone")):
        assert answer(bezoeker, "get", "/").status_code == 503
    assert answer(bezoeker, "get", "/").status_code == 200
