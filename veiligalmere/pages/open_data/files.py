"""All that is public of one kind of data, as one file to download."""

from datetime import date, datetime

from django.views.decorators.http import require_safe

from veiligalmere.editorial.addresses import address
from veiligalmere.editorial.tables import Column, Table
from veiligalmere.pages import tables
from veiligalmere.pages.api.answers import json
from veiligalmere.pages.api.kinds import BY_NAME
from veiligalmere.pages.errors import NotFound
from veiligalmere.pages.open_data.licence import licence

DATATYPES = {"date": "date", "date-time": "dateTime", "uri": "anyURI"}
# What JSON has as text is a day or a moment in a workbook, to sort and reckon with.
READERS = {"date": date.fromisoformat, "dateTime": datetime.fromisoformat}


@require_safe
def file(request, name, kind):
    """Everything of the kind of data called `name`, as a file of `kind`: json, csv and so on."""
    found = BY_NAME.get(name)
    if found is None:
        choices = [(one.title, f"{address('open_data')}#{one.name}") for one in BY_NAME.values()]
        raise NotFound(f"Er zijn geen open data “{name[:60]}”.", choices)
    return _whole(found) if kind == "json" else tables.answer(table(found), kind, base(found))


def base(kind):
    """Return the path of the files of a kind of data, without what is behind the dot."""
    return f"{address('open_data')}{kind.name}"


def links(kind):
    """Return (label, path) of each file of a kind of data."""
    return [("JSON", f"{base(kind)}.json"), *tables.links(base(kind))]


def table(kind):
    """Return a kind of data as a Table; what points elsewhere becomes a name."""
    return Table(
        kind.name,
        f"Veilig Almere: {kind.title}",
        tuple(
            Column(field.name, field.description, _cell(field), datatype(field.schema))
            for field in kind.fields
        ),
        _Rows(kind),
    )


def datatype(schema):
    """Return what a column of this schema holds, by its CSVW name."""
    for choice in schema.get("anyOf", ()):
        return datatype(choice)
    of = schema.get("type", "string")
    plain = next(one for one in ([of] if isinstance(of, str) else of) if one != "null")
    if plain in {"integer", "number", "boolean"}:
        return plain
    return DATATYPES.get(schema.get("format"), "string")


class _Rows:
    """The objects of a kind, read when they are asked for: a description needs none of them."""

    def __init__(self, kind):
        self.kind = kind

    def __iter__(self):
        return iter(self.kind.read(self.kind.selection()))


def _cell(field):
    read = READERS.get(datatype(field.schema), lambda value: value)

    def cell(one):
        value = _flat(field.value(one))
        return None if value is None else read(value)

    return cell


def _flat(value):
    if isinstance(value, list):
        return "; ".join(str(_flat(one)) for one in value)
    if isinstance(value, dict):
        return value.get("naam") or value.get("tekst")
    return value


def _whole(kind):
    content = {"titel": kind.title, "beschrijving": kind.description}
    settled = licence()
    if settled:
        content["licentie"] = settled.url
    content["resultaten"] = [kind.represent(one) for one in kind.read(kind.selection())]
    response = json(content)
    response["Content-Disposition"] = f'attachment; filename="{kind.name}.json"'
    response["Access-Control-Allow-Origin"] = "*"
    return response
