"""axe finds nothing on any public template, in any state, scheme or width."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.states import STATES

OPTIONS = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
    ],
    # Keeps axe from fetching our stylesheets once more, and from telling what is in order.
    "preload": False,
    "resultTypes": ["violations"],
}
# The dark scheme reassigns colours and nothing else, so these are the rules that can differ.
COLOUR_RULES = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "preload": False,
    "resultTypes": ["violations"],
}
# A walk takes a minute: of those by whose colours alone they differ, the second is a slow test.
SCHEMES = ["light", pytest.param("dark", marks=pytest.mark.slow)]
OPEN_EVERYTHING = "document.querySelectorAll('details').forEach(one => one.open = true)"


def findings(page, scheme="light"):
    """Return what axe found as lines that name rule, element and reason."""
    results = Axe().run(page, options=OPTIONS if scheme == "light" else COLOUR_RULES)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_axe_finds_nothing(scheme, width, open_page):
    # axe adds a style of its own to the page, which our policy refuses.
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    found = []
    for name, address in STATES.items():
        page.goto(address)
        page.evaluate(OPEN_EVERYTHING)
        found += [f"{name}: {finding}" for finding in findings(page, scheme)]
    assert not found, "\n".join(found)
