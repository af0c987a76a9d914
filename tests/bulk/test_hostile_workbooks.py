"""Whatever is uploaded as a workbook gets an answer in Dutch: no error page, and nothing saved."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tests.bulk.conftest import LIST, text
from tests.bulk.workbooks import made_of, upload
from veiligalmere.editorial.versions import Version
from veiligalmere.editorial.workbook import MAX_BYTES, MAX_UNPACKED

pytestmark = pytest.mark.django_db
# Far more than any of these takes, and far less than what hangs.
FAULT = timedelta(seconds=30)
HOSTILE = settings(
    max_examples=60,
    deadline=FAULT,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def send(redacteur, jaarplan):
    """A function that uploads bytes, sees that nothing was saved, and returns the answer."""

    def post(raw):
        before = Version.objects.count()
        answer = redacteur.post(f"{LIST}importeren/", {"file": upload(raw)}, follow=True)
        assert answer.status_code == 200
        assert Version.objects.count() == before
        return answer

    return post


@pytest.fixture
def ours(redacteur, jaarplan):
    """The export of three rows, as bytes."""
    return redacteur.get(f"{LIST}exporteren.xlsx", {"q": "woninginbraken"}).content


def with_part(raw, name, content):
    """Return archive `raw` with another content of the part `name`."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return output.getvalue()


def errors(answer):
    """Return what the page says is wrong."""
    form = answer.context["form"]
    return [*form.errors.get("file", []), *map(str, answer.context["problems"])]


@pytest.mark.slow
@HOSTILE
@given(raw=st.binary(min_size=1, max_size=400))
def test_bytes_at_random_are_refused(raw, send):
    assert errors(send(raw))
    assert errors(send(b"PK\x03\x04" + raw))


@pytest.mark.slow
@HOSTILE
@given(data=st.data())
def test_a_damaged_workbook_is_refused_or_read(data, send, ours):
    at = data.draw(st.integers(0, len(ours) - 1))
    damage = data.draw(st.binary(max_size=8))
    cut = data.draw(st.integers(0, 8))
    send(ours[:at] + damage + ours[at + cut :])


@pytest.mark.slow
@HOSTILE
@given(data=st.data())
def test_parts_with_other_content_are_refused_or_read(data, send, ours):
    names = zipfile.ZipFile(io.BytesIO(ours)).namelist()
    name = data.draw(st.sampled_from(names))
    old = zipfile.ZipFile(io.BytesIO(ours)).read(name)
    at = data.draw(st.integers(0, len(old)))
    piece = data.draw(
        st.sampled_from(
            [b"", b"<", b"</row>", b'<c r="ZZZZ9"/>', b'r="A99999999999"', b"\x00", b'"', b"<x/>"]
        )
        | st.binary(max_size=20)
    )
    cut = data.draw(st.integers(0, 60))
    send(with_part(ours, name, old[:at] + piece + old[at + cut :]))


cells = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates(date(1901, 1, 1))
    | st.datetimes(datetime(1901, 1, 1))  # noqa: DTZ001 -- as a spreadsheet has it
    | st.just(time(1, 2))
    | st.just(timedelta(days=400))
    | st.text(max_size=30).map(lambda one: ILLEGAL_CHARACTERS_RE.sub("", one))
    | st.sampled_from(["=1/0", "#REF!", "v1.1", "'=x", "\ud7ff", "1", "ja", "x" * 5000])
)


@pytest.mark.slow
@HOSTILE
@given(
    rows=st.lists(st.lists(cells, min_size=1, max_size=6), max_size=4),
    head=st.sampled_from(
        [
            ["id", "versie", "titel", "begindatum", "eigenaar", "volgorde"],
            ["id", "versie", "periode", "einddatum", "werkwijzen", "thema"],
        ]
    ),
    key=st.integers(0, 30),
)
def test_strange_values_are_refused_or_shown(rows, head, key, send):
    send(made_of([head, *rows]))
    send(made_of([head, *([key, "v2.1", *row[:4]] for row in rows)]))


def test_what_unpacks_to_too_much_is_refused_in_little_memory(send, ours):
    bomb = with_part(ours, SHEET, b"0" * (5 * MAX_UNPACKED))
    assert len(bomb) < MAX_BYTES
    tracemalloc.start()
    try:
        answer = send(bomb)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert errors(answer) == ["Dit bestand is uitgepakt te groot om te lezen."]
    assert most < MAX_UNPACKED


