"""The exported file comes back: first shown row by row, then taken over whole, or not at all."""

import io
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from plan.carrying_over import carry_over
from plan.models import Action, Passage, ProgressUpdate, Status
from tests.bulk.conftest import LIST, text
from tests.bulk.workbooks import changed, made_of, upload
from tests.tooling.accounts import make_account
from tests.tooling.drafts import writing
from themes.models import Indicator, WorkingMethod
from veiligalmere.editorial.publish import discard_draft, publish, save_draft
from veiligalmere.editorial.versions import Version, draft_of

pytestmark = pytest.mark.django_db
PAGE = f"{LIST}importeren/"
PASSAGES = "/beheer/plan/passage/"
write_period = writing(period="door een collega")


def exported(client, listing=LIST):
    return client.get(f"{listing}exporteren.xlsx", {"all": ""}).content


def send(client, raw, listing=LIST):
    return client.post(f"{listing}importeren/", {"file": upload(raw)}, follow=True)


def problems(answer):
    return [str(one) for one in answer.context["problems"]]


def test_changed_cells_are_shown_by_row_and_then_make_a_draft_each(
    redacteur, bezoeker, actions, confirm
):
    owner = make_account("eindredacteur")
    first, second, third = actions
    methods = WorkingMethod.objects.order_by("pk")[:2]
    raw = changed(
        exported(redacteur),
        {
            first.pk: {"periode": "Heel 2020", "eigenaar": "eindredacteur"},
            second.pk: {"werkwijzen": f"{methods[0]}; {methods[1]}"},
        },
    )
    shown = send(redacteur, raw)
    rows = {one.label: one for one in shown.context["possible"]}
    assert rows.keys() == {first.title, second.title}
    assert {one.label for one in rows[first.title].differences} == {"Periode", "Eigenaar"}
    assert "Rij " in rows[first.title].wish.where
    assert not Version.objects.drafts().exists()
    page = bezoeker.get(first.get_absolute_url()).content
    answer = confirm(redacteur, shown)
    assert "Het concept van 2 acties is gewijzigd" in text(answer)
    fields = draft_of(first).content["fields"]
    assert (fields["period"], fields["owner"]["pk"]) == ("Heel 2020", owner.pk)
    chosen = draft_of(second).content["many"]["working_methods"]
    assert [one["label"] for one in chosen] == [str(one) for one in methods]
    assert draft_of(third) is None
    assert bezoeker.get(first.get_absolute_url()).content == page


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(8.125, "8,125"), (1234.5, "1.234,5"), (0.1 + 0.2, "0,3"), (25, "25"), ("8,125", "8,125")],
)
def test_a_number_that_a_spreadsheet_holds_is_read_as_it_was_typed(
    redacteur, jaarplan, confirm, typed, meant
):
    indicator = Indicator.objects.public().first()
    listing = "/beheer/themes/indicator/"
    raw = redacteur.get(f"{listing}exporteren.xlsx", {"all": ""}).content
    name = Indicator._meta.get_field("target").verbose_name
    raw = changed(raw, {indicator.pk: {name: typed}})
    shown = redacteur.post(f"{listing}importeren/", {"file": upload(raw)}, follow=True)
    [row] = shown.context["possible"]
    assert [one.new for one in row.differences if one.name == "target"] == [meant]
    confirm(redacteur, shown)
    again = redacteur.get(f"{listing}exporteren.xlsx", {"all": ""}).content
    shown = redacteur.post(f"{listing}importeren/", {"file": upload(again)}, follow=True)
    assert "possible" not in shown.context or not shown.context["possible"]


