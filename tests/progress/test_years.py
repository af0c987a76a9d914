"""From one year to the next: a new plan based on the old one, and a whole year played."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from plan.carrying_over import carry_over
from plan.models import Action, AnnualPlan, ProgressReport, Status
from plan.progress.adoption import adopt
from tests.progress.conftest import main_of, make_round, publish_update, report_row, values
from tests.tooling.forms import posted
from themes.models import Indicator, Place
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.snapshot import take
from veiligalmere.editorial.versions import Version


def next_plan(client, plan, actions, **changes):
    """Fill in the step “Nieuw jaarplan”; return the answer."""
    page = f"/beheer/plan/annualplan/{plan.pk}/nieuw-jaarplan/"
    keys = [str(action.pk) for action in actions]
    form = posted(client.get(page), form="multi_year_plan", actions=keys, **changes)
    return client.post(page, form, follow=True)


def text(answer):
    return " ".join(main_of(answer).split())


def test_ticked_actions_become_drafts_with_their_predecessor(
    beheerder, bezoeker, jaarplan, actions
):
    before = bezoeker.get("/jaarplan/2020/volledig/").content
    answer = next_plan(beheerder, jaarplan, actions[:3])
    assert "met 3 acties als concept" in answer.content.decode()
    plan = AnnualPlan.objects.get(year=2021)
    assert (plan.title, plan.state) == ("Jaarplan Veiligheid 2021", State.CONCEPT)
    new = list(Action.objects.of_plan(plan))
    assert [one.predecessor for one in new] == actions[:3]
    assert {one.state for one in new} == {State.CONCEPT}
    assert [one.body for one in new] == [one.body for one in actions[:3]]
    assert set(new[0].subtopics.all()) == set(actions[0].subtopics.all())
    assert (new[0].period, new[0].end_date) == ("", None)
    assert bezoeker.get("/jaarplan/2021/").status_code == 404
    assert bezoeker.get("/jaarplan/2020/volledig/").content == before


def test_each_new_action_has_its_first_draft(redacteur, jaarplan, actions):
    for one in actions[:2]:
        one.owner = redacteur.user
        one.places.add(Place.objects.first())
        one.indicators.add(Indicator.objects.first())
        one.save()
    plan = carry_over(
        jaarplan,
        year=2021,
        title="Jaarplan 2021",
        multi_year_plan="x",
        actions=Action.objects.of_plan(jaarplan),
        by=redacteur.user,
    )
    for one in [plan, *plan.actions.all()]:
        draft = Version.objects.of(one).get()
        assert (draft.number, draft.kind, draft.is_draft) == (1, Version.Kind.CONCEPT, True)
        assert (draft.author, draft.label) == (redacteur.user, str(one))
        assert draft.content == take(one)
        assert one.state == State.CONCEPT


def test_a_whole_plan_is_carried_over_in_few_queries(jaarplan, actions, django_user_model):
    owner = django_user_model.objects.create(username="eigenaar")
    Action.objects.update(owner=owner)
    for one in actions:
        one.places.add(Place.objects.first())
        one.indicators.add(Indicator.objects.first())

    def queries(year, many):
        chosen = Action.objects.of_plan(jaarplan)[:many]
        with CaptureQueriesContext(connection) as asked:
            carry_over(jaarplan, year=year, title="x", multi_year_plan="x", actions=chosen)
        return len(asked)

    assert queries(2022, 15) - queries(2021, 5) <= 10 * 12


def test_one_action_is_told_as_one(beheerder, jaarplan, actions):
    answer = next_plan(beheerder, jaarplan, actions[:1])
    assert "met 1 actie als concept" in answer.content.decode()


def test_new_action_can_continue_one_of_the_year_before(beheerder, jaarplan, actions):
    next_plan(beheerder, jaarplan, [])
    plan = AnnualPlan.objects.get(year=2021)
    page = "/beheer/plan/action/add/"
    form = posted(
        beheerder.get(page),
        form="predecessor",
        plan=str(plan.pk),
        title="Verder met straatintimidatie",
        slug="verder-met-straatintimidatie",
        body="Wij gaan verder.",
        theme=str(actions[0].theme_id),
        position="10",
        predecessor=str(actions[0].pk),
    )
    answer = beheerder.post(page, form)
    assert "Kies een actie uit een eerder jaarplan." not in answer.content.decode()
    assert answer.status_code == 302
    assert Action.objects.get(plan=plan).predecessor == actions[0]


def test_new_action_of_the_running_plan_can_continue_one_though_the_next_plan_is_begun(
    beheerder, jaarplan, actions
):
    before = AnnualPlan.objects.create(year=2019, title="Jaarplan 2019", multi_year_plan="x")
    old = Action.objects.create(
        plan=before,
        theme=actions[0].theme,
        title=actions[0].title,
        slug="oud",
        body="T",
        position=1,
    )
    next_plan(beheerder, jaarplan, [])
    page = beheerder.get("/beheer/plan/action/add/")
    offered = page.context["adminform"].form.fields["predecessor"].queryset
    assert list(offered) == [*actions, old]
    text = page.content.decode()
    assert f"{escape(old.title)} (2019)</option>" in text
    assert f"{escape(old.title)} (2020)</option>" in text
    form = posted(
        page,
        form="predecessor",
        plan=str(jaarplan.pk),
        title="Nog een actie",
        slug="nog-een-actie",
        body="Wij gaan verder.",
        theme=str(old.theme_id),
        position="10",
        predecessor=str(old.pk),
    )
    assert beheerder.post("/beheer/plan/action/add/", form).status_code == 302
    assert Action.objects.get(slug="nog-een-actie").predecessor == old


def test_first_plan_has_nothing_to_continue(beheerder, jaarplan, actions):
    shown = beheerder.get("/beheer/plan/action/add/").context["adminform"].form
    assert not shown.fields["predecessor"].queryset.exists()


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("/beheer/plan/progressupdate/add/", "action"),
        ("/beheer/plan/development/add/", "actions"),
    ],
)
def test_actions_of_the_year_before_are_still_offered(page, name, beheerder, jaarplan, actions):
    def offered():
        field = beheerder.get(page).context["adminform"].form.fields[name]
        return [label for key, label in field.choices if key]

    this_year = [f"{one.title} (2020)" for one in actions]
    assert offered() == this_year
    for year in (2021, 2022):
        plan = carry_over(
            AnnualPlan.objects.current(),
            year=year,
            title=f"Jaarplan Veiligheid {year}",
            multi_year_plan="Meerjarenplan",
            actions=Action.objects.of_plan(AnnualPlan.objects.current())[:2],
        )
        carried_over = list(Action.objects.of_plan(plan))
        for draft in carried_over:
            publish(draft)
        if year == 2021:
            assert offered() == this_year, "the next plan is not public yet"
            publish(plan)
            assert offered() == [f"{one.title} (2021)" for one in carried_over] + this_year
    publish(plan)
    titles = [one.title for one in carried_over]
    assert offered() == [f"{one} ({year})" for year in (2022, 2021) for one in titles]


def test_update_on_an_action_of_the_year_before_is_published(
    beheerder, bezoeker, jaarplan, actions
):
    plan = carry_over(
        jaarplan,
        year=2021,
        title="Jaarplan 2021",
        multi_year_plan="Meerjarenplan",
        actions=actions[:1],
    )
    for draft in [*Action.objects.of_plan(plan), plan]:
        publish(draft)
    page = "/beheer/plan/progressupdate/add/"
    form = posted(
        beheerder.get(page),
        button="_continue",
        action=str(actions[3].pk),
        reported_on="2020-12-31",
        **values(Status.DONE),
    )
    saved = beheerder.post(page, form, follow=True)
    page = saved.request["PATH_INFO"].replace("change", "beoordelen")
    beheerder.post(page, posted(beheerder.get(page), form="publiceren", button="publiceren"))
    assert "De eerste stap is gezet." in main_of(bezoeker.get(actions[3].get_absolute_url()))


def test_figures_of_an_action_go_along(beheerder, bezoeker, jaarplan, actions):
    figure = Indicator.objects.public().first()
    actions[0].indicators.add(figure)
    next_plan(beheerder, jaarplan, actions[:2])
    plan = AnnualPlan.objects.get(year=2021)
    new, other = Action.objects.of_plan(plan)
    for draft in (plan, new, other):
        publish(draft)
    link = f'href="{figure.get_absolute_url()}"'
    assert link in text(bezoeker.get(new.get_absolute_url()))
    assert link not in text(bezoeker.get(other.get_absolute_url()))


def test_form_shows_how_each_action_stands(beheerder, jaarplan, actions):
    publish_update(actions[0], Status.DONE)
    page = f"/beheer/plan/annualplan/{jaarplan.pk}/nieuw-jaarplan/"
    shown = beheerder.get(page).content.decode()
    assert f"{actions[0].title} (gereed)" in shown
    assert f"{actions[1].title} (nog niet gemeld)" in shown


def test_year_that_is_taken_or_past_is_refused(beheerder, jaarplan, actions):
    next_plan(beheerder, jaarplan, [], year="2021")
    answer = next_plan(beheerder, jaarplan, [], year="2021")
    assert AnnualPlan.objects.filter(year=2021).count() == 1
    assert "bestaat al" in answer.content.decode()
    with pytest.raises(ValidationError, match="na 2020"):
        carry_over(jaarplan, year=2019, title="x", multi_year_plan="x", actions=[])
    assert not AnnualPlan.objects.filter(year=2019).exists()


def test_year_of_a_plan_stays_once_a_report_has_it_in_its_address(
    beheerder, bezoeker, jaarplan, first_round
):
    page = f"/beheer/plan/annualplan/{jaarplan.pk}/change/"

    def change(year, **changes):
        form = posted(beheerder.get(page), form="multi_year_plan", year=year, **changes)
        return beheerder.post(page, form)

    refusal = "Het jaar kan niet meer veranderen"
    assert change("2021").status_code == 302
    assert change("2020").status_code == 302
    adopt(first_round)
    answer = change("2021")
    assert answer.status_code == 200
    assert refusal in answer.content.decode()
    assert change("2020", title="Jaarplan Veiligheid Almere 2020").status_code == 302
    publish(jaarplan)
    assert bezoeker.get("/voortgang/2020-1/").status_code == 200
    assert bezoeker.get("/voortgang/2021-1/").status_code == 404


def test_report_on_a_later_year_comes_after_that_on_the_year_before(bezoeker, jaarplan, actions):
    moved = actions[0]
    report = make_round(jaarplan, 2)
    report_row(report, moved, Status.DELAYED, "Het bureau haakte af.")
    adopt(report)
    plan = carry_over(
        jaarplan, year=2021, title="Jaarplan 2021", multi_year_plan="Meerjarenplan", actions=[]
    )
    publish(plan)
    moved.plan = plan
    moved.save()
    publish(moved)
    adopt(make_round(plan, 1))
    line = text(bezoeker.get(f"/jaarplan/2021/acties/{moved.slug}/"))
    assert line.index("/voortgang/2021-1/") < line.index("/voortgang/2020-2/")


def test_step_is_not_for_who_may_add_nothing(redacteur, jaarplan):
    redacteur.user.groups.clear()
    page = f"/beheer/plan/annualplan/{jaarplan.pk}/nieuw-jaarplan/"
    assert redacteur.get(page).status_code == 403


def test_action_without_other_years_has_no_line_over_the_years(bezoeker, actions):
    assert "Door de jaren heen" not in text(bezoeker.get(actions[0].get_absolute_url()))


@pytest.mark.slow
def test_a_whole_year(beheerder, bezoeker, jaarplan, actions):
    """Load, assign, report, adopt, change, report again, compare, and carry over to 2021."""
    Action.objects.update(owner=beheerder.user)
    actions = list(Action.objects.of_plan(jaarplan).select_related("plan"))
    add = "/beheer/plan/progressreport/add/"

    def open_round(half):
        form = posted(
            beheerder.get(add),
            form="deadline",
            plan=str(jaarplan.pk),
            half=str(half),
            deadline=date(2020, 6 * half, 30).isoformat(),
            summary=f"Het {half}e halfjaar.",
        )
        beheerder.post(add, form)
        return ProgressReport.objects.get(half=half)

    def save(half, action, status, words, **account):
        page = f"/beheer/voortgang/ronde/2020-{half}/"
        prefix = f"rij{action.pk}-"
        fields = {"status": str(Status(status).value), "explanation": words, **account}
        form = posted(
            beheerder.get(page),
            form=f"{prefix}revision",
            button="opslaan",
            **{f"{prefix}{name}": value for name, value in fields.items()},
        )
        assert beheerder.post(f"{page}{action.pk}/", form).status_code == 302

    def adopt(half):
        page = f"/beheer/voortgang/ronde/2020-{half}/vaststellen/"
        assert beheerder.post(page, posted(beheerder.get(page))).status_code == 302

    # The first half-year
    open_round(1)
    save(1, actions[0], Status.ON_TRACK, "Het onderzoek is begonnen.")
    account = {
        "cause": "Geen bureau.",
        "consequence": "Later klaar.",
        "correction": "Nieuw bureau.",
    }
    save(1, actions[1], Status.DELAYED, "Het bureau haakte af.", **account)
    save(1, actions[2], Status.NOT_STARTED, "Begint in de herfst.")
    assert bezoeker.get("/voortgang/2020-1/").status_code == 404
    adopt(1)
    first = main_of(bezoeker.get("/voortgang/2020-1/"))
    assert "1 op schema, 1 vertraagd, 1 nog niet gestart en 26 nog niet gemeld" in first

    # What happens afterwards does not change the report
    actions[0].title, actions[0].body = "Een andere titel", "Andere woorden."
    actions[0].save()
    publish(actions[0])
    withdraw(actions[3])
    publish_update(actions[1], Status.ON_TRACK, "Er is een nieuw bureau.")
    assert main_of(bezoeker.get("/voortgang/2020-1/")) == first

    # The second half-year
    second = open_round(2)
    save(2, actions[0], Status.DONE, "Het onderzoek is af.")
    save(2, actions[2], Status.DROPPED, "Er was geen geld.")
    report_row(second, actions[4], Status.ON_TRACK, "Loopt door.")
    adopt(2)
    assert main_of(bezoeker.get("/voortgang/2020-1/")) == first
    compared = text(bezoeker.get("/voortgang/vergelijk/?van=2020-1&naar=2020-2"))
    assert "bij 5 acties is iets veranderd, bij 24 niet" in compared
    assert "Staat niet meer in deze rapportage" in compared
    line = text(bezoeker.get(actions[1].get_absolute_url()))
    assert line.index("Er is een nieuw bureau.") < line.index("Het bureau haakte af.")

    # The next year
    next_plan(beheerder, jaarplan, [actions[1], actions[4]])
    plan = AnnualPlan.objects.get(year=2021)
    for draft in [*Action.objects.of_plan(plan), plan]:
        publish(draft)
    old = text(bezoeker.get(actions[1].get_absolute_url()))
    assert "Dit hoort bij een eerder jaarplan" in old
    assert "voortgezet in 2021 als" in old
    new = text(bezoeker.get(f"/jaarplan/2021/acties/{actions[1].slug}/"))
    assert "Door de jaren heen" in new
    assert "Op schema" in new
    assert "Over 2 acties is nog niets gemeld." in text(bezoeker.get("/"))
    assert main_of(bezoeker.get("/voortgang/2020-1/")) == first
