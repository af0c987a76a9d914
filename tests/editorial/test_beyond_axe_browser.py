"""What axe can’t see in the back-office and previews: edges of fields, what covers the focus."""

import re

import pytest

from tests.browser.test_beyond_axe import FOCUS, assert_focus_is_always_seen
from tests.design.test_contrast import contrast

pytestmark = pytest.mark.browser

# Colours of the edge and of what is around it, for each field that can be seen.
EDGES = """
    () => {
        const ground = element => {
            const colour = getComputedStyle(element).backgroundColor;
            return /, 0\\)$/.test(colour) ? ground(element.parentElement) : colour;
        };
        return [...document.querySelectorAll("input, select, textarea")]
            .filter(one => one.checkVisibility() && getComputedStyle(one).borderStyle === "solid")
            .filter(one => one.type !== "submit")
            .map(one => ({
                html: one.outerHTML.slice(0, 120),
                edge: getComputedStyle(one).borderTopColor,
                ground: ground(one.parentElement),
            }));
    }
"""
PAGES = [
    "/beheer/zwartlakken/",
    "/beheer/plan/action/",
    "/beheer/themes/indicator/1/change/",
    "/beheer/plan/action/1/change/",
]


def as_hex(colour):
    red, green, blue = (int(value) for value in re.findall(r"\d+", colour)[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


def assert_edges_are_seen(page):
    fields = page.evaluate(EDGES)
    assert fields
    for field in fields:
        assert contrast(as_hex(field["edge"]), as_hex(field["ground"])) >= 3, field["html"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_can_be_seen(scheme, open_page, logged_in_state):
    page = open_page(color_scheme=scheme)
    page.goto("/beheer/login/")
    assert_edges_are_seen(page)
    page = open_page(storage_state=logged_in_state("beheerder"), color_scheme=scheme)
    for address in PAGES:
        page.goto(address)
        assert_edges_are_seen(page)
    page.get_by_role("button", name="Afbeelding").first.click()
    page.locator(".editor-dialog input[type=text]").first.wait_for()
    assert_edges_are_seen(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_bar_above_a_preview_covers_nothing_that_has_the_focus(width, open_page, logged_in_state):
    page = open_page(
        storage_state=logged_in_state("beheerder"),
        viewport={"width": width, "height": 640},
        reduced_motion="reduce",
    )
    page.goto("/voorbeeld/plan.action/1/")
    assert_focus_is_always_seen(page, "preview")
    page.keyboard.down("Shift")
    page.evaluate("window.seen = []")
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus is None or focus["uncovered"], focus["html"]