@pytest.mark.parametrize(
    ("value", "shown_as", "meant"),
    [
        (0.125, "0.0%", "12,5"),
        (0.29, "0%;[Red]-0%", "29"),
        (1, "0%", "100"),
        (-0.5, '0.00"t"%', "-50"),
        (12.5, '0.0"%"', "12,5"),
        (12.5, "0.0\\%", "12,5"),
        (12.5, "0.0_%", "12,5"),
    ],
)
def test_a_percentage_is_read_as_the_spreadsheet_shows_it(
    redacteur, jaarplan, value, shown_as, meant
):
    indicator = Indicator.objects.public().first()
    listing = "/beheer/themes/indicator/"
    raw = redacteur.get(f"{listing}exporteren.xlsx", {"all": ""}).content
    names = [Indicator._meta.get_field(name).verbose_name for name in ("target", "unit")]
    raw = changed(raw, {indicator.pk: dict.fromkeys(names, value)}, shown_as=shown_as)
    shown = redacteur.post(f"{listing}importeren/", {"file": upload(raw)}, follow=True)
    [row] = shown.context["possible"]
    told = {one.name: one.new for one in row.differences}
    assert told["target"] == meant
    assert told["unit"].removesuffix("%") == meant


def test_an_unchanged_file_changes_nothing(redacteur, actions):
    save_draft(
        actions[0],
        writing(title="=SOM(1;2)", body="- een\n- twee\n\n'=niets", partners="'+31\n@politie"),
    )
    before = Version.objects.count()
    assert "staat hetzelfde als hier" in text(send(redacteur, exported(redacteur)))
    assert Version.objects.count() == before


def test_guarded_text_comes_back_without_its_guard(redacteur, actions, confirm):
    raw = changed(exported(redacteur), {actions[0].pk: {"titel": "'=SOM(1;2)", "partners": "'aha"}})
    confirm(redacteur, send(redacteur, raw))
    fields = draft_of(actions[0]).content["fields"]
    assert (fields["title"], fields["partners"]) == ("=SOM(1;2)", "'aha")


def test_dates_are_read_however_they_are_written(redacteur, actions, confirm):
    values = [date(2020, 4, 14), "14-4-2020", "2020-04-14"]
    raw = changed(
        exported(redacteur),
        {one.pk: {"begindatum": value} for one, value in zip(actions, values, strict=True)},
    )
    confirm(redacteur, send(redacteur, raw))
    assert {draft_of(one).content["fields"]["start_date"] for one in actions} == {"2020-04-14"}


@pytest.fixture
def methods():
    """Two working methods, each with its name of before it was changed as `old_name`."""
    found = list(WorkingMethod.objects.order_by("pk")[:2])
    for method in found:
        method.old_name = str(method)
    return found


@pytest.fixture
def draft_with_old_name(actions, methods):
    """An action with a draft that has the first of `methods` under a name that it had before."""
    first, _second = methods

    def write(row):
        row.working_methods.set([first])
        write_period(row)

    save_draft(actions[0], write)
    first.name = "Heel anders genoemd"
    first.save()
    return actions[0]


@pytest.mark.parametrize("is_taken", [False, True])
def test_name_from_the_export_is_read_back_if_it_has_changed_since(
    is_taken, redacteur, draft_with_old_name, methods, confirm
):
    first, second = methods
    if is_taken:
        WorkingMethod.objects.create(name=first.old_name, number=99, slug="nieuw")
    cells = {"werkwijzen": f"{first.old_name}; {second}"}
    shown = send(redacteur, changed(exported(redacteur), {draft_with_old_name.pk: cells}))
    confirm(redacteur, shown)
    chosen = draft_of(draft_with_old_name).content["many"]["working_methods"]
    assert [one["pk"] for one in chosen] == [first.pk, second.pk]


def test_new_name_is_read_too(redacteur, draft_with_old_name, methods, confirm):
    cells = {"werkwijzen": "; ".join(map(str, methods))}
    confirm(
        redacteur, send(redacteur, changed(exported(redacteur), {draft_with_old_name.pk: cells}))
    )
    chosen = draft_of(draft_with_old_name).content["many"]["working_methods"]
    assert [one["pk"] for one in chosen] == [one.pk for one in methods]


