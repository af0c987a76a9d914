"""The editor as a writer meets it: toolbar, keyboard, preview, and life without JavaScript."""

import pytest

pytestmark = pytest.mark.browser

FORM = "/beheer/editorial/standingpage/add/"


def test_preview_follows_what_is_typed(editor):
    editor.fill("#id_body", "## Melden\n\nBel **112**.")
    page = editor.locator("[data-editor-page]")
    assert page.locator("h2", has_text="Melden").inner_text() == "Melden"
    assert page.locator("strong").inner_text() == "112"
