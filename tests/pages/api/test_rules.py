"""The API by the NLGov REST API Design Rules 2.1: methods, headers, and errors with a reason."""

import pytest
from django.test import Client

from tests.pages.api.conftest import BASE
from veiligalmere.pages.api.kinds import BY_NAME, KINDS

pytestmark = pytest.mark.django_db

ADDRESSES = [BASE, f"{BASE}/", f"{BASE}/openapi.json", *(f"{BASE}/{name}" for name in BY_NAME)]
SINGLE = [f"{BASE}/themas", f"{BASE}/jaarplannen/2020"]


def problem(answer, status):
    """Return the detail of an error, after checking that it has the form of RFC 9457."""
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    content = answer.json()
    assert content["status"] == status
    assert content["title"]
    assert content["detail"].endswith(".")
    return content["detail"]


@pytest.mark.parametrize(
    "address",
    [*ADDRESSES, *SINGLE, f"{BASE}/acties/0", f"{BASE}/bestaat-niet", f"{BASE}/themas?x=1"],
)
@pytest.mark.parametrize("method", ["get", "head", "options", "post", "delete"])
def test_every_answer_has_its_version_and_may_be_read_from_any_site(address, method, bezoeker):
    answer = getattr(bezoeker, method)(address)
    assert answer["API-Version"] == "1.0.0"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert not answer.cookies


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_written(address, method, bezoeker):
    bezoeker.handler.enforce_csrf_checks = True
    answer = getattr(bezoeker, method)(address)
    assert "lezen" in problem(answer, 405)
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_and_options_answer_without_a_body(address, bezoeker):
    head = bezoeker.head(address)
    assert head.status_code == 200
    assert head["Content-Type"] == "application/json"
    assert head.content == b""
    options = bezoeker.options(address)
    assert options.status_code == 204
    assert options["Allow"] == options["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert options.content == b""
    assert "Content-Type" not in options


def test_root_answers_with_a_slash_too_which_the_rule_asks_of_no_other(bezoeker, settings):
    # /core/no-trailing-slash leaves the root out: its path in the OpenAPI document is "/".
    roots = [bezoeker.get(address) for address in (f"{BASE}/", BASE)]
    assert [root.status_code for root in roots] == [200, 200]
    assert roots[0].json() == roots[1].json()
    assert roots[0].json()["_links"]["self"]["href"] == f"{settings.SITE_URL}{BASE}/"


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_did_not_change_is_answered_with_304(address, bezoeker):
    first = bezoeker.get(address)
    again = bezoeker.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again["API-Version"] == "1.0.0"


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{name}/" for name in BY_NAME),
        *("//", "/openapi.json/", "/bestaat-niet", "/themas/abc", "/themas/-1", "/themas/0"),
        *("/themas/1/x", "/themas/999999", "/themas/9999999999999999999999", "/themas/%D9%A3"),
        *("/jaarplannen/1999", "/jaarplannen/x", "/voortgangsrapportages/2020-1"),
        *("/voortgangsrapportages/x", "/metingen/1", "/acties/%00", "/themas/" + "9" * 3000),
    ],
)
def test_address_that_is_not_there_is_a_404_in_words(path, bezoeker):
    problem(bezoeker.get(BASE + path), 404)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/themas?onbekend=1", "“onbekend” bestaat hier niet. Kies uit: page, pageSize, fields"),
        ("?x=1", "Dit adres kent er geen"),
        ("/openapi.json?x=1", "“x”"),
        ("/themas/1?page=2", "Kies uit: fields"),
        ("/acties?thema=", "“thema” is leeg"),
        ("/acties?page=", "“page” is leeg"),
        ("/acties?page=1&page=2", "kan maar één keer"),
        ("/acties?page=0", "van 1 tot en met"),
        ("/acties?page=-1", "van 1 tot en met"),
        ("/acties?page=1.5", "van 1 tot en met"),
        ("/acties?page=%D9%A3", "van 1 tot en met"),
        ("/acties?page=" + "9" * 5000, "van 1 tot en met"),
        ("/acties?pageSize=101", "van 1 tot en met 100"),
        ("/acties?jaar=abc", "van 2000 tot en met 2100"),
        ("/acties?thema=wijken", "Kies uit: veilige-wijken"),
        ("/acties?thema=%00", "Kies uit: veilige-wijken"),
        ("/acties?thema=" + "x" * 5000, "Kies uit: veilige-wijken"),
        ("/acties?thema=veilige-wijken&thema=%ff%fe", "Kies uit: veilige-wijken"),
        ("/acties?stand=goed", "Kies uit: gereed"),
        ("/acties?fields=titel,eigenaar", "“eigenaar” bestaat hier niet"),
        ("/acties?fields=owner", "“owner” bestaat hier niet"),
        ("/acties?fields=,", "bestaat hier niet"),
        ("/voortgangsmeldingen?actie=0", "van 1 tot en met"),
        ("/voortgangsmeldingen?stand=niet-gemeld", "Kies uit"),
        ("/rapportageregels?rapportage=2020-9", "geen vastgestelde rapportage"),
        ("/metingen?cijfer=x", "Kies uit"),
        ("/themas?" + "&".join(f"a{n}=1" for n in range(10_001)), "te veel parameters"),
    ],
)
def test_bad_question_is_a_400_that_says_why(path, words, bezoeker):
    assert words in problem(bezoeker.get(BASE + path), 400)


def test_name_of_another_site_is_refused_as_any_bad_question(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client(headers={"host": "elders.example"})
    for address in (BASE, f"{BASE}/themas", f"{BASE}/bestaat-niet"):
        answer = client.get(address)
        problem(answer, 400)
        assert answer["API-Version"] == "1.0.0"
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_an_answer_repeats_little_of_a_long_question(bezoeker):
    assert len(bezoeker.get(f"{BASE}/acties?thema={'x' * 5000}").content) < 500


def test_names_in_the_interface_follow_the_rules():
    for kind in KINDS:
        assert kind.name.isalpha()
        assert kind.name.islower()
        for one in [*kind.fields, *kind.filters]:
            assert one.name.isalnum()
            assert one.name[0].islower()
            assert one.description.endswith((".", ")."))