def test_title_that_more_plans_have_is_read_as_that_of_the_own_plan(redacteur, actions, confirm):
    titles = [one.title for one in actions]
    updates = []
    for year in (2020, 2021, 2022):
        if year > 2020:
            before = actions[0].plan
            plan = carry_over(before, year=year, title="T", multi_year_plan="M", actions=actions)
            actions = list(Action.objects.of_plan(plan))
            for draft in (*actions, plan):
                publish(draft)
        update = ProgressUpdate(action=actions[0], status=Status.ON_TRACK, explanation="Loopt.")
        update.save()
        updates.append(update)
    listing = "/beheer/plan/progressupdate/"
    raw = redacteur.get(f"{listing}exporteren.xlsx", {"all": ""}).content
    raw = changed(raw, {one.pk: {"actie": titles[1]} for one in updates})
    confirm(redacteur, redacteur.post(f"{listing}importeren/", {"file": upload(raw)}, follow=True))
    for update, year in zip(updates, (2020, 2021, 2022), strict=True):
        update.refresh_from_db()
        assert (update.action.title, update.action.plan.year) == (titles[1], year)


def test_rows_that_are_missing_stay_as_they_are(redacteur, actions, confirm):
    without = {one.pk for one in Action.objects.all()} - {actions[1].pk}
    raw = changed(exported(redacteur), {actions[1].pk: {"periode": "Heel 2020"}}, without=without)
    assert "Het concept van 1 actie is gewijzigd" in text(confirm(redacteur, send(redacteur, raw)))


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"eigenaar": "niemand"}, "eigenaar", "“niemand” is hier geen keuze."),
        ({"thema": "Veilig thema"}, "thema", "“Veilig thema” is hier geen keuze."),
        ({"werkwijzen": "Toveren"}, "werkwijzen", "“Toveren” is hier geen"),
        ({"status": "ingetrokken"}, "status", "Deze kolom kunt u hier niet wijzigen."),
        ({"versie": "v0.0", "periode": "x"}, "versie", "Dit is intussen gewijzigd."),
    ],
)
def test_a_mistake_names_row_column_and_reason(cells, column, reason, redacteur, actions):
    raw = changed(
        exported(redacteur), {actions[0].pk: cells, actions[1].pk: {"periode": "Heel 2020"}}
    )
    sheet = load_workbook(io.BytesIO(raw)).worksheets[0]
    row = next(row[0].row for row in sheet.iter_rows() if row[0].value == actions[0].pk)
    answer = send(redacteur, raw)
    (problem,) = problems(answer)
    assert problem.startswith(f"Rij {row}, kolom “{column}”: {reason}")
    assert "Er is niets overgenomen" in text(answer)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"titel": ""}, "titel", "Dit veld is verplicht."),
        ({"titel": "\u200b"}, "titel", "Dit veld is verplicht."),
        ({"titel": "x" * 200}, "titel", "Zorg dat deze waarde"),
        ({"begindatum": "gisteren"}, "begindatum", "Voer een datum in, bijvoorbeeld"),
        ({"volgorde": "eerste"}, "volgorde", "Voer een geheel getal in."),
        ({"begindatum": "2020-05-01", "einddatum": "2020-04-01"}, "einddatum", "De einddatum ligt"),
        ({"adres": "geen adres!"}, "adres", "Voer een geldige"),
        ({"adres": "thema-1"}, "adres", "Dit adres gebruikt de site zelf"),
    ],
)
def test_what_the_form_refuses_is_refused_here(cells, column, reason, redacteur, actions):
    raw = changed(
        exported(redacteur), {actions[0].pk: cells, actions[1].pk: {"periode": "Heel 2020"}}
    )
    answer = send(redacteur, raw)
    (skipped,) = answer.context["skipped"]
    assert skipped.wish.where.startswith("Rij ")
    told = dict(skipped.problems)
    assert told[column].startswith(reason)
    assert answer.context["carry_out_url"] is None
    assert "1 rij klopt niet. Er is niets overgenomen" in text(answer)


def test_two_rows_that_want_one_address_are_refused(redacteur, actions):
    one, other = actions[:2]
    raw = changed(exported(redacteur), {one.pk: {"adres": other.slug}})
    (skipped,) = send(redacteur, raw).context["skipped"]
    assert "bestaat al" in skipped.problems[0][1]


