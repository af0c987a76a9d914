"""Choosing an image that was placed before, with the keyboard and with a screen reader."""

import re

import pytest

from tests.editorial.pictures import picture
from tests.editorial.test_editor_browser import FORM, choose, place, preview, text_of, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def place_new(editor, name, words):
    """Place a picture for the first time, and empty the text again."""
    choose(editor, picture(60, 40), f"{name}.jpg")
    editor.fill("#editor-image-alt", words)
    place(editor)
    written = text_of(editor)
    editor.fill("#id_body", "")
    return written


def search(editor, text):
    editor.get_by_role("button", name="Afbeelding", exact=True).click()
    editor.get_by_label("Eerder geplaatst").check()
    editor.get_by_label("Zoeken").fill(text)


def test_an_image_is_found_chosen_and_placed_with_the_keyboard_alone(editor):
    place_new(editor, "zeppelin", "Een zeppelin boven de stad")
    written = place_new(editor, "dirigeerbaar", "Een tweede zeppelin")
    uploads = []
    editor.on("request", lambda request: uploads.append(request.url.endswith("/afbeelding/")))
    editor.focus("#id_body")
    editor.keyboard.press("Alt+F10")
    editor.keyboard.press("End")
    editor.keyboard.press("ArrowLeft")
    editor.keyboard.press("Enter")
    editor.locator("#editor-image-file:focus").wait_for()
    editor.keyboard.press("Shift+Tab")
    editor.keyboard.press("ArrowRight")
    editor.keyboard.press("Tab")
    editor.locator("#editor-image-search:focus").wait_for()
    editor.keyboard.type("zeppelin")
    editor.keyboard.press("Enter")
    editor.get_by_text("2 afbeeldingen gevonden.").wait_for()
    editor.keyboard.press("Tab")
    editor.keyboard.press("Space")
    editor.keyboard.press("Tab")
    assert editor.locator(":focus").inner_text() == "Plaatsen"
    editor.keyboard.press("Enter")
    editor.locator("dialog").wait_for(state="hidden")
    assert text_of(editor) == written
    assert "“dirigeerbaar” geplaatst" in editor.locator("[data-editor-status]").inner_text()
    editor.locator("#id_body:focus").wait_for()
    preview(editor).locator("img[alt='Een tweede zeppelin']").wait_for()
    assert not any(uploads)


def test_each_image_is_told_with_its_name_and_words(editor):
    place_new(editor, "luchtballon", "Een luchtballon boven het Weerwater")
    search(editor, "luchtballon")
    editor.get_by_text("1 afbeelding gevonden.").wait_for()
    editor.get_by_role(
        "radio", name=re.compile("luchtballon.*Een luchtballon boven het Weerwater", re.DOTALL)
    ).check()
    assert editor.locator("[data-kept]").get_by_role("radio").count() == 1
    assert editor.get_by_role("group", name="Gevonden afbeeldingen").count() == 1


def test_nothing_found_and_nothing_chosen_are_told_and_the_text_stays(editor):
    editor.fill("#id_body", "De tekst.")
    search(editor, "eenhoorn")
    editor.get_by_text("Geen afbeelding gevonden.").wait_for()
    editor.get_by_role("button", name="Plaatsen").click()
    assert "Kies een afbeelding" in editor.locator("#editor-image-search-error").inner_text()
    editor.locator("#editor-image-search:focus").wait_for()
    editor.keyboard.press("Escape")
    assert text_of(editor) == "De tekst."
    editor.get_by_role("button", name="Afbeelding", exact=True).click()
    assert editor.get_by_label("Nieuw bestand").is_checked()
    assert editor.locator("#editor-image-file").is_visible()


def test_session_that_ended_is_told_in_the_dialog(editor, page_problems):
    editor.context.clear_cookies(name="sessionid")
    search(editor, "agent")
    problem = editor.locator("[data-problem]")
    problem.get_by_text("U bent niet meer ingelogd").wait_for()
    assert problem.get_by_role("link", name="Log in een nieuw venster").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_the_choice_and_on_an_image_and_all_fits(
    open_page, logged_in_state, width, scheme
):
    # axe adds a style of its own to the page, which our policy refuses.
    editor = open_page(
        storage_state=logged_in_state("beheerder"),
        bypass_csp=True,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )
    editor.goto(FORM)
    place_new(editor, "vuurtoren", "Een vuurtoren aan het water")
    search(editor, "vuurtoren")
    editor.locator("[data-kept]").get_by_role("radio").first.check()
    assert violations(editor, "dialog") == []
    picked = editor.locator("[data-kept]").get_by_role("radio").first.input_value()
    assert editor.evaluate(
        """() => [...document.querySelectorAll('dialog *')].every((one) => {
            const box = one.getBoundingClientRect();
            return box.left >= 0 && box.right <= innerWidth;
        })"""
    )
    own = f"/beheer/editorial/image/{re.search('[0-9]+', picked)[0]}"
    for page in ("change", "history", "terugzetten/1"):
        editor.goto(f"{own}/{page}/")
        assert violations(editor, "#main") == [], page
        assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth"), page
