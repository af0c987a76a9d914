"""Fixtures for tests of what editors do: with images, and in a browser."""

import pytest


@pytest.fixture
def media(settings, tmp_path):
    """A folder for uploads of each test's own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def log_in(site):
    """A function that logs in on a browser page, in a role of the cast."""

    def log_in_as(page, role):
        type_login(page, site.accounts[role])
        return page

    return log_in_as


def type_login(page, account):
    """Log in on `page` by typing."""
    page.goto("/beheer/login/")
    page.fill("#id_username", account.username)
    page.fill("#id_password", account.password)
    page.click("[type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)


@pytest.fixture(scope="session")
def logged_in_state(browser, site):
    """A function that returns the cookies of a role that is logged in, for `open_page`."""
    known = {}

    def state_of(role):
        if role not in known:
            context = browser.new_context(base_url=site.url)
            type_login(context.new_page(), site.accounts[role])
            known[role] = context.storage_state()
            context.close()
        return known[role]

    return state_of


@pytest.fixture
def editor(open_page, logged_in_state):
    """A browser page with the form of a new, empty standing page open."""
    page = open_page(storage_state=logged_in_state("beheerder"))
    page.goto("/beheer/editorial/standingpage/add/")
    return page