def test_a_passage_goes_to_another_plan_only_without_actions_of_its_own(
    redacteur, actions, jaarplan, confirm
):
    new = carry_over(jaarplan, year=2021, title="Jaarplan 2021", multi_year_plan="x", actions=[])
    about, alone = Passage.objects.public().of_plan(jaarplan)[:2]
    about.actions.set(actions[:1])
    alone.actions.clear()
    moved = {passage.pk: {"jaarplan": new.title} for passage in (about, alone)}
    answer = send(redacteur, changed(exported(redacteur, PASSAGES), moved), PASSAGES)
    (skipped,) = answer.context["skipped"]
    assert skipped.label == str(about)
    ((column, reason),) = skipped.problems
    assert column == "gaat over de acties"
    assert reason.startswith("Deze passage gaat over acties van een ander jaarplan.")
    del moved[about.pk]
    raw = changed(exported(redacteur, PASSAGES), moved)
    confirm(redacteur, send(redacteur, raw, PASSAGES))
    assert draft_of(about) is None
    assert draft_of(alone).content["fields"]["plan"]["pk"] == new.pk


def test_an_action_goes_to_another_plan_only_without_passages_about_it(
    redacteur, actions, jaarplan, confirm
):
    new = carry_over(jaarplan, year=2021, title="Jaarplan 2021", multi_year_plan="x", actions=[])
    governed, alone = actions[:2]
    about = Passage.objects.public().of_plan(jaarplan)[0]
    about.actions.set([governed])
    alone.governing_passages.clear()
    moved = {action.pk: {"jaarplan": new.title} for action in (governed, alone)}
    (skipped,) = send(redacteur, changed(exported(redacteur), moved)).context["skipped"]
    assert skipped.label == str(governed)
    ((column, reason),) = skipped.problems
    assert column == "jaarplan"
    assert f"“{about}”" in reason
    del moved[governed.pk]
    confirm(redacteur, send(redacteur, changed(exported(redacteur), moved)))
    assert draft_of(alone).content["fields"]["plan"]["pk"] == new.pk


def test_what_was_wrong_before_stops_no_other_change_of_a_passage(
    redacteur, actions, jaarplan, confirm
):
    new = carry_over(jaarplan, year=2021, title="Jaarplan 2021", multi_year_plan="x", actions=[])
    about = Passage.objects.public().of_plan(jaarplan)[0]
    about.actions.set(actions[:1])
    Action.objects.filter(pk=actions[0].pk).update(plan=new)
    raw = changed(exported(redacteur, PASSAGES), {about.pk: {"kop": "Een andere kop"}})
    confirm(redacteur, send(redacteur, raw, PASSAGES))
    assert draft_of(about).content["fields"]["heading"] == "Een andere kop"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["id", "versie", "titel", "kleur"], [1, "v1.1", "x", "rood"]], "Een kolom “kleur” is"),
        ([["id", "versie", "titel", "titel"], [1, "v1.1", "x", "y"]], "staat er twee keer"),
        ([["versie", "titel"], ["v1.1", "x"]], "kolom “id”: Deze kolom ontbreekt."),
        ([["id", "titel"], [1, "x"]], "kolom “versie”: Deze kolom ontbreekt."),
        ([["id", "versie", None, "titel"], [1, "v1.1", "", "x"]], "zonder naam"),
        ([["id", "versie", "titel"], [None, None, "Nieuw"]], "maakt u in het beheer zelf"),
        ([["id", "versie", "titel"], [999999, "v1.1", "x"]], "bestaat niet, of u mag"),
        ([["id", "versie", "titel"], [1, "v1.1", "x", "y"]], "staat iets naast de kolommen"),
        ([["id", "versie", "titel"], ["één", "v1.1", "x"]], "bestaat niet, of u mag"),
        ([], "staat niets"),
        ([[1, 2, 3]], "Een kolom “1” is hier niet"),
    ],
)
def test_a_file_that_is_not_ours_is_refused(rows, reason, redacteur, jaarplan):
    answer = send(redacteur, made_of(rows))
    assert answer.status_code == 200
    assert reason in problems(answer)[0]


def test_an_object_that_is_there_twice_is_refused(redacteur, actions):
    key, version = actions[0].pk, f"v{actions[0].revision}.1.0"
    rows = [["id", "versie", "periode"], [key, version, "a"], [key, version, "b"]]
    assert "Dit staat ook op rij 2." in problems(send(redacteur, made_of(rows)))[0]


