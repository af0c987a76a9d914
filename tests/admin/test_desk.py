"""The desk: what waits for whom, and the common jobs, each for who has the right."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.utils import timezone

from plan.models import Action, Development, ProgressReport, ProgressUpdate
from plan.progress.adoption import open_round
from plan.progress.round import save_row
from tests.tooling.drafts import writing
from tests.tooling.forms import posted
from themes.models import Indicator, Subtopic, Term, Theme, ThemeLimit
from veiligalmere.editorial.jobs import TASKS, Job
from veiligalmere.editorial.publish import (
    discard_draft,
    publish,
    return_to_editor,
    save_draft,
    schedule,
    submit,
)
from veiligalmere.editorial.versions import Version

pytestmark = pytest.mark.django_db

DESK = "/beheer/"


@pytest.fixture
def actions(jaarplan):
    """The published actions, in the plan's order."""
    return list(Action.objects.public().of_plan(jaarplan))


@pytest.fixture
def elsewhere(redacteur, actions):
    """A redacteur who is limited to another theme than that of the first action."""
    limit = ThemeLimit.objects.create(user=redacteur.user)
    limit.themes.add(Theme.objects.exclude(pk=actions[0].theme_id).first())
    return redacteur


def draft(obj, by=None, name="title", value="Een nieuwe titel"):
    """Save a draft of `obj`."""
    return save_draft(obj, writing(**{name: value}), by=by.user if by else None)


def block(client, key):
    """Return the lines of one block of the desk."""
    return next(one for one in client.get(DESK).context["blocks"] if one["key"] == key)[
        "page"
    ].object_list


def keys(client):
    return [one["key"] for one in client.get(DESK).context["blocks"]]


def texts(client, key):
    return [line.text for line in block(client, key)]


def jobs(client):
    return [job.label for job in client.get(DESK).context["jobs"]]


def age(selection, days=400):
    """Let versions have been made so many days ago."""
    selection.update(created_at=timezone.now() - timedelta(days=days))


def test_visitor_has_to_log_in(bezoeker):
    for address in (DESK, "/beheer/werk/mijn-concepten/"):
        assert bezoeker.get(address)["Location"].startswith("/beheer/login/")


def test_each_role_has_its_own_blocks(redacteur, eindredacteur, beheerder):
    for_all = {
        *("mijn-concepten", "gepland", "voortgangsronde", "zonder-eigenaar"),
        *("laatst-gewijzigd", "lang-niet-bekeken", "cijfers"),
    }
    assert set(keys(redacteur)) == for_all
    for chief in (eindredacteur, beheerder):
        assert set(keys(chief)) == for_all | {"te-beoordelen", "timers"}


def test_each_role_has_its_own_jobs_and_each_leads_to_a_page(redacteur, eindredacteur, beheerder):
    for_editors = [
        *("Nieuwe actie", "Voortgang melden", "Ontwikkeling toevoegen", "Cijfers plakken"),
        *("Afbeelding toevoegen", "Begrip uitleggen"),
    ]
    for_chiefs = ["Kort adres maken", "Voortgangsronde openen", "Woorden zwartlakken"]
    assert jobs(redacteur) == for_editors
    assert jobs(eindredacteur) == for_editors + for_chiefs
    assert jobs(beheerder) == [*for_editors, *for_chiefs, "Account maken"]
    for client in (redacteur, eindredacteur, beheerder):
        for job in client.get(DESK).context["jobs"]:
            assert client.get(job.url).status_code == 200, job.label


def test_empty_blocks_say_so(eindredacteur, jaarplan):
    page = eindredacteur.get(DESK).content.decode()
    for words in (
        "U hebt geen concepten openstaan.",
        "Er is niets ingediend dat u moet beoordelen.",
        "Er staat niets klaar om later te publiceren.",
        "Er loopt nu geen ronde.",
        "Er is nog niets gewijzigd sinds het jaarplan op deze site staat.",
        "Alles wat op de site staat, is kortgeleden gewijzigd of nagekeken.",
    ):
        assert words in page


