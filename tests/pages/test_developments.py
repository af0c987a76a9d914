"""Developments: the overview, a page, the document, and the pages that they concern."""

import zlib
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from plan.models import Action, Development
from plan.uploads import MAX_BYTES, check_pdf
from tests.tooling.forms import posted
from themes.models import Subtopic, Theme
from veiligalmere.editorial.publish import publish, withdraw

pytestmark = pytest.mark.django_db

OVERVIEW = "/ontwikkelingen/"
STUDY = "/ontwikkelingen/2019/onderzoek-woninginbraken/"
PDF = b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%s\ntrailer\n<< /Root 1 0 R >>\n%%%%EOF\n"
PLAIN = PDF % b""


def published_study(client):
    """Return a public development with a document, made and published by forms."""
    form = "/beheer/plan/development/add/"
    data = posted(
        client.get(form),
        button="_continue",
        title="Studie",
        slug="studie",
        year="2020",
        lead="Kort.",
        document_title="De studie",
    )
    client.post(form, {**data, "document": SimpleUploadedFile("a.pdf", PDF % b"eerste")})
    study = Development.objects.get(slug="studie")
    publish(study)
    return study


def make(number=1, *, themes=(), subtopics=(), actions=(), **fields):
    """Publish a development."""
    defaults = {"title": f"Nieuws {number}", "slug": f"nieuws-{number}", "year": 2020, "lead": "x"}
    development = Development.objects.create(**defaults | fields)
    development.themes.set(themes)
    development.subtopics.set(subtopics)
    development.actions.set(actions)
    publish(development)
    return development


def text_of(bezoeker, address):
    return bezoeker.get(address).content.decode()


def titles(answer):
    return [one.title for group in answer.context["years"] for one in group["developments"]]


def packed(content):
    return (
        b"2 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\n"
        b"stream\n%s\nendstream\nendobj" % zlib.compress(b"9 0 " + content)
    )


def test_the_study_that_the_plan_names_is_reached_from_its_short_address(bezoeker):
    answer = bezoeker.get("/woninginbraken", follow=True)
    assert f'href="{STUDY}"' in answer.content.decode()
    page = text_of(bezoeker, STUDY)
    assert "www.veiligalmere.nl/woninginbraken" in page
    assert "staat nog niet op deze site" in page
    assert "document.pdf" not in page


def test_overview_stands_by_year_with_the_newest_first(bezoeker):
    make(1, year=2021, date=date(2021, 2, 1))
    make(2, year=2021, date=date(2021, 3, 1))
    make(3, year=2021)
    answer = bezoeker.get(OVERVIEW)
    assert [group["year"] for group in answer.context["years"]] == [2021, 2019]
    assert titles(answer)[:3] == ["Nieuws 2", "Nieuws 1", "Nieuws 3"]
    assert "1 maart 2021" in answer.content.decode()


def test_every_count_is_what_its_filter_shows(jaarplan, bezoeker):
    make(1, themes=[Theme.objects.get(number=2)])
    make(2, actions=[Action.objects.get(slug="straatintimidatie")], kind="nieuw-project")
    make(3)
    seen = 0
    for group in bezoeker.get(OVERVIEW).context["filters"].groups:
        for option in group["options"]:
            shown = bezoeker.get(OVERVIEW, {group["param"]: option["value"]})
            assert shown.context["total"] == option["count"]
            seen += option["count"]
    assert seen == 4 + 3 + 4  # each has a kind and a year, three have a theme


def test_filters_narrow_each_other_and_can_be_taken_off(bezoeker):
    make(1, kind="publicatie")
    answer = bezoeker.get(OVERVIEW, {"soort": "publicatie", "jaar": "2019"})
    assert titles(answer) == ["Onderzoek naar woninginbraken in Almere"]
    active = {one["label"]: one["remove_url"] for one in answer.context["filters"].active}
    assert bezoeker.get(active["2019"]).context["total"] == 2


@pytest.mark.parametrize("query", ["soort=x", "thema=%00", "jaar=1999", "jaar=" + "9" * 3000])
def test_filter_that_does_not_exist_is_refused_with_the_choices(query, bezoeker):
    answer = bezoeker.get(f"{OVERVIEW}?{query}")
    assert answer.status_code == 404
    assert "bestaat de keuze" in answer.content.decode()


def test_long_overview_is_cut_in_pages(bezoeker):
    for number in range(20):
        make(number)
    first = bezoeker.get(OVERVIEW)
    assert len(titles(first)) == 20
    assert titles(bezoeker.get(f"{OVERVIEW}?pagina=2")) == [
        "Onderzoek naar woninginbraken in Almere"
    ]
    for page in ("3", "0", "x", "9" * 500):
        assert bezoeker.get(f"{OVERVIEW}?pagina={page}").status_code == 404


