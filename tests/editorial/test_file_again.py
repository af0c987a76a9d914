"""A chosen file is lost when a form comes back with mistakes; the form says so at the field."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plan.models import Development
from tests.editorial.pictures import picture
from tests.pages.test_developments import FORM, PLAIN
from tests.tooling.forms import posted
from themes.models import Indicator

pytestmark = pytest.mark.django_db

ADD = "/beheer/plan/development/add/"
AGAIN = "Kies “rapport.pdf” opnieuw: dit bestand is nog niet opgeslagen."


def pdf(content=PLAIN):
    return SimpleUploadedFile("rapport.pdf", content, "application/pdf")


def errors(answer, name="document"):
    return answer.context["adminform"].form.errors.get(name, [])


def test_a_form_with_a_mistake_asks_for_its_file_again(beheerder):
    answer = beheerder.post(ADD, {**FORM, "title": "", "document": pdf()})
    assert errors(answer) == [AGAIN]
    assert errors(answer, "title")
    assert AGAIN in answer.content.decode()
    answer = beheerder.post(ADD, posted(answer, title="Studie") | {"document": pdf()})
    assert answer.status_code == 302
    assert Development.objects.get(title="Studie").document


def test_who_chose_no_file_is_asked_for_none(beheerder):
    answer = beheerder.post(ADD, {**FORM, "title": ""})
    assert not errors(answer)
    assert "opnieuw" not in str(answer.context["errors"])


def test_a_file_that_is_refused_gives_only_the_reason(beheerder):
    answer = beheerder.post(ADD, {**FORM, "title": "", "document": pdf(b"<html>")})
    assert errors(answer) == ["Dit is geen PDF-bestand, of het is niet heel."]


def test_who_saves_after_a_colleague_is_asked_for_the_file_too(beheerder):
    beheerder.post(ADD, {**FORM, "document_title": ""})
    page = f"/beheer/plan/development/{Development.objects.get(slug=FORM['slug']).pk}/change/"
    mine = posted(beheerder.get(page), lead="Van mij.", document_title="Rapport")
    beheerder.post(page, posted(beheerder.get(page), lead="Van een collega."))
    answer = beheerder.post(page, {**mine, "document": pdf()})
    assert answer.context["conflict"]
    assert errors(answer) == [AGAIN]


def test_the_form_of_an_image_asks_for_it_again(beheerder):
    file = SimpleUploadedFile("plein.png", picture(kind="PNG"), "image/png")
    answer = beheerder.post("/beheer/editorial/image/add/", {"name": "Plein", "file": file})
    assert errors(answer, "file") == [
        "Kies “plein.png” opnieuw: dit bestand is nog niet opgeslagen."
    ]


def test_the_page_for_measurements_asks_for_the_table_again(beheerder):
    page = f"/beheer/themes/indicator/{Indicator.objects.first().pk}/cijfers-invoeren/"
    file = SimpleUploadedFile("cijfers.csv", b"periode;waarde\n2030;1\n")
    data = posted(beheerder.get(page), form="text", first_period="straks") | {"file": file}
    answer = beheerder.post(page, data)
    assert answer.context["form"].errors["file"] == [
        "Kies “cijfers.csv” opnieuw: dit bestand is nog niet opgeslagen."
    ]
