"""Comparing two reports, action by action."""

import re

import pytest
from django.utils.html import escape

from plan.carrying_over import carry_over
from plan.models import Action, ProgressReport, Status
from plan.progress.adoption import adopt
from plan.progress.round import save_row
from tests.progress.conftest import main_of, make_round, publish_update, report_row, values
from themes.models import Theme
from veiligalmere.editorial.publish import publish, withdraw

ADDRESS = "/voortgang/vergelijk/?van=2020-1&naar=2020-2"


@pytest.fixture
def two_reports(jaarplan, first_report, actions):
    """A second report: one action gone on, one with other words, one withdrawn."""
    second = make_round(jaarplan, half=2)
    report_row(second, actions[1], Status.DELAYED, f"Over {actions[1].title}, opnieuw.")
    report_row(second, actions[4], Status.DONE, "Gestart en afgerond.")
    withdraw(actions[20])
    adopt(second)
    return actions


def part(text, title):
    """Return the article about the action with this title."""
    start = text.index(f">{title}</a></h3>")
    return text[start : text.index("</article>", start)]


def test_comparison_shows_status_words_and_what_ended(bezoeker, two_reports):
    text = main_of(bezoeker.get(ADDRESS))
    changed = part(text, two_reports[1].title)
    assert changed.index("Op schema") < changed.index("Vertraagd")
    assert "<ins>" in changed
    assert "opnieuw" in changed
    assert "Afgesloten" in part(text, two_reports[4].title)
    assert "Staat niet meer in deze rapportage" in part(text, two_reports[20].title)
    assert "bij 3 acties is iets veranderd, bij 26 niet" in " ".join(text.split())


def test_each_part_of_what_was_reported_is_compared_by_itself(
    bezoeker, jaarplan, first_round, actions
):
    def reported(report, cause, correction):
        said = values(Status.DELAYED, "Loopt nog.") | {"cause": cause, "correction": correction}
        save_row(report, actions[1], said, revision=0, by=None)
        adopt(report)

    reported(first_round, "Een partner had geen tijd.", "Wij zoeken er een andere bij.")
    reported(make_round(jaarplan, half=2), "De vergunning liet op zich wachten.", "Wij wachten.")
    told = part(main_of(bezoeker.get(ADDRESS)), actions[1].title)
    told = re.sub(r'<span class="visually-hidden">.*?</span>', "", told)
    words = re.findall(r'<p class="report-change__words">(.*?)</p>', told, re.DOTALL)
    assert [re.sub("<[^>]*>", "", one).split(":")[0] for one in words] == ["Oorzaak", "Bijsturing"]
    assert "Loopt nog." not in told
    # Few words are the same: both are told whole, or neither could be read.
    assert "<del>Een partner had geen tijd.</del>" in told
    assert "<ins>De vergunning liet op zich wachten.</ins>" in told


def test_another_title_or_another_text_of_the_plan_is_a_change(
    bezoeker, jaarplan, first_report, actions
):
    renamed, rewritten, same = actions[1], actions[2], actions[3]
    old_title = renamed.title
    renamed.title = "Een heel andere titel"
    rewritten.body = "Een heel andere tekst."
    for action in (renamed, rewritten, same):
        action.save()
        publish(action)
    adopt(make_round(jaarplan, half=2))
    text = " ".join(main_of(bezoeker.get(ADDRESS)).split())
    assert "bij 2 acties is iets veranderd, bij 27 niet" in text
    about = part(text, renamed.title)
    assert "Andere titel" in about
    assert f"Heette eerst: {escape(old_title)}" in about
    assert "Andere tekst in het plan" not in about
    about = part(text, rewritten.title)
    assert "Andere tekst in het plan" in about
    assert "Andere titel" not in about
    unchanged = text[text.index("Niets veranderd") :]
    assert f">{escape(same.title)}</a>" in unchanged
    assert f">{escape(rewritten.title)}</a>" not in unchanged