def test_a_colleague_who_was_first_is_not_overwritten(redacteur, actions, confirm):
    raw = changed(exported(redacteur), {one.pk: {"periode": "Heel 2020"} for one in actions})
    shown = send(redacteur, raw)
    save_draft(actions[1], write_period, by=make_account("eindredacteur"))
    answer = confirm(redacteur, shown)
    assert "Er is niets gewijzigd" in text(answer)
    assert "Eindredacteur heeft dit intussen gewijzigd" in text(answer)
    assert draft_of(actions[0]) is None
    assert answer.context["carry_out_url"] is None
    (problem,) = problems(send(redacteur, raw))
    assert "kolom “versie”: Dit is intussen gewijzigd" in problem


def test_a_draft_that_was_discarded_is_not_read_back(redacteur, actions):
    save_draft(actions[0], write_period)
    raw = changed(exported(redacteur), {actions[0].pk: {"einddatum": "31-12-2020"}})
    discard_draft(actions[0])
    told = problems(send(redacteur, raw))
    assert len(told) == 1
    assert "Dit is intussen gewijzigd" in told[0]


def test_pressing_twice_takes_it_over_once(redacteur, actions, confirm):
    raw = changed(exported(redacteur), {actions[0].pk: {"periode": "Heel 2020"}})
    shown = send(redacteur, raw)
    for _ in range(2):
        assert "Het concept van 1 actie is gewijzigd" in text(confirm(redacteur, shown))
    assert Version.objects.of(actions[0]).count() == 2


def test_what_lies_outside_the_own_theme_is_not_reached(elsewhere, eindredacteur, actions, confirm):
    raw = changed(exported(eindredacteur), {actions[0].pk: {"periode": "Heel 2020"}})
    answer = send(elsewhere, raw)
    assert all("bestaat niet, of u mag het niet zien" in one for one in problems(answer))
    assert actions[0].title not in text(answer)
    theme = elsewhere.user.theme_limit.themes.get()
    mine = Action.objects.filter(theme=theme).first()
    raw = changed(exported(elsewhere), {mine.pk: {"thema": actions[0].theme.name}})
    (problem,) = problems(send(elsewhere, raw))
    assert problem == f"Rij 2, kolom “thema”: “{actions[0].theme.name}” is hier geen keuze."


def test_who_is_not_logged_in_imports_nothing(bezoeker, jaarplan):
    for answer in (bezoeker.get(PAGE), bezoeker.post(PAGE, {"file": upload(b"x")})):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/beheer/login/")


def test_text_that_is_too_long_for_a_cell_is_left_as_it_is(redacteur, actions, confirm):
    long = "Lang. " * 6000
    Action.objects.filter(pk=actions[0].pk).update(body=long)
    raw = changed(exported(redacteur), {actions[0].pk: {"periode": "Heel 2020"}})
    shown = send(redacteur, raw)
    assert [one.label for one in shown.context["possible"][0].differences] == ["Periode"]
    confirm(redacteur, shown)
    assert draft_of(actions[0]).content["fields"]["body"] == long


def test_numbers_and_moments_in_text_become_text(redacteur, actions):
    values = [2020.0, datetime(2020, 6, 1), True]  # noqa: DTZ001 -- as a spreadsheet has it
    raw = changed(
        exported(redacteur),
        {one.pk: {"periode": value} for one, value in zip(actions, values, strict=True)},
    )
    shown = send(redacteur, raw)
    assert [one.differences[0].new for one in shown.context["possible"]] == [
        "2020",
        "2020-06-01",
        "ja",
    ]


def test_reading_a_file_asks_no_more_for_more_rows(redacteur, jaarplan):
    raw = exported(redacteur)
    few = changed(raw, {}, without=set(Action.objects.values_list("pk", flat=True)[3:]))

    def queries(file):
        with CaptureQueriesContext(connection) as captured:
            redacteur.post(PAGE, {"file": upload(file)})
        return len(captured)

    queries(few)
    assert queries(few) == queries(raw) < 40
