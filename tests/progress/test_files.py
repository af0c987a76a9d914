"""Actions and reports as files: what is in them, what describes them, and no formulas."""

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from plan.models import Action, Status
from plan.progress.adoption import adopt
from tests.progress.conftest import make_round, publish_update, report_row

ACTIONS, REPORT = "/jaarplan/2020/acties", "/voortgang/2020-1"


def rows_of_csv(answer):
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def rows_of_xlsx(answer):
    sheet = load_workbook(io.BytesIO(answer.content))["Gegevens"]
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_actions_as_csv_have_every_action_with_its_words_and_status(bezoeker, actions):
    publish_update(actions[0], Status.DELAYED)
    rows = rows_of_csv(bezoeker.get(f"{ACTIONS}.csv"))
    assert [row["actie"] for row in rows] == [action.title for action in actions]
    assert rows[0]["tekst"] == actions[0].body
    assert rows[0]["stand"] == "vertraagd"
    assert rows[0]["oorzaak"] == "De onderzoeker viel uit."
    assert {row["stand"] for row in rows[1:]} == {"nog niet gemeld"}
    assert rows[0]["einddatum"] == "2020-06-30"


def test_both_kinds_hold_the_same(bezoeker, actions):
    from_csv = rows_of_csv(bezoeker.get(f"{ACTIONS}.csv"))
    from_xlsx = rows_of_xlsx(bezoeker.get(f"{ACTIONS}.xlsx"))
    for name in ("actie", "thema", "tekst", "stand"):
        assert [row[name] for row in from_csv] == [row[name] for row in from_xlsx]


def test_files_follow_the_filters_of_the_list(bezoeker, actions):
    page = bezoeker.get(f"{ACTIONS}/?thema=zorg-en-veiligheid").content.decode()
    assert f"{ACTIONS}.csv?thema=zorg-en-veiligheid" in page
    rows = rows_of_csv(bezoeker.get(f"{ACTIONS}.csv?thema=zorg-en-veiligheid"))
    assert {row["thema"] for row in rows} == {"Zorg en veiligheid"}
    assert bezoeker.get(f"{ACTIONS}.csv?thema=bestaat-niet").status_code == 404


@pytest.mark.parametrize("address", [ACTIONS, REPORT])
def test_every_column_is_described(address, bezoeker, first_report):
    heads = list(rows_of_csv(bezoeker.get(f"{address}.csv"))[0])
    described = bezoeker.get(f"{address}.csv-metadata.json").json()["tableSchema"]["columns"]
    assert [column["name"] for column in described] == heads
    assert all(column["dc:description"].endswith(".") for column in described)
    book = load_workbook(io.BytesIO(bezoeker.get(f"{address}.xlsx").content))
    sheet = list(book["Toelichting"].iter_rows(min_row=2, values_only=True))
    assert [name for name, _meaning in sheet] == heads


def test_report_as_file_has_every_line_and_stays_as_it_was(bezoeker, first_report, actions):
    before = bezoeker.get(f"{REPORT}.csv").content
    rows = rows_of_csv(bezoeker.get(f"{REPORT}.csv"))
    assert len(rows) == 29
    assert rows[0]["stand"] == "loopt vast"
    assert sum(row["stand"] == "nog niet gemeld" for row in rows) == 23
    actions[0].title = "Anders"
    actions[0].save()
    assert bezoeker.get(f"{REPORT}.csv").content == before


@pytest.mark.parametrize("text", ["=1+1", "+31", "-2", "@SUM(A1)", '=HYPERLINK("x")'])
def test_text_is_never_a_formula(text, bezoeker, jaarplan, actions):
    report = make_round(jaarplan)
    report_row(report, actions[0], Status.ON_TRACK, text)
    adopt(report)
    rows = rows_of_csv(bezoeker.get(f"{REPORT}.csv"))
    assert f"'{text}" in [row["toelichting"] for row in rows]
    sheet = load_workbook(io.BytesIO(bezoeker.get(f"{REPORT}.xlsx").content))["Gegevens"]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value == text]
    assert [cell.data_type for cell in cells] == ["s"]


HOSTILE = (
    "Proefzin;=1+1",
    "Proefzin;@SUM(A1)",
    "Proefzin,-2+3",
    "Proefzin\n=1+1",
    "Proefzin\t+31",
    'Proefzin;"=1+1"',
    'Proefzin; - HYPERLINK("http://example.org")',
    "Proefzin;-cmd|' /C calc'!A0",
)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_no_part_of_a_text_is_a_formula_however_a_spreadsheet_reads_it(
    separator, bezoeker, jaarplan, actions
):
    report = make_round(jaarplan)
    for action, text in zip(actions, HOSTILE, strict=False):
        report_row(report, action, Status.ON_TRACK, text)
    adopt(report)
    file = bezoeker.get(f"{REPORT}.csv").content.decode("utf-8-sig")
    assert file.count("Proefzin") == len(HOSTILE)
    for line in csv.reader(io.StringIO(file, newline=""), delimiter=separator):
        assert not [cell for cell in line if re.match(r'[ "]*([=@]|[+-](\S|.*HYPERLINK))', cell)]


@pytest.mark.parametrize(
    "text", ["Zo:\n- een (of twee)\n- drie buurt(en)!", "€ 5,- of 3,5%, -2 graden"]
)
def test_a_text_that_is_no_formula_is_in_the_file_as_it_is(text, bezoeker, jaarplan, actions):
    report = make_round(jaarplan)
    report_row(report, actions[0], Status.ON_TRACK, text)
    adopt(report)
    rows = rows_of_csv(bezoeker.get(f"{REPORT}.csv"))
    assert text in [row["toelichting"] for row in rows]


@pytest.mark.parametrize(
    ("sign", "read"),
    {"\x02": "", "\x0b": "\n", "\x0c": "\n", "\x1e": "-", "\ufffe": "", "\uffff": ""}.items(),
    ids=ascii,
)
@pytest.mark.parametrize(
    "address", [ACTIONS, "/open-data/acties", "/beheer/plan/action/exporteren"], ids=["a", "b", "c"]
)
def test_characters_that_xml_can_not_hold_do_not_break_a_workbook(
    address, sign, read, eindredacteur, jaarplan, actions
):
    jaarplan.title = f"Jaar{sign}plan"
    jaarplan.save()
    Action.objects.filter(pk=actions[0].pk).update(body=f"Een on{sign}derzoek")
    rows = rows_of_xlsx(eindredacteur.get(f"{address}.xlsx"))
    assert f"Een on{read}derzoek" in [value for row in rows for value in row.values()]


@pytest.mark.parametrize("kind", ["pdfx", "CSV", "csv.exe", "x" * 300])
def test_unknown_kind_is_a_404_with_the_kinds_there_are(kind, bezoeker, jaarplan):
    answer = bezoeker.get(f"{ACTIONS}.{kind}")
    assert answer.status_code == 404
    assert f"{ACTIONS}.csv" in answer.content.decode()


@pytest.mark.parametrize("address", ["/voortgang/2020-2", "/jaarplan/1999/acties"])
def test_file_of_what_is_not_there_is_a_404(address, bezoeker, first_report):
    assert bezoeker.get(f"{address}.csv").status_code == 404


def test_queries_of_a_file_do_not_grow(bezoeker, first_report, django_assert_max_num_queries):
    for address in (ACTIONS, REPORT):
        with django_assert_max_num_queries(13):
            bezoeker.get(f"{address}.csv")
