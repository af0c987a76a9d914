"""The command that reads CBS StatLine's CSV export, on files in that format."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from themes.models import Indicator
from veiligalmere.editorial.models import Version
from veiligalmere.editorial.publish import save_draft, schedule, submit, withdraw
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db

SLUG = "geregistreerde-misdrijven"
FILE = """\
"ID";"SoortMisdrijf";"RegioS";"Perioden";"Totaal_1";"Per1000_2"
0;"0.0.0 ";"GM0034";"2016JJ00";11218;57,1
1;"0.0.0 ";"GM0034";"2017JJ00";9853;49,3
2;"0.0.0 ";"GM0034";"2018JJ00";.;.
3;"0.0.0 ";"GM0034";"2019KW01";2401;12,0
8;"0.0.0 ";"GM0034";"2019HJ02";4790;23,2
4;"0.0.0 ";"GM0034";"2019MM06";"801";"3,9"
5;"0.0.0 ";"GM0034";"2019JJ00*";9600;46,2
6;"0.0.0 ";"NL01";"2019JJ00";800000;46,0
7;"1.1.1 ";"GM0034";"2019JJ00";1;0,1
"""


@pytest.fixture
def run(tmp_path):
    """A function that runs the command on a file with this text and returns what it prints."""

    def call(*arguments, text=FILE, figure=SLUG, encoding="utf-8-sig"):
        path = tmp_path / "statline.csv"
        path.write_text(text, encoding)
        output = StringIO()
        call_command("import_statline", figure, path, *arguments, stdout=output)
        return output.getvalue()

    return call


DOUBLE = f'{FILE}9;"0.0.0 ";"GM0034";"2019JJ00";1;0,1\n'
# Kinds of lines that share no period, so that no line contradicts another.
APART = """\
ID;SoortMisdrijf;RegioS;Perioden;Totaal_1;Per1000_2
0;T001161;GM0034;2018JJ00;9000;45
1;1.2.1;GM0034;2020JJ00;400;2
2;1.2.2;NL01;2020JJ00;400;2
"""
SEXES = """\
ID;SoortMisdrijf;Geslacht;RegioS;Perioden;Totaal_1
0;1.2.1;M;GM0034;2018JJ00;9000
1;1.2.1;V;GM0034;2020JJ00;400
"""
NAMED = "Geslacht;Perioden;Totaal;Deel\nMannen;2018JJ00;5;1\nVrouwen;2019JJ00;6;2\n"
TITLES = """\
"Geregistreerde misdrijven; soort misdrijf, regio"
"Soort misdrijf";"Regio's";"Perioden";"Totaal (aantal)";"Per 1 000 inwoners"
"Misdrijven, totaal";"Almere";"2018";"10123";"49,3"
"Misdrijven, totaal";"Almere";"2019 1e kwartaal";"2401";"12,0"
"Misdrijven, totaal";"Almere";"2019 juni";"801";"3,9"
"Misdrijven, totaal";"Almere";"2019*";"9600";"46,2"
"Misdrijven, totaal";"Nederland";"2019*";"800000";"46,0"
"Vermogensmisdrijven";"Almere";"2019*";"1";"0,1"
"Bron: CBS"
"""
UNDER_EACH_OTHER = """\
"Bevolking; kerncijfers"
"Onderwerpen";"Jonger dan 20 jaar";"20 tot 40 jaar"
"Perioden";"aantal";"aantal"
"1950";"3742499";"2951369"
"""
TOTAL = "Soort misdrijf=Misdrijven, totaal"
WHERE = ("--where", "SoortMisdrijf=0.0.0")


def measurements():
    return {
        (one.area, one.period): (one.value, one.provisional)
        for one in Indicator.objects.get(slug=SLUG).measurements.all()
    }


def test_without_write_it_only_shows(run):
    before = measurements()
    output = run("--column", "Totaal_1", *WHERE)
    assert "Almere 2019: nieuw → 9.600" in output
    assert "5 of 7 new or different" in output
    assert measurements() == before
    assert not Version.objects.drafts().exists()


def test_write_keeps_it_in_the_draft(run):
    before = measurements()
    run("--column", "Totaal_1", *WHERE, "--write")
    assert measurements() == before
    assert Version.objects.drafts().count() == 1


def test_publish_makes_it_public_with_every_kind_of_period(run):
    run("--column", "Totaal_1", *WHERE, "--publish")
    assert measurements() == {
        ("Almere", "2016"): (11218, False),
        ("Almere", "2017"): (9853, False),
        ("Almere", "2018"): (None, False),
        ("Almere", "2019-K1"): (2401, False),
        ("Almere", "2019-H2"): (4790, False),
        ("Almere", "2019-06"): (801, False),
        ("Almere", "2019"): (9600, True),
    }


def test_what_was_written_before_is_published_when_that_is_asked(run):
    run("--column", "Totaal_1", *WHERE, "--write")
    output = run("--column", "Totaal_1", *WHERE, "--publish")
    assert "0 of 7 new or different" in output
    assert measurements()["Almere", "2019"] == (9600, True)
    assert not Version.objects.drafts().exists()
    published = Version.objects.published().count()
    run("--column", "Totaal_1", *WHERE, "--publish")
    assert Version.objects.published().count() == published, "and not again"


TWO = FILE.partition('2;"0.0.0 "')[0]  # what the figure has already
NEXT = f'{TWO}2;"0.0.0 ";"GM0034";"2018JJ00";9500;47,1\n'
PUBLISH = ("--column", "Totaal_1", *WHERE, "--publish")


def change_definition(row):
    row.definition = "Half af"
    row.save()


def plan(indicator):
    save_draft(indicator, change_definition)
    submit(indicator)
    schedule(indicator, timezone.now() + timedelta(days=2))


def stands():
    """What is public of the figure, and its draft."""
    indicator = Indicator.objects.get(slug=SLUG)
    draft = draft_of(indicator)
    kept = (draft.pk, draft.draft_state, draft.publish_at, draft.content) if draft else None
    return indicator.state, indicator.definition, measurements(), kept


def test_draft_is_left_alone_if_the_file_has_nothing_that_is_not_public(run):
    run(*PUBLISH, text=TWO)
    plan(Indicator.objects.get(slug=SLUG))
    before = stands()
    output = run(*PUBLISH, text=TWO)
    assert output == "0 of 2 new or different\nNothing to publish: the public has all of this.\n"
    assert stands() == before


@pytest.mark.parametrize("written", [(), ("--write",)])
def test_what_somebody_else_left_in_the_draft_is_not_published_along(written, run):
    plan(Indicator.objects.get(slug=SLUG))
    if written:
        run("--column", "Totaal_1", *WHERE, *written, text=NEXT)
    before = stands()
    with pytest.raises(CommandError, match="holds other changes too, so nothing was written"):
        run(*PUBLISH, text=NEXT)
    assert stands() == before


def test_measurement_that_somebody_else_left_in_the_draft_is_not_published_along(run):
    run("--column", "Totaal_1", *WHERE, "--write", text=NEXT.replace("2018JJ00", "2015JJ00"))
    before = stands()
    with pytest.raises(CommandError, match="holds other changes too"):
        run(*PUBLISH, text=NEXT)
    assert stands() == before


@pytest.mark.parametrize("has_draft", [False, True])
def test_figure_that_is_not_public_is_not_made_so(has_draft, run):
    indicator = Indicator.objects.get(slug=SLUG)
    if has_draft:
        run("--column", "Totaal_1", *WHERE, "--write", text=NEXT)
    withdraw(indicator)
    before = stands()
    with pytest.raises(CommandError, match="is not public"):
        run(*PUBLISH, text=NEXT)
    assert stands() == before


def test_mark_that_changes_is_told(run):
    run("--column", "Totaal_1", *WHERE, "--publish")
    output = run("--column", "Totaal_1", *WHERE, text=FILE.replace("JJ00*", "JJ00"))
    assert "Almere 2019: 9.600 → 9.600, voorlopig: ja → nee\n1 of 7" in output


def test_decimal_comma_other_column_and_regions(run):
    regions = ("--region", "GM0034=Almere", "--region", "NL01=Nederland")
    run("--column", "Per1000_2", *WHERE, *regions, "--publish")
    assert measurements()["Nederland", "2019"] == (Decimal("46.0"), False)
    assert measurements()["Almere", "2016"] == (Decimal("57.1"), False)


def test_file_with_titles_is_read_past_the_title_and_up_to_the_source(run):
    run("--column", "Totaal (aantal)", "--where", TOTAL, "--publish", text=TITLES)
    found = measurements()
    assert found["Almere", "2018"] == (10123, False)
    assert found["Almere", "2019-K1"] == (2401, False)
    assert found["Almere", "2019-06"] == (801, False)
    assert found["Almere", "2019"] == (9600, True)


def test_file_with_titles_names_its_columns_and_takes_regions_by_name(run):
    with pytest.raises(CommandError, match="one of: Soort misdrijf, Regio's, Perioden, Totaal"):
        run(text=TITLES)
    regions = ("--region", "Nederland=heel Nederland")
    run("--column", "Totaal (aantal)", "--where", TOTAL, *regions, "--publish", text=TITLES)
    assert measurements()["heel Nederland", "2019"] == (800000, True)


def test_file_with_titles_asks_for_a_kind_of_lines_and_takes_numbers_for_values(run):
    with pytest.raises(CommandError, match="“Soort misdrijf” staan meer") as error:
        run("--column", "Totaal (aantal)", text=TITLES)
    assert "inwoners" not in str(error.value)


def test_lines_of_one_kind_need_no_choice(run):
    chosen = ("--where", "SoortMisdrijf=1.2.1")
    assert "1 of 1 new" in run("--column", "Totaal_1", *chosen, text=APART)
    one_kind = APART.replace("T001161", "1.2.1")
    assert "2 of 2 new" in run("--column", "Totaal_1", text=one_kind)
    assert "2 of 2 new" in run("--column", "Totaal", text=NAMED.replace("Vrouwen", "Mannen"))


def test_file_without_regions_is_about_almere(run):
    run("--column", "W_1", "--publish", text="Perioden;W_1\n2015JJ00;5\n")
    assert measurements()["Almere", "2015"] == (5, False)


def test_file_may_be_in_the_encoding_of_windows_and_have_decimal_points(run):
    text = "Perioden;Coöperaties_1\n2015JJ00;3.125\n"
    run("--column", "Coöperaties_1", "--publish", text=text, encoding="cp1252")
    assert measurements()["Almere", "2015"] == (Decimal("3.125"), False)


def test_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "statline.csv"
    path.write_bytes(b"\x81\x8d\x8f")
    with pytest.raises(CommandError, match="Can't read"):
        call_command("import_statline", SLUG, path, "--column", "A")


@pytest.mark.parametrize(
    ("arguments", "text", "message"),
    [
        ((), FILE, "Totaal_1, Per1000_2"),
        (("--column", "Bestaat_9"), FILE, "Er is geen kolom “Bestaat_9”"),
        (("--column", "Totaal_1"), FILE, "“SoortMisdrijf” staan meer soorten regels: 0.0.0, 1.1.1"),
        (("--column", "Totaal_1", *WHERE), DOUBLE, "Regel 11: 2019 voor Almere staat ook op regel"),
        (("--column", "Totaal_1"), APART, "bijvoorbeeld “SoortMisdrijf=T001161”"),
        (
            ("--column", "Totaal_1", "--where", "SoortMisdrijf=1.2.1"),
            SEXES,
            "Geslacht.*: M, V. Kies",
        ),
        (("--column", "Totaal"), NAMED, "“Geslacht” staan meer soorten regels: Mannen, Vrouwen"),
        (("--column", "Totaal_1", "--where", "x"), FILE, "as name=value"),
        (("--column", "Totaal_1", "--where", "SoortMisdrijf=9"), FILE, "geen cijfers"),
        (("--column", "A"), "A;B\n1;2\n", "geen kolom “Perioden”"),
        (("--column", "A"), "", "geen cijfers"),
        (("--column", "A"), "Perioden;A\nooit;5\n", "Regel 2: “ooit” is geen periode"),
        (("--column", "A"), "Perioden;A\n2019JJ00;vijf\n", "Regel 2: “vijf” is geen getal"),
        (("--column", "A"), "Perioden;A\n2019JJ00;1,23456\n", "“1,23456” heeft meer dan vier"),
        (("--column", "A"), "Perioden;A\n2019KW05;5\n", "Regel 2: “2019KW05” is geen periode"),
        (("--column", "A"), "Perioden;A\n2019HJ03;5\n", "Regel 2: “2019HJ03” is geen periode"),
        (("--column", "A"), "Perioden;A\n2019JJ00\n", "Regel 2: er ontbreken kolommen"),
        (("--column", "A"), "Titel\nPerioden;A\n2019JJ00;x1\n", "Regel 3: “x1” is geen getal"),
        (("--column", "aantal"), UNDER_EACH_OTHER, "Er is meer dan één kolom “aantal”"),
        (("--column", "A"), "Perioden;A;RegioS\n2019JJ00;1\n", "Regel 2: er ontbreken kolommen"),
    ],
)
def test_file_that_can_not_be_read_is_refused_with_the_line(arguments, text, message, run):
    before = measurements()
    with pytest.raises(CommandError, match=message):
        run(*arguments, "--write", text=text)
    assert measurements() == before
    assert not Version.objects.drafts().exists()


def test_unknown_figure_and_missing_file_are_refused(run, tmp_path):
    with pytest.raises(CommandError, match="no figure"):
        run("--column", "Totaal_1", figure="bestaat-niet")
    with pytest.raises(CommandError, match="Can't read"):
        call_command("import_statline", SLUG, tmp_path / "niets.csv")
