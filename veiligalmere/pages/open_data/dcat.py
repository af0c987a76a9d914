"""The description of the data for catalogues such as data.overheid.nl: DCAT-AP-NL 3.0.

Written as JSON-LD, which is also what it is made from; the Turtle says the same. A catalogue asks
for a licence: as long as none is set, that alone is missing.
"""

import json

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from veiligalmere.editorial.addresses import absolute, address
from veiligalmere.pages.api.kinds import KINDS
from veiligalmere.pages.open_data.files import base
from veiligalmere.pages.open_data.licence import licence
from veiligalmere.pages.open_data.turtle import as_turtle

ALMERE = "https://identifier.overheid.nl/tooi/id/gemeente/gm0034"
DESIGN_RULES = "https://logius-standaarden.github.io/API-Design-Rules/"
EU = "http://publications.europa.eu/resource/authority"
PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
FILES = {"json": ("JSON", "application/json"), "csv": ("CSV", "text/csv")}


@require_safe
def jsonld(request):
    """The description as JSON-LD."""
    content = {"@context": PREFIXES, "@graph": graph()}
    text = json.dumps(content, ensure_ascii=False)
    return _open(HttpResponse(text, content_type="application/ld+json"))


@require_safe
def turtle(request):
    """The description as Turtle."""
    text = as_turtle(graph(), PREFIXES)
    return _open(HttpResponse(text, content_type="text/turtle; charset=utf-8"))


def graph():
    """Return everything described, as JSON-LD nodes: the catalogue, the API, the datasets."""
    page = absolute(address("open_data"))
    datasets = [_dataset(kind, page) for kind in KINDS]
    service = _service(page, datasets)
    catalogue = {
        "@id": f"{page}#catalogus",
        "@type": "dcat:Catalog",
        "dct:title": _dutch("Open data van Veilig Almere"),
        "dct:description": _dutch("De gegevens van de site over het veiligheidsplan van Almere."),
        **_said_of_all(),
        "foaf:homepage": _document(page),
        "dcat:dataset": [{"@id": one["@id"]} for one in datasets],
        "dcat:service": {"@id": service["@id"]},
    }
    publisher = {
        "@id": ALMERE,
        "@type": "foaf:Agent",
        "foaf:name": _dutch("Gemeente Almere"),
    }
    return [catalogue, publisher, service, *datasets]


def _dataset(kind, page):
    url = absolute(kind.address())
    return {
        "@id": url,
        "@type": "dcat:Dataset",
        "dct:title": _dutch(f"Veilig Almere: {kind.title}"),
        "dct:description": _dutch(kind.description),
        "dct:identifier": url,
        **_said_of_all(),
        "dct:creator": {"@id": ALMERE},
        "dct:accessRights": {"@id": f"{EU}/access-right/PUBLIC"},
        "dcat:theme": {"@id": f"{EU}/data-theme/JUST"},
        "dcat:landingPage": _document(f"{page}#{kind.name}"),
        "dcat:distribution": [_distribution(kind, suffix) for suffix in FILES],
    }


def _distribution(kind, suffix):
    label, media_type = FILES[suffix]
    url = absolute(f"{base(kind)}.{suffix}")
    return {
        "@id": url,
        "@type": "dcat:Distribution",
        "dct:title": _dutch(f"{kind.title} als {label}"),
        "dcat:accessURL": {"@id": url},
        "dcat:downloadURL": {"@id": url},
        "dct:format": {"@id": f"{EU}/file-type/{label}"},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media_type}"},
        "dct:language": {"@id": f"{EU}/language/NLD"},
        **_licence(),
    }


def _service(page, datasets):
    root = absolute(address("api"))
    return {
        "@id": root,
        "@type": "dcat:DataService",
        "dct:title": _dutch("API van Veilig Almere"),
        "dct:description": _dutch("Alle gegevens van de site, om te lezen."),
        "dct:identifier": root,
        **_said_of_all(),
        "dct:accessRights": {"@id": f"{EU}/access-right/PUBLIC"},
        "dct:conformsTo": {"@id": DESIGN_RULES},
        "dcat:theme": {"@id": f"{EU}/data-theme/JUST"},
        "dcat:endpointURL": {"@id": root},
        "dcat:endpointDescription": {"@id": absolute(address("api_openapi"))},
        "dcat:landingPage": _document(page),
        "dcat:servesDataset": [{"@id": one["@id"]} for one in datasets],
    }


def _said_of_all():
    """Return what catalogue, datasets and service have in common."""
    return {
        "dct:publisher": {"@id": ALMERE},
        "dct:language": {"@id": f"{EU}/language/NLD"},
        "dcat:contactPoint": _contact(),
        **_licence(),
    }


def _contact():
    contact = {
        "@id": f"{absolute(address('open_data'))}#contact",
        "@type": "vcard:Kind",
        "vcard:fn": _dutch("Gemeente Almere"),
        "vcard:hasURL": {"@id": absolute(address("standing", "contact"))},
    }
    if settings.CONTACT_EMAIL:
        contact["vcard:hasEmail"] = {"@id": f"mailto:{settings.CONTACT_EMAIL}"}
    return contact


def _licence():
    settled = licence()
    return {"dct:license": {"@id": settled.url, "@type": "dct:LicenseDocument"}} if settled else {}


def _document(url):
    return {"@id": url, "@type": "foaf:Document"}


def _dutch(text):
    return {"@value": text, "@language": "nl"}


def _open(response):
    response["Access-Control-Allow-Origin"] = "*"
    return response
