"""The OpenAPI document: valid, complete, and true of every answer.

openapi-spec-validator checks the document itself, jsonschema each answer against it. Of the NLGov
API Design Rules no validator is on PyPI; what they ask of the document is asked here by hand.
"""

import re

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.pages.api.conftest import BASE
from veiligalmere.pages.api.kinds import BY_NAME, KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(bezoeker):
    answer = bezoeker.get(f"{BASE}/openapi.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer.json()


def resolved(document, part):
    """Return `part` of the document, or what it refers to."""
    if "$ref" in part:
        for name in part["$ref"].removeprefix("#/").split("/"):
            document = document[name]
        return document
    return part


def check(document, path, answer):
    """Hold an answer of the resource `path` against the document: status, headers and content."""
    described = document["paths"][path]["get"]["responses"]
    assert str(answer.status_code) in described, path
    response = resolved(document, described[str(answer.status_code)])
    assert set(response["headers"]) <= set(answer.headers)
    (content_type,) = response["content"]
    assert answer["Content-Type"] == content_type
    schema = {**response["content"][content_type]["schema"], "components": document["components"]}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert list(validator.iter_errors(answer.json())) == []


def test_document_is_valid(document):
    OpenAPIV31SpecValidator(document).validate()


def test_document_says_what_the_design_rules_ask(document, settings):
    info = document["info"]
    assert info["version"] == "1.0.0"
    assert info["contact"] == {
        "name": "Gemeente Almere",
        "url": f"{settings.SITE_URL}/contact/",
    }
    assert document["servers"] == [{"url": f"{settings.SITE_URL}/api/v1"}]
    for path, operations in document["paths"].items():
        assert re.fullmatch(r"/|(/([a-z0-9.-]+|\{key\}))+", path)
        # No servers of its own: many programs know one for all paths, and append each to that.
        assert set(operations) == {"get"}


def test_document_names_mail_and_licence_once_they_are_set(bezoeker, settings):
    assert "license" not in bezoeker.get(f"{BASE}/openapi.json").json()["info"]
    settings.CONTACT_EMAIL = "open-data@example.org"
    settings.DATA_LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
    info = bezoeker.get(f"{BASE}/openapi.json").json()["info"]
    assert info["contact"]["email"] == "open-data@example.org"
    assert info["license"] == {"name": "CC0 1.0", "url": settings.DATA_LICENCE}


def test_document_has_every_resource_and_parameter(document):
    names = {f"/{name}" for name in BY_NAME}
    single = {f"/{kind.name}/{{key}}" for kind in KINDS if kind.key}
    assert set(document["paths"]) == names | single | {"/", "/openapi.json"}
    for kind in KINDS:
        described = document["paths"][f"/{kind.name}"]["get"]["parameters"]
        parameters = [resolved(document, one)["name"] for one in described]
        assert parameters == [*(one.name for one in kind.filters), "fields", "page", "pageSize"]


@pytest.mark.parametrize("path", ["/", "/openapi.json"])
def test_root_and_document_are_as_described(path, document, bezoeker):
    check(document, path, bezoeker.get(BASE + path))
    check(document, path, bezoeker.get(f"{BASE}{path}?x=1"))


@pytest.mark.parametrize("name", BY_NAME)
def test_every_answer_is_as_described(name, content, document, bezoeker):
    collection = bezoeker.get(f"{BASE}/{name}?pageSize=100")
    assert collection.json()["resultaten"]
    check(document, f"/{name}", collection)
    check(document, f"/{name}", bezoeker.get(f"{BASE}/{name}?pageSize=1"))
    check(document, f"/{name}", bezoeker.get(f"{BASE}/{name}?x=1"))
    check(document, f"/{name}", bezoeker.get(f"{BASE}/{name}?page=1000000"))
    if BY_NAME[name].key:
        address = collection.json()["resultaten"][0]["_links"]["self"]["href"]
        path = "/" + address.split("/", 3)[3]
        for asked in (path, f"{path}?fields={BY_NAME[name].fields[0].name}", f"{path}?x=1"):
            check(document, f"/{name}/{{key}}", bezoeker.get(asked))
        check(document, f"/{name}/{{key}}", bezoeker.get(f"{BASE}/{name}/999999"))


def test_check_sees_an_answer_that_is_not_as_described(content, document, bezoeker):
    document["components"]["schemas"]["Actie"]["properties"]["titel"]["type"] = "integer"
    with pytest.raises(AssertionError):
        check(document, "/acties", bezoeker.get(f"{BASE}/acties"))
    del document["components"]["schemas"]["Thema"]["properties"]["naam"]
    with pytest.raises(AssertionError):
        check(document, "/themas", bezoeker.get(f"{BASE}/themas"))
