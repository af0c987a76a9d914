"""Figures: what they say, how they are drawn, their table and CSV, and where they stand."""

import codecs
import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from plan.models import Action
from tests.tooling.environment import ROOT
from themes.models import Indicator, Measurement, Subtopic, Theme
from veiligalmere.editorial.numbers import written
from veiligalmere.editorial.publish import publish, save_draft, withdraw

pytestmark = pytest.mark.django_db

CRIMES = "/cijfers/geregistreerde-misdrijven/"
ADDRESS = "/cijfers/proef/"


def make(values, **fields):
    """Publish a figure with `values`: (period, value) or (period, value, more)."""
    defaults = {
        "theme": Theme.objects.first(),
        "name": "Proef",
        "slug": "proef",
        "unit": "aantal",
        "source": "Een bron",
        "source_url": "https://example.org/bron",
    }
    indicator = Indicator.objects.create(**defaults | fields)
    for period, value, *more in values:
        number = None if value is None else Decimal(str(value))
        extra = more[0] if more else {}
        Measurement.objects.create(indicator=indicator, period=period, value=number, **extra)
    publish(indicator)
    return indicator


def text_of(bezoeker, address=ADDRESS):
    return bezoeker.get(address).content.decode()


def csv_rows(bezoeker, address):
    text = bezoeker.get(address).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def description_of(bezoeker):
    return re.search(r'<meta name="description" [^>]*content="([^"]*)"', text_of(bezoeker))[1]


def message(bezoeker):
    return bezoeker.get(ADDRESS).context["figure"].message


def test_loaded_figures_are_those_of_the_source_and_no_others(db):
    with (ROOT / "fixtures/bron/cijfers.csv").open(encoding="utf-8") as file:
        source = {
            (
                *(row[name] for name in ("cijfer", "eenheid", "gebied", "periode")),
                Decimal(row["waarde"]),
                row["bron"],
                row["adres"],
            )
            for row in csv.DictReader(file)
        }
    loaded = {
        (
            one.indicator.name,
            one.indicator.unit,
            one.area,
            one.period,
            one.value,
            one.indicator.source,
            one.indicator.source_url,
        )
        for one in Measurement.objects.select_related("indicator")
    }
    assert loaded == source
    assert not Indicator.objects.exclude(target=None, next_update=None, definition="").exists()


def test_all_figures_stand_by_theme_and_lead_to_their_page(bezoeker):
    text = text_of(bezoeker, "/cijfers/")
    for indicator in Indicator.objects.public():
        assert f'href="{indicator.get_absolute_url()}"' in text
    assert "18% <span" in text
    assert "13 procentpunt minder dan in 2017 (31%)." in text


def test_figure_says_its_message_before_the_drawing(bezoeker):
    text = text_of(bezoeker, CRIMES)
    sentence = "In 2017 was dit 9.853. Dat is 12% minder dan in 2016 (11.218)."
    assert text.index(f'class="figure-message">{sentence}') < text.index('<svg class="figure-chart')
    assert "Almere Deze Week" in text
    assert "nog niet bekend" in text


