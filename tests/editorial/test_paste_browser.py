"""Text from Word or a web page arrives in the editor as clean markdown."""

import pytest

from veiligalmere.editorial.markdown import render_once

pytestmark = pytest.mark.browser

WORD_ITEM = (
    "<p class={kind} style='text-indent:-18.0pt;mso-list:l0 level{level} lfo1'>"
    "<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>{mark}"
    "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span>"
    "<![endif]>{text}<o:p></o:p></p>"
)


def word_item(text, mark="·", level=1, kind="MsoListParagraphCxSpMiddle"):
    return WORD_ITEM.format(text=text, mark=mark, level=level, kind=kind)


def word(body):
    """Return `body` as Word puts it on the clipboard."""
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"><head>
<meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {{margin:0cm; font-size:11pt}} @page WordSection1 {{size:595pt}} --></style>
</head><body lang=NL style='tab-interval:35.4pt'><!--StartFragment-->{body}<!--EndFragment-->
</body></html>"""


# Name, the HTML on the clipboard, and what has to arrive.
PASTED = {
    "paragraphs of Word": (
        word(
            "<p class=MsoNormal style='margin:0'><span style='color:red'>De  gemeente\nAlmere"
            "</span><o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
            "<p class=MsoNormal>Tweede&nbsp;alinea.<o:p></o:p></p>"
        ),
        "De gemeente Almere\n\nTweede alinea.",
    ),
    "headings start at level 2 and keep their distance": (
        word(
            "<p class=MsoTitle>Plan</p><h1><b>Wonen</b></h1><h2>Inbraak</h2>"
            "<p class=MsoNormal>Tekst.</p>"
        ),
        "## Plan\n\n## Wonen\n\n### Inbraak\n\nTekst.",
    ),
    "headings of a page": (
        "<h3>Eerste</h3><p>a</p><h4>Tweede</h4><h6>Derde</h6>",
        "## Eerste\n\na\n\n### Tweede\n\n##### Derde",
    ),
    "bullets of Word": (
        word(
            "<p class=MsoNormal>Vooraf:</p>"
            + word_item("Eerste punt", kind="MsoListParagraphCxSpFirst")
            + word_item("Onder het <b>eerste</b>", mark="o", level=2)
            + word_item("Daaronder", mark="§", level=3)
            + word_item("Tweede punt", kind="MsoListParagraphCxSpLast")
            + "<p class=MsoNormal>Achteraf.</p>"
        ),
        (
            "Vooraf:\n\n- Eerste punt\n  - Onder het **eerste**\n    - Daaronder\n- Tweede punt\n\n"
            "Achteraf."
        ),
    ),
    "numbers of Word": (
        word(
            word_item("Een", mark="1.")
            + word_item("Onder een", mark="a)", level=2)
            + word_item("Twee", mark="2.")
        ),
        "1. Een\n   1. Onder een\n2. Twee",
    ),
    "numbers of Word that go on after a paragraph": (
        word(
            word_item("Een", mark="1.")
            + "<p class=MsoNormal>Tussen.</p>"
            + word_item("Twee", mark="2.")
            + word_item("Onder twee", mark="2.4.", level=2)
            + word_item("Drie", mark="3.")
        ),
        "1. Een\n\nTussen.\n\n2. Twee\n\n   4. Onder twee\n3. Drie",
    ),
    "numbers of a page that begin further on": (
        (
            "<ol start=9><li>negen<li>tien<ul><li value=5>a</ul></ol><p>Tussen.</p>"
            "<ol><li value=11>elf</ol><hr><ol start=-1><li>x</ol>"
        ),
        "9. negen\n10. tien\n    - a\n\nTussen.\n\n11. elf\n\n---\n\n1. x",
    ),
    "lists of a page": (
        (
            "<ul><li>een<ul><li>onder een</li></ul></li><li><p>twee</p><p>nog bij twee"
            "</p></li></ul>"
            "<ol><li>a</li><li>b</li></ol>"
        ),
        "- een\n  - onder een\n- twee\n\n  nog bij twee\n\n1. a\n2. b",
    ),
    "list items that Word Online and Google put in lists of their own": (
        (
            "<div><ul><li data-aria-level='1'><p>een</p></li></ul></div>"
            "<div><ul><li data-aria-level='2'><p>onder een</p></li></ul></div>"
            "<ul><li>twee</li><ul><li>onder twee</li></ul></ul>"
        ),
        "- een\n  - onder een\n- twee\n  - onder twee",
    ),
    "bold and italic, by element and by style": (
        (
            "<p><b>vet</b> en <i>cursief</i>, <span style='font-weight:700'>ook vet</span> en "
            "<em><strong>beide</strong></em>, "
            "<span style='font-style: italic'>ook cursief</span></p>"
        ),
        "**vet** en *cursief*, **ook vet** en ***beide***, *ook cursief*",
    ),
    "pieces that Word cuts up": (
        word("<p class=MsoNormal><b>Let</b><b> op</b><b>: </b>de <b>politie</b><b>bureaus</b></p>"),
        "**Let op:** de **politiebureaus**",
    ),
    "bold against a letter": ("<p><b>Let op:</b>tekst</p>", "**Let op**:tekst"),
    "bold that begins or ends with a sign against a letter": (
        (
            "<p>wet<b>(2019)</b> kost<b>€ 5</b>, de<b>“<i>Wijk</i>”</b>n. <i>De</i><b>(a)</b>. "
            "a<b>!</b>b (<b>“c”</b>)</p>"
        ),
        ("wet(**2019**) kost€ **5**, de“***Wijk***”n. *De*(**a**). a!b (**“c”**)"),
    ),
    "the wrapper of Google Docs is not bold": (
        (
            "<b style='font-weight:normal;' id='docs-internal-guid-1'><p><span>gewoon</span></p>"
            "<p><span style='font-weight:700'>vet</span></p></b>"
        ),
        "gewoon\n\n**vet**",
    ),
    "links": (
        (
            "<p>Lees <a href='https://elders.example/a (b)'><span>het <b>hele</b> plan</span></a>, "
            "<a href='mailto:x@elders.example'>mail</a>, <a href='tel:14036'>bel</a>.</p>"
        ),
        (
            "Lees [het **hele** plan](https://elders.example/a%20%28b%29), "
            "[mail](mailto:x@elders.example), [bel](tel:14036)."
        ),
    ),
    "link after an exclamation mark, and with brackets in its words": (
        (
            "<p>Let op!<a href='https://elders.example/'>[1] en a]b<b>!</b></a> of "
            "<b>Let op!</b><a href='https://elders.example/'>c</a></p>"
        ),
        (
            "Let op\\![\\[1\\] en a\\]b!](https://elders.example/) of "
            "**Let op!**[c](https://elders.example/)"
        ),
    ),
    "look of what stands around more paragraphs": (
        (
            "<b>Eerste<br> <br>Tweede<p>Derde</p></b><p style='font-weight:bold'>Vierde</p>"
            "<i><ul><li style='font-weight:700'>punt<br><br>nog</ul></i>"
            "<b><table><tr><th>Wijk<th style='font-weight:400'>Jaar"
            "<tr><td><i>Poort</i><td>1</table></b>"
            "<a href='https://elders.example/'><h3>Titel</h3><p>Lees<br>meer</p></a>"
        ),
        (
            "**Eerste**\n\n**Tweede**\n\n**Derde**\n\n**Vierde**\n\n- ***punt***\n\n  ***nog***\n\n"
            "| **Wijk** | **Jaar** |\n| --- | --- |\n| ***Poort*** | **1** |\n\n"
            "## [Titel](https://elders.example/)\n\n[Lees meer](https://elders.example/)"
        ),
    ),
    "links that are none": (
        (
            "<p><a href='javascript:alert(1)'>a</a> <a href='#_ftn1'>b</a> "
            "<a href='file:///C:/x.doc'>c</a> <a name=_Toc1>d</a> "
            "<a href='data:text/html,x'>e</a></p>"
        ),
        "a b c d e",
    ),
    "table": (
        word(
            "<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal><b>Wijk</b></p></td>"
            "<td><p>Aantal</p></td></tr><tr><td><p>Poort</p></td><td><p>12 | 13</p><p>(2019)</p>"
            "</td></tr><tr><td colspan=2>Samen</td></tr></table>"
        ),
        "| **Wijk** | Aantal |\n| --- | --- |\n| Poort | 12 \\| 13 (2019) |\n| Samen |  |",
    ),
    "table with merged cells": (
        (
            "<table><thead><tr><th>Wijk<th>Jaar<th rowspan=9>Aantal</thead>"
            "<tr><td rowspan=2>Poort<td>2018<td>5<tr><td>2019<td>7"
            "<tr><td colspan=2 rowspan=0>Samen<td>12<tr><td>13</table>"
        ),
        (
            "| Wijk | Jaar | Aantal |\n| --- | --- | --- |\n| Poort | 2018 | 5 |\n|  | 2019 | 7 |\n"
            "| Samen |  | 12 |\n|  |  | 13 |"
        ),
    ),
    "caption of a table, and what is hidden in it": (
        (
            "<table><caption>Inbraken</caption><tr><td>Wijk<td style='display:none'>x<td>Aantal"
            "<tr style='display:none'><td>a<td>1<tr><td>Poort<td>5</table>"
        ),
        "Inbraken\n\n| Wijk | Aantal |\n| --- | --- |\n| Poort | 5 |",
    ),
    "table that only lays out": (
        "<table><tr><td><p>een</p><p>twee</p></td></tr></table>",
        "een\n\ntwee",
    ),
    "line breaks": ("<p>Postbus 200<br>1300 AE Almere</p>", "Postbus 200  \n1300 AE Almere"),
    "quotation and line": (
        "<blockquote><p>een</p><p>twee</p></blockquote><hr><p>drie</p>",
        "> een\n>\n> twee\n\n---\n\ndrie",
    ),
    "signs that mean something in markdown": (
        (
            "<p>2 * 3 * 4, `x`, snake_case, _los_, a [b](c) &lt;b&gt; &amp;copy;</p>"
            "<p>1. geen lijst"
            "</p><p>- ook niet</p><p># geen kop</p><p>&gt; geen citaat</p><p>+ nee</p>"
        ),
        (
            "2 \\* 3 \\* 4, \\`x\\`, snake_case, \\_los\\_, a [b\\](c) \\<b> \\&copy;\n\n"
            "1\\. geen lijst\n\n\\- ook niet\n\n\\# geen kop\n\n\\> geen citaat\n\n\\+ nee"
        ),
    ),
    "what is no text": (
        (
            "<style>p { color: red }</style><script>alert(1)</script><p>tekst"
            "<span style='display:none'>verborgen</span><span style='mso-hide:all'>ook</span>"
            "<del>weg</del><ins>erbij</ins></p>"
            "<div style='mso-element:comment-list'>opmerking</div>"
            "<button>Deel</button><p>\u00ad\u200b</p>"
        ),
        "teksterbij",
    ),
    "words that look like code": (
        "<p title='a > b' style='font-style:italic'>een style = twee</p>",
        "*een style = twee*",
    ),
    "text between other things": (
        "<div>los<div>in een blok</div>en weer los</div>",
        "los\n\nin een blok\n\nen weer los",
    ),
    "words with nothing around them": ("<span>één woord</span>", "één woord"),
}


def test_what_is_pasted_arrives_as_clean_markdown(editor, page_problems):
    arrived = {
        name: editor.evaluate("html => markdownEditor.fromHtml(html).markdown", html)
        for name, (html, _) in PASTED.items()
    }
    assert arrived == {name: markdown for name, (_, markdown) in PASTED.items()}
    # Neither its scripts nor its styles came to life.
    assert page_problems == []


# What a reader sees of those of which the signs could be taken for something else.
SHOWN = {
    "numbers of Word that go on after a paragraph": (
        "<ol>\n<li>Een</li>\n</ol>\n<p>Tussen.</p>\n"
        '<ol start="2">\n<li>\n<p>Twee</p>\n<ol start="4">\n<li>Onder twee</li>\n</ol>\n</li>\n'
        "<li>\n<p>Drie</p>\n</li>\n</ol>"
    ),
    "numbers of a page that begin further on": (
        '<ol start="9">\n<li>negen</li>\n<li>tien\n<ul>\n<li>a</li>\n</ul>\n</li>\n</ol>\n'
        '<p>Tussen.</p>\n<ol start="11">\n<li>elf</li>\n</ol>\n<hr>\n<ol>\n<li>x</li>\n</ol>'
    ),
    "bold that begins or ends with a sign against a letter": (
        "<p>wet(<b>2019</b>) kost€ <b>5</b>, de“<i><b>Wijk</b></i>”n. <i>De</i>(<b>a</b>). "
        "a!b (<b>“c”</b>)</p>"
    ),
    "look of what stands around more paragraphs": (
        "<p><b>Eerste</b></p>\n<p><b>Tweede</b></p>\n<p><b>Derde</b></p>\n<p><b>Vierde</b></p>\n"
        "<ul>\n<li>\n<p><i><b>punt</b></i></p>\n<p><i><b>nog</b></i></p>\n</li>\n</ul>\n"
        '<table>\n<thead>\n<tr>\n<th scope="col"><b>Wijk</b></th>\n'
        '<th scope="col"><b>Jaar</b></th>\n'
        "</tr>\n</thead>\n<tbody>\n<tr>\n<td><i><b>Poort</b></i></td>\n<td><b>1</b></td>\n"
        "</tr>\n</tbody>\n</table>\n<h2><a>Titel</a></h2>\n<p><a>Lees meer</a></p>"
    ),
    "link after an exclamation mark, and with brackets in its words": (
        "<p>Let op!<a>[1] en a]b!</a> of <b>Let op!</b><a>c</a></p>"
    ),
}


def test_what_arrived_is_shown_as_it_was_meant():
    shown = {name: render_once(PASTED[name][1]).strip() for name in SHOWN}
    short = {"strong>": "b>", "em>": "i>", ' href="https://elders.example/" rel="noopener"': ""}
    for long, replacement in short.items():
        shown = {name: html.replace(long, replacement) for name, html in shown.items()}
    assert shown == SHOWN


def paste(editor, html, text="plat"):
    """Paste; return whether the script did, and did not leave it to the browser."""
    return editor.evaluate(
        """([html, text]) => {
            const data = new DataTransfer();
            data.setData('text/html', html);
            data.setData('text/plain', text);
            return !document.querySelector('#id_body').dispatchEvent(
                new ClipboardEvent('paste', {
                    bubbles: true, cancelable: true, clipboardData: data,
                }),
            );
        }""",
        [html, text],
    )


def test_pasting_puts_the_markdown_at_the_cursor_and_undo_takes_it_back(editor):
    editor.fill("#id_body", "Vooraf.")
    editor.focus("#id_body")
    editor.keyboard.press("End")
    paste(editor, word(word_item("een") + word_item("<b>twee</b>")))
    assert editor.input_value("#id_body") == "Vooraf.\n\n- een\n- **twee**"
    assert "met opmaak" in editor.locator("[data-editor-status]").inner_text()
    editor.keyboard.press("Control+z")
    assert editor.input_value("#id_body") == "Vooraf."
    paste(editor, "<span>&nbsp;en <b>meer</b></span>")
    assert editor.input_value("#id_body") == "Vooraf.en **meer**"
    paste(editor, "<ol start=12><li>verder</ol>")
    assert editor.input_value("#id_body") == "Vooraf.en **meer**\n\n12. verder"


def test_the_keys_that_paste_without_formatting_leave_it_to_the_browser(editor):
    """Firefox hands the script the HTML then too; Chrome only the text."""

    def press(keys):
        editor.dispatch_event("#id_body", "keydown", {**keys, "bubbles": True})

    plain = {"key": "V", "code": "KeyV", "shiftKey": True}
    for modifier in ({"ctrlKey": True}, {"metaKey": True}):
        press({**plain, **modifier})
        assert not paste(editor, "<b>vet</b>")
    for keys in ({"key": "v", "code": "KeyV", "ctrlKey": True}, plain):
        editor.fill("#id_body", "")
        press(keys)
        assert paste(editor, "<b>vet</b>")
        assert editor.input_value("#id_body") == "**vet**"
    press({**plain, "ctrlKey": True})
    paste(editor, "<b>vet</b>")
    assert paste(editor, "<b>vet</b>"), "by the mouse, after that"


def test_images_in_pasted_text_are_left_out_and_that_is_told(editor):
    paste(editor, "<p>Tekst <img src='file:///C:/x.png'></p><p><img src='https://x.example/y'></p>")
    assert editor.input_value("#id_body") == "Tekst"
    assert "2 afbeeldingen niet" in editor.locator("[data-editor-status]").inner_text()


def test_what_was_pasted_reads_the_same_when_it_is_rendered(editor):
    """The words that a reader sees are those that were pasted, whatever signs they hold."""
    words = r"""* a_b _c_ [d](e) `f` <g> &amp; \h #i ~j~ !k ![l](m) <https://n.example> 1) o |p|"""
    html = editor.evaluate(
        """words => { const p = document.createElement('p'); p.textContent = words;
            return p.outerHTML }""",
        words,
    )
    paste(editor, html)
    shown = editor.locator("[data-editor-page]").get_by_text("a_b")
    shown.wait_for()
    assert shown.inner_text() == words
