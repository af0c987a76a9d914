"""What axe can't see: reflow, text spacing, the order and visibility of focus, colour."""

from contextlib import closing

import pytest

from tests.browser.states import STATES
from tests.tooling.site import Site

pytestmark = pytest.mark.browser

# WCAG 2.2, 1.4.12: line height 1.5, paragraphs 2, letters 0.12 and words 0.16 times the font size.
TEXT_SPACING = """
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
"""
# Elements that cut off some of the text in them. What is there for screen readers only, in a box
# of a pixel, is left out.
CLIPPED = """
    [...document.querySelectorAll("body *")].filter(element => {
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        if (!/hidden|clip/.test(style.overflowX + style.overflowY)) return false;
        if (box.width < 2 || box.height < 2) return false;
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            if (texts.currentNode.parentElement.closest(".visually-hidden, svg")) continue;
            const range = document.createRange();
            range.selectNodeContents(texts.currentNode);
            for (const rect of range.getClientRects())
                if (rect.right > box.right + 1 || rect.bottom > box.bottom + 1) return true;
        }
        return false;
    }).map(element => element.outerHTML.slice(0, 120))
"""
TOO_WIDE = """
    document.documentElement.scrollWidth > document.documentElement.clientWidth
        ? [...document.querySelectorAll("body *")]
            .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
            .map(element => element.outerHTML.slice(0, 120)).slice(0, 3)
        : null
"""
# What stands in a list that is closed counts as well.
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
NOTE_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver(list => list.getEntries().forEach(shift => window.shifts.push(
        [shift.value, shift.sources.map(one => one.node?.outerHTML?.slice(0, 120))]
    ))).observe({type: "layout-shift", buffered: true});
"""
# Bytes a second: a page comes in a dozen pieces, as on a phone with hardly any signal.
SLOW = 15_000
# A tenth of the cumulative layout shift that counts as good (https://web.dev/articles/cls): a word
# that is cut between two pieces still moves by the width of its second half.
UNSEEN = 0.01
# A year of progress, with actions in each status that go to another.
REPORTED = """
from django.conf import settings
from django.core.management import call_command
settings.DEMO = True
call_command("load_example")
"""
FOCUS = """
    () => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        if (window.seen?.[0] === element) return null;
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        const inner = element.querySelector("*");
        const at = document.elementFromPoint(
            Math.max(0, box.left + Math.min(box.width / 2, 12)), box.top + box.height / 2);
        window.seen = window.seen || [];
        const before = window.seen.at(-1);
        window.seen.push(element);
        return {
            html: element.outerHTML.slice(0, 120),
            inOrder: !before || Boolean(
                before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING),
            marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
            onScreen: box.width > 0 && box.top < innerHeight && box.bottom > 0,
            uncovered: !at || element.contains(at) || at.contains(element)
                || (inner && inner.contains(at)),
        };
    }