@pytest.mark.parametrize(
    ("values", "fields", "sentence"),
    [
        ([], {}, "Er is nog geen cijfer beschikbaar."),
        ([("2019", None)], {}, "Er is nog geen cijfer beschikbaar."),
        ([("2019", 5)], {}, "In 2019 was dit 5."),
        ([("2018", 5), ("2019", 5)], {}, "In 2019 was dit 5. Dat is evenveel als in 2018."),
        ([("2018", 0), ("2019", 5)], {}, "In 2019 was dit 5. Dat is 5 meer dan in 2018 (0)."),
        (
            [("2018", 200), ("2019", 201)],
            {},
            "In 2019 was dit 201. Dat is 0,5% meer dan in 2018 (200).",
        ),
        (
            [("2017", 10), ("2018", 20), ("2019", 40)],
            {"base_year": 2018},
            "In 2019 was dit 40. Dat is 100% meer dan in 2018 (20).",
        ),
        # Without a value to compare with in the base year it compares with no other.
        (
            [("2018", 10), ("2019", 20), ("2020", 30)],
            {"base_year": 2020},
            "In 2020 was dit 30.",
        ),
        (
            [("2017", 10), ("2018", None), ("2019", 20)],
            {"base_year": 2018},
            "In 2019 was dit 20.",
        ),
        (
            [("2018", "7.25"), ("2019", "6.5")],
            {"unit": "%", "decimals": 1},
            "In 2019 was dit 6,5%. Dat is 0,8 procentpunt minder dan in 2018 (7,3%).",
        ),
        # What is compared are the values that stand in the sentence.
        (
            [("2019", "30.6"), ("2020", "31.4")],
            {"unit": "%"},
            "In 2020 was dit 31%. Dat is evenveel als in 2019.",
        ),
        (
            [("2019", "30.4"), ("2020", "31.5")],
            {"unit": "%"},
            "In 2020 was dit 32%. Dat is 2 procentpunt meer dan in 2019 (30%).",
        ),
        (
            [("2019", "0.4"), ("2020", "5.4")],
            {},
            "In 2020 was dit 5. Dat is 5 meer dan in 2019 (0).",
        ),
        (
            [("2019", "1.4"), ("2020", "2.6")],
            {},
            "In 2020 was dit 3. Dat is 200% meer dan in 2019 (1).",
        ),
        (
            [("2019", "0.4"), ("2020", "-0.4")],
            {},
            "In 2020 was dit 0. Dat is evenveel als in 2019.",
        ),
        (
            [("2019", 100_000), ("2020", 100_010)],
            {},
            "In 2020 was dit 100.010. Dat is 10 meer dan in 2019 (100.000).",
        ),
        (
            [("2019-K1", 1200), ("2019-K2", 1500, {"provisional": True})],
            {"unit": "per week"},
            (
                "In het tweede kwartaal van 2019 was dit 1.500 per week, een voorlopig cijfer. "
                "Dat is 25% meer dan in het eerste kwartaal van 2019 (1.200 per week)."
            ),
        ),
        # A share of what is below 0 would tell nothing.
        (
            [("2018", "-3.5"), ("2020", "-8")],
            {"unit": "graden", "decimals": 1},
            "In 2020 was dit -8,0 graden. Dat is 4,5 graden minder dan in 2018 (-3,5 graden).",
        ),
        (
            [("2018", 0), ("2020", 8)],
            {"unit": "graden"},
            "In 2020 was dit 8 graden. Dat is 8 graden meer dan in 2018 (0 graden).",
        ),
        (
            [("2010", 1_234_500_000), ("2020", 1_234_400_000)],
            {"unit": "euro"},
            (
                "In 2020 was dit 1.234.400.000 euro. "
                "Dat is 100.000 euro minder dan in 2010 (1.234.500.000 euro)."
            ),
        ),
        (
            [("2018", 4), ("2019", None)],
            {},
            "In 2018 was dit 4. Over 2019 is het niet beschikbaar.",
        ),
    ],
)
def test_message_follows_from_the_measurements(values, fields, sentence, bezoeker):
    make(values, **fields)
    assert message(bezoeker) == sentence


def test_areas_stand_in_the_order_of_the_alphabet_after_the_city(bezoeker):
    areas = ["Zeewolde", "Énkhuizen", "almere Haven", "Almere"]
    make([("2020", 1, {"area": area}) for area in areas])
    columns = bezoeker.get(ADDRESS).context["columns"]
    assert columns == ["Periode", "Almere", "almere Haven", "Énkhuizen", "Zeewolde"]


