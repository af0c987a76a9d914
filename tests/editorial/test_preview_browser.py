"""The preview beside the field: with the look of the public page, and named for who hears it."""

import pytest

from tests.editorial.pictures import picture
from tests.editorial.test_editor_browser import choose, place, preview, text_of

pytestmark = pytest.mark.browser

EVERYTHING = """## Kop twee

Een alinea met **vet**, *cursief*, `code` en [een link](/contact/).

### Kop drie

- punt

1. nummer

> Een citaat.

| Wijk | Aantal |
| --- | --- |
| Haven | 3 |

{image}
"""
KINDS = [
    *("h2", "h3", "p", "strong", "em", "code", "a", "ul", "ol", "li", "blockquote"),
    *("th", "td", "figure", "figcaption", "img"),
]
# How the first element of each kind looks, inside what is given.
LOOK = """(root, kinds) => Object.fromEntries(kinds.map((kind) => {
    const one = root.querySelector(kind);
    if (!one) return [kind, null];
    const look = getComputedStyle(one);
    return [kind, ['fontFamily', 'fontSize', 'fontWeight', 'fontStyle', 'lineHeight', 'color',
        'textDecorationLine', 'listStyleType', 'marginTop', 'marginBottom', 'paddingTop',
        'paddingLeft', 'borderTopWidth', 'borderBottomColor', 'textAlign', 'display', 'maxWidth',
        'backgroundColor'].map((name) => `${name}: ${look[name]}`)];
}))"""


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_looks_in_the_preview_as_on_the_page(open_page, logged_in_state, scheme):
    editor = open_page(storage_state=logged_in_state("beheerder"), color_scheme=scheme)
    editor.goto("/beheer/editorial/standingpage/")
    editor.get_by_role("link", name="Contact", exact=True).click()
    form = editor.url
    editor.fill("#id_body", "")
    choose(editor, picture(60, 40))
    editor.fill("#editor-image-alt", "Een wijkagent op de fiets")
    editor.fill("#editor-image-credit", "Anna Jansen")
    place(editor)
    editor.fill("#id_body", EVERYTHING.format(image=text_of(editor)))
    preview(editor).locator("figcaption").wait_for()
    shown = preview(editor).locator(".prose").evaluate(LOOK, KINDS)
    editor.click("[name=_continue] >> nth=0")
    editor.get_by_role("link", name="Voorbeeld op de site").click()
    page = editor.locator("main .prose", has=editor.locator("figcaption")).evaluate(LOOK, KINDS)
    assert None not in page.values()
    assert shown == page
    editor.goto(form.replace("/change/", "/weggooien/"))
    editor.locator("#content-main [type=submit]").click()


def test_who_hears_the_form_knows_of_which_field_each_part_is(editor):
    editor.fill("#id_body", "[Klik hier](https://elders.example)")
    assert editor.get_by_role("toolbar", name="Opmaak van Tekst").get_by_role("button").count() == 8
    region = editor.get_by_role("region", name="Voorbeeld van Tekst")
    region.get_by_text("Klik hier").wait_for()
    advice = editor.get_by_role("region", name="Aandachtspunten bij Tekst")
    advice.get_by_role("status").get_by_text("1 aandachtspunt").wait_for()
    assert editor.get_by_role("textbox", name="Tekst:", exact=True).count() == 1
    editor.get_by_role("button", name="Vet", exact=True).click()
    assert editor.get_by_role("status").filter(has_text="Vet").count() == 1
