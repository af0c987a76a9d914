"""Reading a workbook that someone uploaded, whatever it is, in bounded time and memory."""

import io
import re
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from xml.parsers import expat

MAX_BYTES = 2_000_000
MAX_UNPACKED = 20_000_000  # bytes of all parts together; a real list of actions has 1 or 2 million
MAX_PARTS = 200
# Elements of XML: those of a sheet or its texts, and those of all else (openpyxl makes an object of
# each, which takes far more time and memory than the file). A list of 2,000 rows has 100,000.
MAX_ELEMENTS = 150_000
MAX_ELSEWHERE = 20_000
MAX_DEPTH = 50
MAX_ROWS = 2_000
MAX_COLUMNS = 60
MAX_CELL = 40_000  # characters; a spreadsheet has no more than 32 767
TOO_MUCH = "Dit bestand is uitgepakt te groot om te lezen."
# Of any other, such as bzip2 and LZMA, zipfile unpacks without a limit and only then cuts.
COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE: an .xls, or an .xlsx with a password
# What of the format of a cell is shown as it stands, and is no sign: "…", \%, [Red], or a space or
# filling as wide as a sign.
LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')


class Unreadable(Exception):
    """The file can't be read; str() is a Dutch sentence that says why."""


def read_rows(file):
    """Return the first sheet of uploaded `file` as a list of (number of the row, [texts]).

    Empty rows are left out. A number, a date and yes or no become text as people here write them
    (a date as 2020-04-14); a formula is the outcome that was stored with it. Raises Unreadable.
    """
    if file.size > MAX_BYTES:
        raise Unreadable("Dit bestand is te groot: hooguit 2 MB.")
    raw = file.read()
    if raw.startswith(OLD_OR_LOCKED):
        raise Unreadable(
            "Dit bestand heeft een wachtwoord, of is van een oude soort Excel. Bewaar het zonder "
            "wachtwoord als .xlsx."
        )
    try:
        _check(raw)
        return _rows(raw)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("Dit is geen Excelbestand (.xlsx), of het is beschadigd.") from error


def _check(raw):
    """Refuse what unpacks to too much, and XML that is more than a list can be."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = archive.infolist()
        # No more than this is ever unpacked: zipfile stops where the archive says that a part ends.
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Unreadable(TOO_MUCH)
        if any(part.flag_bits & 1 for part in parts):
            raise Unreadable("Dit bestand heeft een wachtwoord. Bewaar het zonder wachtwoord.")
        if any(part.compress_type not in COMPRESSIONS for part in parts):
            raise Unreadable(
                "Dit bestand is ingepakt op een manier die Excel niet gebruikt. Bewaar het opnieuw "
                "als .xlsx."
            )
        elsewhere = _Elements(MAX_ELSEWHERE)
        for part in parts:
            cells = part.filename.startswith(("xl/worksheets/", "xl/sharedStrings"))
            elements = _Elements(MAX_ELEMENTS) if cells else elsewhere
            elements.count(archive.read(part))


class _Elements:
    """Counts the elements of XML, up to `most` of them."""

    def __init__(self, most):
        self.most, self.seen, self.depth = most, 0, 0

    def count(self, xml):
        """Read a part; raise Unreadable if it has a DOCTYPE, or too much, or is nested too deep.

        What is no XML is left to who reads it, and breaks there at the same place.
        """
        self.depth = 0
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        with suppress(expat.ExpatError):
            parser.Parse(xml, True)

    def _start(self, _name, _attributes):
        self.seen += 1
        self.depth += 1
        if self.seen > self.most or self.depth > MAX_DEPTH:
            raise Unreadable(TOO_MUCH)

    def _end(self, _name):
        self.depth -= 1

    @staticmethod
    def _refuse_doctype(*_):
        # It can define entities that grow into more than memory holds.
        raise Unreadable("Dit bestand bevat iets wat in een Excelbestand niet hoort.")


def _rows(raw):
    from openpyxl import load_workbook  # noqa: PLC0415 -- see tests/test_start.py

    book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    try:
        if not book.worksheets:
            raise Unreadable("Dit bestand heeft geen werkblad.")
        sheet = book.worksheets[0]
        # What the file says of its own size is no more than a claim.
        sheet.reset_dimensions()
        rows = []
        limits = {"max_row": MAX_ROWS + 2, "max_col": MAX_COLUMNS + 1}
        for number, cells in enumerate(sheet.iter_rows(**limits), start=1):
            texts = [_text(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            if len(texts) > MAX_COLUMNS:
                raise Unreadable(f"Dit bestand heeft meer dan {MAX_COLUMNS} kolommen.")
            if texts and number > MAX_ROWS + 1:
                raise Unreadable("Dit bestand heeft meer dan 2.000 rijen.")
            if texts:
                rows.append((number, texts))
        return rows
    finally:
        book.close()


def _text(cell):
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and "%" in LITERAL.sub("", cell.number_format):
        # A cell that shows 12,5% holds 0.125.
        return f"{(Decimal(f'{value:.15g}') * 100).normalize():f}%".replace(".", ",")
    if isinstance(value, float):
        # As the spreadsheet shows it: what it can't hold is no part of the number, and a point
        # would be read as one between thousands.
        return f"{value:.15g}".replace(".", ",")
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_CELL:
        raise Unreadable("In een cel van dit bestand staat te veel tekst.")
    return text