def test_figure_without_the_city_names_the_area_that_it_is_about(jaarplan, bezoeker):
    east, centre = {"area": "Almere Buiten"}, {"area": "Almere Stad"}
    indicator = make(
        [("2019", 10, east), ("2020", 12, east), ("2019", 50, centre), ("2020", 40, centre)]
    )
    sentence = "Almere Buiten: in 2020 was dit 12. Dat is 20% meer dan in 2019 (10)."
    for page in (text_of(bezoeker), text_of(bezoeker, "/insluiten/cijfer/proef/")):
        assert f">{sentence}</p>" in page
        assert re.search(rf"<desc [^>]*>{re.escape(sentence)}", page)
    assert description_of(bezoeker) == f"Proef. {sentence}"
    for page in ("/cijfers/", indicator.theme.get_absolute_url()):
        card = text_of(bezoeker, page).split(f'href="{ADDRESS}">')[1].split("</article>")[0]
        assert "in 2020, Almere Buiten</span>" in card


def test_figure_about_the_city_names_no_area(bezoeker):
    make([("2020", 12), ("2020", 3, {"area": "Almere Buiten"})])
    assert description_of(bezoeker) == "Proef in Almere. In 2020 was dit 12."
    assert "in 2020</span>" in text_of(bezoeker, "/cijfers/")


def test_figure_without_a_value_for_its_first_area_says_so_of_that_area(bezoeker):
    make([("2020", None, {"area": "Almere Buiten"}), ("2020", 40, {"area": "Almere Stad"})])
    assert message(bezoeker) == "Almere Buiten: er is nog geen cijfer beschikbaar."


def test_two_periods_are_bars_true_to_scale_from_zero(bezoeker):
    make([("2018", 100), ("2019", 50)])
    chart = bezoeker.get(ADDRESS).context["chart"]
    first, second = chart.lines[0].points
    assert chart.bars
    assert first.bar["height"] == pytest.approx(2 * second.bar["height"], abs=0.2)
    assert chart.ticks[0]["label"] == "0"


def test_more_periods_are_a_line_on_a_true_time_axis(bezoeker):
    make([("2012", 8), ("2013", 6), ("2019", 4)])
    chart = bezoeker.get(ADDRESS).context["chart"]
    x = [point.x for point in chart.lines[0].points]
    assert not chart.bars
    assert x[2] - x[1] == pytest.approx(6 * (x[1] - x[0]), abs=0.5)
    assert len(chart.lines[0].stretches) == 2


def test_months_have_their_dutch_short_names_on_the_axis(bezoeker):
    make([(f"2020-{month:02d}", month) for month in (3, 8)])
    times = bezoeker.get(ADDRESS).context["chart"].times
    assert [time["label"] for time in times] == ["mrt 2020", "aug 2020"]


def test_missing_value_leaves_a_gap_and_is_named(bezoeker):
    missing = {"provisional": True, "note": "niet gemeten"}
    make([("2016", 8), ("2017", None), ("2018", 6), ("2019", 4), ("2020", None, missing)])
    answer = bezoeker.get(ADDRESS)
    assert len(answer.context["chart"].lines[0].stretches) == 1
    text = answer.content.decode()
    assert "n.b.: niet beschikbaar" in text
    assert "<td>niet beschikbaar</td>" in text
    assert "<td>niet beschikbaar (niet gemeten)</td>" in text


def test_provisional_base_year_and_target_are_drawn_and_told_in_words(bezoeker):
    make(
        [("2017", 8), ("2018", 6), ("2019", 5, {"provisional": True, "note": "tot en met mei"})],
        base_year=2018,
        target=3,
    )
    text = text_of(bezoeker)
    assert "figure-chart__point--provisional" in text
    assert "voorlopig cijfer</li>" in text
    assert "<td>5 (voorlopig, tot en met mei)</td>" in text
    assert "Er staat een lijn bij streefwaarde 3. Er staat een lijn bij basisjaar 2018." in text
    chart = bezoeker.get(ADDRESS).context["chart"]
    assert chart.base.at == chart.lines[0].points[1].x
    assert chart.target.at > chart.lines[0].points[2].y