def test_my_drafts_are_mine_until_published(redacteur, eindredacteur, actions):
    draft(actions[0], redacteur, value="Van mij")
    draft(actions[1], eindredacteur, value="Van een ander")
    assert texts(redacteur, "mijn-concepten") == ["Van mij"]
    draft(actions[0], eindredacteur, value="Van mij, verbeterd")
    assert texts(redacteur, "mijn-concepten") == ["Van mij, verbeterd"]
    publish(actions[0], by=eindredacteur.user, note="x")
    draft(actions[0], eindredacteur, value="Weer iets anders")
    assert texts(redacteur, "mijn-concepten") == []


def test_a_returned_draft_comes_first_with_the_remark(redacteur, eindredacteur, actions):
    draft(actions[0], redacteur, value="Teruggestuurd")
    submit(actions[0], by=redacteur.user)
    return_to_editor(actions[0], by=eindredacteur.user, remark="Noem de partners.")
    draft(actions[1], redacteur, value="Later geschreven")
    first, second = block(redacteur, "mijn-concepten")
    assert (first.text, first.mark, second.text) == (
        "Teruggestuurd",
        "teruggestuurd",
        "Later geschreven",
    )
    assert "Noem de partners." in redacteur.get(DESK).content.decode()
    assert redacteur.get(first.url).status_code == 200


def test_what_is_submitted_waits_for_who_publishes(redacteur, eindredacteur, actions):
    draft(actions[0], redacteur, value="Ingediend")
    draft(actions[1], redacteur, value="Nog niet ingediend")
    submit(actions[0], by=redacteur.user)
    (line,) = block(eindredacteur, "te-beoordelen")
    assert line.text == "Ingediend"
    assert "van redacteur" in line.facts
    assert "beoordelen" in eindredacteur.get(line.url).content.decode()
    assert redacteur.get("/beheer/werk/te-beoordelen/").status_code == 403


def test_with_four_eyes_nobody_is_asked_to_judge_their_own_text(eindredacteur, actions, settings):
    draft(actions[0], eindredacteur)
    submit(actions[0], by=eindredacteur.user)
    assert len(block(eindredacteur, "te-beoordelen")) == 1
    settings.FOUR_EYES = True
    assert block(eindredacteur, "te-beoordelen") == []


def test_planned_publications_tell_when_and_whether_they_are_late(redacteur, actions):
    draft(actions[0], value="Straks")
    schedule(actions[0], timezone.now() + timedelta(days=2), note="x")
    (line,) = block(redacteur, "gepland")
    assert (line.text, line.mark) == ("Straks", "")
    Version.objects.scheduled().update(publish_at=timezone.now() - timedelta(hours=1))
    (line,) = block(redacteur, "gepland")
    assert line.mark == "te laat"
    assert "had moeten gebeuren" in line.facts


def test_recent_changes_name_each_object_once_and_who(redacteur, eindredacteur, actions):
    draft(actions[0], redacteur, value="Eerst")
    draft(actions[0], redacteur, value="Daarna")
    draft(actions[1], redacteur, value="Een andere")
    publish(actions[1], by=eindredacteur.user, note="x")
    assert texts(redacteur, "laatst-gewijzigd") == ["Een andere", "Daarna"]
    facts = block(redacteur, "laatst-gewijzigd")[0].facts
    assert "gepubliceerd door eindredacteur, vandaag" in facts


def test_actions_without_owner_lead_to_the_form_and_the_list(redacteur, actions):
    Action.objects.exclude(pk=actions[3].pk).update(owner=redacteur.user)
    (line,) = block(redacteur, "zonder-eigenaar")
    assert line.text == actions[3].title
    assert redacteur.get(line.url).status_code == 200
    Action.objects.update(owner=None)
    shown = next(
        one for one in redacteur.get(DESK).context["blocks"] if one["key"] == "zonder-eigenaar"
    )
    assert shown["total"] == len(actions)
    assert shown["list_url"] in redacteur.get(DESK).content.decode()
    listed = redacteur.get(shown["list_url"]).context["cl"].queryset
    assert listed.count() == len(actions)


