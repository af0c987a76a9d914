"""What programs of others make of what we publish.

Atom: feedparser, the only reader of feeds on PyPI that complains; a validator of RFC 4287 is on
neither PyPI nor npm. OpenSearch: there is none at all, so what OpenSearch 1.1 demands is asked
here. OpenAPI and DCAT have theirs, in `api/test_openapi.py` and `test_dcat.py`.
"""

from xml.etree import ElementTree

import feedparser
import pytest

from plan.models import Action
from veiligalmere.editorial.publish import publish

pytestmark = pytest.mark.django_db

FEEDS = [
    *("/feeds/alles.atom", "/feeds/wijzigingen.atom", "/feeds/ontwikkelingen.atom"),
    *("/feeds/voortgangsrapportages.atom", "/feeds/themas/veilige-wijken.atom"),
    *("/feeds/onderwerpen/woninginbraken.atom", "/feeds/acties/2020/straatintimidatie.atom"),
]
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.mark.parametrize("address", FEEDS)
def test_feed_is_read_without_a_complaint(address, content, bezoeker):
    publish(Action.objects.get(slug="straatintimidatie"), note="Datum verzet & <b>toegelicht</b>")
    answer = bezoeker.get(address)
    headers = {name.lower(): value for name, value in answer.items()}
    feed = feedparser.parse(answer.content, response_headers=headers)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.feed.language == "nl"
    assert feed.feed.updated_parsed
    for entry in feed.entries:
        assert entry.id
        assert entry.title
        assert entry.link.startswith("http")
        assert entry.updated_parsed >= entry.published_parsed


def test_feed_of_everything_has_what_happened(content, bezoeker):
    feed = feedparser.parse(bezoeker.get("/feeds/alles.atom").content)
    kinds = {tag.term for entry in feed.entries for tag in entry.tags}
    assert {"voortgang", "voortgangsrapportage", "ontwikkeling"} <= kinds


def test_opensearch_description_is_as_opensearch_demands(bezoeker, settings):
    root = ElementTree.fromstring(bezoeker.get("/opensearch.xml").content)  # noqa: S314 -- ours
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    name = root.findtext(f"{OPENSEARCH}ShortName")
    description = root.findtext(f"{OPENSEARCH}Description")
    assert 0 < len(name) <= 16
    assert 0 < len(description) <= 1024
    for text in (name, description):
        assert "<" not in text
    (url,) = root.findall(f"{OPENSEARCH}Url")
    assert url.get("type") == "text/html"
    template = url.get("template")
    assert template.startswith(settings.SITE_URL)
    asked = template.replace("{searchTerms}", "overlast").removeprefix(settings.SITE_URL)
    assert "{" not in asked
    assert "overlast" in bezoeker.get(asked).content.decode()