def test_new_action_is_marked(bezoeker, jaarplan, first_round, actions):
    withdraw(actions[20])
    adopt(first_round)
    actions[20].refresh_from_db()
    from_withdrawn = actions[20]
    from_withdrawn.state = "gepubliceerd"
    from_withdrawn.save()
    adopt(make_round(jaarplan, half=2))
    text = main_of(bezoeker.get(ADDRESS))
    assert "Nieuw in deze rapportage" in part(text, actions[20].title)


@pytest.fixture
def next_report():
    """A function that carries actions over into the next plan and adopts a report on it, or not."""

    def carry_on(plan, actions, *, reported=True):
        year = plan.year + 1
        new = carry_over(
            plan, year=year, title=f"Jaarplan {year}", multi_year_plan="x", actions=actions
        )
        drafts = list(Action.objects.of_plan(new))
        for draft in [new, *drafts]:
            publish(draft)
        if reported:
            adopt(make_round(new))
        return new, drafts

    return carry_on


@pytest.mark.parametrize("count", [1, 6])
def test_action_is_found_again_however_many_plans_later(
    count, bezoeker, jaarplan, first_report, actions, next_report, django_assert_max_num_queries
):
    new, carried = next_report(jaarplan, actions[:count])
    next_report(*next_report(new, carried))
    with django_assert_max_num_queries(6):
        answer = bezoeker.get("/voortgang/vergelijk/?van=2020-1&naar=2023-1")
    text = main_of(answer)
    assert "Nieuw in deze rapportage" not in text
    assert text.count("Staat niet meer in deze rapportage") == 29 - count
    changed = part(text, actions[0].title)
    assert changed.index("Gereed") < changed.index("Nog niet gemeld")


@pytest.mark.parametrize("reported", [(False, False), (True, False), (False, True)])
def test_action_is_found_again_over_a_plan_on_which_nothing_was_reported(
    reported, bezoeker, jaarplan, first_report, actions, next_report, django_assert_max_num_queries
):
    new, carried = next_report(jaarplan, actions[:2], reported=reported[0])
    new, carried = next_report(new, carried, reported=reported[1])
    next_report(new, carried)
    with django_assert_max_num_queries(6):
        answer = bezoeker.get("/voortgang/vergelijk/?van=2020-1&naar=2023-1")
    text = main_of(answer)
    assert "Nieuw in deze rapportage" not in text
    assert text.count("Staat niet meer in deze rapportage") == 29 - 2


def test_what_a_report_in_between_says_of_an_action_holds_whatever_it_continues_by_now(
    bezoeker, jaarplan, first_report, actions, next_report
):
    new, carried = next_report(jaarplan, actions[:1])
    next_report(new, carried)
    Action.objects.filter(pk=carried[0].pk).update(predecessor=actions[1])
    text = main_of(bezoeker.get("/voortgang/vergelijk/?van=2020-1&naar=2022-1"))
    changed = part(text, actions[0].title)
    assert changed.index("Gereed") < changed.index("Nog niet gemeld")


def test_actions_stand_under_their_own_theme_also_when_themes_changed_numbers(
    bezoeker, jaarplan, first_report, actions
):
    first, second = Theme.objects.filter(number__in=[1, 2]).order_by("number")
    for theme, number in ((first, 99), (second, 1), (first, 2)):
        Theme.objects.filter(pk=theme.pk).update(number=number)
    report = make_round(jaarplan, half=2)
    of_first, of_second = (
        [one for one in actions if one.theme_id == theme.pk] for theme in (first, second)
    )
    changed = [of_first[1], of_first[3], of_second[0]]
    for action in changed:
        report_row(report, action, Status.DONE, "Klaar.")
    for gone in (of_first[2], of_second[2]):
        withdraw(gone)
    adopt(report)
    text = main_of(bezoeker.get(ADDRESS))
    sections = dict(re.findall(r'aria-labelledby="thema-(\d+)"(.*?)</section>', text, re.DOTALL))
    assert list(sections) == [str(second.pk), str(first.pk)]
    assert text.count('<h2 id="thema-') == 2
    for theme, inside in (
        (first, [*changed[:2], of_first[2]]),
        (second, [changed[2], of_second[2]]),
    ):
        titles = re.findall(r">([^<]+)</a></h3>", sections[str(theme.pk)])
        assert titles == [escape(one.title) for one in inside]