def test_the_open_round_counts_mine_and_all(redacteur, eindredacteur, jaarplan, actions):
    Action.objects.filter(pk__in=[one.pk for one in actions[:3]]).update(owner=redacteur.user)
    report = open_round(
        ProgressReport(plan=jaarplan, half=1, deadline=timezone.localdate() + timedelta(days=9))
    )
    values = dict.fromkeys(ProgressUpdate.ACCOUNT, "")
    values |= {"status": "gereed", "explanation": "Klaar."}
    save_row(report, actions[0], values, revision=0, by=redacteur.user)
    (line,) = block(redacteur, "voortgangsronde")
    assert line.facts.startswith(
        f"van uw acties 1 van 3 klaar, van alle acties 1 van {len(actions)} klaar"
    )
    assert line.mark == ""
    assert redacteur.get(line.url).status_code == 200
    (line,) = block(eindredacteur, "voortgangsronde")
    assert line.facts.startswith(f"1 van {len(actions)} klaar")
    ProgressReport.objects.update(deadline=timezone.localdate() - timedelta(days=1))
    assert block(redacteur, "voortgangsronde")[0].mark == "uiterste datum voorbij"
    # What is written in the round is not a draft to publish.
    assert block(redacteur, "mijn-concepten") == []
    assert block(redacteur, "laatst-gewijzigd") == []


def test_a_page_grows_old_until_it_is_changed_or_checked(redacteur, jaarplan):
    old, checked, changed = Term.objects.order_by("pk")[:3]
    for one in (old, checked, changed):
        age(Version.objects.of(one))
    draft(changed, redacteur, name="meaning", value="Nieuwe uitleg")
    lines = {line.text: line for line in block(redacteur, "lang-niet-bekeken")}
    assert lines.keys() == {str(old), str(checked)}
    answer = redacteur.post(lines[str(checked)].button[0], follow=True)
    assert f"Genoteerd: “{checked}” klopt nog." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == DESK
    assert texts(redacteur, "lang-niet-bekeken") == [str(old)]


def test_a_draft_that_was_thrown_away_hides_a_page_no_longer_than_it_is_recent(redacteur, jaarplan):
    term = Term.objects.order_by("pk").first()
    age(Version.objects.of(term))
    draft(term, redacteur, name="meaning", value="Proef")
    discard_draft(term)
    assert block(redacteur, "lang-niet-bekeken") == []
    age(Version.objects.of(term).concepts())
    assert texts(redacteur, "lang-niet-bekeken") == [str(term)]
    publish(term, note="Bijgewerkt")
    age(Version.objects.of(term))
    assert texts(redacteur, "lang-niet-bekeken") == [str(term)], "once, by its last version"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite counts what it does")
def test_the_log_is_read_once_and_not_for_each_old_page(redacteur, jaarplan):
    term, *others = Term.objects.order_by("pk")
    age(Version.objects.of_model(Term))
    kind = ContentType.objects.get_for_model(Term)
    LogEntry.objects.bulk_create(
        LogEntry(user=redacteur.user, content_type=kind, object_id=term.pk, action_flag=CHANGE)
        for _step in range(2000)
    )
    thousands = []
    connection.connection.set_progress_handler(lambda: thousands.append(1) and None, 1000)
    try:
        page = redacteur.get(f"{DESK}werk/lang-niet-bekeken/").context["shown"]["page"]
    finally:
        connection.connection.set_progress_handler(None, 0)
    assert page.paginator.count == len(others)
    assert len(thousands) < 300, "steps of SQLite, in thousands"


def test_checking_on_the_full_list_comes_back_to_it(redacteur, jaarplan):
    age(Version.objects.of_model(Term))
    page = redacteur.get("/beheer/werk/lang-niet-bekeken/")
    line = page.context["shown"]["page"].object_list[0]
    answer = redacteur.post(line.button[0], posted(page), follow=True)
    assert answer.redirect_chain[-1][0] == "/beheer/werk/lang-niet-bekeken/"


