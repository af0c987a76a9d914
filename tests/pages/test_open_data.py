"""The page about open data: examples that work, files with each column described, the licence."""

import csv
import io
import re
from copy import copy as copied
from html import unescape

import pytest
from openpyxl import load_workbook

from plan.models import Action
from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.pages.api.kinds import BY_NAME, KINDS

pytestmark = pytest.mark.django_db

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def text_of(client):
    return client.get("/open-data/").content.decode()


def test_every_link_and_example_on_the_page_works(bezoeker, settings):
    links = set(re.findall(r'href="([^"]+)"', text_of(bezoeker)))
    examples = {unescape(link) for link in links if "/api/v1" in link}
    assert len(examples) == 6
    files = {link for link in links if re.match(r"/open-data/.+", link)}
    assert len(files) >= 4 * len(KINDS)
    for link in examples | files:
        assert bezoeker.get(link.removeprefix(settings.SITE_URL)).status_code == 200, link


def test_each_file_is_told_apart_in_a_list_of_links(bezoeker):
    links = re.findall(r'<a href="(/open-data/[^"]+)">(.*?)</a>', text_of(bezoeker))
    names = [re.sub(r"<[^>]+>", "", words) for _address, words in links]
    assert "CSV van Acties" in names
    assert "Beschrijving van de kolommen van Acties" in names
    assert len(set(names)) == len(links) >= 4 * len(KINDS)


def test_page_names_every_filter_and_field(bezoeker):
    text = text_of(bezoeker)
    for kind in KINDS:
        for one in kind.filters:
            assert f"<code>{one.name}</code>" in text
        for field in kind.fields:
            assert f'<th scope="row">{field.name}</th>' in text


def test_without_a_licence_the_page_says_that_it_is_not_settled(bezoeker, settings):
    text = text_of(bezoeker)
    assert "is nog niet vastgelegd" in text
    assert "licentie" not in bezoeker.get("/open-data/themas.json").json()
    settings.DATA_LICENCE = LICENCE
    text = text_of(bezoeker)
    assert "is nog niet vastgelegd" not in text
    assert f'<a rel="license" href="{LICENCE}">CC0 1.0</a>' in text
    assert bezoeker.get("/open-data/themas.json").json()["licentie"] == LICENCE


def test_licence_that_we_have_no_name_for_is_named_by_its_address(bezoeker, settings):
    settings.DATA_LICENCE = "https://example.org/licentie"
    assert '<a rel="license" href="https://example.org/licentie">https' in text_of(bezoeker)


@pytest.mark.parametrize("name", BY_NAME)
def test_files_hold_everything_and_describe_each_column(name, content, bezoeker):
    whole = bezoeker.get(f"/open-data/{name}.json").json()["resultaten"]
    assert whole
    assert len(whole) == bezoeker.get(f"/api/v1/{name}?pageSize=1").json()["totaal"]
    assert whole[:50] == bezoeker.get(f"/api/v1/{name}").json()["resultaten"]
    found = rows(bezoeker.get(f"/open-data/{name}.csv"))
    assert len(found) == len(whole)
    described = bezoeker.get(f"/open-data/{name}.csv-metadata.json").json()
    columns = described["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == list(found[0])
    assert described["url"].endswith(f"/open-data/{name}.csv")
    assert bezoeker.get(f"/open-data/{name}.xlsx").content.startswith(b"PK")


def test_files_hold_any_number_of_actions_that_go_on_with_an_earlier_one(jaarplan, bezoeker):
    """SQLite takes no query with a condition for each of a thousand."""
    one = Action.objects.get(slug="cyber-24")

    def copies(plan, earlier=()):
        made = []
        for number in range(1001):
            copy = copied(one)
            copy.pk, copy.plan, copy.slug, copy.position = None, plan, f"nr-{number}", 1000 + number
            copy.predecessor = earlier[number] if earlier else None
            made.append(copy)
        return Action.objects.bulk_create(made)

    following = copied(jaarplan)
    following.pk, following.year = None, 2021
    following.save()
    copies(following, copies(jaarplan))
    raise_content_version()
    assert (
        sum(bool(row["vervolgOp"]) for row in rows(bezoeker.get("/open-data/acties.csv"))) == 1001
    )
    found = bezoeker.get("/open-data/acties.json").json()["resultaten"]
    assert len({one["vervolgOp"]["id"] for one in found if one["vervolgOp"]}) == 1001


def test_a_workbook_has_days_and_moments_and_csv_says_them_as_json_does(content, bezoeker):
    days = moments = 0
    for kind in KINDS:
        whole = bezoeker.get(f"/open-data/{kind.name}.json").json()["resultaten"]
        in_csv = rows(bezoeker.get(f"/open-data/{kind.name}.csv"))
        book = load_workbook(io.BytesIO(bezoeker.get(f"/open-data/{kind.name}.xlsx").content))
        names, *lines = book["Gegevens"].iter_rows(values_only=True)
        in_book = [dict(zip(names, line, strict=True)) for line in lines]
        for field in kind.fields:
            if "date" in field.schema.get("format", ""):
                for one, text, cell in zip(whole, in_csv, in_book, strict=True):
                    said, found = one[field.name], cell[field.name]
                    assert text[field.name] == (said or "")
                    assert (found is None) == (said is None)
                    if field.schema["format"] == "date" and found:
                        assert found.isoformat() == f"{said}T00:00:00"
                        days += 1
                    elif found:
                        assert f"{found.isoformat()}Z" == said
                        assert "in UTC" in field.description
                        moments += 1
    assert days
    assert moments


def test_csv_has_names_where_json_points(content, bezoeker):
    first = rows(bezoeker.get("/open-data/acties.csv"))[0]
    action = content[0]
    assert first["thema"] == action.theme.name
    assert first["onderwerpen"] == "; ".join(one.name for one in action.subtopics.all())
    assert first["vervolgOp"] == "Eerdere actie"
    assert first["einddatum"] == "2020-06-30"
    assert rows(bezoeker.get("/open-data/voortgangsrapportages.csv"))[0]["correcties"] == (
        "Er had **juni** moeten staan."
    )


def test_text_in_a_file_is_never_a_formula_and_a_number_stays_one(content, bezoeker):
    content[0].indicators.get().measurements.create(period="1998", value="-2.5", note="-2+3")
    found = {one["periode"]: one for one in rows(bezoeker.get("/open-data/metingen.csv"))}
    assert found["1999-K2"]["toelichting"] == "'=schatting"
    assert found["1998"]["toelichting"] == "'-2+3"
    assert found["1998"]["waarde"] == "-2.5"
    assert found["1999-06"]["waarde"] == ""


def test_where_csv_has_an_apostrophe_that_was_not_written_is_told(bezoeker):
    told = "In CSV staat een apostrof (&#x27;) voor elk stuk tekst dat een spreadsheet"
    assert told in text_of(bezoeker)
    described = bezoeker.get("/cijfers/alle-cijfers.csv-metadata.json").json()
    assert described["dc:description"].startswith(unescape(told))


@pytest.mark.parametrize("address", ["bestaat-niet.csv", "acties.pdf", "acties.", "x.json"])
def test_file_that_is_not_there_is_a_404_with_what_is(address, bezoeker):
    answer = bezoeker.get(f"/open-data/{address}")
    assert answer.status_code == 404
    assert "/open-data/" in answer.content.decode()


def test_files_may_be_read_by_scripts_on_other_sites(bezoeker):
    for kind in ("json", "csv", "csv-metadata.json"):
        answer = bezoeker.get(f"/open-data/themas.{kind}")
        assert answer["Access-Control-Allow-Origin"] == "*"
