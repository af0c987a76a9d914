"""Draw the pictures of the site: skyline, favicons and the pictures for sharing.

Everything is drawn here, from rectangles and a few curves; the results are kept in `static/img/`.
Run it after changing a drawing: `.venv/bin/python docs/beeld/teken.py`. It needs Playwright with a
Chromium (CHROMIUM names another one) for the PNG files; the SVG files need nothing.
"""

import os
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "static" / "img"

# The same values as in static/css/tokens.css; tests/design/test_images.py holds them together.
LIGHT = {
    "deep": "#0b3c49",
    "deep-line": "#2f6271",
    "sun": "#ffd23f",
    "wijken": "#3f6c12",
    "ondermijning": "#5b3d99",
    "zorg": "#ab2350",
    "crisis": "#a54600",
    "far": "#b9d2d8",
    "mid": "#6d9aa6",
    "wall": "#ffffff",
    "cloud": "#ffffff",
    "field": "#8db255",
    "pane": "#ffffff",
}
DARK = {
    **LIGHT,
    "deep": "#0b333e",
    "deep-line": "#2c5c6a",
    "sun": "#f2e6b8",
    "wijken": "#5f8a2c",
    "ondermijning": "#7a5fb8",
    "zorg": "#b9486d",
    "crisis": "#b8652a",
    "far": "#16414d",
    "mid": "#2c5c6a",
    "wall": "#7c9aa3",
    "cloud": "#173b47",
    "field": "#2f4d20",
    "pane": "#ffd98a",
}
BRIGHT = {"wijken": "#a9d66a", "ondermijning": "#c6b2f7", "zorg": "#ff9fb8", "crisis": "#ffb468"}
NAMES = {
    "wijken": ["Veilige wijken"],
    "ondermijning": ["Ondermijning &", "georganiseerde", "criminaliteit"],
    "zorg": ["Zorg en veiligheid"],
    "crisis": ["Rampenbestrijding", "en crisisbeheersing"],
}
HORIZON = 150
WIDTH, HEIGHT = 1600, 200


def panes(x, top, columns, rows, *, step=(10, 13), size=(4, 6), skip=()):
    """Return one path with windows in a grid; `skip` names those that are dark."""
    return "".join(
        f"M{x + column * step[0]} {top + row * step[1]}h{size[0]}v{size[1]}h-{size[0]}z"
        for row in range(rows)
        for column in range(columns)
        if (row, column) not in skip
    )


def poplar(x, height):
    """Return a poplar: a tall narrow leaf on the horizon."""
    return f"M{x} {HORIZON}c-7-{height * 0.35:g}-5-{height * 0.8:g} 0-{height}c5 {height * 0.2:g} 7 {height * 0.65:g} 0 {height}z"


def turbine(x, height, turn):
    """Return a wind turbine as strokes; `turn` is the angle of its first blade in degrees."""
    hub = HORIZON - height
    blade = f"M0 0v-{height * 0.55:g}"
    blades = "".join(
        f'<path d="{blade}" transform="translate({x} {hub}) rotate({turn + third})"/>'
        for third in (0, 120, 240)
    )
    return f'<path d="M{x} {HORIZON}V{hub}"/>{blades}'


def house(x, width, height, ridge):
    """Return a house with its gable `ridge` above the gutter."""
    return f"M{x} {HORIZON}v-{height}l{width / 2:g}-{ridge} {width / 2:g} {ridge}v{height}z"


def reflection(x, width, colour, rows=4):
    """Return the mirror image of a building: strokes that shorten as they come nearer."""
    lines = []
    for row in range(rows):
        length = width * (1 - row * 0.24)
        shift = (-3, 4, -2, 2)[row % 4]
        left = x + (width - length) / 2 + shift
        lines.append(f"M{left:g} {HORIZON + 8 + row * 9}h{length:g}")
    return f'<path stroke="{colour}" d="{"".join(lines)}"/>'