def test_development_stands_on_the_pages_that_it_concerns(bezoeker):
    theme = Theme.objects.get(number=3)
    subtopic = Subtopic.objects.get(slug="straatroven")
    action = Action.objects.get(slug="straatintimidatie")
    made = [make(1, themes=[theme]), make(2, subtopics=[subtopic]), make(3, actions=[action])]
    pages = [
        [theme.get_absolute_url()],
        [
            subtopic.get_absolute_url(),
            subtopic.parent.get_absolute_url(),
            subtopic.theme.get_absolute_url(),
        ],
        [
            action.get_absolute_url(),
            action.subtopics.first().get_absolute_url(),
            action.theme.get_absolute_url(),
        ],
    ]
    for development, addresses in zip(made, pages, strict=True):
        link = f'href="{development.get_absolute_url()}"'
        for address in addresses:
            assert link in text_of(bezoeker, address), address
        withdraw(development)
        for address in addresses:
            assert link not in text_of(bezoeker, address), address
        assert bezoeker.get(development.get_absolute_url()).status_code == 410


@pytest.mark.parametrize("relation", ["themes", "subtopics", "actions"])
def test_the_only_development_of_a_theme_stands_on_its_page(relation, bezoeker):
    theme = Theme.objects.get(slug="ondermijning")
    page = theme.get_absolute_url()
    assert "/ontwikkelingen/2020/" not in text_of(bezoeker, page)
    about = {
        "themes": theme,
        "subtopics": theme.subtopics.first(),
        "actions": Action.objects.filter(theme=theme).first(),
    }
    if relation == "actions":
        about[relation].subtopics.clear()
    development = make(**{relation: [about[relation]]})
    assert development.get_absolute_url() in text_of(bezoeker, page)


def test_what_is_not_published_is_nowhere(bezoeker):
    concept = Development.objects.create(title="Geheim", slug="geheim", year=2020, lead="x")
    assert bezoeker.get(concept.get_absolute_url()).status_code == 404
    assert "Geheim" not in text_of(bezoeker, OVERVIEW)
    assert concept.slug not in text_of(bezoeker, "/sitemap.xml")


def test_development_is_found_by_the_search_and_named_in_the_sitemap(bezoeker):
    groups = bezoeker.get("/zoeken/", {"zoek": "inbraak", "soort": "ontwikkelingen"})
    assert groups.context["groups"][0]["results"][0]["url"] == STUDY
    assert f"{STUDY}</loc>" in text_of(bezoeker, "/sitemap.xml")


def with_document(bezoeker):
    development = make(document_title="Het onderzoek")
    development.document.save("x.pdf", ContentFile(PLAIN))
    return development


def test_document_goes_out_to_be_saved_under_a_name_of_ours(bezoeker):
    development = with_document(bezoeker)
    page = text_of(bezoeker, development.get_absolute_url())
    assert f'href="{development.document_url}"' in page
    assert "Het onderzoek (PDF, " in page
    answer = bezoeker.get(development.document_url)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="nieuws-1.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == PLAIN
    assert bezoeker.get(f"/media/{development.document.name}").status_code == 404


@pytest.mark.parametrize(
    "folder",
    [
        *("./", "/", "x/../", "%2e/", "%2e%2e/{media}/", "../{media}/", "../{media}/./"),
        *(".//", "//", "\\", ".\\", "%5c", "%2f", "%252e/"),
    ],
)
def test_document_goes_out_by_no_other_way_to_write_where_it_is_kept(folder, bezoeker, settings):
    development = with_document(bezoeker)
    folder = folder.format(media=settings.MEDIA_ROOT.name)
    address = f"/media/{folder}{development.document.name}"
    assert bezoeker.get(address).status_code == 404
    assert bezoeker.get(f"{address}/").status_code == 404


def test_a_document_of_which_the_file_is_lost_breaks_no_page(bezoeker):
    development = with_document(bezoeker)
    development.document.storage.delete(development.document.name)
    assert "(PDF, bestand niet gevonden)" in text_of(bezoeker, development.get_absolute_url())
    answer = bezoeker.get(development.document_url)
    assert answer.status_code == 404
    assert "Dit document is er niet" in answer.content.decode()


def test_document_is_withdrawn_with_its_development(bezoeker):
    development = with_document(bezoeker)
    withdraw(development)
    assert bezoeker.get(development.document_url).status_code == 410
    assert bezoeker.get(f"{STUDY}document.pdf").status_code == 404


