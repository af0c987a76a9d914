"""What the collections of the API give: everything, page by page, filtered, or some fields."""

from datetime import UTC, datetime

import pytest

from plan.models import (
    AnnualPlan,
    Development,
    ProgressReport,
    ProgressUpdate,
    ReportEntry,
    Status,
)
from tests.progress.conftest import publish_update
from themes.models import Indicator, Measurement, Subtopic
from veiligalmere.editorial.publish import withdraw
from veiligalmere.pages.api.kinds import BY_NAME, KINDS

pytestmark = pytest.mark.django_db

REGISTERED_CRIMES = Measurement.objects.filter(indicator__slug="geregistreerde-misdrijven")
WITH_KEY = [kind.name for kind in KINDS if kind.key]


def ids(answer):
    return [one["id"] for one in answer["resultaten"]]


def test_root_leads_to_everything(content, ask, bezoeker):
    links = ask("")["_links"]
    for link in links.values():
        address = "/" + link["href"].split("/", 3)[3]
        assert bezoeker.get(address).status_code == 200
    assert set(BY_NAME) <= set(links)


@pytest.mark.parametrize("name", BY_NAME)
def test_each_field_has_a_value_somewhere(name, content, ask):
    """A field that is always empty here is not tested by anything else either."""
    found = ask(f"/{name}?pageSize=100")["resultaten"]
    empty = {field.name for field in BY_NAME[name].fields}
    for one in found:
        assert set(one) - {"_links"} == {field.name for field in BY_NAME[name].fields}
        empty -= {field for field, value in one.items() if value not in ("", None, [])}
    written_by_editors = {"inleiding", "beschrijving", "inHetKort"}
    not_in_the_fixtures = {"opmerking", "hulp", "document", "tekst", "definitie", "basisjaar"}
    not_known = {"streefwaarde", "volgendeVerwachtOp", "aangebodenOp"}
    assert empty <= written_by_editors | not_in_the_fixtures | not_known | {"onderwerpen"}


@pytest.mark.parametrize("name", WITH_KEY)
def test_each_object_has_an_address_of_its_own_with_the_same_content(name, content, ask):
    found = ask(f"/{name}")["resultaten"]
    assert found
    for one in found[:5]:
        assert ask(one["_links"]["self"]["href"]) == one


def test_pages_together_are_everything_once_in_the_same_order(content, ask):
    everything = ids(ask("/acties?pageSize=100"))
    assert len(everything) == 30
    address, seen, pages = "/acties?pageSize=7", [], 0
    while address:
        page = ask(address)
        assert page["totaal"] == 30
        assert len(page["resultaten"]) <= 7
        seen += ids(page)
        pages += 1
        address = page["_links"].get("next", {}).get("href")
    assert pages == 5
    assert seen == everything
    links = page["_links"]
    assert ask(links["first"]["href"])["resultaten"][0]["id"] == everything[0]
    assert links["last"] == links["self"]
    assert "page=4" in links["prev"]["href"]
    assert ask("/acties?pageSize=7&page=6", 404)["detail"] == (
        "De laatste pagina van deze lijst is 5."
    )


def test_links_keep_the_question(content, ask, settings):
    both = "thema=veilige-wijken&thema=ondermijning"
    links = ask(f"/acties?pageSize=3&fields=titel,id&{both}")["_links"]
    assert links["next"]["href"] == (
        f"{settings.SITE_URL}/api/v1/acties?{both}&fields=id,titel&page=2&pageSize=3"
    )


def test_an_empty_collection_has_one_empty_page(ask):
    answer = ask("/voortgangsrapportages?jaar=2001")
    assert answer["totaal"] == 0
    assert answer["resultaten"] == []
    assert answer["_links"]["last"] == answer["_links"]["self"] | {
        "href": answer["_links"]["last"]["href"]
    }


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("jaar=2019", lambda one: one["jaar"] == 2019),
        ("jaar=2019&jaar=2020", lambda one: one["jaar"] in {2019, 2020}),
        ("thema=ondermijning", lambda one: one["thema"]["slug"] == "ondermijning"),
        (
            "thema=ondermijning&thema=rampenbestrijding",
            lambda one: one["thema"]["slug"] in {"ondermijning", "rampenbestrijding"},
        ),
        ("stand=loopt-vast&stand=vertraagd", lambda one: one["stand"] == "vertraagd"),
        ("stand=niet-gemeld", lambda one: one["standGemeldOp"] is None),
        (
            "onderwerp=straatintimidatie",
            lambda one: "straatintimidatie" in [two["slug"] for two in one["onderwerpen"]],
        ),
        (
            "werkwijze=bestuurlijke-aanpak",
            lambda one: "bestuurlijke-aanpak" in [two["slug"] for two in one["werkwijzen"]],
        ),
        (
            "plaats=almere-poort",
            lambda one: "almere-poort" in [two["slug"] for two in one["plaatsen"]],
        ),
        (
            "thema=ondermijning&werkwijze=bestuurlijke-aanpak",
            lambda one: one["thema"]["slug"] == "ondermijning",
        ),
    ],
)
def test_filters_of_actions_leave_what_they_say(query, holds, content, ask):
    everything = ask("/acties?pageSize=100")["resultaten"]
    found = ask(f"/acties?pageSize=100&{query}")["resultaten"]
    assert 0 < len(found) <= len(everything)
    assert all(holds(one) for one in found)


