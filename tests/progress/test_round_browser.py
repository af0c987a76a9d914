"""The round in a browser: rows are saved without leaving the page, by keyboard."""

import re

import pytest

pytestmark = pytest.mark.browser

OPEN = """
import django; django.setup()
from datetime import date
from django.contrib.auth.models import User
from plan.models import Action, AnnualPlan, ProgressReport
from plan.progress.adoption import open_round
plan = AnnualPlan.objects.get(year=2020)
open_round(ProgressReport(plan=plan, half=2, deadline=date(2020, 12, 31), summary="x"))
owner = User.objects.get(username="beheerder")
keys = list(Action.objects.public().of_plan(plan).values_list("pk", flat=True)[:2])
Action.objects.filter(pk__in=keys).update(owner=owner)
"""
CLOSE = """
import django; django.setup()
from plan.models import Action, ProgressReport, ProgressUpdate
ProgressUpdate.objects.all().delete()
ProgressReport.objects.all().delete()
Action.objects.update(owner=None)
"""
ROUND = "/beheer/voortgang/ronde/2020-2/"


@pytest.fixture
def editor(site, page):
    """A page with the round open, for someone with two actions."""
    site.run("-c", OPEN)
    account = site.accounts["beheerder"]
    page.goto(f"/beheer/login/?next={ROUND}")
    page.get_by_label("Gebruikersnaam").fill(account.username)
    page.get_by_label("Wachtwoord").fill(account.password)
    with page.expect_navigation():
        page.get_by_role("button", name="Aanmelden").click()
    yield page
    site.run("-c", CLOSE)


def test_row_is_saved_by_keyboard_and_the_page_stays(editor):
    row = editor.locator("[data-row]").first
    row.get_by_label("Loopt vast").focus()
    editor.keyboard.press("Space")
    assert row.locator("details").get_attribute("open") is not None
    row.get_by_label("Toelichting").focus()
    editor.keyboard.type("Het ligt stil.")
    editor.keyboard.press("Control+Enter")
    state = row.locator("[data-state]")
    state.get_by_text("nog niet klaar").wait_for()
    assert "is ook oorzaak nodig" in state.inner_text()
    assert state.evaluate("it => it === document.activeElement")
    for name in ("Oorzaak", "Gevolg", "Bijsturing"):
        row.get_by_label(name, exact=True).fill(f"{name}.")
    row.get_by_role("button", name="Opslaan").press("Enter")
    state.get_by_text("Klaar").wait_for()
    assert editor.url.endswith(ROUND)
    editor.reload()
    assert row.get_by_label("Toelichting").input_value() == "Het ligt stil."


def is_save(request):
    return request.method == "POST" and "/getypt/" not in request.url


def is_keeping(request):
    return request.url.endswith("/getypt/")


def hold(page, wanted):
    """Hold the first request that is `wanted`; return the list in which it will be."""
    held = []

    def route(one):
        if wanted(one.request) and not held:
            held.append(one)
        else:
            one.continue_()

    page.route("**/*", route)
    return held


def test_what_is_typed_while_a_row_is_saved_stays(editor):
    row = editor.locator("[data-row]").first
    row.get_by_label("Gereed").check()
    held = hold(editor, is_save)
    words = row.get_by_label("Toelichting")
    words.fill("De eerste zin.")
    with editor.expect_request(is_save):
        words.press("Control+Enter")
    words.press("End")
    editor.keyboard.type(" En de tweede.")
    held[0].continue_()
    row.get_by_text("Klaar: opgeslagen").wait_for()
    assert words.input_value() == "De eerste zin. En de tweede."
    assert words.evaluate("it => it === document.activeElement")
    row.get_by_text("Uw tekst is tussendoor bewaard").wait_for()
    editor.unroute("**/*")
    with editor.expect_response(lambda answer: is_save(answer.request)):
        words.press("Control+Enter")
    editor.locator("[data-row][data-saving]").wait_for(state="detached")
    editor.reload()
    assert words.input_value() == "De eerste zin. En de tweede."


