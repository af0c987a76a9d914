"""The cache on the real site: two processes, and a publication from elsewhere."""

import time
import urllib.request

import pytest

from tests.tooling.crawl import main_of

PUBLISH = """
import sys, django
django.setup()
from plan.models import Action
from veiligalmere.editorial.publish import publish
action = Action.objects.public().get(slug=sys.argv[1])
action.title = sys.argv[2]
action.save()
publish(action, minor=True)
"""
SLUG = "cyber-24"


def get(url):
    """Return the text of the page at `url`."""
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 -- our own site
        return response.read().decode()


@pytest.mark.slow
def test_a_publication_is_seen_in_every_process_within_three_seconds(site):
    url = f"{site.url}/jaarplan/2020/acties/{SLUG}/"
    before = main_of(get(url))
    title = "Vierentwintig uur cyber"
    assert title not in before
    site.run("-c", PUBLISH, SLUG, title)
    try:
        time.sleep(3)
        # Enough visits for both processes to have had some.
        assert all(title in get(url) for _ in range(20))
    finally:
        site.run("-c", PUBLISH, SLUG, "Cyber 24")
    time.sleep(3)
    assert {main_of(get(url)) for _ in range(20)} == {before}