def test_subtopic_stands_for_what_falls_under_it(content, ask):
    parent = Subtopic.objects.get(slug="high-impact-crimes")
    children = [one.slug for one in parent.children.all()]
    found = ids(ask("/acties?pageSize=100&onderwerp=high-impact-crimes"))
    below = ids(ask("/acties?pageSize=100&" + "&".join(f"onderwerp={slug}" for slug in children)))
    assert below
    assert set(below) <= set(found)


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("/onderwerpen?thema=ondermijning", Subtopic.objects.filter(theme__slug="ondermijning")),
        ("/voortgangsmeldingen?stand=gereed", ProgressUpdate.objects.filter(status="gereed")),
        ("/voortgangsmeldingen?jaar=2020", ProgressUpdate.objects.all()),
        ("/voortgangsmeldingen?jaar=2019", ProgressUpdate.objects.none()),
        ("/voortgangsmeldingen?actie=999999", ProgressUpdate.objects.none()),
        ("/voortgangsrapportages?jaar=2020", ProgressReport.objects.all()),
        ("/rapportageregels?rapportage=2020-1", ReportEntry.objects.all()),
        ("/rapportageregels?stand=loopt-vast", ReportEntry.objects.filter(status="loopt-vast")),
        ("/cijfers?thema=veilige-wijken", Indicator.objects.filter(theme__slug="veilige-wijken")),
        ("/metingen?cijfer=geregistreerde-misdrijven", REGISTERED_CRIMES),
        ("/ontwikkelingen?soort=publicatie", Development.objects.filter(kind="publicatie")),
        ("/ontwikkelingen?jaar=2020", Development.objects.filter(year=2020)),
    ],
)
def test_other_filters_leave_what_they_say(address, left, content, ask):
    assert ask(address)["totaal"] == left.count()


def test_development_is_found_by_the_theme_of_its_action(content, ask):
    theme = content[0].theme.slug
    titles = [one["titel"] for one in ask(f"/ontwikkelingen?thema={theme}")["resultaten"]]
    assert "Nieuws" in titles


@pytest.mark.parametrize("name", BY_NAME)
def test_fields_leave_only_what_is_asked(name, content, ask):
    field = BY_NAME[name].fields[-1].name
    for one in ask(f"/{name}?fields={field}")["resultaten"]:
        assert set(one) <= {field, "_links"}
        assert field in one


def test_fields_of_one_object(content, ask):
    action = content[0]
    answer = ask(f"/acties/{action.pk}?fields=titel,jaar")
    assert list(answer) == ["jaar", "titel", "_links"]


def test_action_says_how_it_stands_and_what_it_goes_on_from(content, ask):
    answer = ask(f"/acties/{content[0].pk}")
    assert answer["stand"] == "vertraagd"
    assert answer["vervolgOp"]["naam"] == "Eerdere actie"
    assert answer["cijfers"][0]["id"] == content[0].indicators.get().pk
    assert answer["tekst"] == content[0].body
    assert ask(f"/acties/{content[1].pk}")["stand"] == "op-schema"
    assert ask(f"/acties/{content[5].pk}")["standGemeldOp"] is None


def test_moments_are_in_utc_and_addresses_are_absolute(content, ask, settings):
    answer = ask(f"/acties/{content[0].pk}")
    plan = ask("/jaarplannen/2020")
    assert plan["gewijzigdOp"].endswith("Z")
    changed_at = AnnualPlan.objects.get(year=2020).changed_at
    assert plan["gewijzigdOp"][:19] == changed_at.isoformat()[:19]
    assert answer["webpagina"] == settings.SITE_URL + content[0].get_absolute_url()
    assert answer["einddatum"] == "2020-06-30"


def test_action_changes_with_how_it_stands(content, ask):
    def changed():
        return ask(f"/acties/{content[5].pk}")["gewijzigdOp"]

    before = changed()
    update = publish_update(content[5], Status.STUCK)
    ProgressUpdate.objects.filter(pk=update.pk).update(changed_at=datetime(2031, 3, 1, tzinfo=UTC))
    assert changed() == "2031-03-01T00:00:00Z" > before
    withdraw(update)
    ProgressUpdate.objects.filter(pk=update.pk).update(changed_at=datetime(2031, 3, 2, tzinfo=UTC))
    assert ask(f"/acties/{content[5].pk}")["stand"] == "niet-gemeld"
    assert changed() == "2031-03-02T00:00:00Z"
    draft = ProgressUpdate.objects.create(action=content[5], status=Status.DONE)
    ProgressUpdate.objects.filter(pk=draft.pk).update(changed_at=datetime(2031, 3, 3, tzinfo=UTC))
    assert changed() == "2031-03-02T00:00:00Z"


def test_measurement_keeps_its_number_and_says_what_is_missing(content, ask):
    found = ask("/metingen?pageSize=100")["resultaten"]
    by_period = {one["periode"]: one for one in found if one["periode"].startswith("1999")}
    assert by_period["1999-K2"]["waarde"] == 1.5
    assert by_period["1999-K2"]["voorlopig"] is True
    assert by_period["1999-06"]["waarde"] is None


def test_key_stays_when_the_slug_changes(content, ask):
    action = content[0]
    address = ask(f"/acties/{action.pk}")["_links"]["self"]["href"]
    action.slug = "nieuwe-naam"
    action.save()
    assert ask(address)["slug"] == "nieuwe-naam"
