"""Fixtures for all tests: the database with the whole Jaarplan, the cast, the site, the browser."""

import gc
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils.module_loading import import_string
from playwright.sync_api import sync_playwright

from tests.tooling import browser as chromium
from tests.tooling import environment
from tests.tooling.accounts import make_account
from tests.tooling.mail_server import serving
from tests.tooling.prepared import own_database
from tests.tooling.site import Site

TESTS = Path(__file__).parent

# Now, so that test modules can import models, and ask the admin what it holds.
environment.prepare()
django.setup()
import_string(f"{settings.ROOT_URLCONF}.urlpatterns")

from veiligalmere.page_cache.rendering import making  # noqa: E402 -- knows models

# The database


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Give all tests one database with the whole Jaarplan.

    Most tests run in a transaction that is rolled back, and so leave it as it is. One that needs
    real transactions empties the database; with `serialized_rollback=True` it finds it filled anew.
    """
    with django_db_blocker.unblock(), own_database(connection) as fill:
        connection._test_serialized_contents = ""
        connection.creation.deserialize_db_from_string = lambda _contents: fill()
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """Collect the static files, so that a page which names a missing one fails here too."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture
def jaarplan(db):
    """The annual plan of 2020, with everything in it."""
    return apps.get_model("plan.AnnualPlan").objects.get(year=2020)


@pytest.fixture(autouse=True)
def quick_passwords(settings, monkeypatch):
    """Hash passwords and backup codes quickly; `security/test_passwords.py` tests how it's done."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("veiligalmere.editorial.login.second_step.COST", {"n": 2, "r": 8, "p": 1})


@pytest.fixture(autouse=True)
def nothing_kept():
    """Forget what pages share: a rolled back test leaves a version that means nothing now."""
    import_string("veiligalmere.pages.once.once").forget()


@pytest.fixture
def known_kinds(db):
    """The kinds of content, which a process asks once: no part of what a page may ask.

    A test that migrates makes it forget them.
    """
    apps.get_model("contenttypes.ContentType").objects.get_for_models(*apps.get_models())


@pytest.fixture
def one_version():
    """Make the pages of this test as for the page cache, in one content version."""
    with making((0, 10**9)):
        yield


@pytest.fixture(autouse=True)
def new_search_index():
    """Make the search index anew: a rolled back test leaves a version that means nothing now."""
    import_string("veiligalmere.pages.search.current.current_index").forget()


# What asks nothing of a database, or how a browser shows pages, of which the public ones are word
# for word the same on both (tests/test_backup.py): tested on one of the two, and not again. All
# other tests with a browser go with the first.
ONLY_ON = {
    "only_on_postgresql": ("browser/test_admin_axe.py", "test_manual.py::test_the_jobs"),
    "only_on_sqlite": ("browser/", "design/", "pages/test_hostile_documents.py"),
}
# Where what is the same on any database is tested by `make test`; `make test-slow` tests it on the
# other (see tests/tooling/run.py), so that the two together leave nothing out.
FIRST_ON = {
    "first_on_sqlite": (
        "admin/test_dutch.py",
        "admin/test_every_model.py",
        "admin/test_measurements.py",
        "admin/test_outline.py",
        "admin/test_plain_forms.py",
        "bulk/test_bulk.py",
        "editorial/test_due.py",
        "editorial/test_image_choice.py",
        "editorial/test_login.py",
        "editorial/test_looking.py",
        "observation/",
        "page_cache/test_on_the_site.py",
        "pages/api/",
        "pages/test_action_filters.py",
        "pages/test_database_file.py",
        "pages/test_dcat.py",
        "pages/test_developments.py",
        "pages/test_discovery.py",
        "pages/test_embeds.py",
        "pages/test_health.py",
        "pages/test_hostile_parameters.py",
        "pages/test_open_data.py",
        "pages/test_outside_validators.py",
        "pages/test_preview.py",
        "pages/test_terms.py",
        "pages/test_unavailable.py",
        "permissions/",
        "progress/test_example.py",
        "security/test_code.py",
        "security/test_forged_requests.py",
        "security/test_passwords.py",
        "security/test_sessions.py",
        "test_import_statline.py",
        "test_serve.py",
        "transcription/",
    ),
    "first_on_postgresql": (
        "admin/test_desk.py",
        "bulk/test_export.py",
        "bulk/test_hostile_workbooks.py",
        "bulk/test_simultaneous.py",
        "editorial/test_advice.py",
        "editorial/test_advice_before_publishing.py",
        "editorial/test_blackout_everywhere.py",
        "editorial/test_blackout_words.py",
        "editorial/test_cleaning.py",
        "editorial/test_conflict.py",
        "editorial/test_drafts.py",
        "editorial/test_history.py",
        "editorial/test_hostile_images.py",
        "editorial/test_hostile_markdown.py",
        "editorial/test_image_words.py",
        "editorial/test_images.py",
        "editorial/test_recovery.py",
        "editorial/test_writing.py",
        "page_cache/",
        "pages/following/",
        "pages/search/",
        "pages/test_addresses.py",
        "pages/test_changes.py",
        "pages/test_feeds.py",
        "pages/test_figures.py",
        "pages/test_html.py",
        "pages/test_plan_pages.py",
        "pages/test_query_budgets.py",
        "progress/test_comparison.py",
        "progress/test_documents.py",
        "progress/test_files.py",
        "progress/test_looking_back.py",
        "progress/test_public_pages.py",
        "progress/test_query_budgets.py",
        "progress/test_reminders.py",
        "progress/test_round.py",
        "progress/test_years.py",
        "security/test_answers.py",
        "security/test_hostile_requests.py",
        "test_backup.py",
        "test_deployment.py",
        "test_local.py",
        "test_manual.py",
        "test_start.py",
    ),
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark the tests of ONLY_ON and FIRST_ON, before pytest chooses by marker.

    Of each of these the first list in which a test is counts.
    """
    for item in items:
        path = item.path.relative_to(TESTS).as_posix()
        name = f"{path}::{item.name}"
        only = _first_of(ONLY_ON, name)
        if only is None and item.get_closest_marker("browser"):
            only = "only_on_sqlite"
        first = only and only.replace("only", "first")
        for marker in (only, first or _first_of(FIRST_ON, name)):
            if marker:
                item.add_marker(marker)


