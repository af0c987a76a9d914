"""The contrast of each pair of colours, computed from the tokens, in both schemes.

Text asks 4.5:1 (WCAG 2.2, 1.4.3), what one must see to use the page 3:1 (1.4.11). A colour that
is in no pair fails: a new one has to say on what it is used.
"""

import re

import pytest

from tests.tooling.environment import ROOT

TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text("utf-8")
DECLARATION = re.compile(r"--color-([\w-]+):\s*(#[0-9a-f]{6});")
HUES = ("wijken", "ondermijning", "zorg", "crisis")
TINTS = tuple(f"{hue}-tint" for hue in HUES)
STATES = ("good", "caution", "alarm")
STATE_TINTS = tuple(f"{state}-tint" for state in STATES)
GROUNDS = ("paper", "surface", "sky")

# colour: what it is read on
TEXT = {
    "ink": (*GROUNDS, *TINTS, *STATE_TINTS),
    "ink-soft": (*GROUNDS, *TINTS),
    "link": (*GROUNDS, *TINTS, *STATE_TINTS),
    **{hue: ("paper", "surface", f"{hue}-tint") for hue in HUES},
    **{state: ("paper", "surface", f"{state}-tint") for state in STATES},
    "late": ("paper", "surface"),
    "on-button": ("button", "button-hover"),
    "on-theme": HUES,
    "on-deep": ("deep",),
    "on-deep-soft": ("deep",),
    "sun": ("deep",),
    "on-sun": ("sun",),
}
# colour of an edge, a ring or a sign: what it lies on
INTERFACE = {
    "edge": GROUNDS,
    "focus": (*GROUNDS, *TINTS, *STATE_TINTS),
    "button": GROUNDS,
    **{hue: (*GROUNDS, f"{hue}-tint") for hue in HUES},
    **{f"{hue}-bright": ("deep",) for hue in HUES},
}
# Lines that only divide: whatever they part is apart by space and headings too.
DECORATION = {"line": ("paper", "surface"), "deep-line": ("deep",)}
LEAST = {"text": (TEXT, 4.5), "interface": (INTERFACE, 3.0), "decoration": (DECORATION, 1.2)}


def schemes():
    """Return the colours of each scheme, by name; dark has what it doesn't reassign from light."""
    light, _, rest = TOKENS.partition("@media screen and (prefers-color-scheme: dark)")
    dark = rest.partition("\n}\n")[0]
    day = dict(DECLARATION.findall(light))
    return {"light": day, "dark": {**day, **dict(DECLARATION.findall(dark))}}


def luminance(colour):
    """Return the relative luminance of #rrggbb, 0 to 1, as WCAG 2.2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Return the contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    pytest.param(scheme, colour, ground, least, id=f"{scheme}-{kind}-{colour}-on-{ground}")
    for scheme in ("light", "dark")
    for kind, (table, least) in LEAST.items()
    for colour, grounds in table.items()
    for ground in grounds
]


@pytest.mark.parametrize(("scheme", "colour", "ground", "least"), PAIRS)
def test_pair_has_enough_contrast(scheme, colour, ground, least):
    colours = schemes()[scheme]
    assert contrast(colours[colour], colours[ground]) >= least


def test_every_colour_is_in_a_pair():
    paired = {
        name
        for table, _least in LEAST.values()
        for colour, grounds in table.items()
        for name in (colour, *grounds)
    }
    assert set(schemes()["light"]) == paired


def test_dark_scheme_reassigns_only_colours_that_light_has():
    colours = schemes()
    assert set(colours["dark"]) == set(colours["light"])
    assert colours["dark"]["paper"] != colours["light"]["paper"]


def test_measure_of_contrast_is_that_of_wcag():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