def skyline(c):
    """Return the panorama as SVG in the colours `c`; it ends in the colour of the water."""
    far = "".join(
        f"M{x} {HORIZON}v-{height}h{width}v{height}z"
        for x, width, height in (
            (430, 30, 26), (470, 22, 40), (500, 40, 22), (548, 26, 52), (640, 34, 46), (690, 28, 62),
            (742, 24, 34), (806, 34, 58), (860, 40, 40), (918, 26, 66), (968, 34, 36), (1012, 24, 50),
            (1050, 44, 28), (1108, 30, 40), (1150, 40, 20),
        )
    )  # fmt: skip
    trees = "".join(
        poplar(x, height)
        for x, height in (
            (40, 52), (53, 58), (66, 55), (79, 60), (92, 54), (105, 58), (118, 50),
            (1370, 44), (1383, 50), (1396, 46), (1409, 52), (1422, 47), (1435, 50), (1448, 43),
        )
    )  # fmt: skip
    bushes = "".join(
        f'<circle cx="{x}" cy="{HORIZON - r * 0.7:g}" r="{r}"/>'
        for x, r in ((404, 9), (418, 12), (617, 7), (628, 9), (903, 8), (1040, 9), (1054, 12), (1224, 11), (1240, 8))
    )  # fmt: skip
    mirrored = "".join(
        reflection(x, width, colour, rows)
        for x, width, colour, rows in (
            (440, 112, c["wijken"], 3),
            (566, 40, c["ondermijning"], 4),
            (640, 74, c["mid"], 4),
            (728, 46, c["zorg"], 4),
            (786, 34, c["wall"], 4),
            (838, 60, c["mid"], 3),
            (914, 74, c["crisis"], 4),
            (1000, 34, c["wijken"], 4),
            (1070, 146, c["zorg"], 3),
        )
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">
<circle cx="1296" cy="142" r="46" fill="{c["sun"]}"/>
<path fill="none" stroke="{c["cloud"]}" stroke-width="6" stroke-linecap="round" d="M180 40h120M236 56h150M1010 30h110M1080 46h170M1376 74h150M1340 90h74M470 70h64M30 84h70"/>
<path fill="{c["far"]}" d="{far}"/>
<path fill="{c["mid"]}" d="{trees}"/>
<g fill="none" stroke="{c["mid"]}" stroke-width="3" stroke-linecap="round">{turbine(176, 104, 14)}{turbine(262, 86, 48)}{turbine(338, 72, 86)}{turbine(1520, 92, 30)}</g>
<path fill="{c["field"]}" d="M0 {HORIZON}v-7h300l130 7z"/><path fill="{c["sun"]}" d="M0 {HORIZON - 3}h210l24 3H0z"/>
<path fill="{c["field"]}" d="M1600 {HORIZON}v-6h-190l-150 6z"/>
<g fill="{c["wijken"]}">{bushes}<path d="{house(440, 28, 24, 16)}{house(496, 28, 24, 16)}"/><path d="M1000 {HORIZON}V66l34-14v98z"/></g>
<path fill="{c["crisis"]}" d="{house(468, 28, 30, 16)}M914 {HORIZON}V96h26V78h24v18h24v54z"/>
<path fill="{c["zorg"]}" d="{house(524, 28, 30, 16)}M728 {HORIZON}V74l46-22v98z"/>
<path fill="{c["ondermijning"]}" d="M566 {HORIZON}V34h40v116z"/>
<path fill="{c["mid"]}" d="M640 {HORIZON}V104c24 0 24-34 46-34 16 0 28 12 28 34v46z"/>
<path fill="{c["wall"]}" d="M786 {HORIZON}V14h34v136z"/>
<path fill="{c["mid"]}" d="M832 {HORIZON}v-40h72v6h-6v34zM1126 {HORIZON}v-52h34v52z"/>
<path fill="{c["zorg"]}" d="{house(1070, 28, 28, 18)}{house(1188, 28, 28, 18)}"/><path fill="{c["ondermijning"]}" d="{house(1098, 28, 22, 18)}{house(1160, 28, 22, 18)}"/>
<path fill="{c["mid"]}" d="{panes(790, 22, 3, 9, skip={(1, 1), (3, 0), (4, 2), (6, 1), (7, 0)})}"/>
<path fill="{c["pane"]}" d="{panes(571, 42, 3, 8, step=(11.5, 13), size=(7, 5), skip={(0, 1), (2, 0), (3, 2), (5, 1), (6, 0)})}{panes(735, 84, 3, 5, step=(12, 13), skip={(0, 0), (2, 1), (3, 2)})}{panes(921, 104, 6, 3, step=(11, 14), skip={(0, 2), (1, 4), (2, 1)})}{panes(1007, 76, 2, 5, step=(12, 14), size=(7, 6), skip={(1, 0), (3, 1)})}{panes(838, 119, 6, 1, size=(5, 31))}{panes(650, 112, 5, 2, step=(12, 15), size=(6, 7), skip={(0, 3), (1, 1)})}{panes(450, 132, 4, 1, step=(28, 0), size=(7, 9))}{panes(1081, 132, 2, 1, step=(28, 0), size=(6, 8))}{panes(1171, 132, 2, 1, step=(28, 0), size=(6, 8))}{panes(1132, 106, 3, 3, step=(9, 13), skip={(1, 1)})}"/>
<path fill="{c["deep"]}" d="M0 {HORIZON}h{WIDTH}v{HEIGHT - HORIZON}H0z"/>
<path fill="none" stroke="{c["mid"]}" stroke-width="4" d="M1216 {HORIZON - 6}h160M1232 {HORIZON - 6}c30-38 98-38 128 0"/>
<path fill="{c["wall"]}" d="M330 142V108l20 34zM326 142V114l-13 28zM312 145h42l-6 7h-30zM1480 144v-26l15 26zm-3 0v-20l-10 20zm-11 2h32l-4 6h-24z"/>
<g fill="none" stroke-width="3" stroke-linecap="round" opacity=".72">{mirrored}<path stroke="{c["sun"]}" d="M1262 158h68M1274 167h46M1284 176h22"/></g>
<path fill="none" stroke="{c["deep-line"]}" stroke-width="2" stroke-linecap="round" d="M40 162h120M210 174h74M90 188h150M330 184h60M1400 164h110M1350 178h60M1460 190h110M1210 192h80"/>
</svg>
"""


def mark(colours, water):
    """Return the shapes of the mark on a field of 48 by 48."""
    return (
        f'<path fill="{colours["wijken"]}" d="M3 30V19l8-7v18z"/>'
        f'<path fill="{colours["ondermijning"]}" d="M13 30V4h9v26z"/>'
        f'<path fill="{colours["zorg"]}" d="M24 30V15.5a5.5 5.5 0 0 1 11 0V30z"/>'
        f'<path fill="{colours["crisis"]}" d="M37 30v-9l8-5v14z"/>'
        f'<path fill="{water}" d="M0 32h48v3H0zm8 7h32v3H8zm9 7h14v2H17z"/>'
    )


def favicon():
    """Return the mark on a square of deep water."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<path fill="{LIGHT["deep"]}" d="M0 0h64v64H0z"/>'
        f'<g transform="translate(8 7)">{mark(BRIGHT, "#ffffff")}</g></svg>\n'
    )


