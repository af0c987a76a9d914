"""Making and changing workbooks as somebody with a spreadsheet would."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook


def upload(raw, name="acties.xlsx"):
    """Return `raw` as a file that is posted."""
    return SimpleUploadedFile(name, raw)


def changed(raw, changes, *, without=(), shown_as="General"):
    """Return workbook `raw` with cells changed; `changes` is {id: {column: value}}.

    Rows with an id in `without` are left out. `shown_as` is the format of the cells that change.
    """
    book = load_workbook(io.BytesIO(raw))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    for number in range(sheet.max_row, 1, -1):
        key = sheet.cell(number, 1).value
        for column, value in changes.get(key, {}).items():
            cell = sheet.cell(number, head.index(column) + 1)
            cell.number_format = shown_as
            cell.value = value
        if key in without:
            sheet.delete_rows(number)
    return saved(book)


def made_of(rows):
    """Return a workbook whose first sheet has these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book):
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
