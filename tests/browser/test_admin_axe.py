"""The back-office for everybody: nothing for axe to find, nothing refused, all of it in Dutch."""

import re

import pytest

from tests.browser.back_office import every_form, walk
from tests.browser.test_axe import BOTH, FOR_AXE, LIGHT, OPEN_EVERYTHING, findings
from tests.tooling.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Words that only an untranslated page has.
ENGLISH = re.compile(
    r"\b(?:the|and|please|add|delete|save|this|your|from|history|change|select|required|search)\b",
    re.IGNORECASE,
)

SCROLLS_SIDEWAYS = """() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth;
}"""


@pytest.fixture(scope="module")
def site():
    """A site of its own: the walk leaves drafts behind."""
    with Site() as running:
        yield running


# All forms are made of what the walk meets, so their colours in the dark are known.
@pytest.mark.parametrize(("way", "schemes"), [(walk, BOTH), (every_form, LIGHT)])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_back_office_is_dutch_and_axe_finds_nothing_in_it(width, way, schemes, site, open_page):
    page = open_page(viewport={"width": width, "height": 800}, **FOR_AXE)
    found = []

    def look(name):
        page.evaluate(OPEN_EVERYTHING)
        found.extend(f"{name}: {finding}" for finding in findings(page, schemes))
        if page.evaluate(SCROLLS_SIDEWAYS):
            found.append(f"{name}: all of it scrolls sideways")
        assert page.locator("html").get_attribute("lang") == "nl", name
        words = set(ENGLISH.findall(f"{page.title()} {page.inner_text('body')}"))
        found.extend(f"{name}: {word}" for word in words)

    way(page, site, look)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("way", [walk, every_form])
def test_the_back_office_keeps_to_the_policy(way, site, page):
    """The fixture `page` fails on every refusal by the policy and every script error."""
    way(page, site, lambda name: page.evaluate(OPEN_EVERYTHING))
