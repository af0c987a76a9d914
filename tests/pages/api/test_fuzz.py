"""The API fuzzed by schemathesis against its own document: no 500, no answer outside it.

Each resource is asked with good parameters and with bad ones; schemathesis holds every answer
against the document: status, headers, content type, schema, methods, that what is good is answered
and what is bad is refused. Which slugs and keys there are, the document can't tell; here it is
told, so that good questions get answers with something in them.
"""

from collections import Counter
from itertools import product

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from schemathesis import GenerationMode

from tests.pages.api.conftest import BASE
from veiligalmere.pages.api.filters import Named
from veiligalmere.pages.api.kinds import BY_NAME, KINDS

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# Always the same ones; the second database only changes what the filters ask.
EXAMPLES = 60 if connection.vendor == "sqlite" else 20
WITHOUT_PARAMETERS = ["/", "/openapi.json"]  # of which nothing bad can be asked
PATHS = [f"/{name}" for name in BY_NAME]
PATHS += [f"/{kind.name}/{{key}}" for kind in KINDS if kind.key]


@pytest.fixture
def document(content, bezoeker):
    """The API's document, knowing the slugs and keys that there are."""
    raw = bezoeker.get(f"{BASE}/openapi.json").json()
    for kind in KINDS:
        described = raw["paths"][f"/{kind.name}"]["get"]["parameters"]
        for one, parameter in zip(kind.filters, described, strict=False):
            if isinstance(one, Named):
                slugs = [found.slug for found in one.among()]
                parameter["schema"]["items"] = {"type": "string", "enum": slugs}
        if kind.key:
            keys = [kind.key.value(found) for found in kind.selection()]
            parameter = raw["paths"][f"/{kind.name}/{{key}}"]["get"]["parameters"][0]
            parameter["schema"]["enum"] = keys
    report = raw["paths"]["/rapportageregels"]["get"]["parameters"][0]
    report["schema"]["items"]["enum"] = ["2020-1"]
    return raw


@pytest.fixture
def application():
    """Django itself, which leaves the connection of this test's transaction open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        *((path, GenerationMode.POSITIVE) for path in WITHOUT_PARAMETERS),
        *product(PATHS, GenerationMode),
    ],
)
def test_no_answer_is_outside_the_document(path, mode, document, application):
    if mode is GenerationMode.POSITIVE:
        document["components"]["parameters"]["page"]["schema"]["maximum"] = 2
    if "servers" in document["paths"][path]:  # of which schemathesis knows nothing
        document["servers"] = document["paths"][path].pop("servers")
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    schema.config.analysis.constants.enabled = False  # it reads Django's source for each case
    statuses = Counter()

    @given(schema[path]["GET"].as_strategy(generation_mode=mode))
    @examples(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        response = case.call()
        statuses[response.status_code] += 1
        case.validate_response(response)

    ask()
    if mode is GenerationMode.POSITIVE:
        assert statuses[200] > statuses.total() / 4
    else:
        assert statuses[400] + statuses[404] > statuses.total() / 4
