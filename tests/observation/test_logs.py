"""What stands in the log, and what never does."""

import json
import logging
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.signals import connection_created

from tests.tooling.environment import ROOT, environment_for
from veiligalmere.observation.formatting import (
    LOGGING,
    JsonFormatter,
    TextFormatter,
    without_secrets,
)
from veiligalmere.observation.requests import ObservedRequests
from veiligalmere.observation.slow_queries import watch_queries
from veiligalmere.page_cache.application import OUTCOME


def application(environ, start_response):
    """Answer anything with 200, as if from the cache."""
    environ[OUTCOME] = "hit"
    start_response("200 OK", [])
    return []


def lines_of(capfd):
    """Return what was logged, parsed."""
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def ask(path="/", *, log=True, inner=application, **more):
    """Let `inner` answer one observed request."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, **more}
    ObservedRequests(inner, log=log)(environ, lambda *arguments: None)


def test_each_request_is_one_line_with_its_id_time_status_and_cache_outcome(capfd):
    ask("/themas/", HTTP_X_REQUEST_ID="0123456789abcdef")
    [line] = lines_of(capfd)
    assert line["request"] == "0123456789abcdef"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/themas/", 200)
    assert line["cache"] == "hit"
    assert line["ms"] >= 0


def test_all_that_is_said_of_one_request_has_its_id_and_of_the_next_another(capfd):
    def inner(environ, start_response):
        logging.getLogger("veiligalmere").warning("half way")
        return application(environ, start_response)

    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.getLogger("veiligalmere").addHandler(handler)
    try:
        ask(inner=inner)
        ask(inner=inner)
    finally:
        logging.getLogger("veiligalmere").removeHandler(handler)
    ids = [line["request"] for line in lines_of(capfd) if "request" in line]
    assert ids[0] == ids[1] != ids[2] == ids[3]


def test_the_moment_of_a_line_is_in_utc(capfd):
    before = datetime.now(UTC)
    ask()
    moment = datetime.fromisoformat(lines_of(capfd)[0]["time"])
    assert moment.utcoffset() == timedelta(0)
    assert abs(moment - before) < timedelta(minutes=5)


def test_all_that_is_logged_goes_to_standard_error_alone():
    [console] = LOGGING["handlers"].values()
    assert (console["class"], "stream" in console) == ("logging.StreamHandler", False)
    named = [LOGGING["root"], *LOGGING["loggers"].values()]
    assert {name for one in named for name in one.get("handlers", ())} == {"console"}


def test_hostile_requests_stay_one_valid_line(capfd):
    for path in ('/"\n{"level": "x"}', "/\xff\x00\u2028", "/" + "a" * 8000):
        ask(path, HTTP_X_REQUEST_ID='"\n')
    lines = lines_of(capfd)
    assert len(lines) == 3
    assert all(len(line["request"]) == 16 for line in lines)


def test_a_request_that_fails_is_logged_as_500(capfd):
    def fail(environ, start_response):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ask(inner=fail)
    assert lines_of(capfd)[0]["status"] == 500


def test_nothing_is_logged_unless_it_is_asked_for(capfd):
    ask(log=False)
    assert not capfd.readouterr().err


@pytest.mark.parametrize(
    "secret",
    [
        "MTpuZXd0b2tlbjEyMzQ1Njc4OTA:1tQX3k:Xy9-abcDEF",
        "c8x3f1-0123456789abcdef0123456789abcdef",
        "Zm9vYmFyYmF6cXV4cXV1eGNvcmdl",
    ],
)
def test_tokens_and_queries_are_not_in_the_log(capfd, secret):
    ask(f"/abonnement/{secret}/", QUERY_STRING="woorden=mijn+naam", HTTP_COOKIE="sessionid=x")
    text = capfd.readouterr().err
    assert secret not in text
    assert "naam" not in text
    assert "sessionid" not in text
    address = f"/abonnement/{secret}/"
    try:
        raise ValueError(address)
    except ValueError:
        raised = sys.exc_info()
    for more in ({}, {"exc_info": raised}):
        record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (address,), **more})
        for formatter in (JsonFormatter(), TextFormatter()):
            assert secret not in formatter.format(record)
            assert "/abonnement/…/" in formatter.format(record)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_log_of_the_site_has_no_token_in_either_form(tmp_path, form):
    code = (
        "import django, logging; django.setup(); "
        "logging.getLogger('django.request').warning('Not Found: %s', '/voorbeeld/' + 'Zm9v' * 9)"
    )
    environment = environment_for(
        tmp_path, LOG_FORMAT=form, DJANGO_SETTINGS_MODULE="veiligalmere.settings"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    said = done.stderr
    assert "Not Found: /voorbeeld/…" in said
    assert "Zm9v" not in said
    assert said.startswith("{") is (form == "json")


def test_ordinary_addresses_are_logged_whole(capfd):
    for path in (
        "/jaarplan/2020/acties/maatwerkgerichte-aanpak-op-jongeren-en-messenbezit/",
        "/themas/ondermijning-georganiseerde-criminaliteit/",
    ):
        assert without_secrets(path) == path


def test_an_id_of_a_proxy_is_used_only_if_it_looks_like_one(capfd):
    def id_given(given):
        ask(HTTP_X_REQUEST_ID=given)
        return lines_of(capfd)[0]["request"]

    assert id_given("abcdef0123456789") == "abcdef0123456789"
    for given in ("", "x", "a" * 65, "abc def ghi", "../../etc/passwd"):
        assert re.fullmatch("[0-9a-f]{16}", id_given(given))


def test_an_error_has_its_traceback_in_the_line():
    try:
        raise ValueError("oorzaak")
    except ValueError:
        record = logging.makeLogRecord({"msg": "mis", "exc_info": sys.exc_info()})
    line = json.loads(JsonFormatter().format(record))
    assert "ValueError: oorzaak" in line["traceback"]


def test_a_slow_query_is_logged_without_its_parameters(db, settings, caplog):
    settings.SLOW_QUERY_MS = 0
    watch_queries()
    connection_created.send(type(connection), connection=connection)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 WHERE 'a' = %s", ["een naam"])
    finally:
        connection.execute_wrappers.clear()
    assert "SELECT 1 WHERE" in caplog.text
    assert "een naam" not in caplog.text


def test_the_slow_queries_of_a_timer_are_logged_too(db, settings, caplog):
    settings.SLOW_QUERY_MS = 0
    try:
        call_command("clean_up", stdout=StringIO())
    finally:
        connection.execute_wrappers.clear()
    assert "DELETE FROM" in caplog.text
