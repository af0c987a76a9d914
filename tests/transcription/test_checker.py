"""The check itself can fail: each small difference from the plan is found."""

import copy
import re
from itertools import pairwise

import pytest

from tests.transcription.compare import assert_same_text, blocks_of_html
from tests.transcription.fixture_content import plan_html, records
from tests.transcription.source import (
    CAPITALS,
    LABELS,
    Block,
    mend,
    parse_source,
    read_source,
    sentences,
)

FILES = ("themes", "passages-2020", "actions-2020")
CONTENT = [records(name) for name in FILES]
PIECES = [
    pytest.param(file, at, id=record["slug"])
    for file, found in enumerate(CONTENT)
    for at, record in enumerate(found)
    if record.get("body")
]
HEADED = [
    pytest.param(file, at, id=record["slug"])
    for file, found in enumerate(CONTENT)
    for at, record in enumerate(found)
    if record.get("heading")
]
ITEM = re.compile(r"^ *(?:-|\d\.) .*\n?", re.MULTILINE)


# Of actions; of the two numbered lists; of the overview: themes, subtopics, working methods.
ITEMS = (3 + 5 + 3 + 2) + (4 + 6) + (4 + 30 + 5)


@pytest.fixture(scope="module")
def source():
    return parse_source(read_source())


@pytest.fixture
def content():
    """A copy of the fixtures to change: themes, passages and actions."""
    return copy.deepcopy(CONTENT)


def assert_found(content, source):
    """The check does not pass `content`."""
    with pytest.raises(AssertionError, match="not the source's"):
        assert_same_text(blocks_of_html(plan_html(*content)), source)


def words_of(text):
    """The places of the words in a text of markdown, without its marks."""
    return list(re.finditer(r"\w{3,}", text))


@pytest.mark.parametrize(("file", "at"), PIECES)
@pytest.mark.parametrize("part", [0, 0.5, 1], ids=["first", "middle", "last"])
def test_a_changed_word_is_found(content, source, file, at, part):
    body = content[file][at]["body"]
    found = words_of(body)
    word = found[round(part * (len(found) - 1))]
    content[file][at]["body"] = body[: word.start()] + "anders" + body[word.end() :]
    assert_found(content, source)


