"""Rules between objects hold when a draft is published, whatever has changed since it was saved."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from plan.models import Action, Passage, ProgressUpdate
from plan.progress.adoption import adopt
from tests.progress.conftest import make_round
from tests.tooling.forms import posted
from themes.models import Subtopic, Theme
from veiligalmere.editorial.due import publish_due
from veiligalmere.editorial.publish import discard_draft, publish, put_back, save_draft, schedule
from veiligalmere.editorial.versions import Version, draft_of

NO_OTHER_YEAR = "Het jaar kan niet meer veranderen"


def save(client, obj, **changes):
    """Save a draft of `obj` in its form."""
    form = f"/beheer/{obj._meta.app_label}/{obj._meta.model_name}/{obj.pk}/change/"
    answer = client.post(form, posted(client.get(form), **changes))
    assert answer.status_code == 302
    return draft_of(obj)


def press_publish(client, obj, button="publiceren", **changes):
    """Publish or plan the draft of `obj` on the page for judging; return the page that follows."""
    page = f"/beheer/{obj._meta.app_label}/{obj._meta.model_name}/{obj.pk}/beoordelen/"
    data = posted(client.get(page), form="publiceren", button=button, **changes)
    return client.post(page, data, follow=True).content.decode()


@pytest.fixture
def other_year(beheerder, jaarplan):
    """A draft of the plan for another year, saved before its first report is adopted."""
    report = make_round(jaarplan)
    draft = save(beheerder, jaarplan, year="2021")
    adopt(report)
    return draft


def test_a_plan_gets_no_other_year_if_a_report_was_adopted_since(
    beheerder, bezoeker, jaarplan, other_year
):
    page = press_publish(beheerder, jaarplan, **{"publiceren-note": "Ander jaar"})
    assert NO_OTHER_YEAR in page
    assert bezoeker.get("/voortgang/2020-1/").status_code == 200
    jaarplan.refresh_from_db()
    assert jaarplan.year == 2020
    assert draft_of(jaarplan) == other_year


def test_a_year_that_was_put_back_is_refused_as_well(bezoeker, jaarplan, other_year):
    discard_draft(jaarplan)
    put_back(jaarplan, other_year)
    with pytest.raises(ValidationError, match=NO_OTHER_YEAR):
        publish(jaarplan)
    assert bezoeker.get("/voortgang/2020-1/").status_code == 200


def test_what_breaks_a_rule_at_its_moment_says_so_and_holds_up_no_other(beheerder, jaarplan):
    report = make_round(jaarplan)
    save(beheerder, jaarplan, year="2021")
    action = Action.objects.public().first()
    save(beheerder, action, title="Op tijd")
    moment = timezone.now() + timedelta(days=1)
    schedule(jaarplan, moment)
    schedule(action, moment + timedelta(minutes=1))
    adopt(report)
    outcomes = publish_due(moment + timedelta(hours=1))
    assert [NO_OTHER_YEAR in one.problem for one in outcomes] == [True, False]
    assert NO_OTHER_YEAR in draft_of(jaarplan).remark
    action.refresh_from_db()
    assert action.title == "Op tijd"


def test_what_breaks_a_rule_by_now_is_not_planned(beheerder, jaarplan, other_year):
    page = press_publish(
        beheerder,
        jaarplan,
        "plannen",
        **{"publiceren-note": "Ander jaar", "publiceren-moment": "2100-01-01T12:00"},
    )
    assert NO_OTHER_YEAR in page
    assert draft_of(jaarplan).publish_at is None


def test_two_drafts_do_not_make_a_third_level_of_subtopics(beheerder, bezoeker, jaarplan):
    top, middle, low = Subtopic.objects.filter(
        theme=Subtopic.objects.first().theme, parent=None, children=None
    )[:3]
    save(beheerder, low, parent=str(middle.pk))
    save(beheerder, middle, parent=str(top.pk))
    press_publish(beheerder, low, **{"publiceren-note": "Valt eronder"})
    page = press_publish(beheerder, middle, **{"publiceren-note": "Valt eronder"})
    assert "valt onder: Onder dit onderwerp vallen zelf onderwerpen" in page
    low.refresh_from_db()
    middle.refresh_from_db()
    assert (low.parent, middle.parent) == (middle, None)
    assert bezoeker.get(low.get_absolute_url()).status_code == 200


def test_two_drafts_do_not_meet_in_one_anchor(beheerder, jaarplan):
    action, passage = Action.objects.public().first(), Passage.objects.public().first()
    save(beheerder, action, slug="zelfde")
    save(beheerder, passage, slug="zelfde")
    press_publish(beheerder, action, **{"publiceren-note": "Ander adres"})
    page = press_publish(beheerder, passage, **{"publiceren-note": "Ander adres"})
    assert "anker: Een actie van dit jaarplan heeft dit adres al." in page
    passage.refresh_from_db()
    assert passage.slug != "zelfde"


def test_an_update_that_is_not_complete_is_not_planned(beheerder, jaarplan):
    action = Action.objects.public().first()
    update = ProgressUpdate.objects.create(
        action=action, status="vertraagd", explanation="Het loopt uit."
    )
    moment = {"publiceren-note": "Later", "publiceren-moment": "2100-01-01T12:00"}
    assert "ook oorzaak nodig" in press_publish(beheerder, update, "plannen", **moment)
    assert not Version.objects.of(update).scheduled().exists()


def test_what_names_something_gone_is_held_to_the_rules_at_its_first_publication(jaarplan):
    subtopic = Subtopic.objects.filter(parent=None, children=None).first()
    passage = Passage.objects.create(
        plan=jaarplan,
        heading="Kop",
        slug="kop",
        theme=subtopic.theme,
        subtopic=subtopic,
        position=1,
    )
    gone = Action.objects.create(
        plan=jaarplan, theme=subtopic.theme, title="Weg", slug="weg", body="x", position=9000
    )
    save_draft(passage, lambda row: row.actions.add(gone))
    gone.delete()
    others = Theme.objects.exclude(pk=subtopic.theme_id)
    Subtopic.objects.filter(pk=subtopic.pk).update(theme=others.first())
    with pytest.raises(ValidationError, match="hoort bij een ander thema"):
        publish(passage)
