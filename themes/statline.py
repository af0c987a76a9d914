"""Measurements from a CSV file as CBS StatLine exports it: with codes, or with titles.

Columns are parted by semicolons and named in the first line that has a column "Perioden"; above it
stands the title of the table, and below the last line "Bron: CBS", if it is exported with titles.
A period is a code (2020JJ00, 2020KW01, 2020MM06) or its title (2020, 2020 1e kwartaal, 2020 juni),
and so is the region in "RegioS" or "Regio's" (GM0034 is Almere). Values have a decimal comma and no
mark between thousands; a dot alone means that there is none. A star behind a period marks a
provisional one.
"""

import re

from themes.measuring import Row, Unreadable, collect, read_cell, read_number, rows_of
from themes.models import Measurement
from themes.periods import read_written

PERIOD = "perioden"
REGION = ("regios", "regio", "regio's", "wijkenenbuurten")
ALMERE = "GM0034"
ID = "id"  # the number of a line
TOPIC = re.compile(r"_\d+$")
ONE_LINE_OF_NAMES = (
    "de namen staan op meer dan één regel. Kies op StatLine een bestand met de namen op één regel."
)
FOOT = ("bron:", "©")
MOST_NAMED = 5  # kinds of lines in a message


def columns(text):
    """Return the names of the columns of a StatLine file, in its order; raise Unreadable."""
    return _parts(text)[0]


def read_statline_table(text, *, column, where=(), regions=None):
    """Return the Rows of a StatLine file; raise Unreadable.

    `column` is the name of the column with the values, `where` pairs of a column and the code that
    it must have. `regions` gives the area's name for each region's code to take, and by default
    takes Almere alone. Lines of other regions and codes are passed over. What is left may be of one
    kind only: a series of two kinds of crime, say, would be of neither.
    """
    header, lines = _parts(text)
    names = {name.casefold(): number for number, name in enumerate(header)}
    wanted = [(_place(names, name), code) for name, code in where]
    value = _place(names, column)
    if [name.casefold() for name in header].count(column.casefold()) > 1:
        raise Unreadable([f"Er is meer dan één kolom “{column[:60]}”: {ONE_LINE_OF_NAMES}"])
    region = next((names[name] for name in REGION if name in names), None)
    regions = regions or {ALMERE: Measurement.HOME, Measurement.HOME: Measurement.HOME}
    needed = [value, names[PERIOD], *(place for place, _code in wanted)]
    widest = max(needed if region is None else [*needed, region])

    def row(number, cells):
        area = regions[cells[region]] if region is not None else Measurement.HOME
        period = cells[names[PERIOD]]
        try:
            code = read_written(period.rstrip("*")).code
        except ValueError:
            raise ValueError(f"“{period[:40]}” is geen periode van StatLine.") from None
        measured = read_cell(cells[value], grouped=False)
        return Row(number, area, code, measured, provisional=period.endswith("*"))

    def is_wanted(cells):
        return all(cells[place] == code for place, code in wanted) and (
            region is None or cells[region] in regions
        )

    def attempts():
        for number, cells in lines:
            if len(cells) <= widest:
                yield number, _too_short
            elif is_wanted(cells):
                yield number, lambda number=number, cells=cells: row(number, cells)

    taken = [cells for _number, cells in lines if len(cells) > widest and is_wanted(cells)]
    known = {value, names[PERIOD], region, *(place for place, _code in wanted)}
    _hold_to_one_kind(header, taken, known)
    return collect(attempts())


def _hold_to_one_kind(header, taken, known):
    """Raise Unreadable if the lines that are taken differ in what nobody chose.

    `known` are the places of the columns that need no choice. StatLine ends the name of a column
    with values in a number; where no name has one, what holds numbers alone is such a column.
    """
    has_codes = any(TOPIC.search(name) for name in header)
    errors = []
    for place, name in enumerate(header):
        if place in known or name.casefold() == ID or TOPIC.search(name):
            continue
        kinds = list(dict.fromkeys(cells[place] for cells in taken if len(cells) > place))
        if len(kinds) > 1 and (has_codes or not all(map(_is_number, kinds))):
            more = ", enzovoort" if len(kinds) > MOST_NAMED else ""
            errors.append(
                f"In de kolom “{name[:60]}” staan meer soorten regels: "
                f"{', '.join(kind[:60] for kind in kinds[:MOST_NAMED])}{more}. Kies er één bij "
                f"“alleen regels met”, bijvoorbeeld “{name[:60]}={kinds[0][:60]}”."
            )
    if errors:
        raise Unreadable(errors)


def _is_number(text):
    try:
        read_number(text)
    except ValueError:
        return False
    return True


def _parts(text):
    """Return the names of the columns and the lines below them; raise Unreadable."""
    lines = rows_of(text, ";")
    is_header = (
        len(cells) > 1 and PERIOD in (cell.casefold() for cell in cells) for _number, cells in lines
    )
    at = next((place for place, found in enumerate(is_header) if found), None)
    if at is None:
        raise Unreadable(["Dit is geen CSV-bestand van CBS StatLine: er is geen kolom “Perioden”."])
    if len(lines[-1][1]) == 1 and lines[-1][1][0].casefold().startswith(FOOT):
        lines.pop()
    return lines[at][1], lines[at + 1 :]


def _place(names, name):
    if name.casefold() not in names:
        raise Unreadable([f"Er is geen kolom “{name[:60]}”. Deze zijn er: {', '.join(names)}."])
    return names[name.casefold()]


def _too_short():
    raise ValueError("er ontbreken kolommen.")
