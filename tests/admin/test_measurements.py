"""Measurements are pasted or uploaded: first shown, then kept in the draft, errors by line."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.tooling.forms import posted
from themes.models import Indicator, Measurement
from veiligalmere.editorial.due import publish_due
from veiligalmere.editorial.models import Version
from veiligalmere.editorial.publish import publish, schedule
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db

SLUG = "geregistreerde-misdrijven"


@pytest.fixture
def indicator(db):
    return Indicator.objects.get(slug=SLUG)


@pytest.fixture
def post(indicator, beheerder):
    """A function that posts a table to the page for measurements of the figure of crimes."""
    address = f"/beheer/themes/indicator/{indicator.pk}/cijfers-invoeren/"

    def send(text="", **fields):
        return beheerder.post(address, {"kind": "tabel", "text": text, "area": "Almere", **fields})

    return send


def errors(answer):
    return re.findall(r"Regel \d+: [^<]*", answer.content.decode())


def shown(answer):
    """What the trial run shows: (period, was, becomes)."""
    return [(one.row.period, one.was, one.becomes) for one in answer.context["told"]]


def confirm(post, answer, text, **fields):
    return post(text, gezien=answer.context["digest"], **fields)


def test_each_field_of_a_row_says_what_it_is(indicator, beheerder):
    page = beheerder.get(f"/beheer/themes/indicator/{indicator.pk}/change/").content.decode()
    fields = re.findall(r'<input type="(?!hidden)[^>]*name="measurements-[^>]*>', page)
    named = [re.search(r'aria-label="([^"]+)"', field) for field in fields]
    assert len(fields) == 4 * 6 - 2  # with the new row and the one that a script copies
    assert all(named)
    assert {name[1] for name in named} >= {
        "Waarde",
        "Waarde, Almere, 2017",
        "Verwijderen, Almere, 2017",
    }
    (period,) = [field for field in fields if 'name="measurements-0-period"' in field]
    assert "aria-description=" in period


def test_trial_run_shows_what_is_new_or_different_and_writes_nothing(post, indicator):
    versions = Version.objects.count()
    answer = post("2016\t11218\n2017\t9.900\n2018\t9.500,5")
    assert shown(answer) == [("2017", "9.853", "9.900"), ("2018", "nieuw", "9.500,5")]
    assert "1 nieuw, 1 anders, 1 gelijk gebleven" in answer.content.decode()
    assert indicator.measurements.count() == 2
    assert Version.objects.count() == versions


@pytest.mark.parametrize(
    ("text", "told"),
    [("2017\t9.900", "1 cijfer ingevoerd."), ("2017\t9.900\n2018\t9.500", "2 cijfers ingevoerd.")],
)
def test_log_tells_how_many_were_entered(text, told, post):
    confirm(post, post(text), text)
    assert LogEntry.objects.latest("pk").change_message == told


def test_confirmed_table_is_in_the_draft_and_public_when_published(
    post, indicator, beheerder, bezoeker
):
    text = "2017\t9.900\n2018\t.\n"
    saved = confirm(post, post(text), text)
    assert saved.status_code == 302
    assert "9.853" in bezoeker.get(f"/cijfers/{SLUG}/").content.decode()
    judge = f"/beheer/themes/indicator/{indicator.pk}/beoordelen/"
    page = beheerder.get(judge)
    assert "9.900" in page.content.decode()
    token = page.context["token"]
    form = {token["seen_name"]: token["seen"], "publiceren-note": "Nieuwe cijfers"}
    assert beheerder.post(judge, {**form, "publiceren": "x"}).status_code == 302
    assert indicator.measurements.get(period="2017").value == 9900
    assert indicator.measurements.get(period="2018").value is None
    assert "9.900" in bezoeker.get(f"/cijfers/{SLUG}/").content.decode()


@pytest.fixture
def provisional(indicator):
    """The measurement of 2017, provisional and with a note."""
    measurement = indicator.measurements.get(period="2017")
    measurement.provisional, measurement.note = True, "tot en met mei"
    measurement.save()
    publish(indicator)
    return measurement


def cells(answer):
    """The rows that the trial run shows as new or different, as texts."""
    body = re.search(r"<tbody>(.*?)</tbody>", answer.text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []
    return [
        [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


def test_mark_and_note_that_a_table_does_not_give_are_kept(post, indicator, provisional):
    assert "0 nieuw, 0 anders, 1 gelijk gebleven" in post("2017\t9.853").text
    text = "2017\t9.900"
    trial = post(text)
    assert cells(trial) == [["Almere", "2017", "9.853", "9.900", "ja"]]
    confirm(post, trial, text)
    publish(indicator)
    provisional.refresh_from_db()
    assert (provisional.value, provisional.provisional) == (9900, True)
    assert provisional.note == "tot en met mei"


@pytest.mark.parametrize("mark", ["nee", ""])
def test_mark_that_changes_is_shown_and_written(mark, post, indicator, provisional):
    text = f"periode;waarde;voorlopig\n2017;9853;{mark}\n2018;1;ja"
    trial = post(text)
    assert cells(trial) == [
        ["Almere", "2017", "9.853", "9.853", "ja → nee"],
        ["Almere", "2018", "nieuw", "1", "ja"],
    ]
    confirm(post, trial, text)
    publish(indicator)
    provisional.refresh_from_db()
    assert not provisional.provisional
    assert indicator.measurements.get(period="2018").provisional


def test_value_that_pages_round_is_told_at_its_line(post, indicator):
    text = "2018\t17,5\n2019\t0,16\n2020\t8,0\n2021\t.\n2022\t1.234"
    rounds = [line[3].partition(" ")[2] for line in cells(post(text))]
    tells = "(pagina’s ronden dit af: {})"
    assert rounds == [tells.format(18), tells.format(0), "", "beschikbaar", ""]
    indicator.decimals = 1
    indicator.save()
    publish(indicator)
    rounds = [line[3].partition(" ")[2] for line in cells(post(text))]
    assert rounds == ["", tells.format("0,2"), "", "beschikbaar", ""]


def test_note_that_changes_is_shown(post, provisional):
    trial = post("periode;waarde;toelichting\n2017;9853;heel 2017\n2018;1;")
    assert ">Toelichting</th>" in trial.text
    assert cells(trial) == [
        ["Almere", "2017", "9.853", "9.853", "ja", "tot en met mei → heel 2017"],
        ["Almere", "2018", "nieuw", "1", "nee", ""],
    ]


def test_earlier_draft_is_added_to(post, indicator):
    for text in ("2018\t1", "2019\t2"):
        assert confirm(post, post(text), text).status_code == 302
    answer = post("2018\t1\n2019\t3")
    assert shown(answer) == [("2019", "2", "3")]


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("2018\t1", "2018\t7", ["Almere", "2018", "7", "1", "nee"]),
        # Nothing but the mark.
        (
            "periode;waarde;voorlopig\n2017;9900;nee",
            "periode;waarde;voorlopig\n2017;9853;nee",
            ["Almere", "2017", "9.853", "9.900", "nee"],
        ),
    ],
)
def test_what_a_colleague_changed_meanwhile_is_shown_first(
    post, provisional, text, other, expected
):
    trial = post(text)
    confirm(post, post(other), other)
    again = confirm(post, trial, text)
    assert again.status_code == 200
    assert "Intussen heeft een collega cijfers gewijzigd" in again.content.decode()
    assert cells(again) == [expected]


def test_columns_may_be_named_in_any_order_and_hold_more(post):
    answer = post(
        "Waarde;Gebied;Periode;Voorlopig;Toelichting\n1.234,5;Almere Poort;2019-K2;ja;tot mei\n"
    )
    row = answer.context["new"][0].row
    assert (row.area, row.period, row.value) == ("Almere Poort", "2019-K2", Decimal("1234.5"))
    assert row.provisional
    assert row.note == "tot mei"


def test_one_column_follows_from_the_first_period(post):
    answer = post("10\n20\n30", first_period="2019-K3")
    assert [period for period, _was, _becomes in shown(answer)] == ["2019-K3", "2019-K4", "2020-K1"]
    assert "Vul bij één kolom met waarden de eerste periode in" in post("10").content.decode()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("10\n\n12", ["10", None, "12"]),
        ("10\n  \n12", ["10", None, "12"]),
        ("10\n.\n12", ["10", None, "12"]),
        ("3,5\n\n4,2", ["3.5", None, "4.2"]),
        ("3,5\n.\n4,2", ["3.5", None, "4.2"]),
        ("\n10\n12", [None, "10", "12"]),
        ("10\n12\n\n\n", ["10", "12"]),
        ("10\r\n\r\n12\r\n\r\n", ["10", None, "12"]),
        ("1\u00a0234,5\n\n12,0", ["1234.5", None, "12"]),
        ("\ufeff1\u00ad0,5\n\u200b\n12", ["10.5", None, "12"]),
        ("waarde\n10\n\n12", ["10", None, "12"]),
        ("\nwaarde\n10\n12", ["10", "12"]),
    ],
)
def test_empty_line_in_one_column_is_a_period_that_is_not_available(text, values, post):
    rows = [one.row for one in post(text, first_period="2018").context["new"]]
    assert [(row.period, row.value) for row in rows] == [
        (str(year), value and Decimal(value)) for year, value in enumerate(values, 2018)
    ]


def test_empty_line_between_rows_with_a_period_says_nothing(post):
    for fields in ({}, {"first_period": "2030"}):
        answer = post("\n2018\t10\n\n2019\t12\n\n", **fields)
        assert shown(answer) == [("2018", "nieuw", "10"), ("2019", "nieuw", "12")]


WRITTEN_PERIODS = [
    ("1e kwartaal 2022", "2022-K1"),
    ("2022 1e kwartaal", "2022-K1"),
    ("3de Kwartaal 2022", "2022-K3"),
    ("Vierde kwartaal van 2022", "2022-K4"),
    ("eerste halfjaar van 2022", "2022-H1"),
    ("2022 2e halfjaar", "2022-H2"),
    ("januari 2022", "2022-01"),
    ("2022 dec.", "2022-12"),
    ("mrt 2020", "2020-03"),
    ("Q2 2022", "2022-K2"),
    ("2022 k2", "2022-K2"),
    ("2022KW02", "2022-K2"),
    ("\ufeffju\u00adni\u00a02022\u200b", "2022-06"),
    ("20\u200b22\x1eK2\x02", "2022-K2"),
]


@pytest.mark.parametrize(("written", "code"), WRITTEN_PERIODS)
def test_period_may_be_written_as_people_do(written, code, post):
    assert [period for period, *_ in shown(post(f"{written}\t5"))] == [code]
    assert [period for period, *_ in shown(post("5", first_period=written))] == [code]


@pytest.mark.parametrize(
    "written", ["3e halfjaar 2022", "5e kwartaal 2022", "2022 1e", "1e kwartaal", "Q5 2022"]
)
def test_period_that_can_not_be_is_refused(written, post):
    assert errors(post(f"{written}\t5")) == [f"Regel 1: “{written}” is geen periode."]
    assert "errorlist" in post("5", first_period=written).text


@pytest.mark.parametrize(("written", "code"), WRITTEN_PERIODS)
def test_period_in_the_form_of_a_figure_may_be_written_so_too(written, code, beheerder, indicator):
    page = f"/beheer/themes/indicator/{indicator.pk}/change/"
    data = posted(beheerder.get(page), form="definition", **{"measurements-0-period": written})
    assert beheerder.post(page, data).status_code == 302
    assert f'value="{code}"' in beheerder.get(page).text


def test_what_comes_along_unseen_from_a_pdf_is_not_in_a_measurement(beheerder, indicator):
    page = f"/beheer/themes/indicator/{indicator.pk}/change/"
    words = {"measurements-0-area": "Almere\x02 Haven", "measurements-0-note": "Zonder\x0bde wijk"}
    beheerder.post(page, posted(beheerder.get(page), form="definition", **words))
    shown = list(posted(beheerder.get(page), form="definition").values())
    assert ["Almere Haven"] in shown
    assert ["Zonder de wijk"] in shown


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("8.000", "8000"),
        ("8.000,5", "8000.5"),
        ("3,5", "3.5"),
        ("0.25", "0.25"),
        (" 12 ", "12"),
        ("12,50000", "12.5"),
        ("\ufeff8\u00a0\u00ad000\u200b,5\x02", "8000.5"),
    ],
)
def test_number_in_the_form_of_a_figure_is_read_as_people_write_it(
    typed, value, beheerder, indicator
):
    page = f"/beheer/themes/indicator/{indicator.pk}/change/"
    fields = {"measurements-0-value": typed, "target": typed}
    data = posted(beheerder.get(page), form="definition", **fields)
    assert beheerder.post(page, data).status_code == 302
    publish(indicator)
    indicator.refresh_from_db()
    period = data["measurements-0-period"][0]
    assert indicator.measurements.get(period=period).value == Decimal(value)
    assert indicator.target == Decimal(value)


def test_number_in_the_form_of_a_figure_stands_there_as_on_its_page(beheerder, indicator):
    Measurement.objects.filter(indicator=indicator).update(value="8000.5")
    indicator.target = None
    indicator.save()
    shown = posted(beheerder.get(f"/beheer/themes/indicator/{indicator.pk}/change/"))
    assert shown["measurements-0-value"] == ["8.000,5"]
    assert shown["target"] == [""]


@pytest.mark.parametrize("typed", ["acht", "1,23456", "1.2.3", "٣", "9" * 40])
def test_number_in_the_form_that_is_none_is_refused_and_kept(typed, beheerder, indicator):
    page = f"/beheer/themes/indicator/{indicator.pk}/change/"
    data = posted(beheerder.get(page), form="definition", **{"measurements-0-value": typed})
    answer = beheerder.post(page, data)
    assert "Schrijf een getal als 8.000 of 3,5" in answer.text
    assert posted(answer, form="definition")["measurements-0-value"] == [typed]


def test_period_in_the_form_that_is_none_or_stands_there_already_is_refused(beheerder, indicator):
    page = f"/beheer/themes/indicator/{indicator.pk}/change/"
    data = posted(
        beheerder.get(page), form="definition", **{"measurements-0-period": "1e week 2022"}
    )
    assert "Schrijf een periode als 2020" in beheerder.post(page, data).text
    data |= {"measurements-0-period": "1e kwartaal 2022", "measurements-1-period": "2022-K1"}
    assert beheerder.post(page, data).status_code == 200


@pytest.mark.parametrize("place", ["text", "file"])
def test_what_comes_along_unseen_with_a_table_is_not_in_the_way(place, post):
    table = (
        "\u200bperi\u00adode;waarde;gebied;voor\ufefflopig;toelichting\n"
        "2019;\u202d1\u00a02\u00ad34,5\u202c;Almere\x02 Poort;j\u200ba;tot\u00ad mei"
    )
    sent = table if place == "text" else SimpleUploadedFile("a.csv", table.encode())
    (new,) = post(**{place: sent}).context["new"]
    row = new.row
    assert (row.area, row.period, row.value) == ("Almere Poort", "2019", Decimal("1234.5"))
    assert (row.provisional, row.note) == (True, "tot mei")


def test_own_csv_reads_back_the_same(post, bezoeker):
    raw = bezoeker.get(f"/cijfers/{SLUG}/cijfer.csv").content
    for sent in ({"text": raw.decode()}, {"file": SimpleUploadedFile("cijfer.csv", raw)}):
        assert "0 nieuw, 0 anders, 2 gelijk gebleven" in post(**sent).content.decode()


def test_own_csv_with_three_decimals_reads_back_the_same(post, indicator, bezoeker):
    values = ["4.125", "0.123", "1234.5", "-2.375", "12345678"]
    for year, value in enumerate(values, 2018):
        Measurement.objects.create(indicator=indicator, period=str(year), value=Decimal(value))
    publish(indicator)
    text = bezoeker.get(f"/cijfers/{SLUG}/cijfer.csv").content.decode()
    assert "4.125" in text
    assert "0 nieuw, 0 anders, 7 gelijk gebleven" in post(text).content.decode()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("periode,waarde\n2019,3.125", "3.125"),
        ('periode,waarde\n2019,"3.125,5"', "3125.5"),
        ("periode,waarde\n2019,1.234.567", "1234567"),
        ("periode;waarde\n2019;3.125", "3125"),
        ("2019\t3.125", "3125"),
        ("2019\t0.123", "0.123"),
        ("2019\t-0.123", "-0.123"),
        ("2019\t3.12", "3.12"),
        ("2019\t12,50000", "12.5"),
        ("2019\t12.000000000000000000000000000000", "12"),
    ],
)
def test_point_is_decimal_where_it_can_be_nothing_else_or_commas_part_columns(text, value, post):
    assert post(text).context["new"][0].row.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("2019\t3.125", "“3.125” is gelezen als 3125."),
        ("periode,waarde\n2019,3.125", "“3.125” is gelezen als 3,125."),
        ("2017\t9.853\n2019\t4.100%\n2020\t5.100", "“4.100%” is gelezen als 4100, “5.100”"),
        ("2019\t3,125", None),
        ("2019\t1.234.567", None),
        ("2017\t9.853", None),
    ],
)
def test_trial_run_says_how_it_read_a_point_that_can_be_two_things(text, understood, post):
    page = post(text).content.decode()
    assert understood in page if understood else "is gelezen als" not in page


AHEAD = "Deze begint pas na vandaag: "
NO_SHARE = "Een percentage ligt meestal tussen 0 en 100: "
BELOW = "Deze is kleiner dan 0: "


@pytest.mark.parametrize(
    ("unit", "text", "remark"),
    [
        ("aantal", "2020-07\t5", f"{AHEAD}Almere 2020-07 (5). Klopt dat?"),
        ("aantal", "2020\t5\n2021\t6\n2099-K1\t7", f"{AHEAD}Almere 2021 (6), Almere 2099-K1 (7)."),
        ("aantal", "2020\t5\n2020-H1\t5\n2020-K2\t5\n2020-06\t5", None),
        ("%", "2018\t31\n2019\t100,5%", f"{NO_SHARE}Almere 2019 (100,5). Klopt dat?"),
        ("%", "2018\t-0,1\n2019\t30", f"{NO_SHARE}Almere 2018 (-0,1). Klopt dat?"),
        ("%", "2018\t0\n2019\t100\n2020\t.", None),
        ("aantal", "2018\t-12\n2019\t130", f"{BELOW}Almere 2018 (-12). Klopt dat?"),
        ("per 1.000 inwoners", "2018\t-1", f"{BELOW}Almere 2018 (-1). Klopt dat?"),
        ("aantal", "\n".join(f"{year}\t-1" for year in range(2000, 2006)), "2004 (-1), enzovoort."),
        ("aantal", "2018\t0\n2019\t130\n2020\t.", None),
    ],
)
def test_trial_run_remarks_on_what_can_hardly_be_and_refuses_nothing(
    unit, text, remark, post, indicator, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2020, 6, 30))
    indicator.unit = unit
    indicator.save()
    trial = post(text)
    page = trial.text
    assert remark in page if remark else "Klopt dat" not in page
    assert [words in page for words in (AHEAD, NO_SHARE, BELOW)].count(True) == bool(remark)
    assert confirm(post, trial, text).status_code == 302


def test_trial_run_remarks_on_nothing_that_stays_as_it_was(post, indicator):
    indicator.measurements.filter(period="2017").update(value=-5)
    assert "kleiner dan 0" not in post("2017\t-5").text


def test_one_column_may_have_decimal_commas(post):
    answer = post("3,5\n4,25\n6", first_period="2019")
    assert shown(answer) == [
        *(("2019", "nieuw", "3,5"), ("2020", "nieuw", "4,25"), ("2021", "nieuw", "6")),
    ]


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "a.csv"), ("utf-8-sig", "a.csv"), ("cp1252", "a.txt")]
)
def test_file_can_be_uploaded_in_the_encodings_of_spreadsheets(encoding, name, post):
    raw = "gebied;periode;waarde\r\nAlmere coöperatie;2019;5\r\n".encode(encoding)
    answer = post(file=SimpleUploadedFile(name, raw))
    assert answer.context["new"][0].row.area == "Almere coöperatie"


def test_confirming_an_upload_writes_what_was_shown(post, indicator):
    trial = post(file=SimpleUploadedFile("a.csv", b"periode;waarde\n2019;5\n"))
    saved = confirm(post, trial, trial.context["read"])
    assert saved.status_code == 302
    assert Version.objects.of(indicator).drafts().count() == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2016\tveel", ["Regel 1: “veel” is geen getal."]),
        ("2016\t1\nvorig jaar\t2", ["Regel 2: “vorig jaar” is geen periode."]),
        ("2016-13\t1", ["Regel 1: “2016-13” is geen periode."]),
        ("2016-K5\t1", ["Regel 1: “2016-K5” is geen periode."]),
        ("٢٠١٦\t1", ["Regel 1: “٢٠١٦” is geen periode."]),
        ("2016\t1\n2016\t2", ["Regel 2: 2016 voor Almere staat ook op regel 1."]),
        ("2016\t1e9", ["Regel 1: “1e9” is geen getal."]),
        ("2016\t99999999999", ["Regel 1: “99999999999” is geen getal."]),
        (
            "2016\t33,33333333\n2017\t1." + "0" * 40 + "1",
            [
                "Regel 1: “33,33333333” heeft meer dan vier cijfers achter de komma: rond het af.",
                f"Regel 2: “1.{'0' * 38}” heeft meer dan vier",
            ],
        ),
        ("2016\t1\n2017", ["Regel 2: er ontbreekt een kolom."]),
        ("periode;waarde;voorlopig\n2016;1;misschien", ["Regel 2: schrijf in de kolom"]),
        (
            "2016\tx\n2017\t!\n2018\t?",
            ["Regel 2: “!” is geen getal.", "Regel 3: “?” is geen getal."],
        ),
    ],
)
def test_errors_name_the_line(text, found, post, indicator):
    answer = post(text)
    assert answer.status_code == 200
    assert len(errors(answer)) == len(found)
    for error, expected in zip(errors(answer), found, strict=True):
        assert error.startswith(expected)
    assert text in answer.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("names", "refusal"),
    [
        ("periode;waarde;Waarde", "De kolom “waarde” staat er meer dan één keer."),
        ("jaar;waarde;Periode", "“jaar” en “periode” betekenen hier hetzelfde."),
    ],
)
def test_two_columns_with_one_meaning_are_refused(names, refusal, post):
    assert refusal in post(f"{names}\n2019;2018;7").text


def test_columns_without_a_meaning_may_share_a_name(post):
    answer = post("bron;periode;bron;waarde\nCBS;2019;politie;7")
    assert shown(answer) == [("2019", "nieuw", "7")]


def test_line_break_in_a_cell_is_a_space_and_lines_are_counted_on(post):
    text = 'periode;waarde;toelichting\n2018;1;"tot  en\r\nmet mei"\n2019;2;\n2020;x2;'
    assert errors(post(text)) == ["Regel 5: “x2” is geen getal."]
    notes = [one.row.note for one in post(text.replace("x2", "3")).context["new"]]
    assert notes == ["tot en met mei", "", ""]


@pytest.mark.parametrize("rest", ["", '\n2021;4;"nog een"'])
def test_quote_that_is_not_closed_swallows_no_measurement(rest, post):
    text = f'periode;waarde;toelichting\n2018;1;\n2019;2;"tot mei\n2020;3;{rest}'
    [error] = errors(post(text))
    assert error.startswith("Regel 3: deze regel is niet te lezen. Staat er een aanhalingsteken")


@pytest.mark.parametrize(
    ("written", "area"),
    [("almere", "Almere"), ("ALMERE  poort", "Almere Poort"), ("Almere  Haven", "Almere Haven")],
)
def test_area_is_spelled_as_the_figure_has_it(written, area, post, indicator):
    Measurement.objects.create(indicator=indicator, area="Almere Poort", period="2017", value=5)
    answer = post(f"gebied;periode;waarde\n{written};2017;1\n{written.upper()};2018;2")
    told = answer.context["told"]
    assert [(one.row.area, one.row.period) for one in told] == [(area, "2017"), (area, "2018")]
    assert [one.is_new for one in told] == [area == "Almere Haven", True]


def test_area_that_is_there_twice_in_other_letters_is_refused(post):
    answer = post("gebied;periode;waarde\nAlmere;2019;1\nalmere;2019;2")
    assert errors(answer) == ["Regel 3: 2019 voor almere staat ook op regel 2."]


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": "a,b,c,d\n1,2,3,4"},
        {"text": "\x00"},
        {"text": '"' * 999},
        {"text": "1\t" * 5000},
        {"text": "2016\t1\n" * 6000},
        {"text": "1" + "\n" * 6000 + "1", "first_period": "2000-01"},
        {"text": "x" * 600_000},
        {"text": "\u200b"},
        {"text": "2016\t1", "area": ""},
        {"text": "2016\t1", "kind": "anders"},
        {"text": "2016\t1", "kind": "statline"},
        {"text": "1", "first_period": "gisteren"},
        {"file": SimpleUploadedFile("a.csv", b"\x81\x8d\x8f")},
        {"file": SimpleUploadedFile("a.csv", b"2016;1\n" * 200_000)},
    ],
)
def test_bad_input_is_refused_in_dutch_and_nothing_is_lost(fields, post, indicator):
    answer = post(**{"text": "", **fields})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert indicator.measurements.count() == 2


def test_statline_file_lists_its_columns_and_is_read(post):
    text = (
        '"ID";"SoortMisdrijf";"RegioS";"Perioden";"GeregistreerdeMisdrijven_1"\r\n'
        '0;"0.0.0 ";"GM0034";"2018JJ00";10123\r\n'
        '1;"0.0.0 ";"GM0344";"2018JJ00";99999\r\n'
        '2;"1.1.1 ";"GM0034";"2018JJ00";393\r\n'
    )
    answer = post(text, kind="statline")
    assert "Kies uit: ID, SoortMisdrijf, RegioS, Perioden, GeregistreerdeMisdrijven_1" in (
        answer.content.decode()
    )
    answer = post(
        text,
        kind="statline",
        column="GeregistreerdeMisdrijven_1",
        where="SoortMisdrijf=0.0.0",
    )
    assert shown(answer) == [("2018", "nieuw", "10.123")]


def test_statline_file_with_titles_is_read(post):
    text = "Misdrijven; regio\nRegio's;Perioden;Totaal\nAlmere;2018*;10123\nBron: CBS\n"
    answer = post(text, kind="statline", column="Totaal")
    assert shown(answer) == [("2018", "nieuw", "10.123")]
    assert answer.context["new"][0].provisional


def test_statline_regions_are_chosen_named_and_kept_as_shown(post, indicator):
    text = "RegioS;Perioden;A_1\nNL01;2018JJ00;46,0\nGM0034;2018JJ00;57,125\nGM0344;2018JJ00;1\n"
    fields = {"kind": "statline", "column": "A_1", "regions": "NL01=Nederland\nGM0034=Almere"}
    trial = post(text, **fields)
    assert [(one.row.area, one.row.value) for one in trial.context["new"]] == [
        ("Nederland", Decimal(46)),
        ("Almere", Decimal("57.125")),
    ]
    page = trial.content.decode()
    hidden = dict(
        re.findall(
            r'<textarea name="(\w+)" hidden[^>]*>\n(.*?)</textarea>',
            page,
            re.DOTALL,
        )
    )
    assert hidden["regions"] == fields["regions"] + "\n"
    assert confirm(post, trial, text, **fields).status_code == 302
    assert Version.objects.of(indicator).drafts().count() == 1


@pytest.mark.parametrize(
    ("regions", "refusal"),
    [
        ("NL01", "Schrijf elke regel als code=naam."),
        ("NL01=", "Schrijf elke regel als code=naam."),
        (f"NL01={'x' * 81}", "hooguit 80 tekens"),
        ("NL99=Nergens", "Er staan geen cijfers in."),
    ],
)
def test_statline_regions_that_say_nothing_are_refused(regions, refusal, post):
    text = "RegioS;Perioden;A_1\nNL01;2018JJ00;46,0\n"
    answer = post(text, kind="statline", column="A_1", regions=regions)
    assert answer.status_code == 200
    assert refusal in answer.content.decode()


def test_who_may_not_change_figures_may_not_paste_them(bezoeker, indicator):
    address = f"/beheer/themes/indicator/{indicator.pk}/cijfers-invoeren/"
    assert bezoeker.get(address).status_code == 302
    assert bezoeker.post(address, {"text": "2016\t1"}).status_code == 302


def test_form_leads_to_the_page_and_keeps_a_measurement_once(beheerder, indicator):
    form = beheerder.get(f"/beheer/themes/indicator/{indicator.pk}/change/")
    assert "../cijfers-invoeren/" in form.content.decode()
    with pytest.raises(Exception, match="Voor dit gebied en deze periode"):
        Measurement(indicator=indicator, period="2016").full_clean()
    with pytest.raises(Exception, match="Schrijf een periode als 2020"):
        Measurement(indicator=indicator, period="2016-H3").full_clean()


@pytest.fixture
def shifted(indicator):
    """A published figure with measurements of 2018 and 2019 alone."""
    indicator.measurements.all().delete()
    for year in (2018, 2019):
        Measurement.objects.create(indicator=indicator, period=str(year), value=year)
    publish(indicator)
    return indicator


def rows(response):
    """The rows of a form: {period: number of the row}."""
    data = posted(response)
    total = int(data["measurements-TOTAL_FORMS"][0])
    return {data[f"measurements-{number}-period"][0]: number for number in range(total)}


def periods(content):
    return {
        (one["fields"]["period"], float(one["fields"]["value"]))
        for one in content["children"]["measurements"]
    }


MOVED = {("2019", 2018.0), ("2020", 2019.0)}


@pytest.mark.parametrize(
    ("change_of_the_last", "value", "becomes"),
    [("period", "2020", MOVED), ("DELETE", "on", {("2019", 2018.0)})],
)
def test_a_measurement_takes_the_place_of_one_that_leaves_it_and_is_published(
    beheerder, shifted, change_of_the_last, value, becomes
):
    page = f"/beheer/themes/indicator/{shifted.pk}/change/"
    form = beheerder.get(page)
    first, last = (f"measurements-{rows(form)[year]}" for year in ("2018", "2019"))
    moved = {f"{first}-period": "2019", f"{last}-{change_of_the_last}": value}
    assert beheerder.post(page, posted(form, **moved)).status_code == 302
    assert periods(draft_of(shifted).content) == becomes
    publish(shifted)
    assert {(one.period, float(one.value)) for one in shifted.measurements.all()} == becomes


def test_measurements_that_move_up_one_by_one_can_be_shown_and_published(beheerder, shifted):
    page = f"/beheer/themes/indicator/{shifted.pk}/change/"
    for before, after in (("2019", "2020"), ("2018", "2019")):
        form = beheerder.get(page)
        change = {f"measurements-{rows(form)[before]}-period": after}
        assert beheerder.post(page, posted(form, **change)).status_code == 302
    assert beheerder.post(page, posted(beheerder.get(page))).status_code == 302
    assert beheerder.get(f"/voorbeeld/themes.indicator/{shifted.pk}/").status_code == 200
    moment = timezone.now() + timedelta(days=1)
    schedule(shifted, moment, note="Verschoven")
    assert [one.problem for one in publish_due(moment)] == [""]
    assert {(one.period, float(one.value)) for one in shifted.measurements.all()} == MOVED


@pytest.mark.slow
def test_figure_with_twenty_years_of_months_is_saved_in_its_form(beheerder, indicator):
    Measurement.objects.bulk_create(
        Measurement(indicator=indicator, period=f"{year}-{month:02}", value=year)
        for year in range(1990, 2010)
        for month in range(1, 13)
    )
    page = f"/beheer/themes/indicator/{indicator.pk}/change/"
    data = posted(beheerder.get(page), form="definition", definition="Wat wordt geteld.")
    assert beheerder.post(page, data).status_code == 302
    assert "Wat wordt geteld." in beheerder.get(page).text


def test_more_measurements_than_the_form_can_hold_are_refused_with_the_text_kept(post, indicator):
    table = "gebied\tperiode\twaarde\n" + "\n".join(
        f"Wijk {area}\t{year}\t1" for area in range(100) for year in range(2010, 2021)
    )
    versions = Version.objects.count()
    answer = post(table)
    assert "Zo krijgt dit cijfer 1.102 metingen. Het formulier kan er 1.000 aan." in answer.text
    assert "Wijk 99" in answer.text
    assert 'name="gezien"' not in answer.text, "nothing to confirm"
    assert Version.objects.count() == versions


def test_row_of_a_draft_that_was_published_meanwhile_stays_one_row(
    redacteur, eindredacteur, indicator
):
    page = f"/beheer/themes/indicator/{indicator.pk}/change/"
    last = indicator.measurements.count()
    new = {"area": "Almere Haven", "period": "2020", "value": "10"}
    added = {f"measurements-{last}-{name}": value for name, value in new.items()}
    redacteur.post(page, posted(redacteur.get(page), button="_continue", **added))
    mine = posted(redacteur.get(page), button="_continue")
    row = next(
        name.removesuffix("-area") for name, value in mine.items() if value == ["Almere Haven"]
    )
    mine[f"{row}-value"] = ["12"]
    publish(indicator)
    answer = redacteur.post(page, mine)
    (one,) = answer.context["conflict"].both
    assert "Waarde: 10" in one.old
    assert "Waarde: 12" in one.new
    redacteur.post(page, posted(answer, button="_continue"))
    publish(indicator)
    assert indicator.measurements.get(area="Almere Haven").value == 12
    assert indicator.measurements.count() == last + 1


def test_measurement_that_is_there_twice_is_refused_in_dutch(beheerder, indicator):
    page = f"/beheer/themes/indicator/{indicator.pk}/change/"
    last = indicator.measurements.count()
    shown = posted(beheerder.get(page), button="_continue")
    twice = {name: shown[f"measurements-0-{name}"] for name in ("area", "period")}
    added = {f"measurements-{last}-{name}": value for name, value in twice.items()}
    text = beheerder.post(page, {**shown, **added}).content.decode()
    assert "Voor dit gebied en deze periode is er al een meting." in text
    assert "area en period" not in text