def test_an_archive_that_lies_about_its_size_is_refused(send, ours):
    bomb = bytearray(with_part(ours, SHEET, b"0" * (5 * MAX_UNPACKED)))
    size = (5 * MAX_UNPACKED).to_bytes(4, "little")
    assert size in bomb
    assert errors(send(bytes(bomb.replace(size, (1000).to_bytes(4, "little")))))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_another_compression_is_refused_before_it_is_unpacked(method, send):
    # Of these zipfile unpacks a piece whole, whatever size the archive tells, and cuts it after.
    unpacked = 5 * MAX_UNPACKED
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive:
        archive.writestr(SHEET, b"0" * unpacked)
    size = unpacked.to_bytes(4, "little")
    bomb = output.getvalue()
    assert size in bomb
    tracemalloc.start()
    try:
        answer = send(bomb.replace(size, (1000).to_bytes(4, "little")))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    (told,) = errors(answer)
    assert told.startswith("Dit bestand is ingepakt op een manier die Excel niet gebruikt.")
    assert most < MAX_UNPACKED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_defines_what_it_grows_into_is_refused(encoding, send, ours):
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    xml = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        f'<!DOCTYPE x [<!ENTITY l0 "lol">{lines}]><worksheet>&l8;</worksheet>'
    )
    answer = send(with_part(ours, SHEET, xml.encode(encoding)))
    assert errors(answer) == ["Dit bestand bevat iets wat in een Excelbestand niet hoort."]


NAMESPACE = b' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.mark.parametrize(
    ("part", "xml"),
    [
        (SHEET, b"<worksheet%s><sheetData><row>" + b"<c/>" * 200_000 + b"</row></sheetData>"),
        (SHEET, b"<worksheet%s>" + b"<a>" * 60),
        ("xl/styles.xml", b"<styleSheet%s><cellXfs>" + b"<xf/>" * 30_000),
        ("xl/workbook.xml", b"<workbook%s><definedNames>" + b"<definedName/>" * 30_000),
        ("docProps/core.xml", b"<x%s>" + b"<y/>" * 30_000),
    ],
)
def test_more_elements_than_a_list_has_are_refused(part, xml, send, ours):
    answer = send(with_part(ours, part, xml % NAMESPACE))
    assert errors(answer) == ["Dit bestand is uitgepakt te groot om te lezen."]


def test_a_password_and_an_old_file_are_named(send, ours):
    (told,) = errors(send(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000))
    assert "wachtwoord" in told
    locked = bytearray(ours)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(mark)
        while at >= 0:
            locked[at + offset] |= 1
            at = locked.find(mark, at + 1)
    (told,) = errors(send(bytes(locked)))
    assert "wachtwoord" in told


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "Dit bestand is leeg."),
        (b"id,versie,titel\n1,v1.1,x\n", "Dit is geen Excelbestand"),
        (b"x" * (MAX_BYTES + 1), "Dit bestand is te groot"),
    ],
)
def test_other_files_are_refused(raw, told, send):
    assert errors(send(raw))[0].startswith(told)


def test_too_many_rows_columns_or_words_are_refused(send, ours):
    head = ["id", "versie", "titel"]
    (told,) = errors(send(made_of([head, *([[1, "v1.1", "x"]] * 2001)])))
    assert told == "Dit bestand heeft meer dan 2.000 rijen."
    (told,) = errors(send(made_of([["id", "versie", *["x"] * 70]])))
    assert told == "Dit bestand heeft meer dan 60 kolommen."
    far = with_part(
        ours,
        SHEET,
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576">'
        b'<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>',
    )
    (told,) = errors(send(far))
    assert told == "In dit bestand staat niets."
    long = f"<c r='A1' t='inlineStr'><is><t>{'x' * 50_000}</t></is></c>".encode()
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1">' + long + b"</row></sheetData></worksheet>"
    )
    (told,) = errors(send(with_part(ours, SHEET, sheet)))
    assert told == "In een cel van dit bestand staat te veel tekst."


def test_no_file_at_all_is_told(redacteur, jaarplan):
    answer = redacteur.post(f"{LIST}importeren/", {"file": "geen bestand"})
    assert "Kies een bestand." in text(answer)
