"""The frame that the code for other sites asks for has room for all of what it shows."""

import re
from contextlib import closing

import pytest

from tests.tooling.site import Site

pytestmark = pytest.mark.browser

WIDTHS = [360, 640, 1100]
# The figures that there are, with all that makes them higher.
AS_HIGH_AS_CAN_BE = """
from datetime import date
from themes.models import Indicator
from veiligalmere.editorial.publish import publish
for figure in Indicator.objects.public():
    measured = list(figure.measurements.order_by("period"))
    figure.target, figure.base_year = measured[0].value, measured[0].when.year
    figure.next_update = date(2019, 1, 1)
    figure.measurements.filter(pk=measured[-1].pk).update(provisional=True)
    figure.save()
    publish(figure)
"""


def too_high(page):
    """Return (address, width, its height, the height in the code) of each that does not fit."""
    page.goto("/cijfers/")
    addresses = page.locator("main a[href^='/cijfers/']").evaluate_all(
        "all => [...new Set(all.map(one => one.getAttribute('href')))]"
    )
    asked = {}
    for address in [one for one in addresses if one.endswith("/")]:
        page.goto(address)
        code = page.locator(".embed-code__line").text_content()
        path, height = re.search(r'src="https?://[^/]+(/[^"]+)".* height="(\d+)"', code).groups()
        asked[path] = int(height)
    assert len(asked) > 2
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 200})
        for path, height in asked.items():
            page.goto(path)
            needed = page.evaluate("document.documentElement.scrollHeight")
            if needed > height:
                found.append((path, width, needed, height))
    return found


def test_frame_of_each_figure_shows_all_of_it(page):
    assert too_high(page) == []


@pytest.mark.slow
def test_frame_of_a_late_figure_with_target_and_base_year_shows_all_of_it(browser):
    with Site() as site, closing(browser.new_context(base_url=site.url)) as context:
        site.run("manage.py", "shell", "-c", AS_HIGH_AS_CAN_BE)
        assert too_high(context.new_page()) == []