def test_what_belongs_to_a_year_does_not_grow_old(redacteur, jaarplan):
    age(Version.objects.of_model(Action) | Version.objects.of_model(Development))
    assert block(redacteur, "lang-niet-bekeken") == []


def test_how_old_is_too_old_is_a_setting(redacteur, jaarplan, settings):
    age(Version.objects.of_model(Term), days=40)
    assert block(redacteur, "lang-niet-bekeken") == []
    settings.STALE_AFTER_DAYS = 30
    assert len(block(redacteur, "lang-niet-bekeken")) == 5


def test_checking_is_for_who_may_change_it(redacteur, bezoeker, elsewhere, actions):
    term = Term.objects.first()
    mine = Subtopic.objects.filter(theme__in=ThemeLimit.objects.get().themes.all()).first()
    others = Subtopic.objects.filter(theme=actions[0].theme_id).first()

    def address(obj):
        return f"/beheer/nagekeken/{Version.objects.of(obj).first().content_type_id}/{obj.pk}/"

    assert bezoeker.post(address(mine)).status_code == 302
    assert elsewhere.get(address(mine)).status_code == 405
    assert elsewhere.post(address(mine)).status_code == 302
    assert elsewhere.post(address(others)).status_code == 404
    assert elsewhere.post(address(term)).status_code == 404
    assert elsewhere.post("/beheer/nagekeken/99999/1/").status_code == 404
    redacteur.user.groups.clear()
    redacteur.user.user_permissions.add(Permission.objects.get(codename="view_subtopic"))
    assert redacteur.post(address(mine)).status_code == 403


def test_timers_say_in_words_that_they_are_late(eindredacteur):
    now = timezone.now()
    Job.objects.create(name="backup", succeeded_at=now)
    Job.objects.create(name="publish_due", succeeded_at=now - timedelta(hours=2), failure="Error")
    lines = {line.text: line for line in block(eindredacteur, "timers")}
    assert len(lines) == len(TASKS)
    assert lines[TASKS["backup"].label].mark == ""
    assert "laatst gelukt vandaag" in lines[TASKS["backup"].label].facts
    assert lines[TASKS["publish_due"].label].mark == "te laat, mislukt"
    assert lines[TASKS["send_reminders"].label].facts == "nog nooit gelukt"
    assert "te laat" in eindredacteur.get(DESK).content.decode()


def test_figures_lead_to_pasting_and_tell_what_is_due(redacteur, jaarplan):
    figure = Indicator.objects.order_by("pk").last()
    Indicator.objects.filter(pk=figure.pk).update(next_update=timezone.localdate())
    line = block(redacteur, "cijfers")[0]
    assert (line.text, line.mark) == (figure.name, "")
    assert "Cijfers invoeren" in redacteur.get(line.url).content.decode()
    late = timezone.localdate() - timedelta(days=1)
    Indicator.objects.filter(pk=figure.pk).update(next_update=late)
    assert block(redacteur, "cijfers")[0].mark == "te laat"


def test_a_limited_editor_sees_no_titles_of_others(elsewhere, eindredacteur, actions):
    secrets = [
        actions[0],
        Subtopic.objects.filter(theme=actions[0].theme_id).first(),
        Term.objects.first(),
    ]
    secrets.append(Indicator.objects.filter(theme=actions[0].theme_id).first())
    for number, one in enumerate(secrets):
        name = next(field for field in ("title", "name") if hasattr(one, field))
        draft(one, eindredacteur, name=name, value=f"Geheim {number}")
    age(Version.objects.of_model(Subtopic))
    for one in secrets:
        submit(one)
        schedule(one, timezone.now() + timedelta(days=1), note="x")
    for key in keys(elsewhere):
        for address in (DESK, f"/beheer/werk/{key}/"):
            shown = elsewhere.get(address).content.decode()
            assert "Geheim" not in shown
            assert actions[0].title not in shown
    assert "Geheim 0" in eindredacteur.get(DESK).content.decode()


