"""The DCAT-AP-NL description: it parses, both forms say the same, and its demands are met.

rdflib parses, pyshacl validates. No package on PyPI or npm carries the shapes of DCAT-AP-NL, so
its demands are written down in `shapes/dcat-ap-nl.ttl`.
"""

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, SH, Graph, URIRef
from rdflib.compare import isomorphic

from veiligalmere.pages.api.kinds import KINDS

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),  # rdflib uses its own
]

SHAPES = Path(__file__).parent / "shapes" / "dcat-ap-nl.ttl"
ALMERE = URIRef("https://identifier.overheid.nl/tooi/id/gemeente/gm0034")
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
FORMS = {"/open-data/dcat.ttl": "turtle", "/open-data/dcat.jsonld": "json-ld"}


def described(client, address="/open-data/dcat.ttl"):
    answer = client.get(address)
    assert answer["Access-Control-Allow-Origin"] == "*"
    return Graph().parse(data=answer.content, format=FORMS[address])


def complaints(graph):
    """Return what the shapes have against `graph`, as (focus, path) of each complaint."""
    _conforms, report, _text = validate(graph, shacl_graph=Graph().parse(SHAPES), inference="none")
    return {
        (report.value(result, SH.focusNode), report.value(result, SH.resultPath))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


@pytest.mark.parametrize("email", ["", "open-data@example.org"])
def test_demands_of_the_profile_are_met(email, bezoeker, settings):
    settings.DATA_LICENCE = LICENCE
    settings.CONTACT_EMAIL = email
    assert complaints(described(bezoeker)) == set()


def test_without_a_licence_that_alone_is_missing(bezoeker):
    found = complaints(described(bezoeker))
    assert {path for _focus, path in found} == {DCTERMS.license}


def test_shapes_see_what_is_missing(bezoeker, settings):
    settings.DATA_LICENCE = LICENCE
    for predicate in (DCTERMS.publisher, DCTERMS.identifier, DCAT.contactPoint, DCAT.theme):
        graph = described(bezoeker)
        graph.remove((None, predicate, None))
        assert predicate in {path for _focus, path in complaints(graph)}


def test_both_forms_say_the_same(bezoeker, settings):
    settings.DATA_LICENCE = LICENCE
    turtle, jsonld = (described(bezoeker, address) for address in FORMS)
    assert isomorphic(turtle, jsonld)


def test_every_kind_is_a_dataset_of_almere_whose_files_are_there(bezoeker, settings):
    graph = described(bezoeker)
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == len(KINDS)
    assert datasets == set(graph.objects(None, DCAT.servesDataset))
    for dataset in datasets:
        assert graph.value(dataset, DCTERMS.publisher) == ALMERE
        for distribution in graph.objects(dataset, DCAT.distribution):
            address = str(graph.value(distribution, DCAT.downloadURL))
            answer = bezoeker.get(address.removeprefix(settings.SITE_URL))
            assert answer.status_code == 200
            media_type = str(graph.value(distribution, DCAT.mediaType)).rpartition("media-types/")
            assert answer["Content-Type"].startswith(media_type[2])


def test_service_leads_to_the_api_and_its_description(bezoeker, settings):
    graph = described(bezoeker)
    service = graph.value(predicate=RDF.type, object=DCAT.DataService)
    for predicate in (DCAT.endpointURL, DCAT.endpointDescription):
        address = str(graph.value(service, predicate))
        assert bezoeker.get(address.removeprefix(settings.SITE_URL)).status_code == 200