@pytest.mark.parametrize(
    ("values", "target"),
    [
        ([(str(year), 12000 - (year - 2010) * 330) for year in range(2010, 2021)], 8000),
        ([(str(year), 31 + (year - 2012) * 4) for year in range(2012, 2021)], 70),
        ([("2017", 8), ("2018", 6), ("2019", 5)], 3),
        ([("2018", 31), ("2020", 18)], 25),
    ],
)
def test_target_and_base_year_have_their_words_at_their_line(values, target, bezoeker):
    make(values, base_year=2018, target=target)
    text = text_of(bezoeker)
    words = {one[0]: one for one in texts_in(text)}
    chart = bezoeker.get(ADDRESS).context["chart"]
    _text, _left, top, _right, bottom = words[f"streefwaarde {written(target)}"]
    assert min(abs(top - chart.target.at), abs(bottom - chart.target.at)) < 12
    _text, left, _top, right, _bottom = words["basisjaar 2018"]
    assert left - 12 < chart.base.at < right + 12
    assert (
        "streefwaarde" not in text[text.index("</svg>", text.index("<desc")) :].split("<table")[0]
    )


def test_words_for_which_a_drawing_has_no_room_stand_in_its_legend(bezoeker):
    make([("2018", 31), ("2020", 30)], base_year=2018, target=16, unit="%")
    text = text_of(bezoeker)
    assert "basisjaar 2018" in [one[0] for one in texts_in(text)]
    assert "streefwaarde 16%</li>" in text
    assert "basisjaar 2018</li>" not in text


def test_words_of_target_and_base_year_stand_on_no_line_point_or_bar(bezoeker):
    for number, values in enumerate(CROWDED.values()):
        make(values, base_year=2018, target=9000, slug=f"proef-{number}", name=f"Proef {number}")
        answer = bezoeker.get(f"/cijfers/proef-{number}/")
        chart = answer.context["chart"]
        for text, *box in texts_in(answer.content.decode()):
            if text in {one.label for one in chart.marks}:
                assert not [one for one in drawn_in(chart) if meets(box, one)], (number, text)


def drawn_in(chart):
    """Yield (left, top, right, bottom) of the points, bars and pieces of line of a drawing."""
    for line in chart.lines:
        for point in line.points:
            if point.bar:
                left, top = point.bar["x"], point.bar["y"]
                yield left, top, left + point.bar["width"], top + point.bar["height"]
            elif not point.missing:
                yield point.x - 6, point.y - 6, point.x + 6, point.y + 6
        for one in line.stretches:
            for step in range(101):
                x = one["x1"] + (one["x2"] - one["x1"]) * step / 100
                y = one["y1"] + (one["y2"] - one["y1"]) * step / 100
                yield x - 1, y - 1, x + 1, y + 1


def meets(one, other):
    left, top, right, bottom = one
    left2, top2, right2, bottom2 = other
    return left < right2 and left2 < right and top < bottom2 and top2 < bottom


def test_areas_differ_in_pattern_and_have_their_name_beside_them(bezoeker):
    cities = {"area": "Gemiddelde grote steden"}
    make(
        [(str(year), year - 2000) for year in range(2015, 2020)]
        + [(str(year), 30, cities) for year in range(2015, 2020)]
    )
    answer = bezoeker.get(ADDRESS)
    text = answer.content.decode()
    assert [line.pattern for line in answer.context["chart"].lines] == [0, 1]
    assert re.search(r"<tspan[^>]*>Gemiddelde</tspan>", text)
    assert '<th scope="col">Gemiddelde grote steden</th>' in text


CITIES = {"area": "Gemiddelde grote steden"}
EAST = {"area": "Amsterdam-Zuidoost"}
FIFTEEN_UP = range(2015, 2024)
CROWDED = {
    "bars that are all as high": [
        (year, value, area)
        for year in ("2018", "2019")
        for value, area in (
            (11218, {}),
            (11219, CITIES),
            (11217, EAST),
            (11216, {"area": "Buiten"}),
        )
    ],
    "a bar that is missing, and one that is provisional": [
        ("2018", 31),
        ("2019", 18, {"provisional": True}),
        ("2018", 30, CITIES),
        ("2019", None, CITIES),
    ],
    "lines that cross": [
        *((str(year), year - 1955) for year in FIFTEEN_UP),
        *((str(year), 2083 - year, CITIES) for year in FIFTEEN_UP),
    ],
    "lines that end on each other": [
        (f"2019-{month:02d}", value, area)
        for month in range(1, 13)
        for value, area in ((9853, {}), (9854, CITIES), (9852, EAST))
    ],
    "a line with years left out": [
        *(("2012", 8000), ("2013", 8100), ("2014", 7900), ("2019", 4000), ("2020", None)),
    ],
    "lines above each other": [
        (str(year), value, area)
        for area, values in (
            ({}, (9000, 9200, 9100, 9400)),
            (CITIES, (2500, 2600, 2700, 2800)),
            (EAST, (1200, 1300, 1250, 1350)),
        )
        for year, value in enumerate(values, 2016)
    ],
    "large numbers": [(str(year), 9_999_999_999 - year) for year in range(2015, 2020)],
}