def test_who_went_on_to_the_next_row_stays_there_when_the_first_is_saved(editor):
    row, following = editor.locator("[data-row]").all()
    row.get_by_label("Gereed").check()
    row.get_by_label("Toelichting").fill("De eerste.")
    held = hold(editor, is_save)
    with editor.expect_request(is_save):
        row.get_by_label("Toelichting").press("Control+Enter")
    following.get_by_label("Toelichting").focus()
    editor.keyboard.type("Voor")
    held[0].continue_()
    row.get_by_text("Klaar: opgeslagen").wait_for()
    editor.keyboard.type("uit")
    assert following.get_by_label("Toelichting").input_value() == "Vooruit"


def test_the_overview_goes_along_with_a_row_that_is_saved(editor):
    rows = editor.locator("[data-row]").all()
    mine = editor.get_by_role("heading", name="Mijn acties")
    everyone = editor.get_by_role("heading", name="De ronde als geheel")
    theirs = editor.get_by_role("row", name="beheerder")

    def save(row, words):
        row.get_by_label("Toelichting").fill(words)
        row.get_by_label("Toelichting").press("Control+Enter")

    for row in rows:
        row.get_by_label("Gereed").check()
    held = hold(editor, is_save)
    with editor.expect_request(is_save):
        save(rows[0], "Afgerond.")
    link = theirs.get_by_role("link").nth(1)
    link.focus()
    held[0].continue_()
    mine.get_by_text("1 van 2").wait_for()
    left = theirs.get_by_role("link")
    assert left.evaluate("it => it === document.activeElement")
    save(rows[1], "Ook afgerond.")
    mine.get_by_text("2 van 2").wait_for()
    save(rows[0], "")
    mine.get_by_text("1 van 2").wait_for()
    save(rows[0], "Toch afgerond.")
    mine.get_by_text("2 van 2").wait_for()
    told = [one.inner_text() for one in (mine, everyone, theirs)]
    assert "niets" in told[2]
    editor.reload()
    assert [one.inner_text() for one in (mine, everyone, theirs)] == told


def test_an_answer_that_comes_late_leaves_the_overview_as_the_round_is(editor):
    rows = editor.locator("[data-row]").all()
    mine = editor.get_by_role("heading", name="Mijn acties")
    for row in rows:
        row.get_by_label("Gereed").check()
        row.get_by_label("Toelichting").fill("Afgerond.")
    held = hold(editor, is_save)
    with editor.expect_request(is_save):
        rows[0].get_by_label("Toelichting").press("Control+Enter")
    answer = held[0].fetch()
    rows[1].get_by_label("Toelichting").press("Control+Enter")
    mine.get_by_text("2 van 2").wait_for()
    held[0].fulfill(response=answer)
    rows[0].get_by_text("Klaar: opgeslagen").wait_for()
    mine.get_by_text("2 van 2").wait_for()


def test_lost_connection_keeps_the_text(editor, page_problems):
    row = editor.locator("[data-row]").first
    row.get_by_label("Gereed").check()
    row.get_by_label("Toelichting").fill("Bijna verloren.")
    editor.context.set_offline(True)
    row.get_by_role("button", name="Opslaan").click()
    row.get_by_text("er is geen verbinding").wait_for()
    assert row.get_by_label("Toelichting").input_value() == "Bijna verloren."
    editor.context.set_offline(False)
    row.get_by_role("button", name="Opslaan").click()
    row.get_by_text("Klaar").first.wait_for()


@pytest.mark.slow
def test_who_was_logged_out_is_told_and_saves_after_logging_in_elsewhere(editor, site):
    row = editor.locator("[data-row]").first
    row.get_by_label("Gereed").check()
    row.get_by_label("Toelichting").fill("Over een uur getypt.")
    editor.context.clear_cookies(name=re.compile("session"))
    row.get_by_role("button", name="Opslaan").click()
    with editor.expect_popup() as opened:
        row.get_by_text("Log in een nieuw tabblad in").click()
    other, account = opened.value, site.accounts["beheerder"]
    other.get_by_label("Gebruikersnaam").fill(account.username)
    other.get_by_label("Wachtwoord").fill(account.password)
    other.get_by_role("button", name="Aanmelden").click()
    other.wait_for_url(lambda url: "/login/" not in url)
    row.get_by_role("button", name="Opslaan").click()
    row.get_by_text("Klaar").first.wait_for()
    editor.reload()
    assert row.get_by_label("Toelichting").input_value() == "Over een uur getypt."


