"""The OpenAPI 3.1 document of the API, in Dutch, as the NLGov REST API Design Rules ask."""

from django.conf import settings
from django.urls import reverse

from veiligalmere.editorial.addresses import absolute
from veiligalmere.pages.api.answers import HEADERS, PROBLEM, VERSION
from veiligalmere.pages.api.kind import ADDRESS, INTEGER, LINK, LINKS, MARKDOWN, MOMENT, TEXT
from veiligalmere.pages.api.kinds import KINDS
from veiligalmere.pages.api.query import MAX_PAGE, MAX_PAGE_SIZE, PAGE_SIZE
from veiligalmere.pages.open_data.licence import licence

ROOT_LINKS = ("self", "service-desc", "service-doc", *(kind.name for kind in KINDS))
DESCRIPTION = (
    "De thema’s, acties, voortgang, cijfers en ontwikkelingen van het veiligheidsplan van de "
    "gemeente Almere, zoals ze op de site staan. U kunt alleen lezen, zonder sleutel. Teksten in "
    "markdown (CommonMark) krijgt u zoals ze geschreven zijn. Wat elke API van de overheid heeft, "
    "heet zoals daar: page, pageSize, fields en _links. De rest heet in het Nederlands."
)


def document():
    """Return the document, as a dict."""
    info = {
        "title": "Veilig Almere",
        "description": DESCRIPTION,
        "version": VERSION,
        "contact": contact(),
    }
    settled = licence()
    if settled:
        info["license"] = {"name": settled.name, "url": settled.url}
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": absolute(reverse("api"))}],
        "externalDocs": {"url": absolute(reverse("open_data"))},
        "tags": [{"name": kind.name, "description": kind.description} for kind in KINDS],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "parameters": PARAMETERS,
            "responses": _problems(),
            "headers": _headers(),
        },
    }


def contact():
    """Return who answers questions about the data, with an address for mail if one is set."""
    known = {"name": "Gemeente Almere", "url": absolute(reverse("standing", args=["contact"]))}
    if settings.CONTACT_EMAIL:
        known["email"] = settings.CONTACT_EMAIL
    return known


def _paths():
    paths = {
        "/": {"get": _operation("begin", "Wat er is", _schema("Begin"))},
        "/openapi.json": {"get": _operation("openapi", "Deze beschrijving", {"type": "object"})},
    }
    for kind in KINDS:
        paths[f"/{kind.name}"] = {"get": _collection(kind)}
        if kind.key:
            paths[f"/{kind.name}/{{key}}"] = {"get": _item(kind)}
    return paths


def _collection(kind):
    operation = _operation(
        kind.name,
        kind.title,
        _schema(f"{kind.schema_name}Lijst"),
        bad=("400", "404"),
        tag=kind.name,
    )
    operation["parameters"] = [
        *(_filter(one) for one in kind.filters),
        _fields(kind),
        {"$ref": "#/components/parameters/page"},
        {"$ref": "#/components/parameters/pageSize"},
    ]
    return operation


def _item(kind):
    operation = _operation(
        f"{kind.name}Item",
        f"{kind.title}: één",
        _schema(kind.schema_name),
        bad=("400", "404", "410"),
        tag=kind.name,
    )
    key = {"name": "key", "in": "path", "required": True, "schema": kind.key.schema}
    operation["parameters"] = [key, _fields(kind)]
    return operation


def _operation(name, summary, schema, *, bad=("400",), tag=None):
    responses = {
        "200": {
            "description": "Het antwoord.",
            "headers": _answer_headers("ETag"),
            "content": {"application/json": {"schema": schema}},
        },
        "304": {
            "description": "Niet veranderd sinds de versie in If-None-Match.",
            "headers": _answer_headers("ETag"),
        },
    }
    responses |= {status: {"$ref": f"#/components/responses/{status}"} for status in (*bad, "503")}
    operation = {"operationId": name, "summary": summary, "responses": responses}
    if tag:
        operation["tags"] = [tag]
    return operation


def _filter(one):
    return {
        "name": one.name,
        "in": "query",
        "description": f"{one.description} Mag vaker: dan telt elk van de waarden.",
        "style": "form",
        "explode": True,
        "schema": {"type": "array", "items": one.schema, "minItems": 1},
    }


def _fields(kind):
    names = [field.name for field in kind.fields]
    return {
        "name": "fields",
        "in": "query",
        "description": "Alleen deze velden, met een komma ertussen.",
        "style": "form",
        "explode": False,
        "schema": {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1},
    }


def _number(name, description, default, high):
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "integer", "minimum": 1, "maximum": high, "default": default},
    }


PARAMETERS = {
    "page": _number("page", "De hoeveelste bladzijde.", 1, MAX_PAGE),
    "pageSize": _number("pageSize", "Hoeveel op een bladzijde.", PAGE_SIZE, MAX_PAGE_SIZE),
}


def _object(properties, required=None):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _schema(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas():
    schemas = {
        "Begin": _object({"titel": TEXT, "versie": TEXT, "_links": _schema("Begin-links")}),
        "Begin-links": _object(dict.fromkeys(ROOT_LINKS, LINK)),
        "Link": _object({"href": ADDRESS}),
        "Verwijzing": _object({"id": INTEGER, "slug": TEXT, "naam": TEXT, "_links": LINKS}),
        "Plaats": _object({"slug": TEXT, "naam": TEXT}),
        "Document": _object({"naam": TEXT, "adres": ADDRESS}),
        "Correctie": _object({"tekst": MARKDOWN, "gemaaktOp": MOMENT}),
        "Bladzijden": _object(
            dict.fromkeys(("self", "first", "prev", "next", "last"), LINK),
            ["self", "first", "last"],
        ),
        "Probleem": _object(
            {"type": TEXT, "title": TEXT, "status": INTEGER, "detail": TEXT, "instance": TEXT}
        ),
    }
    for kind in KINDS:
        properties = {
            field.name: {**field.schema, "description": field.description} for field in kind.fields
        }
        if kind.key:
            properties["_links"] = LINKS
        # With `fields` none of the others is there, so none is required.
        required = ["_links"] if kind.key else []
        schemas[kind.schema_name] = {
            **_object(properties, required),
            "description": kind.description,
        }
        schemas[f"{kind.schema_name}Lijst"] = _object(
            {
                "totaal": {**INTEGER, "minimum": 0, "description": "Hoeveel er in alles zijn."},
                "resultaten": {"type": "array", "items": _schema(kind.schema_name)},
                "_links": _schema("Bladzijden"),
            }
        )
    return schemas


def _headers():
    described = {
        "API-Version": "De volledige versie van deze API.",
        "ETag": "De versie van dit antwoord, voor If-None-Match.",
        "Access-Control-Allow-Origin": "Elke site mag dit lezen.",
        "Access-Control-Expose-Headers": "Wat een script op een andere site mag zien.",
    }
    return {name: {"description": text, "schema": TEXT} for name, text in described.items()}


def _answer_headers(*more):
    return {name: {"$ref": f"#/components/headers/{name}"} for name in [*HEADERS, *more]}


def _problems():
    described = {
        "400": "Een parameter of een waarde die er niet is.",
        "404": "Een sleutel of een bladzijde die er niet is.",
        "410": "Dit is ingetrokken.",
        "503": "Even niet bereikbaar: de site werkt niet.",
    }
    return {
        status: {
            "description": description,
            "headers": _answer_headers(),
            "content": {PROBLEM: {"schema": _schema("Probleem")}},
        }
        for status, description in described.items()
    }
