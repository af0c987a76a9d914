"""Tables as files: CSV, XLSX, and a description of the columns that programs read (CSVW)."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse, JsonResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from veiligalmere.pages.context import absolute
from veiligalmere.pages.errors import NotFound

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MAX_CELL = 32_767  # characters; Excel refuses more
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"csv": "CSV", "xlsx": "Excel", "csv-metadata.json": "beschrijving van de kolommen"}


@dataclass(frozen=True)
class Column:
    """A column: its name, what it means in a Dutch sentence, and its value for a row.

    `kind` is the datatype by its CSVW name: string, date, integer, boolean or anyURI.
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


def answer(table, kind, url):
    """Return `table` as a file of `kind`, a key of KINDS; `url` is the address without it."""
    if kind == "csv":
        response = HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        response = HttpResponse(as_xlsx(table), content_type=XLSX)
    elif kind == "csv-metadata.json":
        return JsonResponse(
            metadata(table, url),
            content_type="application/csvm+json",
            json_dumps_params={"ensure_ascii": False, "indent": 1},
        )
    else:
        choices = [(label, f"{url}.{one}") for one, label in KINDS.items()]
        raise NotFound(f"Het bestandstype “{kind[:20]}” is er niet.", choices)
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{kind}"'
    return response


def links(url):
    """Return (label, address) of each kind of file beside the page at `url`."""
    return [(label, f"{url.rstrip('/')}.{kind}") for kind, label in KINDS.items()]


def as_csv(table):
    """Return the table as CSV (RFC 4180) in UTF-8, with a mark by which Excel knows that."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.name for column in table.columns)
    for row in table.rows:
        writer.writerow(_guarded(_text(column.value(row))) for column in table.columns)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(table):
    """Return the table as a workbook: the rows, and a sheet that describes the columns."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Gegevens"
    _fill(sheet, [column.name for column in table.columns], _rows(table))
    described = book.create_sheet("Toelichting")
    _fill(
        described,
        ["kolom", "betekenis"],
        ([column.name, column.description] for column in table.columns),
    )
    book.properties.title = table.title
    book.properties.creator = "Gemeente Almere"
    book.properties.language = "nl-NL"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def metadata(table, url):
    """Return the description of the CSV file as CSV on the Web has it (W3C, 2015)."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": absolute(f"{url}.csv"),
        "dc:title": table.title,
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": column.name,
                    "dc:description": column.description,
                    "datatype": column.kind,
                }
                for column in table.columns
            ]
        },
    }


def _rows(table):
    for row in table.rows:
        yield [column.value(row) for column in table.columns]


def _fill(sheet, heads, rows):
    for number, head in enumerate(heads, start=1):
        sheet.cell(1, number, head).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = 24
    sheet.freeze_panes = "A2"
    for line, values in enumerate(rows, start=2):
        for number, value in enumerate(values, start=1):
            cell = sheet.cell(line, number)
            if isinstance(value, (bool, int, date)):
                cell.value = value
            elif value:
                # As text, whatever it begins with: a spreadsheet would run "=…" as a formula.
                clean = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:MAX_CELL]
                cell.value, cell.data_type = clean, "s"


def _text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _guarded(text):
    """Keep a spreadsheet from running text as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA) else text
