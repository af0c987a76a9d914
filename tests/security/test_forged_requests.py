"""What another site can have a colleague's browser do: nothing."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from tests.security.addresses import forms, routes

pytestmark = pytest.mark.django_db
WRITES = re.compile(r"^(INSERT|UPDATE|DELETE)\b\W*(?:INTO|FROM)?\W*(\w+)", re.IGNORECASE)
# Not of anybody's making: who is logged in, and a key that is shown until somebody confirms it.
MAY_CHANGE = {"django_session", "otp_totp_totpdevice"}


def back_office():
    """Return a path for every address of the back-office, filled in with something likely."""
    paths = set(forms())
    for _name, pattern in routes():
        if pattern.startswith("beheer/"):
            filled = re.sub(r"\(\?P<url>[^)]*\)", "x", pattern)
            filled = re.sub(r"<path:object_id>", "1", filled)
            paths.add("/" + re.sub(r"<[^>]+>|\([^)]*\)", "1", filled))
    for model in admin.site._registry:
        paths.add(f"/beheer/{model._meta.app_label}/{model._meta.model_name}/")
    return sorted(paths | {"/beheer/logout/"})


def test_no_address_of_the_back_office_takes_a_form_without_its_token(beheerder):
    beheerder.handler.enforce_csrf_checks = True
    accepted = []
    for path in back_office():
        resolve(path)
        answer = beheerder.post(path, {"post": "yes"})
        refused = answer.status_code == 403
        if not refused:
            accepted.append((path, answer.status_code))
    assert not accepted


def test_a_token_from_elsewhere_is_refused(beheerder):
    client = Client(enforce_csrf_checks=True)
    client.force_login(beheerder.user)
    client.get("/beheer/password_change/")
    data = {"csrfmiddlewaretoken": "a" * 64}
    assert client.post("/beheer/plan/action/add/", data).status_code == 403
    good = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    for origin in ("https://kwaad.test", "null"):
        answer = client.post("/beheer/plan/action/add/", good, headers={"origin": origin})
        assert answer.status_code == 403
    assert client.post("/beheer/plan/action/add/", good).status_code == 200, "the form, with faults"


@pytest.mark.slow
def test_looking_changes_nothing(beheerder):
    changed = {}
    for path in back_office():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = beheerder.get(path)
        assert answer.status_code < 500
        tables = {m[2] for q in queries if (m := WRITES.match(q["sql"]))} - MAY_CHANGE
        if tables:
            changed[path] = tables
    assert not changed


@pytest.mark.slow
def test_no_page_of_the_back_office_is_kept_or_framed(beheerder):
    # The words of the admin's scripts are the same for everybody.
    pages = {path: beheerder.get(path) for path in back_office() if "jsi18n" not in path}
    shown = {path: answer for path, answer in pages.items() if answer.status_code == 200}
    assert len(shown) > 40
    for path, answer in shown.items():
        assert "no-store" in answer.get("Cache-Control", ""), (path, answer.status_code)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], path
        assert answer["X-Frame-Options"] == "DENY"