def test_document_that_went_missing_is_not_found(bezoeker):
    development = with_document(bezoeker)
    development.document.storage.delete(development.document.name)
    assert bezoeker.get(development.document_url).status_code == 404


def upload(name, content):
    check_pdf(SimpleUploadedFile(name, content))


def test_plain_pdf_is_taken():
    upload("Onderzoek.PDF", PLAIN)
    upload("onderzoek.pdf", PDF % packed(b"/Type /Page (JavaScript in a sentence)"))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("onderzoek.html", PLAIN, "moet op .pdf eindigen"),
        ("onderzoek.pdf", b"<script>alert(1)</script>", "geen PDF-bestand"),
        ("onderzoek.pdf", PLAIN[:40], "geen PDF-bestand"),
        ("onderzoek.pdf", b"", "geen PDF-bestand"),
        ("onderzoek.pdf", PDF % b"<< /S /JavaScript /JS (app.alert(1)) >>", "script"),
        ("onderzoek.pdf", PDF % b"<< /S /Java#53cript /J#53 (x) >>", "script"),
        ("onderzoek.pdf", PDF % packed(b"<< /S /JavaScript >>"), "script"),
        ("onderzoek.pdf", PDF % b"<< /OpenAction 3 0 R >>", "script"),
        ("onderzoek.pdf", PDF % b"<< /S /Launch /F (cmd.exe) >>", "script"),
        ("onderzoek.pdf", PDF % b"<< /EmbeddedFiles 3 0 R >>", "bijlage"),
        ("onderzoek.pdf", PDF % b"<< /Encrypt 9 0 R >>", "zonder wachtwoord"),
        ("onderzoek.pdf", PDF % packed(b"\0" * 110_000_000), "te veel"),
        ("onderzoek.pdf", PLAIN + b" " * MAX_BYTES, "hooguit 20 MB"),
    ],
)
def test_document_that_could_do_harm_is_refused_in_dutch(name, content, sentence):
    with pytest.raises(ValidationError, match=sentence):
        upload(name, content)


FORM = {
    "kind": "publicatie",
    "title": "Een onderzoek",
    "slug": "een-onderzoek",
    "year": "2020",
    "lead": "Kort.",
    "document_title": "Rapport",
}


def test_editor_uploads_a_document_in_the_back_office(beheerder):
    file = SimpleUploadedFile("../../kwaad naam.pdf", PLAIN, "text/html")
    answer = beheerder.post("/beheer/plan/development/add/", {**FORM, "document": file})
    assert answer.status_code == 302
    development = Development.objects.get(slug="een-onderzoek")
    assert development.document.name.startswith("documenten/")
    assert "kwaad" not in development.document.name


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"document": SimpleUploadedFile("a.pdf", b"<html>")}, "geen PDF-bestand"),
        (
            {"document": SimpleUploadedFile("a.pdf", PLAIN), "document_title": ""},
            "Geef het document een titel",
        ),
        ({"date": "14-4-2021"}, "Deze datum valt in 2021, maar bij Jaar staat 2020."),
        ({"year": ""}, "Vul het jaar in, of de datum."),
        ({"year": "", "date": "1-11-1926"}, "minstens 2000 is"),
        ({"year": "2019", "slug": "onderzoek-woninginbraken"}, "al een ontwikkeling"),
    ],
)
def test_bad_form_is_refused_in_dutch(fields, sentence, beheerder):
    answer = beheerder.post("/beheer/plan/development/add/", {**FORM, **fields})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Development.objects.filter(slug="een-onderzoek").exists()


ADD = "/beheer/plan/development/add/"


def test_the_year_follows_from_the_date(beheerder):
    assert beheerder.post(ADD, {**FORM, "year": "", "date": "01-11-2026"}).status_code == 302
    development = Development.objects.get(slug="een-onderzoek")
    assert development.year == 2026
    change = f"/beheer/plan/development/{development.pk}/change/"
    data = posted(beheerder.get(change), year="", date="02-01-2027")
    assert beheerder.post(change, data).status_code == 302
    development.refresh_from_db()
    assert (development.year, development.date) == (2027, date(2027, 1, 2))


def test_an_address_that_is_taken_in_the_year_of_the_date_is_refused(beheerder):
    make(slug="een-onderzoek", year=2026)
    answer = beheerder.post(ADD, {**FORM, "year": "", "date": "01-11-2026"})
    assert "al een ontwikkeling met dit adres" in answer.content.decode()


def test_of_a_date_that_is_none_only_the_date_is_told(beheerder):
    answer = beheerder.post(ADD, {**FORM, "year": "", "date": "31-02-2026"})
    assert set(answer.context["adminform"].form.errors) == {"date"}
