"""Addresses keep working: short ones, old ones, and the one that the plan itself names."""

import pytest
from django.core.management import call_command

from plan.models import AnnualPlan
from themes.models import Subtopic, Term, Theme, WorkingMethod
from veiligalmere.editorial.models import ShortAddress
from veiligalmere.editorial.publish import withdraw

pytestmark = pytest.mark.django_db

BURGLARIES = "/themas/veilige-wijken/woninginbraken/"


def rename(content, *slugs):
    """Give content each of these slugs in turn."""
    for slug in slugs:
        content.slug = slug
        content.save()


@pytest.mark.parametrize("path", ["/woninginbraken", "/woninginbraken/"])
def test_address_that_the_plan_names_leads_to_the_subtopic(path, bezoeker):
    answer = bezoeker.get(path)
    assert answer.status_code in {301, 302}
    while answer.status_code in {301, 302}:
        answer = bezoeker.get(answer["Location"])
    assert answer.request["PATH_INFO"] == BURGLARIES
    assert answer.status_code == 200


def test_short_address_that_was_thrown_away_does_not_come_back(bezoeker):
    ShortAddress.objects.all().delete()
    call_command("load_jaarplan", verbosity=0)
    assert bezoeker.get("/woninginbraken").status_code == 404


def test_a_plan_that_got_another_year_is_not_loaded_a_second_time(jaarplan):
    jaarplan.year = 2021
    jaarplan.save()
    call_command("load_jaarplan", verbosity=0)
    assert AnnualPlan.objects.count() == 1


def test_editor_adds_a_short_address(beheerder, bezoeker):
    beheerder.post(
        "/beheer/editorial/shortaddress/add/",
        {"path": "meld-het", "target": "/contact/"},
    )
    assert bezoeker.get("/meld-het")["Location"] == "/contact/"


@pytest.mark.parametrize(
    "target", ["/weg/", "/weg?thema=a", "/woninginbraken", "/woninginbraken/#x"]
)
def test_short_address_leads_to_a_page_and_to_no_short_address(target, beheerder):
    answer = beheerder.post(
        "/beheer/editorial/shortaddress/add/", {"path": "weg", "target": target}
    )
    assert "Dit adres zou naar zichzelf" in answer.text or "zelf een kort adres" in answer.text
    assert not ShortAddress.objects.filter(path="weg").exists()


@pytest.mark.parametrize(
    "target", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"]
)
def test_short_address_leads_nowhere_else(target, beheerder):
    answer = beheerder.post(
        "/beheer/editorial/shortaddress/add/", {"path": "weg", "target": target}
    )
    assert answer.status_code == 200
    assert "alleen adressen op deze site" in answer.content.decode()
    assert not ShortAddress.objects.filter(path="weg").exists()


def test_changed_slug_redirects_permanently(jaarplan, bezoeker):
    action = jaarplan.actions.get(slug="straatintimidatie")
    action.slug = "tussenstap"
    action.save()
    action.slug = "aanpak-straatintimidatie"
    action.save()
    for old in ("straatintimidatie", "tussenstap"):
        answer = bezoeker.get(f"/jaarplan/2020/acties/{old}/?utm_source=x")
        assert answer.status_code == 301
        assert answer["Location"] == "/jaarplan/2020/acties/aanpak-straatintimidatie/?utm_source=x"


def test_changed_slug_back_again_serves_the_page(jaarplan, bezoeker):
    action = jaarplan.actions.get(slug="straatintimidatie")
    for slug in ("anders", "straatintimidatie"):
        action.slug = slug
        action.save()
    assert bezoeker.get("/jaarplan/2020/acties/straatintimidatie/").status_code == 200
    assert bezoeker.get("/jaarplan/2020/acties/anders/").status_code == 301


def test_changed_slug_of_a_theme_takes_its_subtopics_along(bezoeker):
    theme = Theme.objects.get(slug="veilige-wijken")
    theme.slug = "wijken"
    theme.save()
    assert bezoeker.get("/themas/veilige-wijken/")["Location"] == "/themas/wijken/"
    answer = bezoeker.get(BURGLARIES)
    assert answer.status_code == 301
    assert answer["Location"] == "/themas/wijken/woninginbraken/"


