"""Fixtures for tests of what editors do in a browser."""

import pytest


@pytest.fixture
def log_in(site):
    """A function that logs in on a browser page, in a role of the cast."""

    def log_in_as(page, role):
        account = site.accounts[role]
        page.goto("/beheer/login/")
        page.fill("#id_username", account.username)
        page.fill("#id_password", account.password)
        page.click("[type=submit]")
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    return log_in_as


@pytest.fixture
def editor(page, log_in):
    """A browser page with the form of a new, empty standing page open."""
    log_in(page, "beheerder")
    page.goto("/beheer/editorial/standingpage/add/")
    return page