@pytest.mark.parametrize(("file", "at"), PIECES)
def test_a_dropped_word_is_found(content, source, file, at):
    body = content[file][at]["body"]
    word = words_of(body)[len(words_of(body)) // 2]
    content[file][at]["body"] = body[: word.start()] + body[word.end() :]
    assert_found(content, source)


@pytest.mark.parametrize(("file", "at"), HEADED)
def test_a_changed_or_dropped_heading_is_found(content, source, file, at):
    heading = content[file][at]["heading"]
    for changed in (f"{heading} nu", heading.swapcase(), ""):
        content[file][at]["heading"] = changed
        assert_found(content, source)


@pytest.mark.parametrize(("file", "at"), PIECES)
def test_each_dropped_list_item_is_found(content, source, file, at):
    body = content[file][at]["body"]
    for item in ITEM.finditer(body):
        content[file][at]["body"] = body[: item.start()] + body[item.end() :]
        assert_found(content, source)


def test_there_are_list_items_to_drop():
    bodies = "\n".join(record["body"] for record in [*CONTENT[1], *CONTENT[2]])
    assert len(ITEM.findall(bodies)) == ITEMS


def test_two_pieces_that_change_places_are_found(content, source):
    """Each piece with the next one in the plan's order."""
    pieces = sorted([*content[1], *content[2]], key=lambda piece: piece["position"])
    for first, second in pairwise(pieces):
        first["position"], second["position"] = second["position"], first["position"]
        assert_found(content, source)
        first["position"], second["position"] = second["position"], first["position"]


@pytest.mark.parametrize(("file", "at"), PIECES)
def test_a_piece_that_is_left_out_or_stands_twice_is_found(content, source, file, at):
    piece = content[file].pop(at)
    assert_found(content, source)
    content[file] += [piece, piece]
    assert_found(content, source)


def test_a_renamed_theme_is_found(content, source):
    content[0][0]["name"] = "Veilige wijk"
    assert_found(content, source)


@pytest.mark.parametrize(
    ("plan", "mutant"),
    [
        ("thema’s", "thema's"),
        ("12 – 18 jaar", "12-18 jaar"),
        ("“drill rap”", "‘drill rap’"),
        ("In de de tweede", "In de tweede"),
        ("Land en Tuinbouworganisatie", "Land- en Tuinbouworganisatie"),
        ("aanmelding(scriteria)", "aanmeldingscriteria"),
        ("cocaïnehandel", "cocainehandel"),
        ("links- en rechtsextremisme", "links en rechtsextremisme"),
        ("een mes.", "een mes"),
        ("High Impact Crimes", "high impact crimes"),
        ("\n- Voedingsbodems", "\n\nVoedingsbodems"),
        ("screening en", "screening.\n\nEn"),
        ("optreedt. Wij", "optreedt.\n- Wij"),
        ("raad. In het eerste", "raad.\n\nIn het eerste"),
        ("acties voor 2020 genoemd.\n\n", "acties voor 2020 genoemd.\n"),
        ("\n1. Ondersteuning", "\n- Ondersteuning"),
        ("  - Jaarwisseling\n", "  - Jaarwisseling\n  - Jaarwisseling\n"),
    ],
)
def test_a_small_slip_is_found(content, source, plan, mutant):
    pieces = [piece for piece in [*content[1], *content[2]] if plan in piece["body"]]
    assert pieces
    pieces[0]["body"] = pieces[0]["body"].replace(plan, mutant, 1)
    assert_found(content, source)


def test_labels_of_the_overview_may_stand_in_any_order(content, source):
    (overview,) = [passage for passage in content[1] if passage["kind"] == "overzicht"]
    moved = overview["body"].replace("    - Drugs\n    - OMG\n", "    - OMG\n    - Drugs\n")
    assert moved != overview["body"]
    overview["body"] = moved
    assert_same_text(blocks_of_html(plan_html(*content)), source)


def test_no_letter_of_the_source_is_lost_in_reading_it(source):
    """A second way to read it, blind to lines and blocks: only letters and figures, in order."""
    read = sentences([*source.before, *(Block("", label) for label in source.labels)])
    read += sentences(source.after)
    marks = (mark if mark[:1].isdigit() else "" for mark, _ in read)
    letters = "".join(mark + text for mark, (_, text) in zip(marks, read, strict=True))
    assert re.sub(r"\W", "", letters).casefold() == (
        re.sub(r"\W", "", mend(read_source())).casefold()
    )


def test_the_case_of_headings_is_all_that_the_tables_change():
    for table in (CAPITALS, LABELS):
        assert all(plan.casefold() == form.casefold() for plan, form in table.items())


def test_a_source_that_was_not_reviewed_is_refused():
    with pytest.raises(AssertionError, match="occurs 0 times"):
        mend(read_source().replace("HAND HAVING", "HANDHAVING"))


def test_what_the_editors_add_to_the_page_is_no_plan_content():
    html = (
        '<nav>Inhoud</nav><div class="kaart plantekst"><h2 id="a">Kop'
        '<a href="#a" data-redactie>Link naar <em>deze</em> kop</a></h2>'
        "<h3 data-redactie>Onze titel</h3><p>Tekst<br>van &amp; het <em>plan</em>.</p>"
        "<ol start=3><li><p>drie</p><p>meer</p></li><li>vier<ul><li>diep</li></ul></li></ol>"
        "</div><p>Voet</p>"
    )
    assert blocks_of_html(html) == [
        Block("heading", "Kop"),
        Block("paragraph", "Tekst van & het plan."),
        Block("3.", "drie"),
        Block("paragraph", "meer"),
        Block("4.", "vier"),
        Block("•", "diep"),
    ]
