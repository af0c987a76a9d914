"""Tables as files for a spreadsheet: CSV and XLSX, in which no text can run as a formula."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from veiligalmere.editorial.xml_text import for_xml

FORMULA = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"
# Where a formula can begin inside a text. A spreadsheet that expects another separator (in Dutch
# the semicolon) cuts a cell in two there, and starts a row at a newline: the quotes around a text
# count only where its cell begins. What no formula has stays as it is, such as the dashes of a
# list: after a space, a plus or minus does something only on a line with a function (but no plural
# in brackets), a link to another file or a program.
_CELL_BEGINS = r"(?:^|(?<=[;,\t\r]))"
_FORMULA = r"""(?=[ "]*[=@]|"*[+-][\w("'$\[])"""
_DOES_SOMETHING = re.compile(r"""[\w.]\((?![a-zë]{1,4}\))|\||[\w'\])]!\w""")
FORMULA_INSIDE = re.compile(_CELL_BEGINS + _FORMULA)
FORMULA_OR_DASH_INSIDE = re.compile(_CELL_BEGINS + r"""(?=[ "]*[=@+-])""")
MAX_CELL = 32_767  # characters; Excel refuses more
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """A column: its name, what it means in a Dutch sentence, and its value for a row.

    `kind` is the datatype by its CSVW name: string, date, dateTime, integer, number, boolean or
    anyURI. A moment is written in UTC, which the description has to say.
    """

    name: str
    description: str
    value: Callable
    kind: str = "string"


@dataclass(frozen=True)
class Table:
    """What is downloaded: a name for the file, a title, columns, and the rows (any objects)."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: object


def as_csv(table):
    """Return the table as CSV (RFC 4180) in UTF-8, with a mark by which Excel knows that."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.name for column in table.columns)
    for row in table.rows:
        writer.writerow(_cell(column.value(row)) for column in table.columns)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(table, *, guarded=False):
    """Return the table as a workbook: the rows, and a sheet that describes the columns.

    A text is stored as text, which no program runs. With `guarded` it also has the guard that it
    has in CSV, for a file that people edit and save in other forms.
    """
    from openpyxl import Workbook  # noqa: PLC0415 -- see tests/test_start.py

    book = Workbook()
    sheet = book.active
    sheet.title = "Gegevens"
    _fill(sheet, [column.name for column in table.columns], _rows(table), guarded=guarded)
    described = book.create_sheet("Toelichting")
    _fill(
        described,
        ["kolom", "betekenis"],
        ([column.name, column.description] for column in table.columns),
    )
    book.properties.title = for_xml(table.title, line_end=" ")
    book.properties.creator = "Gemeente Almere"
    book.properties.language = "nl-NL"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def guard(text):
    """Keep a spreadsheet from running text as a formula (OWASP, CSV injection).

    Text that looks guarded gets one guard more, so that `unguard` gives back what was there.
    """
    return f"{GUARD}{text}" if text.lstrip(GUARD).startswith(FORMULA) else text


def unguard(text):
    """Return text as it was before `guard`."""
    guarded = text.startswith(GUARD) and text.lstrip(GUARD).startswith(FORMULA)
    return text.removeprefix(GUARD) if guarded else text


def guard_in_csv(text):
    """Keep a spreadsheet from running any part of text as a formula, however it reads the file.

    This is for what is not read back: `unguard` takes away only the guard at the beginning.
    """
    return "".join(
        (FORMULA_OR_DASH_INSIDE if _DOES_SOMETHING.search(line) else FORMULA_INSIDE).sub(
            GUARD, line
        )
        for line in guard(text).splitlines(keepends=True)
    )


def _rows(table):
    for row in table.rows:
        yield [column.value(row) for column in table.columns]


def _fill(sheet, heads, rows, *, guarded=False):
    from openpyxl.styles import Font  # noqa: PLC0415 -- see tests/test_start.py
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- see tests/test_start.py

    for number, head in enumerate(heads, start=1):
        sheet.cell(1, number, head).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = 24
    sheet.freeze_panes = "A2"
    for line, values in enumerate(rows, start=2):
        for number, value in enumerate(values, start=1):
            cell = sheet.cell(line, number)
            if isinstance(value, datetime):
                # A workbook knows of no time zones.
                cell.value = value.astimezone(UTC).replace(tzinfo=None)
            elif isinstance(value, (bool, int, float, Decimal, date)):
                cell.value = value
            elif value:
                # As text, whatever it begins with: a spreadsheet would run "=…" as a formula.
                clean = for_xml(str(value))
                clean = (guard(clean) if guarded else clean)[:MAX_CELL]
                cell.value, cell.data_type = clean, "s"


def _cell(value):
    """Return a value as text; a number needs no guard, and would be no number with one."""
    return guard_in_csv(value) if isinstance(value, str) else _text(value)


def _text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else str(value)