"""


@pytest.mark.parametrize(
    "viewport",
    [
        {"width": 320, "height": 640},
        pytest.param({"width": 320, "height": 256}, marks=pytest.mark.slow),
    ],
    ids=["a narrow phone", "1280 px at 400 %"],
)
def test_nothing_scrolls_in_two_directions(viewport, open_page):
    page = open_page(viewport=viewport)
    for name, address in STATES.items():
        page.goto(address)
        assert page.evaluate(TOO_WIDE) is None, name
        page.evaluate(OPEN_ALL)
        assert page.evaluate(TOO_WIDE) is None, f"{name}, all opened"


@pytest.mark.slow
def test_progress_that_was_reported_fits_on_a_phone(browser):
    with Site() as site, closing(browser.new_context(base_url=site.url)) as context:
        site.run("manage.py", "shell", "-c", REPORTED)
        page = context.new_page()
        page.set_viewport_size({"width": 320, "height": 640})
        for address in ("/voortgang/", "/voortgang/2020-2/", "/voortgang/vergelijk/"):
            page.goto(address)
            page.evaluate(OPEN_ALL)
            assert page.evaluate(TOO_WIDE) is None, address
        # The last page. What is wider than its region is reached there by keyboard.
        assert page.get_by_role("region", name="Acties met een andere stand").is_visible()


@pytest.mark.parametrize("size", [24, pytest.param(32, marks=pytest.mark.slow)])
def test_larger_text_of_the_browser_fits_on_a_phone(size, open_page):
    page = open_page(viewport={"width": 320, "height": 640})
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": size}})  # of 16 px
    for name, address in STATES.items():
        page.goto(address)
        page.evaluate(OPEN_ALL)
        assert page.evaluate(TOO_WIDE) is None, name
    page.goto("/bestaat-niet/")  # with a longer link: to a report, of which the site has none
    longer = "link => link.firstChild.data = 'Voortgangsrapportage eerste halfjaar 2020'"
    page.eval_on_selector(".onward", longer)
    assert page.evaluate(TOO_WIDE) is None


@pytest.mark.parametrize("width", [320, 1280])
def test_choices_of_a_filter_stay_in_their_panel(width, open_page):
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(STATES["actions"])
    page.evaluate(OPEN_ALL)
    sticking_out = page.evaluate(
        """() => {
            const edge = document.querySelector(".filter-panel").getBoundingClientRect().right;
            return [...document.querySelectorAll(".filter-panel__count")]
                .filter(one => one.getBoundingClientRect().right > edge)
                .map(one => one.parentElement.textContent);
        }"""
    )
    assert sticking_out == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_text_spacing_breaks_nothing(width, open_page):
    page = open_page(viewport={"width": width, "height": 800})
    for name, address in STATES.items():
        page.goto(address)
        page.evaluate(TEXT_SPACING)
        assert page.evaluate(TOO_WIDE) is None, name
        assert page.evaluate(CLIPPED) == [], name


def assert_focus_is_always_seen(page, name):
    """Walk by Tab past all of `page`; `name` is what to call it."""
    count = 0
    while count < 400:
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        count += 1
        assert focus["inOrder"], f"{name}: out of order {focus['html']}"
        assert focus["marked"], f"{name}: focus not marked on {focus['html']}"
        assert focus["onScreen"], f"{name}: focus off screen {focus['html']}"
        assert focus["uncovered"], f"{name}: focus covered {focus['html']}"
    assert count > 10, name


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tab_follows_the_page_and_focus_is_always_seen(width, scheme, open_page):
    page = open_page(
        viewport={"width": width, "height": 700}, color_scheme=scheme, reduced_motion="reduce"
    )
    for name in ("home", "theme", "whole plan", "actions filtered", "action", "working methods"):
        page.goto(STATES[name])
        assert_focus_is_always_seen(page, name)


def test_a_printed_selection_says_what_it_is(page):
    address = "/jaarplan/2020/acties/?woorden=bibob+en&thema=ondermijning"
    page.goto(address)
    page.emulate_media(media="print")
    for words in ("Filters in gebruik", "Ondermijning & georganiseerde", "“bibob en”"):
        box = page.locator(".active-filters").get_by_text(words).bounding_box()
        assert box["height"] > 5, words
    assert not page.get_by_text("Alle filters weghalen").is_visible()
    # inner_text is what is seen.
    assert page.locator("p.only-print").inner_text().endswith(address)


def test_a_printed_page_is_no_longer_than_what_stands_on_it(page):
    """Firefox adds an empty sheet to a page that is as high as the paper."""
    page.set_viewport_size({"width": 700, "height": 4000})
    page.goto(STATES["theme"])
    page.emulate_media(media="print")
    box = page.locator("body").bounding_box()
    assert 100 < box["height"] < 3900


def test_skip_link_goes_to_the_content(page):
    for name in ("home", "actions", "whole plan"):
        page.goto(STATES[name])
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "inhoud", name
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.slow
def test_links_in_text_are_told_by_more_than_colour(page):
    for name, address in STATES.items():
        page.goto(address)
        bare = page.evaluate(
            """[...document.querySelectorAll(".prose a, main p a")]
                .filter(link => !getComputedStyle(link).textDecorationLine.includes("underline"))
                .map(link => link.outerHTML.slice(0, 120))"""
        )
        assert bare == [], name


def test_filters_work_without_a_mouse_and_without_javascript(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/jaarplan/2020/acties/")
    page.get_by_role("checkbox", name="Zorg en veiligheid").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Toon acties").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**thema=zorg-en-veiligheid**")
    assert page.get_by_role("heading", name="9 acties").is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_page_comes_in_over_a_slow_line(width, open_page):
    page = open_page(viewport={"width": width, "height": 800})
    page.add_init_script(NOTE_SHIFTS)
    page.goto("/")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": SLOW, "uploadThroughput": -1},
    )
    for name, address in STATES.items():
        page.goto(address)
        # What was painted last is told after the next frame.
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
        moved = page.evaluate("window.shifts")
        assert sum(value for value, what in moved) <= UNSEEN, f"{name}: {moved}"


@pytest.mark.slow
def test_pages_are_light_keep_no_cookie_and_run_no_script(open_page):
    page = open_page()
    requests = []

    def note(request):
        requests.append(request)

    page.on("requestfinished", note)
    for name, address in STATES.items():
        requests.clear()
        page.goto(address, wait_until="networkidle")
        sizes = {request.url: request.sizes()["responseBodySize"] for request in requests}
        assert len(sizes) <= 8, f"{name}: {list(sizes)}"
        assert page.locator("script, object, embed, applet").count() == 0, name
        assert page.locator("[style]").count() == 0, name
        assert page.context.cookies() == [], name
        styles = sum(size for url, size in sizes.items() if url.endswith(".css"))
        assert styles <= 12 * 1024, name
        if name != "whole plan":
            others = sum(size for url, size in sizes.items() if url != page.url)
            assert others <= 46 * 1024, f"{name}: {sizes}"
