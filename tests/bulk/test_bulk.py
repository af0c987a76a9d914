"""Many objects at once: first shown, then done with a version of each, all or nothing and once."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DataError, IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from plan.models import Action
from tests.bulk.conftest import LIST, text
from tests.tooling.accounts import make_account
from tests.tooling.drafts import writing
from tests.tooling.forms import posted
from themes.models import Theme, WorkingMethod
from veiligalmere.editorial.blackout import black_out
from veiligalmere.editorial.differences import Part
from veiligalmere.editorial.publish import save_draft, submit, withdraw
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.versions import Version, draft_of, latest_published

pytestmark = pytest.mark.django_db

write_period = writing(period="door een collega")


def titles(outcomes):
    return {one.label for one in outcomes}


def problem_of(answer):
    (skipped,) = answer.context["skipped"]
    return [sentence for _field, sentence in skipped.problems]


def test_a_new_period_goes_into_a_draft_of_each_beside_what_is_live(
    redacteur, bezoeker, actions, preview, confirm
):
    before = [bezoeker.get(one.get_absolute_url()).content for one in actions]
    shown = preview(redacteur, actions, period_doen="zet", period="Heel 2020")
    assert titles(shown.context["possible"]) == {one.title for one in actions}
    changed = {
        (one.differences[0].label, one.differences[0].new) for one in shown.context["possible"]
    }
    assert changed == {("Periode", "Heel 2020")}
    assert "<ins>" in text(shown)
    assert not Version.objects.drafts().exists()
    answer = confirm(redacteur, shown)
    assert "Het concept van 3 acties is gewijzigd. Op de site verandert nog niets" in text(answer)
    for one, page in zip(actions, before, strict=True):
        assert draft_of(one).content["fields"]["period"] == "Heel 2020"
        assert draft_of(one).author == redacteur.user
        assert bezoeker.get(one.get_absolute_url()).content == page
    logged = LogEntry.objects.filter(object_id__in=[str(one.pk) for one in actions])
    assert {entry.change_message for entry in logged} == {"In bulk. Gewijzigd: Periode."}


def test_owner_is_set_and_taken_away(eindredacteur, actions, preview, confirm):
    owner = make_account("redacteur")
    confirm(
        eindredacteur,
        preview(eindredacteur, actions, owner_doen="zet", owner=str(owner.pk)),
    )
    assert {draft_of(one).content["fields"]["owner"]["pk"] for one in actions} == {owner.pk}
    confirm(eindredacteur, preview(eindredacteur, actions[:1], owner_doen="leeg"))
    assert draft_of(actions[0]).content["fields"]["owner"] is None


@pytest.mark.parametrize(
    ("way", "expected"), [("erbij", {1, 2, 3}), ("eraf", {1}), ("zet", {2, 3})]
)
def test_working_methods_are_added_removed_or_replaced(
    way, expected, redacteur, actions, preview, confirm
):
    one = actions[0]
    methods = {method.number: method for method in WorkingMethod.objects.filter(number__lte=3)}
    one.working_methods.set([methods[1], methods[2]])
    chosen = [str(methods[2].pk), str(methods[3].pk)]
    shown = preview(redacteur, [one], working_methods_doen=way, working_methods=chosen)
    confirm(redacteur, shown)
    draft = draft_of(one).content["many"]["working_methods"]
    assert {each["pk"] for each in draft} == {methods[number].pk for number in expected}


def test_a_change_builds_on_the_draft_that_stands(redacteur, actions, preview, confirm):
    save_draft(actions[0], write_period)
    shown = preview(
        redacteur, actions[:1], theme_doen="zet", theme=str(Theme.objects.get(number=2).pk)
    )
    assert [one.label for one in shown.context["possible"][0].differences] == ["Thema"]
    confirm(redacteur, shown)
    assert draft_of(actions[0]).content["fields"]["period"] == "door een collega"


def test_a_chief_editor_publishes_many_with_one_note(
    eindredacteur, bezoeker, actions, preview, confirm
):
    shown = preview(
        eindredacteur,
        actions,
        period_doen="zet",
        period="Heel 2020",
        step="publiceren",
        note="Periode aangevuld",
    )
    assert "Toelichting: Periode aangevuld" in text(shown)
    assert "Heel 2020" not in text(bezoeker.get(actions[0].get_absolute_url()))
    assert "3 acties gepubliceerd" in text(confirm(eindredacteur, shown))
    for one in actions:
        assert latest_published(one).note == "Periode aangevuld"
        assert "Heel 2020" in text(bezoeker.get(one.get_absolute_url()))


def test_what_comes_along_unseen_from_a_pdf_is_not_saved(eindredacteur, actions, preview, confirm):
    words = {"period": "Heel\x0b20\x0220", "note": "De\x0bperi\x02ode"}
    shown = preview(eindredacteur, actions, period_doen="zet", step="publiceren", **words)
    confirm(eindredacteur, shown)
    version = latest_published(actions[0])
    assert (version.note, version.content["fields"]["period"]) == ("De\nperiode", "Heel 2020")


def test_publishing_asks_for_a_note_unless_the_change_is_small(eindredacteur, actions, preview):
    fields = {"period_doen": "zet", "period": "Heel 2020", "step": "publiceren"}
    answer = preview(eindredacteur, actions, **fields)
    assert "Schrijf wat er veranderd is" in text(answer)
    assert 'value="Heel 2020"' in text(answer)
    shown = preview(eindredacteur, actions, **fields, minor="on")
    assert len(shown.context["possible"]) == 3


def test_many_are_submitted_and_withdrawn(
    redacteur, eindredacteur, bezoeker, actions, preview, confirm
):
    save_draft(actions[0], write_period)
    shown = preview(redacteur, actions, step="indienen")
    assert titles(shown.context["possible"]) == {actions[0].title}
    assert "Er is geen concept om in te dienen" in text(shown)
    confirm(redacteur, shown)
    assert draft_of(actions[0]).draft_state == State.REVIEW
    assert problem_of(preview(redacteur, actions[:1], step="indienen")) == ["Dit is al ingediend."]
    shown = preview(eindredacteur, actions, step="intrekken", note="Gaat niet door")
    assert "3 acties ingetrokken" in text(confirm(eindredacteur, shown))
    assert [bezoeker.get(one.get_absolute_url()).status_code for one in actions] == [410] * 3


def test_what_is_skipped_is_shown_with_the_reason(
    eindredacteur, actions, preview, confirm, settings
):
    first, second, third = actions
    save_draft(first, write_period, by=eindredacteur.user)

    def with_a_bad_image(row):
        row.body = f"{row.body}\n\n![](/media/iets.png)"
        row.save()

    save_draft(second, with_a_bad_image)
    save_draft(third, write_period)
    settings.FOUR_EYES = True
    shown = preview(eindredacteur, actions, step="publiceren", minor="on")
    reasons = {one.label: one.problems[0][1] for one in shown.context["skipped"]}
    assert reasons.keys() == {first.title, second.title}
    assert reasons[first.title].startswith("U schreef zelf mee")
    assert "alternatieve tekst" in reasons[second.title]
    confirm(eindredacteur, shown)
    assert [draft_of(one) is None for one in actions] == [False, False, True]


def test_nothing_to_change_is_said(redacteur, actions, preview):
    one = actions[0]
    shown = preview(redacteur, [one], theme_doen="zet", theme=str(one.theme_id))
    assert problem_of(shown) == ["Hier verandert niets."]
    assert shown.context["carry_out_url"] is None


def test_a_change_since_the_preview_stops_all_of_it(redacteur, actions, preview, confirm):
    shown = preview(redacteur, actions, period_doen="zet", period="Heel 2020")
    save_draft(actions[1], write_period, by=make_account("eindredacteur"))
    answer = confirm(redacteur, shown)
    assert "Er is niets gewijzigd" in text(answer)
    assert f"{actions[1].title}: Eindredacteur heeft dit intussen gewijzigd" in text(answer)
    assert draft_of(actions[0]) is None
    assert draft_of(actions[1]).content["fields"]["period"] == "door een collega"
    assert len(answer.context["possible"]) == 3
    confirm(redacteur, answer)
    assert {draft_of(one).content["fields"]["period"] for one in actions} == {"Heel 2020"}


def test_pressing_twice_does_it_once(redacteur, actions, preview, confirm):
    shown = preview(redacteur, actions, period_doen="zet", period="Heel 2020")
    told = [text(confirm(redacteur, shown)) for _ in range(2)]
    assert all("Het concept van 3 acties is gewijzigd" in one for one in told)
    assert [Version.objects.of(one).count() for one in actions] == [2, 2, 2]


def test_blacked_out_words_do_not_come_back_with_what_was_shown(
    redacteur, actions, preview, confirm
):
    save_draft(actions[0], writing(period="Jan de Tester"))
    shown = preview(redacteur, actions[:1], period_doen="zet", period="met Jan de Tester")
    black_out(["Jan de Tester"], rule="artikel 10 van de AVG", by=None)
    assert "Dit overzicht is er niet meer" in text(confirm(redacteur, shown))
    assert "Jan" not in draft_of(actions[0]).content["fields"]["period"]


def plan(client, action):
    """Have the draft of `action` published at a moment far from now."""
    page = f"/beheer/plan/action/{action.pk}/beoordelen/"
    data = posted(
        client.get(page),
        form="publiceren",
        button="plannen",
        **{"publiceren-minor": "on", "publiceren-moment": "2099-01-01T09:00"},
    )
    client.post(page, data)
    assert draft_of(action).publish_at


@pytest.mark.parametrize(
    ("fields", "ends"),
    [
        ({"period_doen": "zet", "period": "Heel 2020"}, True),
        ({"period_doen": "zet", "period": "Heel 2020", "step": "indienen"}, True),
        ({"step": "indienen"}, False),
        ({"step": "publiceren", "minor": "on"}, True),
        ({"step": "intrekken", "note": "Gaat niet door"}, True),
    ],
)
def test_a_planned_publication_that_ends_is_told_and_no_other(
    fields, ends, eindredacteur, actions, preview, confirm
):
    save_draft(actions[0], write_period)
    plan(eindredacteur, actions[0])
    shown = preview(eindredacteur, actions[:1], **fields)
    assert ("De geplande publicatie vervalt" in text(shown)) == ends
    confirm(eindredacteur, shown)
    assert Version.objects.scheduled().exists() != ends


@pytest.mark.parametrize("fault", [IntegrityError, DataError])
def test_what_does_not_fit_what_stands_is_told_of_its_row(
    fault, redacteur, actions, preview, monkeypatch
):
    def refuse(row, *_, **__):
        if row == actions[0]:
            raise fault

    monkeypatch.setattr("veiligalmere.editorial.admin.carrying_out.submit", refuse)
    for one in actions[:2]:
        save_draft(one, write_period)
    shown = preview(redacteur, actions[:2], step="indienen")
    assert problem_of(shown) == ["Dit past niet bij wat er al staat."]
    assert titles(shown.context["possible"]) == {actions[1].title}


def test_a_database_that_is_away_is_not_blamed_on_a_row(redacteur, actions, preview, monkeypatch):
    def lose(*_, **__):
        raise OperationalError("database is locked")

    monkeypatch.setattr("veiligalmere.editorial.admin.carrying_out.save_draft", lose)
    redacteur.raise_request_exception = False
    answer = preview(redacteur, actions, period_doen="zet", period="Heel 2020")
    assert answer.status_code == 503
    assert "Heel 2020" in text(answer), "nothing that was typed is lost"


def test_a_redacteur_is_not_offered_to_publish_and_may_not_post_it(redacteur, actions, choose):
    page = choose(redacteur, actions)
    assert "Publiceren</label>" not in text(page)
    data = posted(page, form="step", period_doen="zet", period="X")
    data |= {"step": "publiceren", "minor": "on"}
    answer = redacteur.post(f"{LIST}in-bulk/?{page.request['QUERY_STRING']}", data)
    assert "possible" not in answer.context
    assert "publiceren is geen beschikbare keuze" in text(answer)


def test_keys_of_another_theme_posted_by_hand_are_not_reached(elsewhere, actions, choose, preview):
    mine = Action.objects.exclude(theme=actions[0].theme_id).filter(
        theme__in=elsewhere.user.theme_limit.themes.all()
    )[:1]
    page = choose(elsewhere, [*mine, *actions])
    assert [one.pk for one in page.context["objects"]] == [mine[0].pk]
    keys = ",".join(str(one.pk) for one in [*mine, *actions])
    shown = elsewhere.post(
        f"{LIST}in-bulk/?gekozen={keys}",
        posted(page, form="step", period_doen="zet", period="X"),
    )
    assert [one.wish.pk for one in shown.context["possible"]] == [mine[0].pk]
    assert actions[0].title not in text(shown)
    address = f"{LIST}in-bulk/?gekozen={actions[0].pk}"
    assert elsewhere.get(address)["Location"] == LIST


def test_a_limited_editor_moves_nothing_to_another_theme(elsewhere, actions, preview):
    theme = elsewhere.user.theme_limit.themes.get()
    mine = list(Action.objects.filter(theme=theme)[:1])
    shown = preview(elsewhere, mine, theme_doen="zet", theme=str(actions[0].theme_id))
    refusal = "U mag dit alleen opslaan bij een thema waarvoor u rechten hebt."
    assert shown.context["form"].errors == {"theme": [refusal]}
    assert refusal in text(shown)
    assert draft_of(mine[0]) is None


def test_rights_that_went_since_the_preview_stop_it(elsewhere, actions, preview, confirm):
    theme = elsewhere.user.theme_limit.themes.get()
    mine = list(Action.objects.filter(theme=theme)[:2])
    shown = preview(elsewhere, mine, period_doen="zet", period="Heel 2020")
    elsewhere.user.theme_limit.themes.set([actions[0].theme])
    answer = confirm(elsewhere, shown)
    assert "Dit bestaat niet, of u mag het niet zien" in text(answer)
    assert draft_of(mine[0]) is None
    assert mine[0].title not in text(answer)


def test_what_was_shown_to_one_is_not_carried_out_by_another(
    redacteur, eindredacteur, actions, preview, confirm
):
    shown = preview(redacteur, actions, period_doen="zet", period="Heel 2020")
    assert "Dit overzicht is er niet meer" in text(confirm(eindredacteur, shown))
    assert draft_of(actions[0]) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"step": "concept"},
        {"period": "zonder te zeggen wat ermee moet"},
        {"period_doen": "zet"},
        {"period_doen": "zet", "period": "\u200b"},
        {"period_doen": "zet", "period": "x" * 500},
        {"period_doen": "zet", "period": "nul \x00 teken"},
        {"period_doen": "leeg", "period": "toch iets"},
        {"working_methods_doen": "erbij"},
        {"theme_doen": "zet", "theme": "99999999999999999999"},
        {"theme_doen": "zet", "theme": "\x00"},
        {"owner_doen": "zet", "owner": "-1"},
        {"step": "intrekken"},
        {"step": "intrekken", "note": "weg", "period_doen": "leeg"},
        {"step": "niets"},
        {"step": "intrekken", "note": "\u200b"},
        {"step": "publiceren", "note": "x" * 3000},
    ],
)
def test_bad_input_is_refused_in_dutch(fields, eindredacteur, actions, choose):
    page = choose(eindredacteur, actions)
    data = {**posted(page, form="step"), **fields}
    answer = eindredacteur.post(f"{LIST}in-bulk/?{page.request['QUERY_STRING']}", data)
    assert answer.status_code == 200
    assert "errorlist" in text(answer)
    assert not Version.objects.drafts().exists()


@pytest.mark.parametrize("keys", ["", "x", "0,,\x00", "9" * 30, "-1", "999999999"])
def test_no_keys_lead_back_to_the_list(keys, redacteur, jaarplan):
    answer = redacteur.get(f"{LIST}in-bulk/", {"gekozen": keys})
    assert answer.status_code == 302
    assert answer["Location"] == LIST
    data = {"action": "change_in_bulk", "index": "0", "_selected_action": [keys]}
    answer = redacteur.post(LIST, data, follow=True)
    assert answer.status_code == 200


def test_more_than_a_person_can_read_is_refused(redacteur, jaarplan, monkeypatch):
    monkeypatch.setattr("veiligalmere.editorial.admin.bulk.MOST", 5)
    data = {"action": "change_in_bulk", "index": "0", "select_across": "1", "_selected_action": "1"}
    answer = redacteur.post(LIST, data, follow=True)
    assert "Kies er hooguit 5" in text(answer)


def test_every_list_of_content_can_be_published_from(eindredacteur, jaarplan):
    page = f"/beheer/themes/theme/in-bulk/?gekozen={Theme.objects.first().pk}"
    shown = eindredacteur.get(page)
    answer = eindredacteur.post(
        page, posted(shown, form="step", step="intrekken", note="Gaat niet door")
    )
    assert len(answer.context["possible"]) == 1


def test_queries_grow_with_what_changes_and_with_nothing_else(redacteur, jaarplan, preview):
    everything = list(Action.objects.public()[:6])

    def queries(count):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            preview(redacteur, everything[:count], period_doen="zet", period="Heel 2020")
        return len(captured)

    queries(1)
    one, two, six = queries(1), queries(2), queries(6)
    assert six - two == 4 * (two - one)
    assert two - one < 60


def test_no_words_are_compared_while_others_wait_to_write(
    redacteur, actions, preview, confirm, monkeypatch
):
    depth = len(connection.savepoint_ids)  # the test itself is in a transaction
    compared = []

    def compare(old, new):
        compared.append(len(connection.savepoint_ids) - depth)
        return [Part("added", new)]

    monkeypatch.setattr("veiligalmere.editorial.differences.words", compare)
    long = "Heel 2020".ljust(120, "!")  # so long that it is shown word by word
    shown = preview(redacteur, actions, period_doen="zet", period=long)
    assert compared == [0, 0, 0]
    save_draft(actions[1], write_period)
    again = confirm(redacteur, shown)
    assert len(again.context["possible"]) == 3
    assert compared == [0] * 6
    confirm(redacteur, again)
    assert compared == [0] * 6, "what is carried out is shown to nobody"
    assert LogEntry.objects.filter(change_message="In bulk. Gewijzigd: Periode.").count() == 3


def test_withdrawn_content_is_published_again(eindredacteur, bezoeker, actions, preview, confirm):
    withdraw(actions[0], note="Even weg")
    shown = preview(eindredacteur, actions, step="publiceren", note="Terug")
    assert titles(shown.context["possible"]) == {actions[0].title}
    confirm(eindredacteur, shown)
    assert bezoeker.get(actions[0].get_absolute_url()).status_code == 200


def test_a_draft_in_judgement_becomes_a_draft_again_and_it_is_told(redacteur, actions, preview):
    save_draft(actions[0], write_period)
    submit(actions[0])
    shown = preview(redacteur, actions[:1], period_doen="leeg")
    assert "concept ter beoordeling ernaast → gepubliceerd, concept ernaast" in text(shown)