@pytest.mark.slow
def test_typed_text_survives_a_closed_browser(editor, open_page, site):
    row = editor.locator("[data-row]").first
    with editor.expect_response(lambda answer: answer.url.endswith("/getypt/")):
        row.get_by_label("Vertraagd").check()
        row.get_by_label("Toelichting").fill("Nog niet opgeslagen.")
    row.get_by_text("Uw tekst is tussendoor bewaard").wait_for()
    state = editor.context.storage_state()
    editor.context.close()

    page = open_page(storage_state=state)
    page.goto(ROUND)
    row = page.locator("[data-row]").first
    assert row.get_by_label("Toelichting").input_value() == "Nog niet opgeslagen."
    assert row.get_by_label("Vertraagd").is_checked()
    row.get_by_text("Het is nog niet opgeslagen.").wait_for()
    row.get_by_role("button", name="Gooi deze niet opgeslagen tekst weg").click()
    row.get_by_text("Nog niet gemeld.").first.wait_for()
    assert row.get_by_label("Toelichting").input_value() == ""


@pytest.mark.slow
def test_a_save_waits_for_all_that_is_on_its_way_to_be_kept(editor):
    saves = []
    editor.on("request", lambda request: saves.append(request) if is_save(request) else None)
    row = editor.locator("[data-row]").first
    row.get_by_label("Gereed").check()
    held = hold(editor, is_keeping)
    with editor.expect_request(is_keeping):
        row.get_by_label("Toelichting").fill("Oud.")
    row.get_by_label("Toelichting").fill("Nieuw.")
    row.get_by_text("Uw tekst is tussendoor bewaard").wait_for()
    row.get_by_role("button", name="Opslaan").click()
    row.get_by_text("Uw tekst wordt opgeslagen").wait_for()
    assert not saves
    held[0].continue_()
    row.get_by_text("Klaar: opgeslagen").wait_for()
    editor.reload()
    assert row.get_by_label("Toelichting").input_value() == "Nieuw."
    assert not editor.get_by_text("Het is nog niet opgeslagen.").count()


@pytest.mark.slow
def test_a_save_does_not_wait_for_ever(editor):
    row = editor.locator("[data-row]").first
    row.get_by_label("Gereed").check()
    hold(editor, is_keeping)
    with editor.expect_request(is_keeping):
        row.get_by_label("Toelichting").fill("Klaar.")
    row.get_by_role("button", name="Opslaan").click()
    row.get_by_text("Klaar: opgeslagen").wait_for()


@pytest.mark.slow
def test_that_text_is_kept_is_read_out_once(editor):
    row = editor.locator("[data-row]").first
    line = row.locator("[data-kept]")

    def keep(words):
        with editor.expect_response(lambda answer: is_keeping(answer.request)):
            row.get_by_label("Toelichting").fill(words)

    keep("Eerste zin.")
    line.get_by_text("Uw tekst is tussendoor bewaard").wait_for()
    line.evaluate("it => { it.firstChild.readOut = true; }")
    keep("Tweede zin.")
    keep("Derde zin.")  # by then what the second led to has been done
    assert line.evaluate("it => it.firstChild.readOut") is True


@pytest.mark.slow
def test_what_was_saved_is_not_offered_back(editor):
    row = editor.locator("[data-row]").first
    row.get_by_label("Gereed").check()
    with editor.expect_request(lambda request: request.url.endswith("/getypt/")):
        row.get_by_label("Toelichting").fill("Klaar.")
    row.get_by_role("button", name="Opslaan").click()
    row.get_by_text("Klaar: opgeslagen").wait_for()
    editor.reload()
    row.get_by_label("Toelichting").wait_for()
    assert not editor.get_by_text("Het is nog niet opgeslagen.").count()
