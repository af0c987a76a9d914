"""The editor as a writer meets it: toolbar, keyboard, preview, images, and no JavaScript at all."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.editorial.pictures import picture
from veiligalmere.editorial.markdown import render_once

pytestmark = pytest.mark.browser

FORM = "/beheer/editorial/standingpage/add/"
CONTACT = "Contact"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def text_of(editor):
    return editor.input_value("#id_body")


def preview(editor):
    return editor.locator("[data-editor-page]")


def write(editor, text, selected=None):
    """Fill the field, and select the first time that `selected` stands in it."""
    editor.fill("#id_body", text)
    if selected:
        start = text.index(selected)
        editor.evaluate(
            "([from, to]) => document.querySelector('#id_body').setSelectionRange(from, to)",
            [start, start + len(selected)],
        )


# Preview


def test_preview_follows_what_is_typed_and_looks_as_the_public_page(editor, open_page):
    editor.fill("#id_body", "## Melden\n\nBel **112**, of lees [meer over melden](/contact/).")
    heading = preview(editor).locator("h2", has_text="Melden")
    heading.wait_for()
    assert preview(editor).locator("strong").inner_text() == "112"
    public = open_page()
    public.goto("/contact/")
    read = "one => { const look = getComputedStyle(one); return [look.fontFamily, look.color] }"
    assert heading.evaluate(read) == public.locator(".prose h2").first.evaluate(read)


def test_link_in_the_preview_does_not_leave_the_form(editor):
    editor.fill("#id_body", "[Contactgegevens](/contact/)")
    link = preview(editor).locator("a")
    link.wait_for()
    assert link.get_attribute("target") == "_blank"
    with editor.context.expect_page():
        link.click()
    assert text_of(editor) == "[Contactgegevens](/contact/)"


def test_session_that_ended_is_told_and_the_text_stays(editor, log_in):
    editor.fill("#id_body", "Een lange tekst.")
    preview(editor).get_by_text("Een lange tekst.").wait_for()
    cookies = editor.context.cookies()
    editor.context.clear_cookies(name="sessionid")
    editor.fill("#id_body", "Een lange tekst, en meer.")
    problem = editor.locator("[data-editor-problem]")
    problem.get_by_text("U bent niet meer ingelogd").wait_for()
    assert "Uw tekst staat nog in het veld" in problem.inner_text()
    assert preview(editor).locator("form").count() == 0
    # In the new window that the message offers.
    with editor.context.expect_page() as opened:
        problem.get_by_role("link").click()
    assert any(cookie["name"] == "sessionid" for cookie in cookies)
    log_in(opened.value, "beheerder")
    opened.value.close()
    editor.bring_to_front()
    editor.locator("#id_body").press("End")
    editor.keyboard.type(" Nog meer.")
    preview(editor).get_by_text("Nog meer.").wait_for()
    assert problem.inner_text() == ""
    # The form itself can be saved too: what is missing is told, and nothing is refused.
    editor.click("[name=_save] >> nth=0")
    editor.locator(".errornote").wait_for()
    assert "Nog meer." in text_of(editor)


# Toolbar


def test_toolbar_is_one_stop_for_tab_and_the_arrows_move_in_it(editor):
    editor.focus("#id_description")
    editor.keyboard.press("Tab")
    focused = editor.locator(":focus")
    assert focused.inner_text() == "Kop"
    editor.keyboard.press("ArrowRight")
    assert focused.inner_text() == "Vet"
    editor.keyboard.press("End")
    assert focused.inner_text() == "Tabel"
    editor.keyboard.press("ArrowRight")
    assert focused.inner_text() == "Kop"
    editor.keyboard.press("ArrowLeft")
    editor.keyboard.press("Home")
    assert focused.inner_text() == "Kop"
    editor.keyboard.press("Tab")
    assert focused.inner_text() == "Sneltoetsen en uitleg"
    editor.keyboard.press("Tab")
    assert focused.get_attribute("id") == "id_body"


def test_tab_leaves_the_field_and_changes_nothing(editor):
    write(editor, "Tekst")
    editor.focus("#id_body")
    editor.keyboard.press("Tab")
    assert editor.locator(":focus").get_attribute("id") != "id_body"
    editor.focus("#id_body")
    editor.keyboard.press("Shift+Tab")
    assert editor.locator(":focus").get_attribute("id") != "id_body"
    assert text_of(editor) == "Tekst"


def test_keyboard_reaches_the_toolbar_and_comes_back(editor):
    editor.focus("#id_body")
    editor.keyboard.press("Alt+F10")
    assert editor.locator(":focus").inner_text() == "Kop"
    editor.keyboard.press("Escape")
    editor.locator("#id_body:focus").wait_for()


# Button, shortcut, the text, what is selected in it, and what becomes of it.
ACTIONS = [
    ("Vet", "Control+b", "Bel nu 112.", "112", "Bel nu **112**."),
    ("Cursief", "Control+i", "Bel nu 112.", "nu", "Bel *nu* 112."),
    ("Kop", "Control+Shift+9", "Melden", "Melden", "## Melden"),
    ("Kop", "Control+Shift+9", "## Melden", "Melden", "### Melden"),
    ("Kop", "Control+Shift+9", "#### Melden", "Melden", "Melden"),
    ("Lijst", "Control+Shift+8", "een\ntwee", "een\ntwee", "- een\n- twee"),
    ("Lijst", "Control+Shift+8", "- een\n- twee", "een\n- twee", "een\ntwee"),
    ("Lijst", "Control+Shift+8", "Zin.\neen", "een", "Zin.\n\n- een"),
    ("Genummerde lijst", "Control+Shift+7", "- een\n- twee", "een\n- twee", "1. een\n2. twee"),
    ("Link", "Control+k", "Lees meer.", "Lees meer", "[Lees meer](https://)."),
    ("Link", "Control+k", "/contact/", "/contact/", "[tekst van de link](/contact/)"),
]


def test_button_and_shortcut_do_the_same_and_undo_takes_it_back(editor):
    field = editor.locator("#id_body")
    for button, keys, before, selected, after in ACTIONS:
        write(editor, before, selected)
        editor.get_by_role("button", name=button, exact=True).click()
        assert text_of(editor) == after
        assert editor.locator("[data-editor-status]").inner_text()
        field.press("Control+z")
        assert text_of(editor) == before
        write(editor, before, selected)
        field.press(keys)
        assert text_of(editor) == after
        field.press("Control+z")
        assert text_of(editor) == before


# Shortcut, the text, what is selected in it, and what becomes of it.
MARKED = [
    ("b", "een\n\ntwee", "een\n\ntwee", "**een**\n\n**twee**"),
    ("b", "- een\n- twee", "- een\n- twee", "- **een**\n- **twee**"),
    ("i", "> 1. een\n> 2. twee", "een\n> 2. tw", "> 1. *een*\n> 2. *tw*ee"),
    ("b", "## Kop\n", "## Kop\n", "## **Kop**\n"),
    ("b", "op - nu", " - nu", "op **- nu**"),
    ("b", "|a|b \\| c|\n|---|---|", "a|b \\| c|\n|---|", "|**a**|**b \\| c**|\n|---|---|"),
    ("b", "**een** en **twee**", "**een** en **twee**", "**een en twee**"),
    ("b", "*Let op*", "*Let op*", "***Let op***"),
    ("i", "**Let op**", "**Let op**", "***Let op***"),
    ("i", "2 * 3 \\* 4", "2 * 3 \\* 4", "*2 * 3 \\* 4*"),
    ("b", "**Let op**: nieuw", "**Let op**: nieuw", "**Let op: nieuw**"),
    ("b", "dit is **nieuw**", "dit is **nieuw**", "**dit is nieuw**"),
    ("b", "**Let op**: nieuw", "Let op**: nieuw", "**Let op: nieuw**"),
    ("b", "***Let op***: nieuw", "***Let op***: nieuw", "***Let op*: nieuw**"),
    ("b", "- **Wijk**: a\n- **Stad**", "- **Wijk**: a\n- **Stad**", "- **Wijk: a**\n- **Stad**"),
    ("i", "*Let op*: nieuw", "*Let op*: nieuw", "*Let op: nieuw*"),
    ("i", "**Let op**: nieuw", "**Let op**: nieuw", "***Let op**: nieuw*"),
    ("b", "**Let op**: nieuw", ": nieuw", "**Let op: nieuw**"),
    ("b", "* zie:**dit**", "zie:", "* **zie:dit**"),
]
UNMARKED = [
    ("b", "**Let op**", "**Let op**", "Let op"),
    ("b", "**Let op**", "Let op**", "Let op"),
    ("i", "***Let op***", "***Let op***", "**Let op**"),
    ("b", "***Let op***", "Let op", "*Let op*"),
    ("b", "- **een**\n- **twee**", "- **een**\n- **twee**", "- een\n- twee"),
    ("b", "**Let op**", "Let", "Let **op**"),
    ("b", "**Let op**", "op", "**Let** op"),
    ("b", "**een, twee**", "een", "een, **twee**"),
    ("b", "**een, twee**", "twee", "**een**, twee"),
    ("b", "**een-twee**", "een", "een-**twee**"),
    ("b", "**een!** twee", "een", "een! twee"),
    ("b", "**“een”**", "een", "“een”"),
    ("b", "**De stad werkt samen met u**", "werkt samen", "**De stad** werkt samen **met u**"),
    ("i", "*De stad (en u) werkt*", "en u", "*De stad* (en u) *werkt*"),
    ("b", "**een\ntwee drie** vier", "drie", "**een\ntwee** drie vier"),
    ("i", "*een\ntwee drie* vier", "drie", "*een\ntwee* drie vier"),
    ("b", "**een twee\ndrie**", "een", "een **twee\ndrie**"),
    ("b", "**een\ntwee drie**", "twee", "**een**\ntwee **drie**"),
    ("b", "**een\ntwee**", "een", "een\n**twee**"),
    ("b", "- **een\n  twee drie**\n- vier", "drie", "- **een\n  twee** drie\n- vier"),
]
LOOKS = {"b": "<strong>", "i": "<em>"}


def words_of(markdown):
    """Return what a reader sees of a text, without its looks."""
    return re.sub("<[^>]*>", "", render_once(markdown))


def test_bold_and_italic_stand_in_each_line_apart_and_change_no_words(editor):
    field = editor.locator("#id_body")
    for table, told in ((MARKED, "gemaakt"), (UNMARKED, "weggehaald")):
        for key, before, selected, after in table:
            write(editor, before, selected)
            field.press(f"Control+{key}")
            assert text_of(editor) == after
            assert told in editor.locator("[data-editor-status]").inner_text()
            assert words_of(after) == words_of(before)
    for key, before, selected, _ in MARKED:
        write(editor, before, selected)
        field.press(f"Control+{key}")
        field.press(f"Control+{key}")
        assert "weggehaald" in editor.locator("[data-editor-status]").inner_text()
        left = text_of(editor)
        assert left == before or LOOKS[key] not in render_once(left)


# The text, what is selected in it, and what becomes of it.
LINKED = [
    ("Lees dit nu.", "dit ", "Lees [dit](https://) nu."),
    ("- een\n  twee", "een\n  twee", "- [een twee](https://)"),
    ("| een | twee |\n|---|---|", "een |", "| [een](https://) | twee |\n|---|---|"),
    ("## Kop", "## Kop", "## [Kop](https://)"),
    ("zie /contact/ nu", " /contact/ ", "zie [tekst van de link](/contact/) nu"),
]
# Words that no link can hold together.
APART = [
    "een\n\ntwee",
    "- een\n- twee",
    "1. een\n2. twee",
    "> een\n> twee",
    "## een\ntwee",
    "een\n## twee",
    "| een | twee |\n|---|---|",
    "| a |\n|---|\n| een |\n| twee |",
]


def test_link_takes_the_words_alone_and_is_made_once(editor):
    for before, selected, after in LINKED:
        write(editor, before, selected)
        editor.locator("#id_body").press("Control+k")
        editor.locator("#id_body").press("Control+k")
        assert text_of(editor) == after
    for before in APART:
        write(editor, before, before[before.index("een") : before.index("twee") + 4])
        editor.locator("#id_body").press("Control+k")
        assert text_of(editor) == before
        told = editor.locator("[data-editor-status]").inner_text()
        assert told == "Kies woorden in één regel of één cel."


@pytest.mark.slow
def test_table_is_placed_below_what_is_selected_and_never_in_a_table(editor):
    write(editor, "Zin.", "Zin.")
    button = editor.get_by_role("button", name="Tabel", exact=True)
    button.click()
    editor.keyboard.type("Wijk")
    placed = text_of(editor)
    assert placed.startswith("Zin.\n\n| Wijk | Kop 2 |\n| --- | --- |\n")
    preview(editor).locator("th", has_text="Wijk").wait_for()
    button.click()
    assert text_of(editor) == placed
    assert editor.locator("[data-editor-status]").inner_text() == "De cursor staat in een tabel."


def test_field_that_is_added_to_the_form_gets_the_editor_too(editor):
    editor.evaluate(
        """() => {
            const row = document.createElement('div');
            const copy = document.querySelector('[data-editor]').cloneNode(true);
            delete copy.dataset.started;
            const field = copy.querySelector('textarea');
            field.id = field.name = 'later';
            row.append(copy);
            document.querySelector('#standingpage_form').append(row);
            row.dispatchEvent(new CustomEvent('formset:added', { bubbles: true }));
        }"""
    )
    editor.fill("#later", "Bel 112.")
    editor.locator("#later").press("Control+a")
    editor.locator("#later").press("Control+b")
    assert editor.input_value("#later") == "**Bel 112.**"
    editor.locator("[data-editor-page]").nth(1).locator("strong").wait_for()


# Images


def choose(editor, data, name="foto.jpg", kind="image/jpeg"):
    editor.get_by_role("button", name="Afbeelding", exact=True).click()
    editor.set_input_files("#editor-image-file", {"name": name, "mimeType": kind, "buffer": data})


def hand_over(editor, event, data, kind="image/png"):
    """Drop or paste a file in the field, as the browser does it."""
    editor.evaluate(
        """([event, bytes, kind]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], 'plan.png', { type: kind }));
            const field = document.querySelector('#id_body');
            const options = { bubbles: true, cancelable: true };
            field.dispatchEvent(
                event === 'drop'
                    ? new DragEvent('drop', { ...options, dataTransfer: data })
                    : new ClipboardEvent('paste', { ...options, clipboardData: data }),
            );
        }""",
        [event, list(data), kind],
    )


def place(editor):
    editor.get_by_role("button", name="Plaatsen").click()
    editor.locator("dialog").wait_for(state="hidden")


def test_image_is_chosen_with_the_button_and_shown_in_the_preview(editor):
    write(editor, "Zin.", "Zin.")
    choose(editor, picture(900, 600))
    editor.fill("#editor-image-alt", "Een wijkagent op de fiets")
    place(editor)
    assert re.fullmatch(r"Zin\.\n\n!\[\]\(afbeelding:\d+\)", text_of(editor))
    assert "“foto” geplaatst" in editor.locator("[data-editor-status]").inner_text()
    editor.locator("#id_body:focus").wait_for()
    image = preview(editor).locator("img")
    image.wait_for()
    assert image.get_attribute("alt") == "Een wijkagent op de fiets"
    assert image.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
    editor.locator("#id_body").press("Control+z")
    assert text_of(editor) == "Zin."


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_image_is_dropped_or_pasted(editor, event):
    hand_over(editor, event, picture(40, 30, "PNG"))
    editor.locator("#editor-image-alt:focus").wait_for()
    assert "plan.png" in editor.locator("[data-chosen]").inner_text()
    editor.check("#editor-image-decorative")
    place(editor)
    assert "afbeelding:" in text_of(editor)
    preview(editor).locator("img[alt='']").wait_for(state="attached")


def test_refused_image_says_why_beside_its_field_and_the_text_stays(editor):
    write(editor, "De tekst.")
    choose(editor, b"<svg onload='alert(1)'/>", "plaatje.svg", "image/svg+xml")
    editor.fill("#editor-image-alt", "Een plaatje")
    editor.get_by_role("button", name="Plaatsen").click()
    error = editor.locator("#editor-image-file-error")
    error.get_by_text("geen JPEG-, PNG- of WebP").wait_for()
    editor.locator("#editor-image-file:focus").wait_for()
    assert editor.get_attribute("#editor-image-file", "aria-invalid") == "true"
    assert text_of(editor) == "De tekst."
    editor.keyboard.press("Escape")
    editor.locator("dialog").wait_for(state="hidden")
    assert text_of(editor) == "De tekst."
    editor.locator("#id_body:focus").wait_for()


def test_image_without_words_is_asked_for_them(editor):
    choose(editor, picture(40, 30))
    editor.get_by_role("button", name="Plaatsen").click()
    editor.locator("#editor-image-alt-error").get_by_text("decoratief").wait_for()
    assert text_of(editor) == ""


def test_picture_that_was_pasted_is_shown_and_ticking_decorative_costs_no_words(editor):
    hand_over(editor, "paste", picture(40, 30, "PNG"))
    editor.locator("[data-thumbnail]").wait_for()
    editor.fill("#editor-image-alt", "Een plattegrond")
    editor.check("#editor-image-decorative")
    assert editor.input_value("#editor-image-alt") == ""
    editor.uncheck("#editor-image-decorative")
    assert editor.input_value("#editor-image-alt") == "Een plattegrond"


@pytest.mark.slow
def test_upload_that_was_cancelled_on_its_way_is_not_put_in_the_text(editor):
    held = []

    def hold(route):
        held.append(route)

    editor.route("**/tekst/afbeelding/", hold)
    write(editor, "De tekst.")
    choose(editor, picture(40, 30))
    editor.fill("#editor-image-alt", "Een plaatje")
    editor.get_by_role("button", name="Plaatsen").click()
    editor.locator("[data-busy]").get_by_text("Bezig").wait_for()
    editor.get_by_role("button", name="Annuleren").click()
    (upload,) = held
    upload.continue_()
    status = editor.locator("[data-editor-status]")
    status.get_by_text("niet in de tekst gezet").wait_for()
    assert text_of(editor) == "De tekst."


@pytest.mark.slow
def test_upload_without_a_connection_can_be_sent_again_from_where_one_is(editor):
    held = []

    def hold(route):
        held.append(route)

    editor.route("**/tekst/afbeelding/", hold)
    choose(editor, picture(40, 30))
    editor.fill("#editor-image-alt", "Een plaatje")
    button = editor.get_by_role("button", name="Plaatsen")
    button.press("Enter")
    editor.locator("[data-busy]").get_by_text("Bezig").wait_for()
    assert button.get_attribute("aria-disabled") == "true"
    button.press("Enter")
    (upload,) = held
    upload.abort()
    editor.locator("dialog [data-problem]").get_by_text("geen verbinding").wait_for()
    editor.unroute("**/tekst/afbeelding/")
    editor.keyboard.press("Enter")
    editor.locator("dialog").wait_for(state="hidden")
    assert "afbeelding:" in text_of(editor)


@pytest.mark.slow
def test_file_that_is_too_large_is_refused_before_it_is_sent(editor):
    requests = []
    editor.on("request", lambda request: requests.append(request.url))
    choose(editor, b"\xff\xd8\xff" + bytes(10_000_001))
    error = editor.locator("#editor-image-file-error")
    assert "te groot: 10 MB" in error.inner_text()
    editor.fill("#editor-image-alt", "Een plaatje")
    editor.get_by_role("button", name="Plaatsen").click()
    assert not [url for url in requests if "afbeelding" in url]


# For everyone


def test_field_without_javascript_is_a_textarea_that_saves(open_page, logged_in_state):
    page = open_page(java_script_enabled=False, storage_state=logged_in_state("beheerder"))
    page.goto("/beheer/editorial/standingpage/")
    page.get_by_role("link", name=CONTACT, exact=True).click()
    assert not page.locator("[data-editor-tools]").is_visible()
    before = page.input_value("#id_body")
    page.fill("#id_body", before + "\n\nGeschreven zonder script.")
    page.click("[name=_continue] >> nth=0")
    assert page.input_value("#id_body").endswith("Geschreven zonder script.")
    page.fill("#id_body", before)
    page.click("[name=_continue] >> nth=0")
    assert page.input_value("#id_body").strip() == before.strip()


def violations(page, context="#main"):
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@pytest.mark.slow
def test_axe_finds_nothing_in_the_editor_and_its_dialog(open_page, logged_in_state):
    # axe adds a style of its own to the page, which our policy refuses.
    editor = open_page(storage_state=logged_in_state("beheerder"), bypass_csp=True)
    editor.goto(FORM)
    write(editor, "## Melden\n\nBel **112**.\n\n- een\n- twee\n\n![](x) [hier](/contact/)")
    editor.locator(".editor__item--blocking").wait_for()
    editor.locator(".editor__help summary").click()
    assert violations(editor, "[data-editor]") == []
    choose(editor, b"geen plaatje", "x.txt", "text/plain")
    editor.get_by_role("button", name="Plaatsen").click()
    editor.locator("#editor-image-file-error").get_by_text("geen JPEG").wait_for()
    assert violations(editor, "dialog") == []


def test_editor_fits_a_small_screen(open_page, logged_in_state):
    page = open_page(
        viewport={"width": 320, "height": 700}, storage_state=logged_in_state("beheerder")
    )
    page.goto(FORM)
    page.locator("[data-editor-toolbar]").wait_for()
    wide = page.evaluate(
        """() => [...document.querySelectorAll('[data-editor] *')]
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
            .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert wide == []


# Advice


def test_advice_appears_while_writing_and_leads_to_its_place(editor):
    text = "## Melden\n\nZie [klik hier](https://elders.example).\n\n![](afbeelding:999999)"
    write(editor, text)
    advice = editor.locator("[data-editor-advice]")
    advice.get_by_text("2 aandachtspunten. Met 1 daarvan kunt u niet publiceren.").wait_for()
    items = advice.get_by_role("listitem")
    assert "Nodig voor publicatie" in items.nth(0).inner_text()
    items.nth(1).get_by_role("button").click()
    selected = editor.evaluate(
        """() => {
            const field = document.activeElement;
            return field.value.slice(field.selectionStart, field.selectionEnd);
        }"""
    )
    assert selected == "klik hier"
    write(editor, "Een goede tekst.")
    advice.get_by_text("Geen aandachtspunten.").wait_for()
    assert items.count() == 0
