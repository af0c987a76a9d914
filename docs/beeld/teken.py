"""Make from the drawings of the site what browsers and social media need of them.

`static/img/skyline.svg` and the icons in `templates/includes/icon.html` are drawn by hand. This
makes of them the skyline by night, the favicons and the pictures for sharing (`static/img/delen/`).
Run it after changing a drawing: `.venv/bin/python docs/beeld/teken.py`. It needs the test
requirements, and a Chromium: Playwright's, or the one that CHROMIUM names.
"""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGES = ROOT / "static" / "img"
ICONS = ROOT / "templates" / "includes" / "icon.html"
SKYLINE = IMAGES / "skyline.svg"

# Each colour of the skyline by day, and the same by night. The water is the token --color-deep,
# so that the drawing runs on into the page below it.
NIGHT = {
    "#0b3c49": "#0b333e",  # water
    "#2f6271": "#2c5c6a",  # lines on the water
    "#ffd23f": "#f2e6b8",  # sun and rapeseed; at night the moon
    "#3f6c12": "#5f8a2c",  # the hues of the four themes
    "#5b3d99": "#7a5fb8",
    "#ab2350": "#b9486d",
    "#a54600": "#b8652a",
    "#b9d2d8": "#16414d",  # what is far
    "#6d9aa6": "#2c5c6a",  # what is nearer
    "#1f5a6a": "#4f7f8d",  # the tower
    "#8db255": "#2f4d20",  # fields
    "#ffffff": "#7c9aa3",  # sails
    "#fefefe": "#173b47",  # clouds
    "#fdfdfd": "#ffd98a",  # windows
}
WATER, SUN, FOAM = "#0b3c49", "#ffd23f", "#ffffff"
BRIGHT = {"wijken": "#a9d66a", "ondermijning": "#c6b2f7", "zorg": "#ff9fb8", "crisis": "#ffb468"}
TITLES = {
    "wijken": ["Veilige wijken"],
    "ondermijning": ["Ondermijning &amp;", "georganiseerde", "criminaliteit"],
    "zorg": ["Zorg en veiligheid"],
    "crisis": ["Rampenbestrijding", "en crisisbeheersing"],
}
LETTERS = "DIN Alternate, Bahnschrift, Roboto Condensed, DejaVu Sans Condensed, sans-serif"
MARK = f"""\
<path fill="{BRIGHT["wijken"]}" d="M3 30V19l8-7v18z"/>
<path fill="{BRIGHT["ondermijning"]}" d="M13 30V4h9v26z"/>
<path fill="{BRIGHT["zorg"]}" d="M24 30V15.5a5.5 5.5 0 0 1 11 0V30z"/>
<path fill="{BRIGHT["crisis"]}" d="M37 30v-9l8-5v14z"/>
<path fill="{FOAM}" d="M0 32h48v3H0zm8 7h32v3H8zm9 7h14v2H17z"/>"""
FAVICON = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<path fill="{WATER}" d="M0 0h64v64H0z"/>
<g transform="translate(8 7)">
{MARK}
</g>
</svg>
"""


def by_night(svg):
    """Return the skyline `svg` in its colours by night."""
    for day, night in NIGHT.items():
        svg = svg.replace(day, night)
    return svg


def icon(name):
    """Return the shapes of a theme's icon, on a field of 48 by 48."""
    shapes = ICONS.read_text(encoding="utf-8").split(f'name == "{name}" %}}')[1].split("{%")[0]
    return shapes.strip().replace('class="icon__light"', 'opacity=".62"')


def picture(ground, ink, horizon, drawing, lines, foot=302):
    """Return an SVG for sharing, 1200 by 630: `lines` of text above a horizon, the last at `foot`."""
    text = "".join(
        f'<text x="76" y="{foot - (len(lines) - 1 - row) * 88}">{line}</text>'
        for row, line in enumerate(lines)
    )
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630" width="1200" height="630">
<path fill="{ground}" d="M0 0h1200v630H0z"/>
<path fill="{WATER}" d="M0 420h1200v210H0z"/>
{drawing}
<path fill="{horizon}" d="M0 416h1200v6H0z"/>
<g fill="{ink}" font-family="{LETTERS}" font-weight="700" font-size="78">{text}</g>
<g transform="translate(76 486) scale(1.9)">{MARK}</g>
<text x="190" y="546" fill="{FOAM}" font-family="{LETTERS}" font-size="44">Veilig \
<tspan font-weight="700">Almere</tspan></text>
</svg>
"""


def theme_picture(name, lines):
    """Return a theme's picture for sharing: its icon on the horizon, mirrored in the water."""
    colour = BRIGHT[name]
    top = 287 if name == "ondermijning" else 142
    mirror = "M846 448h250v7H846zm34 30h166v7H880zm56 30h72v7h-72z"
    drawing = (
        f'<g transform="translate(828 {top}) scale(6)" fill="{colour}">{icon(name)}</g>'
        f'<path fill="{colour}" opacity=".6" d="{"" if name == "ondermijning" else mirror}"/>'
    )
    return picture("#062a34", FOAM, colour, drawing, lines)


def site_picture():
    """Return the picture for sharing of every other page: the skyline."""
    skyline = SKYLINE.read_text(encoding="utf-8")
    drawing = (
        f'<svg x="-560" y="214" width="2240" height="272" viewBox="0 0 1600 194">{skyline}</svg>'
    )
    return picture(
        "#e0edf0", "#0f2a33", WATER, drawing, ["Wat Almere doet", "voor veiligheid"], foot=196
    )


def rendered(page, svg, width, height):
    """Return `svg` as an image of `width` by `height` pixels and few colours."""
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(
        f"<style>body{{margin:0}}body>svg{{display:block;width:{width}px;height:{height}px}}</style>{svg}"
    )
    image = Image.open(BytesIO(page.screenshot())).convert("RGB")
    return image.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def main():
    """Write every picture."""
    (IMAGES / "delen").mkdir(parents=True, exist_ok=True)
    night = by_night(SKYLINE.read_text(encoding="utf-8"))
    (IMAGES / "skyline-donker.svg").write_text(night, encoding="utf-8")
    (IMAGES / "favicon.svg").write_text(FAVICON, encoding="utf-8")
    pictures = {name: theme_picture(name, lines) for name, lines in TITLES.items()}
    pictures["veilig-almere"] = site_picture()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for name, svg in pictures.items():
            target = IMAGES / "delen" / f"{name}.png"
            rendered(page, svg, 1200, 630).save(target, optimize=True)
        rendered(page, FAVICON, 180, 180).save(IMAGES / "apple-touch-icon.png", optimize=True)
        rendered(page, FAVICON, 32, 32).save(IMAGES / "favicon.ico", sizes=[(32, 32)])
        browser.close()


if __name__ == "__main__":
    main()
