"""Words are found however a text writes them, and what stood around them stays well-formed."""

import pytest

from veiligalmere.editorial.blackout.words import MARK, Words

WRITTEN = {
    "Gesproken met _Jansen_.": "Gesproken met _@_.",
    "Gesproken met __Jansen__.": "Gesproken met __@__.",
    "JANSEN sprak.": "@ sprak.",
    "**Piet** de Wit": "**@**",
    "Piet **de Wit** sprak": "**@** sprak",
    "Piet **de** Wit": "@",
    "**Piet** **de** Wit": "**@**",
    "Piet  \nde\\\nWit": "@",
    "> Piet\n> de Wit": "> @",
    "Piet&nbsp;de Wit": "@",
    "[Piet](https://voorbeeld.nl/) de Wit": "[@](https://voorbeeld.nl/)",
    "Piet [de Wit](https://voorbeeld.nl/)": "[@](https://voorbeeld.nl/)",
    "Piet [**de Wit**](https://voorbeeld.nl/)": "[**@**](https://voorbeeld.nl/)",
    "Piet [de](https://voorbeeld.nl/) Wit": "@",
    "**Jan**sen": "**@**",
    "Jan**sen** sprak": "**@** sprak",
    "Jan\u00adsen": "@",
    "Jan\x02sen, Jan\x1fsen en Jan\ufffesen": "@, @ en @",
    "Piet\x0bde\x0cWit en Piet\x02 de\x1f Wit": "@ en @",
    "Laan 17\x1e19": "@",
    "Ren\u00e9 en Rene\u0301": "@ en @",
    "O’Neil, O'Neil en O\\'Neil": "@, @ en @",
    "Laan 17\\-19 en Laan 17\u201119": "@ en @",
    "Ren&eacute;, Ren&#233;, Ren&#xE9; en REN&Eacute;": "@, @, @ en @",
    "O&rsquo;Neil en O&#39;Neil": "@ en @",
    "&#74;ansen, Jan&shy;sen en Jan&#173;sen": "@, @ en @",
    "Piet&#32;de&#xa0;Wit en Piet&ensp;de&NewLine;Wit": "@ en @",
    "R&D; Jansen &amp; Ren&e;": "R&D; @ &amp; Ren&e;",
    "[Piet](https://voorbeeld.nl/a_(b)) de Wit": "[@](https://voorbeeld.nl/a_(b))",
    "Jansens, Jansen2 en Pjansen": "Jansens, Jansen2 en Pjansen",
    "piet_de_wit.pdf": "@.pdf",
}
PHRASES = ["Jansen", "piet de wit", "René", "O'Neil", "Laan 17-19"]


@pytest.mark.parametrize(("before", "after"), WRITTEN.items(), ids=map(repr, WRITTEN))
def test_words_are_found_however_they_are_written(before, after):
    assert Words(PHRASES).without(before) == after.replace("@", MARK)


@pytest.mark.parametrize(
    ("phrase", "before", "after"),
    [
        ("Jan\x02sen", "Jansen en Jan\x02sen", "@ en @"),
        ("Jan\u00adsen", "Jansen en Jan\u00adsen", "@ en @"),
        ("J.nsen", "Jansen en J.nsen", "Jansen en @"),
        ("(a|b)+", "a, b, ab en (a|b)+", "a, b, ab en @"),
        ("C++", "C, CC en C++.", "C, CC en @."),
        ("[A-Z]", "A en [A-Z]", "A en @"),
        (r"Jan\b", r"Jan en Jan\b", "Jan en @"),
        ("^Jan$", "Jan", "Jan"),
        ("(onbekend", "Een (onbekend iemand", "Een @ iemand"),
    ],
)
def test_signs_of_a_search_pattern_are_words_like_others(phrase, before, after):
    assert Words([phrase]).without(before) == after.replace("@", MARK)


@pytest.mark.parametrize(
    "before",
    [
        "Jansen](",
        "Piet [*_ ",
        "J*a*",
        "Piet ",
        "J\x02\x1f",
        "Piet\x02\x1f\x0b",
        "Piet\x1c",
        "Piet](a(b)",
        "Piet](((",
        "J&shy;",
        "Piet&#32;",
        "&#",
    ],
)
def test_no_text_is_too_much_to_search(before):
    assert Words(PHRASES).without(before * 10_000)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("gesprek-met-piet-de-wit", True),
        ("/oud/Piet/de/Wit/", True),
        ("/acties/rene/", True),
        ("jansens-laan", False),
        ("", False),
    ],
)
def test_an_address_has_words_as_a_slug_writes_them(address, found):
    assert Words(PHRASES).are_in_address(address) is found


@pytest.mark.parametrize(("before", "after"), WRITTEN.items(), ids=map(repr, WRITTEN))
def test_one_look_at_many_texts_finds_what_a_look_at_each_does(before, after):
    content = {"fields": {"a": "Piet &", "b": before, "c": 3}, "many": {"d": [{"label": "de Wit"}]}}
    assert Words(PHRASES).are_in(content) == (before != after)


@pytest.mark.parametrize(
    "texts",
    [
        ["Piet", "de Wit"],
        ["Jan", "sen"],
        ["[Piet](/a/", ") de Wit"],
        ["[Piet][a", "] de Wit"],
        ["Piet &", "nbsp; de Wit"],
    ],
)
def test_words_that_two_texts_have_together_are_in_neither(texts):
    words = Words(["Piet de Wit", "Jansen"])
    assert not words.are_in(texts)
    assert not words.are_in(texts[::-1])
    assert words.without(texts) == texts