def test_each_report_leads_to_the_comparison_with_the_one_before(bezoeker, two_reports):
    link = "/voortgang/vergelijk/?van=2020-1&amp;naar=2020-2"
    assert link in main_of(bezoeker.get("/voortgang/2020-2/"))
    assert link in main_of(bezoeker.get("/voortgang/"))
    assert "vergelijk" not in main_of(bezoeker.get("/voortgang/2020-1/"))


def test_without_choice_the_last_two_are_compared(bezoeker, two_reports):
    answer = bezoeker.get("/voortgang/vergelijk/")
    assert main_of(answer) == main_of(bezoeker.get(ADDRESS))


def test_what_is_printed_names_the_two_that_are_compared(bezoeker, two_reports, settings):
    own = f'only-print">{settings.SITE_URL}/voortgang/vergelijk/?van=2020-1&amp;naar=2020-2</p>'
    for address in (ADDRESS, "/voortgang/vergelijk/"):
        assert own in bezoeker.get(address).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "van=2020-1",
        "naar=2020-2",
        "van=2020-1&naar=2021-1",
        "van=%00&naar=<script>",
        "van=2020-1&naar=" + "9" * 500,
    ],
)
def test_bad_choice_is_a_404_with_the_choices(query, bezoeker, two_reports):
    answer = bezoeker.get(f"/voortgang/vergelijk/?{query}")
    assert answer.status_code == 404
    assert "?van=2020-1&amp;naar=2020-2" in answer.content.decode()


def test_a_link_in_the_404_names_the_two_in_the_order_in_which_it_compares_them(
    bezoeker, two_reports
):
    text = main_of(bezoeker.get("/voortgang/vergelijk/?van=2020-1"))
    reports = ProgressReport.objects.adopted().oldest_first()
    first, second = (report.title for report in reports)
    assert f">Van {first} naar {second}</a>" in text


def test_two_reports_in_the_wrong_order_lead_to_the_right_one(bezoeker, two_reports):
    answer = bezoeker.get("/voortgang/vergelijk/?naar=2020-1&van=2020-2")
    assert (answer.status_code, answer["Location"]) == (301, ADDRESS)


def test_the_same_report_twice_gives_the_form_and_says_what_to_do(bezoeker, two_reports):
    answer = bezoeker.get("/voortgang/vergelijk/?van=2020-1&naar=2020-1")
    text = main_of(answer)
    assert answer.status_code == 200
    assert "Kies twee verschillende rapportages om te vergelijken." in text
    assert text.count('<option value="2020-1" selected>') == 2
    assert "In het kort" not in text
    assert "Niets veranderd" not in text


def test_the_only_report_twice_is_nothing_to_compare(bezoeker, first_report):
    text = main_of(bezoeker.get("/voortgang/vergelijk/?van=2020-1&naar=2020-1"))
    assert "Er is nog maar één voortgangsrapportage." in text


def test_nothing_to_compare_yet_is_said(bezoeker, jaarplan):
    text = main_of(bezoeker.get("/voortgang/vergelijk/"))
    assert "Er is nog geen voortgangsrapportage vastgesteld." in text


def test_one_report_is_nothing_to_compare(bezoeker, first_report):
    text = main_of(bezoeker.get("/voortgang/vergelijk/"))
    assert "Er is nog maar één voortgangsrapportage." in text


def test_markup_in_what_was_reported_is_shown_as_words(bezoeker, jaarplan, first_report, actions):
    second = make_round(jaarplan, half=2)
    report_row(second, actions[1], Status.ON_TRACK, "<script>alert(1)</script> klaar")
    adopt(second)
    publish_update(actions[1], Status.ON_TRACK)
    assert "<script>alert" not in bezoeker.get(ADDRESS).content.decode()