def texts_in(svg):
    """Yield (text, left, top, right, bottom) of the texts in a drawing, as large as on a phone."""
    for attributes, inner in re.findall(r"<text ([^>]*)>(.*?)</text>", svg):
        parts = re.findall(r"<tspan ([^>]*)>(.*?)</tspan>", inner) or [(attributes, inner)]
        for place, text in parts:
            x, y = (float(re.search(rf' {name}="([-\d.]+)"', f" {place}")[1]) for name in "xy")
            y += float((re.search(r' dy="(-?\d+)"', place) or [0, 0])[1])
            width = 13.5 * len(text)
            anchor = re.search(r'text-anchor="(\w+)"', attributes)
            left = x - {"middle": width / 2, "end": width}.get(anchor[1], 0) if anchor else x
            yield text, left, y - 20, left + width, y + 5


@pytest.mark.parametrize("values", CROWDED.values(), ids=CROWDED)
def test_no_text_in_a_drawing_stands_on_another(values, bezoeker):
    make(values, base_year=2018, target=9000)
    svg = re.search(r'<svg class="figure-chart__drawing.*?</svg>', text_of(bezoeker), re.DOTALL)[0]
    texts = list(texts_in(svg))
    assert len(texts) > 6
    for number, (one, left, top, right, bottom) in enumerate(texts):
        for other, left2, top2, right2, bottom2 in texts[:number]:
            apart = left >= right2 or left2 >= right or top >= bottom2 or top2 >= bottom
            assert apart, (one, other)


@pytest.mark.parametrize("values", CROWDED.values(), ids=CROWDED)
def test_no_value_in_a_drawing_stands_past_the_line_of_another_area(values, bezoeker):
    make(values)
    chart = bezoeker.get(ADDRESS).context["chart"]
    points = [point for line in chart.lines for point in line.points]
    labelled = [point for point in points if point.label]
    assert len(labelled) > 1
    for point in labelled:
        low, high = sorted((point.y, point.label_y))
        assert not [one for one in points if one.x == point.x and low < one.y < high]


def of_areas(areas):
    """Return values for five years of `areas`, each some more than that of the one before it."""
    return [
        (str(year), 10 + 4 * number, {"area": area})
        for year in range(2016, 2021)
        for number, area in enumerate(areas)
    ]


def test_name_of_each_district_stands_at_the_end_of_its_line(bezoeker):
    areas = ["Almere", *(f"Almere {name}" for name in DISTRICTS[:3])]
    make(of_areas(areas))
    lines = bezoeker.get(ADDRESS).context["chart"].lines
    assert [[part["text"] for part in line.lines] for line in lines] == [[area] for area in areas]
    for line in lines:
        foot = line.lines[0]["y"]
        assert foot - 22 <= line.points[-1].y <= foot + 6, line.name


def test_long_names_of_areas_stand_whole_within_the_drawing(bezoeker):
    areas = [f"Gemiddelde grote steden {number}" for number in range(1, 5)]
    make(of_areas(areas))
    chart = bezoeker.get(ADDRESS).context["chart"]
    assert [" ".join(part["text"] for part in line.lines) for line in chart.lines] == areas
    feet = [part["y"] for line in chart.lines for part in line.lines]
    assert chart.view_top <= min(feet) - 20
    assert max(feet) <= chart.bottom
    widest = max(len(part["text"]) for line in chart.lines for part in line.lines)
    assert chart.right + 14 * widest <= chart.width