def test_a_limited_editor_is_offered_no_job_that_can_not_be_saved(elsewhere):
    assert jobs(elsewhere) == [
        *("Nieuwe actie", "Voortgang melden", "Cijfers plakken", "Afbeelding toevoegen"),
    ]
    assert elsewhere.get("/beheer/plan/development/add/").status_code == 403


def test_a_block_is_limited_and_leads_to_the_full_list(redacteur, actions):
    for number, one in enumerate(actions[:8]):
        draft(one, redacteur, value=f"Concept {number}")
    page = redacteur.get(DESK).content.decode()
    assert len(block(redacteur, "mijn-concepten")) == 5
    assert "Alle 8 bekijken" in page
    whole = redacteur.get("/beheer/werk/mijn-concepten/")
    assert len(whole.context["shown"]["page"].object_list) == 8
    assert all(f"Concept {number}" in whole.content.decode() for number in range(8))


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "%00", ""])
def test_full_list_bears_any_page_number(page, redacteur):
    address = f"/beheer/werk/laatst-gewijzigd/?pagina={page}"
    assert redacteur.get(address).status_code == 200


def test_unknown_list_is_a_404(redacteur):
    assert redacteur.get("/beheer/werk/bestaat-niet/").status_code == 404
    assert redacteur.post("/beheer/werk/mijn-concepten/").status_code == 405


def test_queries_do_not_grow_with_rows(beheerder, actions, django_assert_max_num_queries):
    address = "/beheer/werk/laatst-gewijzigd/"

    def count():
        with django_assert_max_num_queries(70) as desk:
            beheerder.get(DESK)
        with django_assert_max_num_queries(40) as whole:
            beheerder.get(address)
        return len(desk), len(whole)

    def fill(some, days):
        age(Version.objects.of_model(Term).filter(object_id__in=[one.pk for one in some[:days]]))
        for one in actions[:days]:
            draft(one, beheerder)
            submit(one)
            schedule(one, timezone.now() + timedelta(days=1), note="x")

    Action.objects.exclude(pk=actions[0].pk).update(owner=beheerder.user)
    terms = list(Term.objects.all())
    fill(terms, 1)
    count()  # the first time fills Django's caches
    few = count()
    Action.objects.update(owner=None)
    fill(terms, 12)
    assert count() == few


def test_account_without_any_right_reads_so(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_user("nieuw", is_staff=True))
    answer = client.get(DESK)
    assert answer.status_code == 200
    assert "U hebt geen rechten" in answer.content.decode()


def test_the_menu_groups_by_what_editors_know(beheerder, redacteur):
    def groups(client):
        return {one["name"]: one["models"] for one in client.get(DESK).context["app_list"]}

    found = groups(beheerder)
    assert list(found) == [
        *("Inhoud van het jaarplan", "Voortgang", "Woorden en vindbaarheid"),
        *("Cijfers", "Afbeeldingen", "Beheer"),
    ]
    names = [model["name"] for model in found["Inhoud van het jaarplan"]]
    assert names[:4] == ["Jaarplannen", "Thema’s", "Onderwerpen", "Acties"]
    assert [model["name"] for model in found["Beheer"]] == ["Gebruikers", "Groepen"]
    listed = {model["model"] for models in found.values() for model in models}
    assert listed == set(admin.site._registry)
    assert "Beheer" not in groups(redacteur)


def test_one_app_can_still_be_opened(beheerder):
    assert "Acties" in beheerder.get("/beheer/plan/").content.decode()
    assert beheerder.get("/beheer/bestaat-niet/").status_code == 404


def test_devices_of_the_second_step_are_shown_to_nobody(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("baas"))
    for device in ("otp_totp/totpdevice", "otp_static/staticdevice"):
        assert client.get(f"/beheer/{device}/").status_code == 404


def test_the_back_office_has_the_icon_of_the_site(bezoeker, eindredacteur):
    icon = re.search(
        r'<link rel="icon" href="[^"]+" type="image/svg\+xml">', bezoeker.get("/").text
    )[0]
    assert icon in bezoeker.get("/beheer/login/").text
    assert icon in eindredacteur.get("/beheer/").text
