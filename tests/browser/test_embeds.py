"""The frame that the code for other sites asks for has room for all of what it shows."""

import re
from contextlib import closing

import pytest

from tests.tooling.site import Site

pytestmark = pytest.mark.browser

WIDTHS = [360, 640, 1100]
# The figures and actions that there are, with all that makes them higher.
AS_HIGH_AS_CAN_BE = """
from datetime import date
from plan.models import Action, ProgressUpdate, Status
from themes.models import Indicator, Measurement
from veiligalmere.editorial.publish import publish
for action in Action.objects.public():
    action.summary = ("Een samenvatting zo lang als mag. " * 10)[:300]
    action.save()
    publish(action)
    told = {"status": Status.NOT_STARTED, "explanation": "x", "reported_on": date(2020, 9, 30)}
    publish(ProgressUpdate.objects.create(action=action, **told))
for figure in Indicator.objects.public():
    measured = list(figure.measurements.order_by("period"))
    figure.target, figure.base_year = measured[0].value, measured[0].when.year
    figure.next_update = date(2019, 1, 1)
    figure.measurements.filter(pk=measured[-1].pk).update(provisional=True)
    figure.name = f"{figure.name}, naar stadsdeel en met het gemiddelde van grote steden"
    for number in range(6):
        name = ("Samenwerkingsverband " * 4)[:78]
        area = {"indicator": figure, "area": f"{name} {number}"}
        for year in range(2016, 2021):
            Measurement.objects.create(period=str(year), value=number, **area)
    figure.save()
    publish(figure)
"""


def too_high(page):
    """Return (address, width, its height, the height in the code) of each that does not fit."""
    addresses = set()
    for of_all in ("/cijfers/", "/jaarplan/2020/acties/"):
        page.goto(of_all)
        links = page.locator(f"main a[href^='{of_all}']")
        hrefs = links.evaluate_all("all => all.map(one => one.getAttribute('href'))")
        addresses |= {one for one in hrefs if one.endswith("/") and one != of_all}
    asked = {}
    for address in sorted(addresses):
        html = page.request.get(address).text()
        code = re.search(r'&lt;iframe src="https?://[^/]+(/[^"]+)".* height="(\d+)"', html)
        path, height = code.groups()
        asked[path] = int(height)
    assert len(asked) > 2 + 28
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 200})
        for path, height in asked.items():
            page.goto(path)
            needed = page.evaluate("document.documentElement.scrollHeight")
            if needed > height:
                found.append((path, width, needed, height))
    return found


def test_frame_of_each_figure_and_action_shows_all_of_it(page):
    assert too_high(page) == []


@pytest.mark.slow
def test_frame_of_what_is_as_high_as_it_gets_shows_all_of_it(browser):
    with Site() as site, closing(browser.new_context(base_url=site.url)) as context:
        site.run("manage.py", "shell", "-c", AS_HIGH_AS_CAN_BE)
        assert too_high(context.new_page()) == []
