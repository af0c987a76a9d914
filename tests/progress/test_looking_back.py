"""The plan as it was on a day: texts, statuses, differences, and a way back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from plan.models import Action, Passage, Status
from tests.progress.conftest import main_of, publish_update
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.versions import Version

TODAY = timezone.localdate()


def address(day):
    return f"/jaarplan/2020/op/{day.isoformat()}/"


@pytest.fixture
def history(jaarplan, actions):
    """The plan as loaded ten days ago; today one action changed, one new, one withdrawn."""
    ago = timezone.now() - timedelta(days=10)
    Version.objects.update(created_at=ago)
    changed, gone = actions[0], actions[5]
    changed.body = "Geheel nieuwe woorden."
    changed.save()
    publish(changed)
    withdraw(gone)
    new = Action.objects.create(
        plan=jaarplan, theme=changed.theme, title="Nieuwe actie", slug="n", body="N.", position=95
    )
    publish(new)
    publish_update(actions[1], Status.STUCK)
    return actions


def test_day_shows_the_texts_and_statuses_of_that_day(bezoeker, history):
    text = main_of(bezoeker.get(address(TODAY - timedelta(days=3))))
    shown = text[text.index("Thema 1") :]
    assert "U kijkt terug" in text
    assert "/jaarplan/2020/volledig/" in text
    assert "redenen waarom in Almere meer verdachten" in shown
    assert "Geheel nieuwe woorden." not in shown
    assert "Nieuwe actie" not in shown
    assert history[5].title in shown
    assert "Loopt vast" not in shown
    assert shown.count("Nog niet gemeld") == 29


def test_differences_with_today_are_told(bezoeker, history):
    text = main_of(bezoeker.get(address(TODAY - timedelta(days=3))))
    told = text[: text.index("Thema 1")]
    assert "Sindsdien nieuw" in told
    assert "Staat er nu niet meer" in told
    assert "<ins>" in told
    assert "Loopt vast" in told
    assert told.count('<article class="report-change"') == 4


OURS = '<span class="plan-text__ours">(titel van de redactie)</span>'


def test_day_shows_the_headings_of_the_plan_and_marks_titles_of_ours(bezoeker, jaarplan):
    monitor = Action.objects.get(slug="veiligheidsmonitor-2019")
    ours = Action.objects.get(heading="")
    for page in (address(TODAY), jaarplan.full_url):
        text = main_of(bezoeker.get(page))
        assert re.search(rf"<h\d>{monitor.heading}</h\d>", text)
        assert f"<h3>{monitor.title}</h3>" not in text
        assert re.search(rf"<h\d[^>]*>{ours.title} {re.escape(OURS)}</h\d>", text)
        assert text.count(OURS) == 1


@pytest.mark.parametrize(
    ("title", "heading", "told"),
    [
        ("Veiligheidsmonitor 2019", "Veiligheidsbeleving: Monitor", "toegevoegd: Monitor"),
        ("Veiligheidsmonitor 2019", "", "toegevoegd:  (titel van de redactie)"),
        # The same words, which are now the plan's own.
        (*2 * ("Alternatief voor het Festivalplein",), "verwijderd:  (titel van de redactie)"),
    ],
)
def test_a_heading_that_changed_is_told(title, heading, told, bezoeker, jaarplan):
    Version.objects.update(created_at=timezone.now() - timedelta(days=10))
    action = Action.objects.get(title=title)
    action.heading = heading
    action.save()
    publish(action)
    text = main_of(bezoeker.get(address(TODAY - timedelta(days=3))))
    (change,) = re.findall(r'<article class="report-change">.*?</article>', text, re.DOTALL)
    assert f"[{told}]" in re.sub(r"<[^>]*>", "", change)


def test_today_is_as_it_is_now(bezoeker, history):
    text = main_of(bezoeker.get(address(TODAY)))
    assert "zoals het vandaag is" in text
    assert "niets veranderd" in text
    assert "Geheel nieuwe woorden." in text


def test_a_withdrawn_theme_takes_what_stood_in_it_along(bezoeker, history):
    theme = history[-1].theme
    of_theme = [one for one in history if one.theme_id == theme.pk]
    withdraw(theme)
    before = main_of(bezoeker.get(address(TODAY - timedelta(days=3))))
    told, shown = before[: before.index("Thema 1")], before[before.index("Thema 1") :]
    today = main_of(bezoeker.get(address(TODAY)))
    assert f"Thema {theme.number}: {theme.name}" in shown
    elsewhere = Passage.objects.exclude(theme=theme).values("heading")
    passages = Passage.objects.filter(theme=theme).exclude(heading__in=elsewhere)
    for heading in [*(one.title for one in of_theme), *(one.heading for one in passages)]:
        closed = f">{escape(heading)}</h3>"
        assert closed in told
        assert closed in shown
        assert closed not in today


def test_day_before_the_first_publication_says_so(bezoeker, history):
    answer = bezoeker.get(address(TODAY - timedelta(days=20)))
    assert answer.status_code == 404
    assert "De eerste publicatie hier was op" in answer.content.decode()


@pytest.mark.parametrize("day", ["morgen", "2020-13-01", "2020-02-30", "20200414", "9999-99-99"])
def test_what_is_no_day_is_a_404_with_a_way_on(day, bezoeker, jaarplan):
    answer = bezoeker.get(f"/jaarplan/2020/op/{day}/")
    assert answer.status_code == 404
    assert "/jaarplan/2020/volledig/" in answer.content.decode()


def test_day_to_come_is_a_404(bezoeker, jaarplan):
    answer = bezoeker.get(address(TODAY + timedelta(days=2)))
    assert "in de toekomst" in answer.content.decode()


def test_form_on_the_plan_leads_to_the_day(bezoeker, jaarplan):
    assert 'action="/jaarplan/2020/op/"' in bezoeker.get("/jaarplan/2020/").content.decode()
    answer = bezoeker.get("/jaarplan/2020/op/", {"dag": TODAY.isoformat()})
    assert answer["Location"] == address(TODAY)
    assert bezoeker.get("/jaarplan/2020/op/").status_code == 404


def test_queries_do_not_grow_with_the_actions(bezoeker, history, django_assert_max_num_queries):
    with django_assert_max_num_queries(18):
        bezoeker.get(address(TODAY))
