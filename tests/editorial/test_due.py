"""Publishing at a set moment, by the command that a timer calls."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from plan.models import Action
from tests.tooling.forms import posted
from veiligalmere.editorial import due
from veiligalmere.editorial.due import publish_due
from veiligalmere.editorial.publish import publish, submit, withdraw
from veiligalmere.editorial.versions import Version, draft_of, latest_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(jaarplan):
    """A published action."""
    return Action.objects.public().first()


def plan_for(client, action, moment, **changes):
    """Save a draft and plan its publication on the page for judging."""
    form = f"/beheer/plan/action/{action.pk}/change/"
    answer = client.post(
        form, posted(client.get(form), button="_beoordelen", **changes), follow=True
    )
    data = posted(
        answer,
        form="publiceren",
        button="plannen",
        **{
            "publiceren-moment": timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M"),
            "publiceren-note": "Op tijd",
        },
    )
    return client.post(f"/beheer/plan/action/{action.pk}/beoordelen/", data, follow=True)


def run():
    out = StringIO()
    call_command("publish_due", stdout=out)
    return out.getvalue()


def test_a_draft_goes_live_at_its_moment_and_not_before(beheerder, action):
    tomorrow = timezone.now() + timedelta(days=1)
    answer = plan_for(beheerder, action, tomorrow, title="Vanaf morgen")
    assert "Dit wordt gepubliceerd op" in answer.content.decode()
    assert draft_of(action).publish_at == tomorrow.replace(second=0, microsecond=0)
    assert run() == ""
    assert latest_published(action).number == 1

    assert [one.problem for one in publish_due(tomorrow + timedelta(hours=5))] == [""]
    version = latest_published(action)
    assert (version.note, version.author) == ("Op tijd", beheerder.user)
    action.refresh_from_db()
    assert action.title == "Vanaf morgen"
    assert publish_due(tomorrow + timedelta(hours=6)) == []


def test_a_command_that_runs_late_and_twice_publishes_once(beheerder, bezoeker, action):
    plan_for(beheerder, action, timezone.now() + timedelta(days=1), title="Al lang gepland")
    late = timezone.now() - timedelta(days=2)  # as if the timer had stood still since
    Version.objects.of(action).drafts().update(publish_at=late)
    assert run() == "Al lang gepland: published\n"
    assert run() == ""
    assert Version.objects.of(action).published().count() == 2
    assert "Al lang gepland" in bezoeker.get(action.get_absolute_url()).content.decode()


def test_a_draft_that_the_database_refuses_holds_up_no_other(beheerder, jaarplan, monkeypatch):
    first, second = Action.objects.public()[:2]
    moment = timezone.now() + timedelta(days=1)
    plan_for(beheerder, first, moment, title="Past niet")
    plan_for(beheerder, second, moment + timedelta(minutes=1), title="Past wel")

    def refuse(obj, **more):
        if obj.pk == first.pk:
            raise IntegrityError
        return publish(obj, **more)

    monkeypatch.setattr(due, "publish", refuse)
    outcomes = publish_due(moment + timedelta(hours=1))
    assert [one.problem for one in outcomes] == ["Dit past niet bij wat er al staat.", ""]
    assert "Dit past niet bij wat er al staat." in draft_of(first).remark
    assert draft_of(first).publish_at is None


def test_what_is_deleted_is_planned_no_longer(beheerder, jaarplan, action):
    concept = Action.objects.create(
        plan=jaarplan, theme=action.theme, title="Nooit", slug="nooit", body="T", position=99
    )
    plan_for(beheerder, concept, timezone.now() + timedelta(days=1), title="Toch gepland")
    assert Version.objects.scheduled().count() == 1
    beheerder.post(f"/beheer/plan/action/{concept.pk}/delete/", {"post": "yes"})
    assert not Action.objects.filter(slug="nooit").exists()
    assert not Version.objects.scheduled().exists()
    assert not Version.objects.drafts().filter(label="Toch gepland").exists()


def test_a_moment_is_in_dutch_time(beheerder, action):
    year = timezone.now().year + 1
    form = f"/beheer/plan/action/{action.pk}/change/"
    data = posted(beheerder.get(form), button="_beoordelen", title="In de zomer")
    answer = beheerder.post(form, data, follow=True)
    moment = {"publiceren-moment": f"{year}-07-01T09:00", "publiceren-minor": "on"}
    data = posted(answer, form="publiceren", button="plannen", **moment)
    beheerder.post(f"/beheer/plan/action/{action.pk}/beoordelen/", data)
    assert draft_of(action).publish_at.isoformat() == f"{year}-07-01T07:00:00+00:00"


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("2037-03-29T02:30", "Dit tijdstip bestaat niet"),
        ("2037-10-25T02:30", "Dit tijdstip komt twee keer voor"),
    ],
)
def test_a_moment_in_the_night_that_the_clock_is_changed_is_explained(
    beheerder, action, moment, reason
):
    form = f"/beheer/plan/action/{action.pk}/change/"
    data = posted(beheerder.get(form), button="_beoordelen", title="In die nacht")
    answer = beheerder.post(form, data, follow=True)
    changes = {"publiceren-moment": moment, "publiceren-minor": "on"}
    data = posted(answer, form="publiceren", button="plannen", **changes)
    answer = beheerder.post(f"/beheer/plan/action/{action.pk}/beoordelen/", data)
    assert reason in answer.content.decode()
    assert moment in answer.content.decode(), "what was typed stays"
    assert draft_of(action).publish_at is None


def judging(client, action, **changes):
    """Save a draft; return the address and the page on which it is judged."""
    form = f"/beheer/plan/action/{action.pk}/change/"
    data = posted(client.get(form), button="_beoordelen", **changes)
    return f"/beheer/plan/action/{action.pk}/beoordelen/", client.post(form, data, follow=True)


@pytest.mark.parametrize(
    ("button", "moment", "reason"),
    [
        # A browser sends one that is half filled in as an empty one: only the button tells.
        ("plannen", "", "Vul een datum en een tijd in."),
        ("publiceren", "2099-01-01T09:00", "U vulde een moment in."),
    ],
)
def test_a_moment_that_does_not_fit_the_button_publishes_nothing(
    beheerder, action, button, moment, reason
):
    page, shown = judging(beheerder, action, title="Wacht nog")
    said = {"publiceren-moment": moment, "publiceren-note": "Op tijd"}
    answer = beheerder.post(page, posted(shown, form="publiceren", button=button, **said))
    assert reason in answer.content.decode()
    kept = posted(answer, form="publiceren")
    assert {name: kept[name][0] for name in said} == said
    assert draft_of(action).publish_at is None


def test_what_was_said_when_planning_is_there_to_plan_anew_or_publish_now(beheerder, action):
    plan_for(beheerder, action, timezone.now() + timedelta(days=1), title="Gepland")
    page = f"/beheer/plan/action/{action.pk}/beoordelen/"
    shown = posted(beheerder.get(page), form="publiceren")
    assert shown["publiceren-note"] == ["Op tijd"]
    later = {"publiceren-moment": "2099-01-01T09:00"}
    data = posted(beheerder.get(page), form="publiceren", button="plannen", **later)
    beheerder.post(page, data)
    assert draft_of(action).publish_at.year == 2099
    assert draft_of(action).note == "Op tijd"
    beheerder.post(page, posted(beheerder.get(page), form="publiceren", button="publiceren"))
    assert latest_published(action).note == "Op tijd"


@pytest.mark.parametrize(
    ("button", "written"),
    [
        ("publiceren", {"terugsturen-remark": "Kijk nog naar de cijfers."}),
        (
            "terugsturen",
            {"publiceren-note": "Nieuwe cijfers.", "publiceren-moment": "2099-01-01T09:00"},
        ),
    ],
)
def test_what_was_written_for_another_button_stays(beheerder, action, button, written):
    page, _ = judging(beheerder, action, title="In beraad")
    submit(action)
    answer = beheerder.post(
        page, posted(beheerder.get(page), form="terugsturen", button=button, **written)
    )
    assert "errorlist" in answer.content.decode()
    kept = posted(answer, form="publiceren")
    assert {name: kept[name] for name in written} == {
        name: [text] for name, text in written.items()
    }


@pytest.mark.parametrize(
    ("button", "written"),
    [
        ("niet-plannen", {"terugsturen-remark": "Kijk nog eens.", "publiceren-note": "Nieuw."}),
        ("terugsturen", {"terugsturen-remark": "Kijk nog eens.", "publiceren-note": "Nieuw."}),
    ],
)
def test_what_was_written_for_another_button_is_told_when_this_one_is_done(
    beheerder, action, button, written
):
    plan_for(beheerder, action, timezone.now() + timedelta(days=1), title="Gepland")
    submit(action)
    page = f"/beheer/plan/action/{action.pk}/beoordelen/"
    data = posted(beheerder.get(page), form=button, button=button, **written)
    told = beheerder.post(page, data, follow=True).content.decode()
    assert "is niet bewaard: “Nieuw.”" in told
    assert ("is niet verstuurd: “Kijk nog eens.”" in told) is (button == "niet-plannen")


def test_the_first_button_which_the_enter_key_presses_publishes_nothing(beheerder, action):
    _, shown = judging(beheerder, action, title="Half ingevuld")
    buttons = re.findall(r'type="submit"[^>]* name="([a-z-]+)"', shown.content.decode())
    assert buttons[:2] == ["plannen", "publiceren"]


def test_a_remark_that_was_not_sent_is_told(beheerder, action):
    page, _ = judging(beheerder, action, title="Klaar")
    submit(action)
    written = {"terugsturen-remark": "Mooi zo.", "publiceren-minor": "on"}
    data = posted(beheerder.get(page), form="publiceren", button="publiceren", **written)
    answer = beheerder.post(page, data, follow=True)
    assert "Uw opmerking is niet verstuurd: “Mooi zo.”" in answer.content.decode()


def test_a_moment_that_has_been_is_refused(beheerder, action):
    answer = plan_for(beheerder, action, timezone.now() - timedelta(hours=1), title="Te laat")
    assert "al voorbij" in answer.content.decode()
    assert draft_of(action).publish_at is None


def test_a_newer_draft_is_planned_anew_and_a_plan_can_be_taken_back(beheerder, action):
    moment = timezone.now() + timedelta(days=1)
    plan_for(beheerder, action, moment, title="Gepland")
    page = f"/beheer/plan/action/{action.pk}/beoordelen/"
    shown = beheerder.get(page)
    data = posted(shown, form="niet-plannen", button="niet-plannen")
    answer = beheerder.post(page, data, follow=True)
    assert "niet meer vanzelf" in answer.content.decode()
    assert publish_due(moment + timedelta(days=1)) == []


def test_a_plan_that_has_ended_meanwhile_is_not_taken_back(beheerder, action):
    moment = timezone.now() + timedelta(days=1)
    plan_for(beheerder, action, moment, title="Gepland")
    page = f"/beheer/plan/action/{action.pk}/beoordelen/"
    data = posted(beheerder.get(page), form="niet-plannen", button="niet-plannen")
    assert [one.problem for one in publish_due(moment + timedelta(hours=1))] == [""]
    withdraw(action, note="Vervallen")
    answer = beheerder.post(page, data, follow=True)
    assert "Er was al niets meer gepland." in answer.content.decode()


def test_a_newer_plan_is_not_taken_back_unseen(beheerder, action):
    plan_for(beheerder, action, timezone.now() + timedelta(days=1), title="Gepland")
    page = f"/beheer/plan/action/{action.pk}/beoordelen/"
    data = posted(beheerder.get(page), form="niet-plannen", button="niet-plannen")
    plan_for(beheerder, action, timezone.now() + timedelta(days=2), title="Anders gepland")
    answer = beheerder.post(page, data, follow=True)
    assert "nieuwere versie" in answer.content.decode()
    assert draft_of(action).publish_at is not None


def test_withdrawing_ends_the_plan_and_keeps_the_draft(beheerder, bezoeker, action):
    moment = timezone.now() + timedelta(days=1)
    plan_for(beheerder, action, moment, title="Gepland")
    page = f"/beheer/plan/action/{action.pk}/intrekken/"
    beheerder.post(page, posted(beheerder.get(page), **{"intrekken-note": "Gaat niet door"}))
    draft = draft_of(action)
    assert draft.content["fields"]["title"] == "Gepland"
    assert (draft.publish_at, draft.scheduled_by) == (None, None)
    assert publish_due(moment + timedelta(days=1)) == []
    assert bezoeker.get(action.get_absolute_url()).status_code == 410


def test_what_can_not_be_published_says_why_and_holds_up_no_other(beheerder, action, settings):
    other = Action.objects.public().exclude(pk=action.pk).first()
    moment = timezone.now() + timedelta(days=1)
    for one in (action, other):
        plan_for(beheerder, one, moment, title="Gepland")
    Version.objects.of(other).drafts().update(scheduled_by=None)
    settings.FOUR_EYES = True
    outcomes = {one.problem for one in publish_due(moment + timedelta(minutes=1))}
    assert len(outcomes) == 2
    assert "" in outcomes
    draft = draft_of(action)
    assert draft.publish_at is None
    assert "Kon niet vanzelf worden gepubliceerd" in draft.remark
    other.refresh_from_db()
    assert other.title == "Gepland"
    form = beheerder.get(f"/beheer/plan/action/{action.pk}/change/")
    assert "Kon niet vanzelf" in form.content.decode()