def pytest_collection_finish():
    """Look for garbage less often, and not among the thousands of tests: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def _first_of(lists, name):
    return next((marker for marker, parts in lists.items() if name.startswith(parts)), None)


# The cast: a test client each; those who log in have their account as `.user`


@pytest.fixture
def bezoeker():
    """Someone who reads the site, and has no account."""
    return Client()


@pytest.fixture
def redacteur(db):
    """Someone who writes."""
    return logged_in("redacteur")


@pytest.fixture
def eindredacteur(db):
    """Someone who decides what is published."""
    return logged_in("eindredacteur")


@pytest.fixture
def beheerder(db):
    """Someone who may do everything, accounts included."""
    return logged_in("beheerder")


def logged_in(role):
    """Return a client that is logged in with a new account of this role."""
    client = Client()
    client.user = make_account(role)
    client.force_login(client.user)
    return client


# Who takes its mails


@pytest.fixture
def mail_server(settings):
    """A real mail server that gets what the site sends (see `MailServer`)."""
    with serving(settings) as server:
        yield server


# The site and the browser


@pytest.fixture(scope="session")
def site():
    """The site on a real server (see `Site`), shared by all tests: leave it as you found it."""
    with Site() as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once."""
    with sync_playwright() as playwright:
        running = chromium.launch(playwright)
        yield running
        running.close()


@pytest.fixture
def page_problems():
    """What the browser complained of in this test; it fails on what is left here at its end."""
    problems = []
    yield problems
    assert not problems


@pytest.fixture
def open_page(browser, site, page_problems):
    """A function that opens an empty page in a browser context of its own.

    Its arguments are Playwright's for a context (viewport, java_script_enabled, …). Addresses are
    relative to the site. A script error, a refusal by the content security policy and a request
    to another host are written in `page_problems`.
    """
    contexts = []

    def note_message(message):
        # The browser also notes each answer of 400 and more, which tests expect and assert on.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            page_problems.append(message.text)

    def note_request(request):
        if not request.url.startswith((site.url + "/", "data:", "blob:")):
            page_problems.append(f"request to {request.url}")

    def open_one(**options):
        defaults = {"base_url": site.url, "locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}
        context = browser.new_context(**defaults | options)
        contexts.append(context)
        context.on("console", note_message)
        context.on("weberror", lambda error: page_problems.append(str(error.error)))
        context.on("request", note_request)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page):
    """An empty page in a fresh browser context; `open_page` is for other options."""
    return open_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Add what the site's server printed to the report of a test that failed on it."""
    report = yield
    running = getattr(item, "funcargs", {}).get("site")
    if report.failed and running:
        report.sections.append(("the site's server", running.log()))
    return report