def picture(lines, icon, colour):
    """Return a picture for sharing, 1200 by 630: words in the sky, an icon on the horizon."""
    words = "".join(
        f'<text x="80" y="{300 - (len(lines) - 1 - row) * 92}">{line.replace("&", "&amp;")}</text>'
        for row, line in enumerate(lines)
    )
    drawing = (
        f'<g transform="translate(842 98) scale(6.1)" fill="{colour}">{icon}</g>'
        if icon
        else f'<g transform="translate(0 230) scale(.75)">{skyline({**LIGHT, "deep": "none", "cloud": "none", "wall": "#dcebee"})}</g>'
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630" width="1200" height="630">
<path fill="{LIGHT["deep"]}" d="M0 0h1200v630H0z"/>
<g fill="#ffffff" font-family="DIN Alternate, Roboto Condensed, DejaVu Sans Condensed, sans-serif" font-weight="700" font-size="80">{words}</g>
<path fill="{colour}" d="M0 376h1200v6H0z"/>
<g fill="{colour}" opacity=".75"><path d="M858 400h262v6H858zm48 24h166v6H906zm50 24h66v6h-66z"/></g>
{drawing if icon else ""}
<g transform="translate(80 474) scale(1.9)">{mark(BRIGHT, "#ffffff")}</g>
<text x="196" y="534" fill="#ffffff" font-family="DIN Alternate, Roboto Condensed, DejaVu Sans Condensed, sans-serif" font-size="44">Veilig <tspan font-weight="700">Almere</tspan></text>
</svg>
"""


def theme_icon(key):
    """Return the shapes of a theme's icon, as the include draws them."""
    source = (ROOT / "templates" / "includes" / "icon.html").read_text(encoding="utf-8")
    shapes = source.split(f'name == "{key}" %}}')[1].split("{%")[0].strip()
    return shapes.replace('class="icon__light"', 'opacity=".62"')


def rendered(page, svg, width, height):
    """Return `svg` as an image of `width` by `height` pixels."""
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(f'<body style="margin:0">{svg}')
    page.locator("svg").first.evaluate(
        "(svg, [w, h]) => { svg.style.cssText = `display:block;width:${w}px;height:${h}px` }",
        [width, height],
    )
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def main():
    """Write every picture."""
    (OUT / "delen").mkdir(parents=True, exist_ok=True)
    (OUT / "skyline.svg").write_text(skyline(LIGHT), encoding="utf-8")
    (OUT / "skyline-donker.svg").write_text(skyline(DARK), encoding="utf-8")
    (OUT / "favicon.svg").write_text(favicon(), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for key, lines in {
            "veilig-almere": ["Wat Almere doet", "voor veiligheid"],
            **NAMES,
        }.items():
            shapes = theme_icon(key) if key in NAMES else ""
            colour = BRIGHT.get(key, LIGHT["sun"])
            image = rendered(page, picture(lines, shapes, colour), 1200, 630)
            image.quantize(32, method=Image.Quantize.MEDIANCUT).save(
                OUT / "delen" / f"{key}.png", optimize=True
            )
        rendered(page, favicon(), 180, 180).quantize(32).save(
            OUT / "apple-touch-icon.png", optimize=True
        )
        rendered(page, favicon(), 32, 32).save(OUT / "favicon.ico", sizes=[(32, 32)])
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
