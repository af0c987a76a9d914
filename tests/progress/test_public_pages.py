"""What visitors see of progress: before anything is reported, and after."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from plan.carrying_over import carry_over
from plan.models import Action, AnnualPlan, Passage, Status
from plan.progress.adoption import adopt
from tests.progress.conftest import main_of, make_round, publish_update, report_row
from veiligalmere.editorial.publish import publish, withdraw

HOME, OVERVIEW, THEME = "/", "/voortgang/", "/themas/veilige-wijken/"
ACTION = "/jaarplan/2020/acties/straatintimidatie/"


@pytest.mark.parametrize(("page", "count"), [(HOME, 29), (OVERVIEW, 29), (THEME, 8)])
def test_plan_as_loaded_says_plainly_that_nothing_is_reported(page, count, bezoeker, jaarplan):
    text = main_of(bezoeker.get(page))
    assert f"Over {count} acties is nog niets gemeld." in text
    assert "De datum van de volgende voortgangsrapportage is nog niet bekend." in text
    assert "status-bar" not in text


def test_action_without_update_says_so(bezoeker, actions):
    text = main_of(bezoeker.get(actions[0].get_absolute_url()))
    assert "Nog niet gemeld" in text
    assert "Over deze actie is op deze site nog niets gemeld." in text


def test_overview_quotes_the_promise_of_the_plan(bezoeker, jaarplan):
    text = main_of(bezoeker.get(OVERVIEW))
    assert "Halfjaarlijks rapporteren wij via een voortgangsrapportage aan de raad." in text
    assert "Er is op deze site nog geen voortgangsrapportage vastgesteld." in text


def test_overview_promises_nothing_where_the_plan_has_other_words(bezoeker, jaarplan):
    """On SQLite the database finds the word in capitals too."""
    word = Passage.ABOUT_PROGRESS
    for passage in Passage.objects.about_progress():
        Passage.objects.filter(pk=passage.pk).update(body=passage.body.replace(word, "verslag"))
    other = Passage.objects.of_plan(jaarplan).first()
    Passage.objects.filter(pk=other.pk).update(body=f"{word.capitalize()}s zijn er.", position=-1)
    text = main_of(bezoeker.get(OVERVIEW))
    assert "Wat het jaarplan belooft" not in text


def test_overview_quotes_the_passage_that_has_the_promise(bezoeker, jaarplan):
    first = Passage.objects.of_plan(jaarplan).first()
    Passage.objects.filter(pk=first.pk).update(body="VOORTGANGSRAPPORTAGE", position=-1)
    text = main_of(bezoeker.get(OVERVIEW))
    assert "Halfjaarlijks rapporteren wij via een voortgangsrapportage aan de raad." in text
    assert f"#{first.slug}" not in text


def test_overview_stands_an_empty_database(bezoeker, db):
    AnnualPlan.objects.update(state="concept")
    assert "Er is nog geen jaarplan" in bezoeker.get(OVERVIEW).content.decode()


EVE, DEADLINE, AFTER = date(2020, 6, 29), date(2020, 6, 30), date(2020, 7, 1)


@pytest.mark.parametrize("page", [HOME, OVERVIEW, THEME, ACTION])
def test_deadline_that_has_passed_is_not_told_as_still_to_come(
    page, bezoeker, first_round, one_version, on_day
):
    """Also when both days fall in one content version, of which parts of pages are kept."""
    to_come = "melden uiterlijk <strong>30 juni 2020</strong> hoe het gaat. Daarna komt"
    passed = "zouden uiterlijk <strong>30 juni 2020</strong> melden hoe het gaat."
    for day, expected in ((EVE, to_come), (DEADLINE, to_come), (AFTER, passed)):
        on_day(day)
        text = main_of(bezoeker.get(page))
        assert [words for words in (to_come, passed) if words in text] == [expected]
    assert "De volgende voortgangsrapportage is er nog niet." in text


@pytest.mark.parametrize("page", [HOME, ACTION])
def test_day_for_the_council_that_has_passed_is_not_told_as_still_to_come(
    page, bezoeker, jaarplan, one_version, on_day
):
    make_round(jaarplan, offered_on=AFTER)
    to_come = "gaat naar verwachting op <strong>1 juli 2020</strong> naar de raad."
    on_day(AFTER)
    assert to_come in main_of(bezoeker.get(page))
    on_day(date(2020, 7, 2))
    text = main_of(bezoeker.get(page))
    assert to_come not in text
    assert "zou naar verwachting op <strong>1 juli 2020</strong> naar de raad gaan." in text
    assert "Op deze site staat die rapportage nog niet." in text


@pytest.mark.parametrize("page", [HOME, OVERVIEW, THEME])
def test_next_report_is_the_one_that_is_expected_first_whichever_plan_it_is_on(
    page, bezoeker, jaarplan, actions, on_day
):
    new = carry_over(
        jaarplan, year=2021, title="Jaarplan 2021", multi_year_plan="x", actions=actions[:1]
    )
    for draft in [new, *new.actions.all()]:
        publish(draft)
    make_round(new, offered_on=date(2021, 9, 9))
    make_round(jaarplan, half=2, offered_on=date(2021, 2, 9))
    on_day(date(2021, 1, 10))
    text = main_of(bezoeker.get(page))
    assert "gaat naar verwachting op <strong>9 februari 2021</strong> naar de raad." in text
    assert "9 september" not in text
    withdraw(jaarplan)
    assert "op <strong>9 september 2021</strong> naar" in main_of(bezoeker.get(page))


@pytest.mark.parametrize("page", [HOME, OVERVIEW])
def test_report_that_is_late_is_told_of_until_another_one_is_expected(
    page, bezoeker, jaarplan, on_day
):
    new = AnnualPlan.objects.create(year=2021, title="Jaarplan 2021", multi_year_plan="x")
    publish(new)
    make_round(jaarplan, half=2, offered_on=date(2021, 2, 9))
    on_day(date(2021, 2, 10))
    assert "zou naar verwachting op <strong>9 februari 2021</strong>" in main_of(bezoeker.get(page))
    make_round(new, offered_on=date(2021, 9, 9))
    assert "op <strong>9 september 2021</strong> naar" in main_of(bezoeker.get(page))
    on_day(date(2021, 9, 10))
    text = main_of(bezoeker.get(page))
    assert "zou naar verwachting op <strong>9 september 2021</strong>" in text


@pytest.mark.parametrize("page", [HOME, OVERVIEW])
def test_without_a_round_on_a_public_plan_no_date_is_told(page, bezoeker, jaarplan):
    make_round(jaarplan, half=2, offered_on=date(2099, 1, 26))
    publish(AnnualPlan.objects.create(year=2021, title="Jaarplan 2021", multi_year_plan="x"))
    withdraw(jaarplan)
    unknown = "De datum van de volgende voortgangsrapportage is nog niet bekend."
    assert unknown in main_of(bezoeker.get(page))


def test_state_of_the_plan_counts_what_was_published_last(bezoeker, actions):
    publish_update(actions[0], Status.ON_TRACK)
    publish_update(actions[-1], Status.DONE)
    for page in (HOME, OVERVIEW):
        text = main_of(bezoeker.get(page))
        assert "Van 29 acties: 1 gereed, 1 op schema en 27 nog niet gemeld." in text
        assert actions[-1].title in text
    text = main_of(bezoeker.get(THEME))
    assert "Van 8 acties: 1 op schema en 7 nog niet gemeld." in text


def test_line_of_an_action_has_every_report_and_update_in_order(
    bezoeker, jaarplan, first_report, actions
):
    action = actions[1]
    publish_update(action, Status.DELAYED, "Tussenbericht.")
    second = make_round(jaarplan, half=2)
    report_row(second, action, Status.STUCK, "Nu loopt het vast.")
    adopt(second)
    text = main_of(bezoeker.get(action.get_absolute_url()))
    steps = [f"Over {action.title}.", "Tussenbericht.", "Nu loopt het vast."]
    places = [text.index(step) for step in steps]
    assert places == sorted(places, reverse=True)
    assert '<svg class="timeline__drawing"' in text
    assert "/voortgang/2020-1/" in text
    assert "/voortgang/2020-2/" in text


def test_action_tells_what_changed_since_the_report_before(bezoeker, first_report, actions):
    publish_update(actions[1], Status.DELAYED)
    text = " ".join(main_of(bezoeker.get(actions[1].get_absolute_url())).split())
    since = text[text.index("Sinds de vorige rapportage (2020-1)") :]
    assert since.index("Op schema") < since.index("Vertraagd")


def test_report_in_which_an_action_was_not_reported_again_is_in_its_line(
    bezoeker, jaarplan, first_report, actions
):
    adopt(make_round(jaarplan, half=2))
    text = main_of(bezoeker.get(actions[1].get_absolute_url()))
    assert "Voor deze rapportage is niets nieuws gemeld." in text
    assert "er is niets veranderd" in text
    silent = main_of(bezoeker.get(actions[10].get_absolute_url()))
    assert "Over deze actie is voor deze rapportage niets gemeld" in silent


@pytest.fixture
def on_moment(monkeypatch):
    """A function that makes it noon of another day."""

    def set_moment(year, month, day):
        moment = datetime(year, month, day, 12, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_moment


def test_news_that_a_report_lacked_comes_after_it_also_when_it_is_of_a_day_before(
    bezoeker, jaarplan, actions, on_moment
):
    """So the line ends with the status that the lists and the counts have."""
    on_moment(2020, 10, 28)
    publish_update(actions[0], Status.ON_TRACK, "Loopt goed.")
    on_moment(2020, 11, 27)
    adopt(make_round(jaarplan, half=2))
    on_moment(2020, 12, 1)
    publish_update(actions[0], Status.STUCK, "Zit vast.", reported_on=date(2020, 11, 22))
    on_moment(2020, 12, 2)
    publish_update(actions[0], Status.DELAYED, "Hapert.", reported_on=date(2020, 11, 20))
    publish_update(actions[0], Status.NOT_STARTED, "Begint.", reported_on=date(2020, 4, 1))
    answer = bezoeker.get(actions[0].get_absolute_url())
    text = " ".join(main_of(answer).split())
    steps = ["Zit vast.", "Hapert.", "niets nieuws gemeld", "Loopt goed.", "Begint."]
    places = [text.index(step) for step in steps]
    assert places == sorted(places)
    since = text[text.index("Sinds de vorige rapportage (2020-2)") :]
    assert since.index("Op schema") < since.index("Loopt vast") < since.index("</p>")
    assert "Tijdlijn van 1 april 2020 tot en met 27 november 2020" in text
    marks = [mark.x for mark in answer.context["timeline"]["marks"]]
    assert marks[0] >= 16
    assert marks[-1] <= 640 - 16
    assert all(later - earlier >= 34 for earlier, later in pairwise(marks))


def test_first_news_comes_after_a_report_to_which_nothing_was_reported(
    bezoeker, jaarplan, actions, on_moment
):
    on_moment(2020, 7, 1)
    adopt(make_round(jaarplan))
    on_moment(2020, 7, 8)
    publish_update(actions[0], Status.ON_TRACK, "Loopt goed.", reported_on=date(2020, 6, 22))
    on_moment(2021, 1, 8)
    adopt(make_round(jaarplan, half=2))
    text = main_of(bezoeker.get(actions[0].get_absolute_url()))
    steps = ["niets nieuws gemeld", "Loopt goed.", "is voor deze rapportage niets gemeld"]
    places = [text.index(step) for step in steps]
    assert places == sorted(places)


def test_report_of_an_earlier_half_year_stands_below_a_later_one_that_was_adopted_first(
    bezoeker, jaarplan, actions
):
    first, second = make_round(jaarplan), make_round(jaarplan, half=2)
    report_row(second, actions[0], Status.ON_TRACK, "Loopt goed.")
    adopt(second)
    adopt(first)
    text = " ".join(main_of(bezoeker.get(actions[0].get_absolute_url())).split())
    assert text.index("Loopt goed.") < text.index("is voor deze rapportage niets gemeld")
    since = text[text.index("Sinds de vorige rapportage (2020-1)") :]
    assert since.index("Nog niet gemeld") < since.index("Op schema") < since.index("</p>")


def test_drawing_keeps_the_marks_apart(bezoeker, actions):
    for day in (1, 1, 2, 28):
        publish_update(actions[0], Status.ON_TRACK, reported_on=date(2020, 3, day))
    context = bezoeker.get(actions[0].get_absolute_url()).context
    places = [mark.x for mark in context["timeline"]["marks"]]
    assert places[0] >= 16
    assert places[-1] <= 640 - 16
    assert all(later - earlier >= 34 for earlier, later in pairwise(places))


def test_headings_in_what_is_reported_skip_no_level(bezoeker, jaarplan, actions):
    text = "Dit is gedaan.\n\n## Hoe het verder gaat\n\n### En daarna\n\nMeer."
    adopt(make_round(jaarplan))
    # New in the second report, so that the comparison shows all that is said of it.
    action = Action.objects.create(
        plan=jaarplan, theme=actions[0].theme, title="Nieuw", slug="nieuw", body=text, position=1
    )
    publish(action)
    second = make_round(jaarplan, half=2)
    report_row(second, action, Status.ON_TRACK, text)
    adopt(second)
    report, comparison = "/voortgang/2020-2/", "/voortgang/vergelijk/"
    for page, times in {report: 2, comparison: 1, action.get_absolute_url(): 2}.items():
        shown = main_of(bezoeker.get(page))
        levels = [int(level) for level in re.findall(r"<h([1-6])[\s>]", shown)]
        assert all(after <= before + 1 for before, after in pairwise(levels)), f"{page}: {levels}"
        assert shown.count("Hoe het verder gaat</h") == times, page


def test_form_of_an_update_shows_headings_as_the_site_does(beheerder, bezoeker, actions):
    publish_update(actions[0], Status.ON_TRACK, "## Een kop")
    level = re.search(r"<h(\d)>Een kop", main_of(bezoeker.get(actions[0].get_absolute_url())))[1]
    form = beheerder.get("/beheer/plan/progressupdate/add/").content.decode()
    assert re.findall(r'data-level="(\d)"', form) == [level]
