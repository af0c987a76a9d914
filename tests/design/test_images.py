"""The pictures: as light as was promised, in the colours of the tokens, and up to date."""

import gzip
import importlib.util
import re

import pytest
from PIL import Image

from tests.design.test_contrast import HUES, schemes
from tests.tooling.environment import ROOT

IMAGES = ROOT / "static" / "img"
SVGS = sorted(IMAGES.glob("*.svg"))
SHARING = sorted((IMAGES / "delen").glob("*.png"))


@pytest.fixture(scope="module")
def drawing():
    """The program that makes pictures of the drawings."""
    spec = importlib.util.spec_from_file_location("teken", ROOT / "docs" / "beeld" / "teken.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", SVGS, ids=lambda path: path.name)
def test_drawing_is_light_and_carries_no_style_or_script(path):
    content = path.read_text("utf-8")
    assert len(gzip.compress(content.encode())) <= 8_000
    assert not re.search(r"<style|<script|style=|\son\w+=|href=", content)


def test_skyline_by_night_is_that_by_day_in_other_colours(drawing):
    day = drawing.SKYLINE.read_text("utf-8")
    colours = set(re.findall(r"#[0-9a-f]{6}", day))
    assert colours == set(drawing.NIGHT)
    assert (IMAGES / "skyline-donker.svg").read_text("utf-8") == drawing.by_night(day)


def test_skyline_ends_in_the_colour_of_the_water_below_it(drawing):
    colours = schemes()
    assert colours["light"]["deep"] == drawing.WATER
    assert drawing.NIGHT[drawing.WATER] == colours["dark"]["deep"]


def test_pictures_use_the_hues_of_the_themes(drawing):
    light = schemes()["light"]
    assert {hue: light[f"{hue}-bright"] for hue in HUES} == drawing.BRIGHT


def test_favicon_is_the_mark_of_the_header(drawing):
    mark = (ROOT / "templates" / "includes" / "mark.html").read_text("utf-8")
    assert (IMAGES / "favicon.svg").read_text("utf-8") == drawing.FAVICON
    assert re.findall(r' d="([^"]+)"', mark) == re.findall(r' d="([^"]+)"', drawing.MARK)


def test_browser_frame_has_the_colour_of_the_water():
    base = (ROOT / "templates" / "base.html").read_text("utf-8")
    assert f'<meta name="theme-color" content="{schemes()["light"]["deep"]}">' in base


def test_each_theme_and_the_site_have_a_picture_for_sharing():
    assert {path.stem for path in SHARING} == {*HUES, "veilig-almere"}


@pytest.mark.parametrize("path", SHARING, ids=lambda path: path.name)
def test_picture_for_sharing_has_the_size_that_networks_ask(path):
    with Image.open(path) as image:
        assert image.size == (1200, 630)
    assert path.stat().st_size <= 40_000
