"""What the list shows, as a file: filtered, searched and ordered, and with no formula in it."""

import csv
import io

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from plan.models import Action
from tests.bulk.conftest import LIST
from themes.models import Theme
from veiligalmere.editorial.admin import ContentAdmin
from veiligalmere.editorial.admin.exchange_columns import columns, exchanged_fields
from veiligalmere.editorial.publish import save_draft

pytestmark = pytest.mark.django_db
CONTENT = [model for model, one in admin.site._registry.items() if isinstance(one, ContentAdmin)]


def rows_of_xlsx(answer):
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def rows_of_csv(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_has_what_the_list_shows(kind, redacteur, jaarplan):
    query = {"q": "en", "theme__id__exact": Theme.objects.get(number=1).pk, "o": "-1"}
    listed = redacteur.get(LIST, query).context["cl"].queryset
    answer = redacteur.get(f"{LIST}exporteren.{kind}", query)
    rows = rows_of_csv(answer) if kind == "csv" else rows_of_xlsx(answer)
    assert 2 < len(rows) < Action.objects.count()
    assert [row["titel"] for row in rows] == [one.title for one in listed]
    assert [str(row["id"]) for row in rows] == [str(one.pk) for one in listed]
    assert answer["Content-Disposition"].startswith('attachment; filename="action-')


def test_the_list_leads_to_the_file_with_its_filters(redacteur, jaarplan):
    page = redacteur.get(LIST, {"q": "overlast"}).content.decode()
    assert 'href="exporteren.xlsx?q=overlast"' in page
    assert 'href="exporteren.csv?q=overlast"' in page


def test_an_editor_gets_the_draft_and_relations_by_name(redacteur, actions):
    one = actions[0]

    def write(row):
        row.owner = redacteur.user
        row.title = "Titel van het concept"
        row.save()
        row.working_methods.set([1, 2])

    save_draft(one, write)
    (row,) = [row for row in rows_of_xlsx(redacteur.get(f"{LIST}exporteren.xlsx"))
              if row["id"] == one.pk]  # fmt: skip
    assert row["titel"] == "Titel van het concept"
    assert row["eigenaar"] == "redacteur"
    assert row["thema"] == one.theme.name
    assert row["werkwijzen"].count("; ") == 1
    assert row["status"] == "gepubliceerd, concept ernaast"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "'=", "''@"])
def test_no_text_runs_as_a_formula(sign, redacteur, actions):
    title = f'{sign}HYPERLINK("http://example.org")'
    Action.objects.filter(pk=actions[0].pk).update(title=title)
    for kind, read in (("csv", rows_of_csv), ("xlsx", rows_of_xlsx)):
        answer = redacteur.get(f"{LIST}exporteren.{kind}")
        assert f"'{title}" in [row["titel"] for row in read(answer)]
    cells = load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows()
    assert {cell.data_type for row in cells for cell in row} <= {"s", "n", "d"}


def test_the_file_has_the_own_theme_alone(elsewhere, actions):
    rows = rows_of_csv(elsewhere.get(f"{LIST}exporteren.csv", {"all": ""}))
    theme = elsewhere.user.theme_limit.themes.get()
    assert {row["thema"] for row in rows} == {theme.name}
    assert len(rows) == Action.objects.filter(theme=theme).count()


def test_who_is_not_logged_in_gets_no_file(bezoeker, jaarplan):
    answer = bezoeker.get(f"{LIST}exporteren.xlsx")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/beheer/login/")


@pytest.mark.parametrize("query", ["theme__id__exact=x", "p=abc", "o=9.9.9", "q=%00", "zz=1"])
def test_a_strange_query_is_answered_as_the_list_answers_it(query, redacteur, jaarplan):
    listed = redacteur.get(f"{LIST}?{query}", follow=True).status_code
    answer = redacteur.get(f"{LIST}exporteren.csv?{query}", follow=True)
    assert answer.status_code == listed < 500


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_every_list_of_content_can_be_exported(model, eindredacteur):
    meta = model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_export_csv")
    answer = eindredacteur.get(address)
    assert len(rows_of_csv(answer)) == model.objects.count()
    names = [one.name for one in columns(exchanged_fields(admin.site.get_model_admin(model)))]
    assert len(names) == len(set(names)) > 4


def test_the_number_of_queries_does_not_grow(redacteur, jaarplan):
    def queries(query):
        with CaptureQueriesContext(connection) as captured:
            rows = rows_of_csv(redacteur.get(f"{LIST}exporteren.csv", query))
        return len(rows), len(captured)

    queries({})
    (few, for_few), (many, for_many) = queries({"q": "woninginbraken"}), queries({})
    assert few < many
    assert for_few == for_many < 40
