"""The renderer and the advice against hostile text: no script, no fault, no endless work."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tooling.deadline import ended_within
from veiligalmere.editorial.advice import advice
from veiligalmere.editorial.markdown import ATTRIBUTES, MAX_LENGTH, TAGS, URL_SCHEMES, render_once

pytestmark = pytest.mark.django_db

FAULT = timedelta(seconds=30)  # the slowest takes a second; what takes this long does not end
LENGTH = 20_000  # characters; Python-Markdown took 42 s for as many times "["

# What someone may type, paste or try; put together at random below.
PIECES = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>"),
    *("[x](javascript:alert(1))", "[x](JaVaScRiPt&colon;alert(1))", "[x](\tjavascript:alert(1))"),
    *("[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)", "[x](file:///etc/passwd)"),
    *("![x](javascript:alert(1))", "![x](data:image/svg+xml,<svg onload=alert(1)>)", "<!--", "-->"),
    *('[x](/a "onmouseover=alert(1)")', '![" onerror="alert(1)](/x)', "<javascript:alert(1)>"),
    *("[a]: javascript:alert(1)\n", "[a]", "[a][b]", "![a]", "![](afbeelding:1)", "afbeelding:"),
    *("![](afbeelding:999999999999999999999)", "![](afbeelding:-1)", "![](afbeelding:٣)", "</p>"),
    *("| a | b |\n| - | - |\n", "| x |", "```\n", "~~~html onload=x\n", "    code\n", "`", "``"),
    *("# ", "###### ", "\n", "\n\n", "  \n", "> ", "- ", "1. ", "999999999. ", "***", "___", "**"),
    *("&lt;script&gt;", "&#x3c;script>", "&#0;", "\x00", "\ufeff", "\u2028", "\u202e", "\\", "\t"),
    *("<a href='x' style='x' onclick='y'>", "<style>", "<iframe src=x>", "<math><mtext></script>"),
]
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map("".join)


class Judge(HTMLParser):
    """Reads HTML as a browser would and notes whatever is not on the short list."""

    def __init__(self):
        super().__init__()
        self.faults = []

    def handle_starttag(self, tag, attrs):
        """Note an element, attribute or address that must not be there."""
        if tag not in TAGS:
            self.faults.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, ()) and (tag, name) != ("a", "rel"):
                self.faults.append(f"{tag} {name}")
            scheme, colon, _ = (value or "").partition(":")
            path = any(sign in scheme for sign in "/?#")
            if name in {"href", "src"} and colon and not path and scheme.lower() not in URL_SCHEMES:
                self.faults.append(f"{name}={value}")

    def handle_comment(self, data):
        """Note a comment."""
        self.faults.append(f"<!--{data}")

    def handle_decl(self, decl):
        """Note a declaration."""
        self.faults.append(f"<!{decl}")


def faults_in(html):
    judge = Judge()
    judge.feed(html)
    judge.close()
    return judge.faults


@pytest.mark.parametrize(
    "html",
    ["<script>", "<p onclick=x>", "<a href='javascript:x'>", "<img src='data:x'>", "<!-- -->"],
)
def test_judge_sees_what_must_not_pass(html):
    assert faults_in(html)


@given(texts)
@settings(
    max_examples=150,
    deadline=FAULT,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_typed_only_harmless_html_comes_out(text):
    html = render_once(text)
    assert faults_in(html) == []
    for one in advice(text):
        assert one.line >= 1
        assert one.message


@given(text=texts)
@settings(
    max_examples=25,
    deadline=FAULT,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_typed_the_preview_answers(beheerder, text):
    answer = beheerder.post("/beheer/tekst/voorbeeld/", {"text": text})
    assert answer.status_code == 200
    assert faults_in(answer.json()["html"]) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        *(
            "[",
            "![",
            "[](",
            "[[x]](",
            "![[]()",
            "]",
            "[a](((((",
            "[a]: b\n",
            "<",
            "<!--",
            "`",
            "` `` ",
        ),
        *(
            "*a ",
            "**a *b ",
            "***a**b* ",
            "a**b c* ",
            "_a_",
            "> ",
            "- ",
            "1. ",
            "|a",
            "~~~\n",
            "x\n",
        ),
        *("# a\n\n", "[a](b) ", "![](afbeelding:1)", "&", "\\", "a. ", "O.a. A ", '[a](b "', "\n"),
    ],
)
def test_repeating_it_endlessly_ends(piece):
    text = (piece * LENGTH)[:LENGTH]
    with ended_within(FAULT):
        assert faults_in(render_once(text)) == []
        advice(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "|x\n" * 6000,
        "".join("> " * depth + "a\n" for depth in range(140)),
        "".join(" " * 2 * depth + "- a\n" for depth in range(140)),
        "".join(f"![](afbeelding:{number * 600})" for number in range(1000)),
        "".join(f"[het plan](/x/{number}) " for number in range(1000)),
    ],
    ids=["wide table", "deep quotation", "deep list", "many images", "many links"],
)
def test_structures_that_grow_end(text):
    with ended_within(FAULT):
        assert faults_in(render_once(text)) == []
        advice(text)


def test_table_does_not_multiply():
    """A wide head and many short rows must not become a page of a hundred times the size."""
    text = "|a" * 1000 + "|\n" + "|-" * 1000 + "|\n" + "|x\n" * 5000
    assert len(render_once(text)) < 3_000_000


@pytest.mark.parametrize("defined", ["/{}", "/ '{}'"], ids=["address", "title"])
def test_link_does_not_multiply(defined):
    """What is written once and named often must not become thousands of times as long."""
    text = f"[a]: {defined.format('x' * 49_000)}\n\n" + "[a]" * 16_900
    assert len(render_once(text)) < 3_000_000


def test_link_is_written_where_it_stands():
    html = render_once("Zie [het plan](/plan/), of [dat][plan].\n\n[plan]: /plan/")
    assert '<a href="/plan/" rel="noopener">het plan</a>' in html
    assert html.count("<a") == 1
    assert "[dat][plan]" in html


def test_text_beyond_the_limit_is_not_rendered():
    html = render_once("a" * MAX_LENGTH + "**einde**")
    assert "einde" not in html
