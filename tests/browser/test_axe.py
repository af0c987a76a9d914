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
# axe adds a style of its own to the page, which our policy refuses; and need not wait till colours
# have faded into those of the other scheme.
FOR_AXE = {"bypass_csp": True, "reduced_motion": "reduce"}
LIGHT, DARK, BOTH = ["light"], ["dark"], ["light", "dark"]
WHEN_COLOURS_REST = "Promise.allSettled(document.getAnimations().map(one => one.finished))"
OPEN_EVERYTHING = "document.querySelectorAll('details').forEach(one => one.open = true)"


def findings(page, schemes=LIGHT):
    """Return what axe found in these schemes, as lines that name rule, element and reason."""
    found = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        page.evaluate(WHEN_COLOURS_REST)
        results = Axe().run(page, options=OPTIONS if scheme == "light" else COLOUR_RULES)
        found += [
            f"{scheme}: {violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]
    return found


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "schemes"),
    [
        (360, LIGHT),  # the others are slow: a walk takes a minute
        pytest.param(360, DARK, marks=pytest.mark.slow),
        pytest.param(1280, BOTH, marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing(width, schemes, open_page):
    page = open_page(viewport={"width": width, "height": 800}, **FOR_AXE)
    found = []
    for name, address in STATES.items():
        page.goto(address)
        page.evaluate(OPEN_EVERYTHING)
        found += [f"{name}: {finding}" for finding in findings(page, schemes)]
    assert not found, "\n".join(found)