LONG_NAME = "Gemiddelde van de vier grote steden en van hun randgemeenten samen"


@pytest.mark.parametrize("values", CROWDED.values(), ids=CROWDED)
def test_no_name_stands_away_from_the_end_of_its_line(values, bezoeker):
    figure = make(values)
    for name in ("Gebied", "Gemiddelde grote steden", LONG_NAME):
        for number, area in enumerate(sorted({one.area for one in figure.measurements.all()})):
            figure.measurements.filter(area=area).update(area=f"{name} {number}")
        publish(figure)
        for line in bezoeker.get(ADDRESS).context["chart"].lines:
            if line.lines:
                top, bottom = line.lines[0]["y"] - 22, line.lines[-1]["y"] + 6
                assert top - 28 <= line.points[-1].y <= bottom + 28, line.name


def test_names_that_would_push_each_other_away_stand_in_the_legend(bezoeker):
    areas = [f"{LONG_NAME} {number}" for number in range(1, 5)]
    make(of_areas(areas))
    answer = bezoeker.get(ADDRESS)
    chart, text = answer.context["chart"], answer.text
    legend = text[text.index("<figcaption") : text.index("</figcaption>")]
    assert re.findall(r"</svg> ([^<]+)</li>", legend) == areas
    assert [f"figure-chart__line--{line.pattern}" in legend for line in chart.lines] == [True] * 4
    assert LONG_NAME[:10] not in text[text.index("</desc>") : text.index("<figcaption")]
    assert chart.right > chart.width - 40, "they leave their room to the lines"


def test_bars_of_areas_differ_in_pattern_and_are_named_in_the_legend(bezoeker):
    make(CROWDED["a bar that is missing, and one that is provisional"])
    text = text_of(bezoeker)
    legend = text[text.index("<figcaption") : text.index("</figcaption>")]
    assert [*re.findall(r"</svg> ([^<]+)</li>", legend)] == [
        *("Almere", "Gemiddelde grote steden", "voorlopig cijfer"),
    ]
    assert 'fill="url(#patroon-proef-1)"' in legend
    assert '<pattern id="patroon-proef-1"' in text
    assert "Gemiddelde" not in text[text.index("</desc>") : text.index("<figcaption")]


DISTRICTS = ("Buiten", "Haven", "Hout", "Poort", "Stad")
NOT_ALL = "Niet alle gebieden passen in de grafiek. In de tabel staan ze allemaal."


@pytest.mark.parametrize("years", [["2020"], ["2019", "2020"], ["2018", "2019", "2020"]])
def test_no_two_areas_in_a_drawing_look_the_same_and_the_table_has_all(years, bezoeker):
    areas = ["Almere", *(f"Almere {name}" for name in DISTRICTS)]
    make([(year, 10 * n, {"area": area}) for year in years for n, area in enumerate(areas, 1)])
    answer = bezoeker.get(ADDRESS)
    lines = answer.context["chart"].lines
    assert [line.name for line in lines] == areas[:4]
    assert len({line.pattern for line in lines}) == 4
    text = answer.content.decode()
    assert f">{NOT_ALL}</li>" in text[text.index("<figcaption") : text.index("</figcaption>")]
    assert all(f'<th scope="col">{area}</th>' in text for area in areas)


def test_a_drawing_with_all_areas_says_nothing_of_the_table(bezoeker):
    areas = ["Almere", *(f"Almere {name}" for name in DISTRICTS[:3])]
    make([("2020", 10, {"area": area}) for area in areas])
    assert len(bezoeker.get(ADDRESS).context["chart"].lines) == 4
    assert NOT_ALL not in text_of(bezoeker)


def test_drawing_has_a_title_a_description_and_no_style_of_its_own(bezoeker):
    text = text_of(bezoeker, CRIMES)
    svg = re.search(r'<svg class="figure-chart.*?</svg>', text, re.DOTALL).group()
    title, description = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', svg).groups()
    assert f'<title id="{title}">Geregistreerde misdrijven</title>' in svg
    assert f'<desc id="{description}">In 2017 was dit 9.853.' in svg
    assert "style=" not in svg
    assert ">11.218</text>" in svg