@pytest.mark.parametrize(
    "address", ["/themas/veilige-wijken/bestaat-niet/", "/jaarplan/2020/acties/?thema=onzin"]
)
def test_what_is_not_there_below_an_address_that_came_back_is_not_found(
    address, jaarplan, bezoeker
):
    rename(Theme.objects.get(slug="veilige-wijken"), "wijken", "veilige-wijken")
    for year in (2021, 2020):
        jaarplan.year = year
        jaarplan.save()
    assert bezoeker.get(address).status_code == 404


def test_address_that_comes_back_by_names_of_themes_does_not_lead_to_itself(bezoeker):
    first, second = Theme.objects.filter(slug__in=["veilige-wijken", "ondermijning"])
    subtopic = Subtopic.objects.get(slug="woninginbraken")
    old = subtopic.get_absolute_url()
    subtopic.theme = second if subtopic.theme == first else first
    subtopic.save()
    rename(Theme.objects.get(slug="veilige-wijken"), "wijken")
    rename(subtopic.theme, "veilige-wijken")
    assert bezoeker.get(old).status_code == 200
    assert bezoeker.get(f"{old}bestaat-niet/").status_code == 404


def test_addresses_that_two_themes_exchanged_do_not_lead_to_each_other(bezoeker):
    first, second = Theme.objects.filter(slug__in=["veilige-wijken", "ondermijning"])
    names = first.slug, second.slug
    rename(first, "tussenstap")
    rename(second, names[0])
    rename(first, names[1])
    for name in names:
        assert bezoeker.get(f"/themas/{name}/").status_code == 200
        assert bezoeker.get(f"/themas/{name}/bestaat-niet/").status_code == 404
    assert bezoeker.get("/themas/tussenstap/")["Location"] == first.get_absolute_url()


@pytest.mark.parametrize(
    ("model", "old", "address"),
    [
        (Theme, "ondermijning", "/jaarplan/2020/acties/?woorden=en&thema={}&thema=veilige-wijken"),
        (Theme, "ondermijning", "/jaarplan/2020/acties.csv?thema={}"),
        (Theme, "ondermijning", "/zoeken/?zoek=overlast&thema={}"),
        (Theme, "ondermijning", "/ontwikkelingen/?thema={}"),
        (Subtopic, "woninginbraken", "/jaarplan/2020/acties/?onderwerp={}"),
        (WorkingMethod, "bestuurlijke-aanpak", "/jaarplan/2020/acties/?werkwijze={}"),
    ],
)
def test_filter_by_an_old_address_goes_along_to_the_new_one(model, old, address, bezoeker):
    chosen = model.objects.get(slug=old)
    rename(chosen, "tussenstap", "nieuw")
    for former in (old, "tussenstap"):
        answer = bezoeker.get(address.format(former))
        assert answer.status_code == 301
        assert answer["Location"] == address.format("nieuw")
    assert bezoeker.get(address.format("nieuw")).status_code == 200
    withdraw(chosen)
    assert bezoeker.get(address.format(old)).status_code == 404


def test_place_on_a_page_is_no_old_address(jaarplan, beheerder):
    rename(Term.objects.get(slug="driehoek"), "de-driehoek")
    rename(jaarplan.actions.get(slug="straatintimidatie"), "anders")
    listed = beheerder.get("/beheer/editorial/oldaddress/").content.decode()
    assert "/jaarplan/2020/acties/straatintimidatie/" in listed
    assert "/begrippen/#" not in listed


def test_subtopic_under_another_theme_leads_to_its_own(bezoeker):
    answer = bezoeker.get("/themas/zorg-en-veiligheid/woninginbraken/")
    assert answer.status_code == 301
    assert answer["Location"] == BURGLARIES


def test_slug_of_what_was_never_published_is_not_kept(jaarplan, bezoeker):
    subtopic = Subtopic.objects.create(
        theme=Theme.objects.first(), name="Nieuw", slug="nieuw", position=999
    )
    subtopic.slug = "nieuwer"
    subtopic.save()
    assert bezoeker.get(f"/themas/{subtopic.theme.slug}/nieuw/").status_code == 404


def test_current_plan_has_an_address_of_its_own(bezoeker):
    assert bezoeker.get("/jaarplan/")["Location"] == "/jaarplan/2020/"


def test_every_subtopic_theme_method_and_action_has_a_page(jaarplan, bezoeker):
    pages = {
        one.get_absolute_url() for model in (Theme, Subtopic) for one in model.objects.public()
    } | {action.get_absolute_url() for action in jaarplan.actions.public()}
    assert len(pages) == 4 + 36 + 29
    for page in pages:
        assert bezoeker.get(page).status_code == 200, page
