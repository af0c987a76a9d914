"""Asking the API."""

import pytest
from django.test import Client

BASE = "/api/v1"


@pytest.fixture
def ask(settings):
    """A function that asks the API for the JSON at a path below its base, or an address in it."""
    client = Client()

    def get(path, status=200):
        path = path.removeprefix(settings.SITE_URL + BASE)
        answer = client.get(BASE + path)
        assert answer.status_code == status, answer.content
        return answer.json()

    return get