@pytest.mark.parametrize(
    "values",
    [
        [],
        [("2019", None)],
        [("2019", 0)],
        [("2018", -3), ("2019", 4)],
        [("2019", "9999999999")],
        [("2019", "0.0001")],
    ],
)
def test_figure_with_few_or_strange_values_has_a_page(values, bezoeker):
    make(values, decimals=4)
    assert bezoeker.get(ADDRESS).status_code == 200
    assert bezoeker.get("/cijfers/").status_code == 200


def test_update_that_is_due_today_is_in_time_and_tomorrow_late(bezoeker):
    today = timezone.localdate()
    indicator = make([("2019", 1)], next_update=today)
    assert "te laat" not in text_of(bezoeker).lower()
    indicator.next_update = today - timedelta(days=1)
    indicator.save()
    publish(indicator)
    assert "Te laat" in text_of(bezoeker)
    assert "Te laat" in text_of(bezoeker, "/cijfers/")


def test_late_figure_names_the_day(bezoeker):
    make([("2019", 1)], next_update=date(2020, 4, 14))
    assert "Er had op 14 april 2020 een nieuw cijfer moeten zijn." in text_of(bezoeker)


def test_a_note_in_the_csv_is_no_formula_in_any_spreadsheet(bezoeker):
    figure = Indicator.objects.get(slug="geregistreerde-misdrijven")
    figure.measurements.filter(period="2017").update(note="Zo;=1+1")
    rows = csv_rows(bezoeker, f"{CRIMES}cijfer.csv")
    assert "Zo;'=1+1" in [row["toelichting"] for row in rows]


def test_changed_numbers_are_told_as_readers_write_them(bezoeker, beheerder):
    indicator = make([("2018", "9100.5"), ("2019", "0.25")], target=7000)

    def write(row):
        row.target = Decimal(8000)
        row.save()
        row.measurements.filter(period="2018").update(value=Decimal(9200))
        row.measurements.filter(period="2019").update(value=Decimal("0.3"))

    save_draft(indicator, write, by=beheerder.user)
    judge = f"/beheer/themes/indicator/{indicator.pk}/beoordelen/"
    for page in (text_of(beheerder, judge), _published(bezoeker, indicator)):
        shown = re.sub(r"<[^>]*>", "", page)
        for was, becomes in (("7.000", "8.000"), ("9.100,5", "9.200")):
            assert re.search(rf": {was}\W*(toegevoegd|wordt): {becomes}(?!\d)", shown)
        assert "Waarde: verwijderd: 0,25toegevoegd: 0,3" in shown
        assert ".0000" not in shown


def _published(bezoeker, indicator):
    publish(indicator, note="Nieuwe streefwaarde")
    return text_of(bezoeker, "/wijzigingen/")


def test_csv_has_every_measurement_and_its_source(bezoeker):
    answer = bezoeker.get(f"{CRIMES}cijfer.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="geregistreerde-misdrijven.csv"'
    )
    rows = csv_rows(bezoeker, f"{CRIMES}cijfer.csv")
    assert [(row["periode"], row["waarde"]) for row in rows] == [
        ("2016", "11218"),
        ("2017", "9853"),
    ]
    everything = csv_rows(bezoeker, "/cijfers/alle-cijfers.csv")
    assert len(everything) == Measurement.objects.count()
    assert all(row["bron"] and row["adres"] for row in everything)


