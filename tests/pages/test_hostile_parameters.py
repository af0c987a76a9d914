"""No address, however it is asked, answers 500 or a list that is silently unfiltered."""

import pytest
from django.urls import get_resolver

from veiligalmere.pages.api import page as api

PAGES = [
    "/",
    "/themas/",
    "/themas/veilige-wijken/",
    "/themas/veilige-wijken/woninginbraken/",
    "/werkwijzen/",
    "/werkwijzen/bestuurlijke-aanpak/",
    "/jaarplan/2020/",
    "/jaarplan/2020/volledig/",
    "/jaarplan/2020/acties/",
    "/jaarplan/2020/acties/straatintimidatie/",
    "/begrippen/",
    "/insluiten/actie/2020/straatintimidatie/",
    "/insluiten/cijfer/geregistreerde-misdrijven/",
    "/ontwikkelingen/",
    "/ontwikkelingen/2019/onderzoek-woninginbraken/",
    "/cijfers/",
    "/cijfers/geregistreerde-misdrijven/",
    "/cijfers/geregistreerde-misdrijven/cijfer.csv",
    "/cijfers/alle-cijfers.csv",
    "/open-data/",
    "/open-data/dcat.ttl",
    "/open-data/dcat.jsonld",
    "/volgen/",
    "/volgen/verstuurd/",
    "/zoeken/",
    "/voortgang/",
    "/voortgang/vergelijk/",
    "/contact/",
    "/toegankelijkheid/",
    "/privacy/",
    "/colofon/",
]
FILTERS = ["thema", "onderwerp", "werkwijze", "plaats", "stand"]
STRANGE = [
    pytest.param("x" * 5000, id="very-long"),
    "%00",
    "a%00b",
    "%ff%fe",
    "caf%C3%A9",
    "%F0%9F%94%A5",
    "'",
    "%3Cb%3E",
    "../..",
]

pytestmark = pytest.mark.django_db


def test_every_kind_of_page_is_named_here():
    """A new public page has to be added above."""
    public = {
        pattern.name for pattern in get_resolver().url_patterns if getattr(pattern, "name", None)
    }
    public -= {one.name for one in api.addresses}  # refuses what others ignore: tests/pages/api
    named = {get_resolver().resolve(page).url_name for page in PAGES}
    assert public - named == {
        *("action_changes", "changes", "development_document"),
        *("feed", "feed_changes", "feed_developments", "feed_reports"),
        *("feed_theme", "feed_subtopic", "feed_action"),
        *("actions_file", "report_file", "plan_at", "plan_day", "plan_pdf", "report_pdf"),
        *("follow_confirm", "follow_settings", "follow_stop"),
        *("current_plan", "media", "progress_report", "robots", "sitemap", "security_txt"),
        *("open_data_file", "opensearch", "alive", "ready", "preview", "shared_preview"),
        *("preview_document", "shared_preview_document"),
    }


@pytest.mark.parametrize("page", PAGES)
def test_unknown_parameter_is_ignored(page, bezoeker):
    """A campaign's tag changes nothing."""
    plain = bezoeker.get(page)
    tagged = bezoeker.get(f"{page}?utm_source=poster&utm_source=nog-een&x=%00&%00=1&{'y' * 3000}=")
    assert plain.status_code == tagged.status_code == 200
    assert plain.content == tagged.content


@pytest.mark.parametrize("param", FILTERS)
@pytest.mark.parametrize("value", STRANGE)
def test_unknown_filter_value_is_refused_with_the_choices(param, value, bezoeker):
    answer = bezoeker.get(f"/jaarplan/2020/acties/?{param}={value}")
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "bestaat de keuze" in text
    assert f"/jaarplan/2020/acties/?{param}=" in text


@pytest.mark.parametrize("param", [*FILTERS, "woorden", "pagina"])
def test_empty_value_filters_nothing(param, bezoeker):
    answer = bezoeker.get(f"/jaarplan/2020/acties/?{param}=")
    assert answer.status_code == 200
    assert answer.context["total"] == 29


def test_doubled_value_counts_once(bezoeker):
    once = bezoeker.get("/jaarplan/2020/acties/?thema=veilige-wijken")
    twice = bezoeker.get("/jaarplan/2020/acties/?thema=veilige-wijken&thema=veilige-wijken")
    assert list(once.context["actions"]) == list(twice.context["actions"])
    assert len(twice.context["filters"]["active"]) == 1


@pytest.mark.parametrize("value", STRANGE)
def test_any_words_are_answered(value, bezoeker):
    answer = bezoeker.get(f"/jaarplan/2020/acties/?woorden={value}")
    assert answer.status_code == (400 if len(value) > 200 else 200)


def test_too_many_words_are_refused_in_dutch(bezoeker):
    answer = bezoeker.get("/jaarplan/2020/acties/?woorden=" + "a " * 500)
    assert answer.status_code == 400
    assert "Uw zoekwoorden zijn te lang" in answer.content.decode()


@pytest.mark.parametrize(
    "value",
    ["0", "2", "-1", "1.5", "x", "%00", "٣", pytest.param("9" * 5000, id="very-long"), "1e3"],
)
def test_page_number_that_does_not_exist_is_refused(value, bezoeker):
    answer = bezoeker.get(f"/jaarplan/2020/acties/?pagina={value}")
    assert answer.status_code == 404
    assert "De eerste pagina" in answer.content.decode()


@pytest.mark.parametrize("value", [*STRANGE, "%2e%2e", "a/b", "%0d%0aSet-Cookie:x"])
@pytest.mark.parametrize(
    "place",
    [
        *("/{}/", "/themas/{}/", "/themas/veilige-wijken/{}/", "/werkwijzen/{}/", "/cijfers/{}/"),
        *("/jaarplan/{}/", "/jaarplan/2020/{}/", "/jaarplan/2020/acties/{}/"),
        *("/media/{}", "/static/{}"),
    ],
)
def test_strange_paths_are_not_found(place, value, bezoeker):
    answer = bezoeker.get(place.format(value))
    assert answer.status_code in {301, 404}
    if answer.status_code == 404:
        assert 'lang="nl"' in answer.content.decode()
        assert "Set-Cookie" not in answer.headers


def test_unknown_theme_offers_the_themes(bezoeker):
    text = bezoeker.get("/themas/wijken/").content.decode()
    assert "Er is geen thema “wijken”." in text
    assert "/themas/veilige-wijken/" in text


def test_unknown_year_offers_the_plans(bezoeker):
    answer = bezoeker.get("/jaarplan/1999/acties/")
    assert answer.status_code == 404
    assert "geen jaarplan van 1999" in answer.content.decode()
    assert "/jaarplan/2020/" in answer.content.decode()


def test_only_reading_is_possible(bezoeker):
    for page in PAGES:
        if page == "/volgen/":
            continue  # the one form that a visitor sends: tests/pages/following
        answer = bezoeker.post(page, {"x": "y"})
        assert answer.status_code == 405
