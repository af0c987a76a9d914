"""Tables as files beside a public page, with a description that programs read (CSVW)."""

from django.http import HttpResponse, JsonResponse

from veiligalmere.editorial.addresses import absolute
from veiligalmere.editorial.tables import XLSX, as_csv, as_xlsx
from veiligalmere.pages.errors import NotFound

# Of `guard_in_csv`.
GUARDED = (
    "In CSV staat een apostrof (') voor elk stuk tekst dat een spreadsheet als formule zou lezen."
)
KINDS = {"csv": "CSV", "xlsx": "Excel", "csv-metadata.json": "beschrijving van de kolommen"}


def answer(table, kind, url):
    """Return `table` as a file of `kind`, a key of KINDS; `url` is the address without it.

    Whoever may read the page beside it may read this, from any other site.
    """
    download = {"Content-Disposition": f'attachment; filename="{table.name}.{kind}"'}
    if kind == "csv":
        csv = "text/csv; charset=utf-8"
        response = HttpResponse(as_csv(table), content_type=csv, headers=download)
    elif kind == "xlsx":
        response = HttpResponse(as_xlsx(table), content_type=XLSX, headers=download)
    elif kind == "csv-metadata.json":
        response = JsonResponse(
            metadata(table, url),
            content_type="application/csvm+json",
            json_dumps_params={"ensure_ascii": False, "indent": 1},
        )
    else:
        choices = [(label, f"{url}.{one}") for one, label in KINDS.items()]
        raise NotFound(f"Het bestandstype “{kind[:20]}” is er niet.", choices)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def links(url):
    """Return (label, address) of each kind of file beside the page at `url`."""
    return [(label, f"{url.rstrip('/')}.{kind}") for kind, label in KINDS.items()]


def metadata(table, url):
    """Return the description of the CSV file as CSV on the Web has it (W3C, 2015)."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": absolute(f"{url}.csv"),
        "dc:title": table.title,
        "dc:description": GUARDED,
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