@pytest.mark.parametrize(
    ("page", "files"), [(CRIMES, f"{CRIMES}cijfer"), ("/cijfers/", "/cijfers/alle-cijfers")]
)
def test_figures_are_there_as_excel_too_and_each_column_is_described(page, files, bezoeker):
    shown = text_of(bezoeker, page)
    answers = {}
    for kind in ("csv", "xlsx", "csv-metadata.json"):
        assert f'href="{files}.{kind}"' in shown
        answers[kind] = bezoeker.get(f"{files}.{kind}")
        assert answers[kind]["Access-Control-Allow-Origin"] == "*"
    rows = csv_rows(bezoeker, f"{files}.csv")
    book = load_workbook(io.BytesIO(answers["xlsx"].content))
    heads, *lines = book["Gegevens"].iter_rows(values_only=True)
    assert list(heads) == list(rows[0])
    assert [line[:4] for line in lines] == [tuple(row.values())[:4] for row in rows]
    for line, row in zip(lines, rows, strict=True):
        value = line[heads.index("waarde")]
        assert value is None or Decimal(str(value)) == Decimal(row["waarde"])
        assert isinstance(value, int | float | None)
    described = answers["csv-metadata.json"].json()
    assert described["url"].endswith(f"{files}.csv")
    columns = described["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == list(heads)
    assert all(column["dc:description"].endswith(".") for column in columns)
    assert bezoeker.get(f"{files}.pdf").status_code == 404


def test_files_of_a_figure_go_along_with_its_page(bezoeker):
    indicator = make([("2019", 1)])
    save_draft(indicator, lambda row: (setattr(row, "slug", "proeven"), row.save()))
    publish(indicator)
    for kind in ("csv", "xlsx", "csv-metadata.json"):
        answer = bezoeker.get(f"{ADDRESS}cijfer.{kind}")
        assert (answer.status_code, answer["Location"]) == (301, f"/cijfers/proeven/cijfer.{kind}")


@pytest.mark.parametrize("address", [f"{CRIMES}cijfer.csv", "/cijfers/alle-cijfers.csv"])
def test_csv_begins_with_the_mark_by_which_excel_knows_its_letters(address, bezoeker):
    content = bezoeker.get(address).content
    assert content.startswith(codecs.BOM_UTF8)
    assert content.count(codecs.BOM_UTF8) == 1


def test_csv_holds_no_formula_for_a_spreadsheet(bezoeker):
    make([("2019", -4, {"note": '=HYPERLINK("x")'})], name="@proef")
    row = csv_rows(bezoeker, f"{ADDRESS}cijfer.csv")[0]
    assert row["cijfer"] == "'@proef"
    assert row["toelichting"].startswith("'=")
    assert row["waarde"] == "-4"


def test_figure_stands_on_the_pages_of_its_theme_subtopics_and_actions(jaarplan, bezoeker):
    indicator = make([("2019", 1)])
    subtopic = Subtopic.objects.get(slug="woninginbraken")
    indicator.subtopics.add(subtopic)
    action = Action.objects.get(slug="straatintimidatie")
    action.indicators.add(indicator)
    pages = [
        indicator.theme.get_absolute_url(),
        subtopic.get_absolute_url(),
        subtopic.parent.get_absolute_url(),
        action.get_absolute_url(),
    ]
    for page in pages:
        assert f'href="{ADDRESS}"' in text_of(bezoeker, page), page
    withdraw(indicator)
    for page in pages:
        assert f'href="{ADDRESS}"' not in text_of(bezoeker, page), page
    assert bezoeker.get(ADDRESS).status_code == 410
    assert bezoeker.get(f"{ADDRESS}cijfer.csv").status_code == 410


def test_figure_is_found_and_named_in_the_sitemap(bezoeker):
    groups = bezoeker.get("/zoeken/", {"zoek": "fietsendiefstal"}).context["groups"]
    assert groups[0]["results"][0]["url"] == "/cijfers/geregistreerde-fietsendiefstallen/"
    assert f"{CRIMES}</loc>" in text_of(bezoeker, "/sitemap.xml")


def test_unknown_figure_offers_those_there_are(bezoeker):
    answer = bezoeker.get("/cijfers/bestaat-niet/")
    assert answer.status_code == 404
    assert CRIMES in answer.content.decode()


def test_without_figures_the_page_says_so(bezoeker):
    for indicator in Indicator.objects.public():
        withdraw(indicator)
    assert "Er staan hier nog geen cijfers" in text_of(bezoeker, "/cijfers/")
