"""Reports: what adopting freezes, and what the public reads in them."""

import csv
import io
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from plan.documents.contents import report_contents
from plan.models import Action, ProgressReport, ProgressUpdate, ReportEntry, Status
from plan.progress.adoption import AlreadyAdopted, NotReady, add_erratum, adopt
from plan.progress.round import save_row
from tests.progress.conftest import (
    main_of,
    make_round,
    publish_update,
    report_row,
    values,
)
from tests.tooling.forms import posted
from themes.models import Theme
from veiligalmere.editorial.content_version import current_content_version
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.publishing import State

ADDRESS = "/voortgang/2020-1/"


def test_open_round_is_not_public_but_its_date_is(bezoeker, jaarplan):
    make_round(jaarplan, offered_on=date(2020, 7, 9))
    answer = bezoeker.get(ADDRESS)
    assert answer.status_code == 404
    assert "nog niet vastgesteld" in answer.content.decode()
    for page in ("/", "/themas/veilige-wijken/", "/voortgang/"):
        assert "9 juli 2020" in bezoeker.get(page).content.decode()


def test_row_of_a_round_is_public_only_after_adopting(bezoeker, first_round, actions):
    report_row(first_round, actions[0], Status.DONE, "Klaar met het onderzoek.")
    page = actions[0].get_absolute_url()
    assert "Klaar met het onderzoek." not in bezoeker.get(page).content.decode()
    adopt(first_round)
    assert "Klaar met het onderzoek." in bezoeker.get(page).content.decode()
    assert "Klaar met het onderzoek." in bezoeker.get(ADDRESS).content.decode()


def test_every_published_action_gets_an_entry_and_none_reported_is_its_own_status(
    first_report, actions
):
    assert first_report.entries.count() == len(actions) == 29
    statuses = {entry.action_id: entry.status for entry in first_report.entries.all()}
    assert [statuses[action.pk] for action in actions[:6]] == list(Status)[:6]
    assert {statuses[action.pk] for action in actions[6:]} == {Status.NOT_REPORTED}


def test_counts_are_in_words_and_in_a_table(bezoeker, first_report):
    page = main_of(bezoeker.get(ADDRESS))
    assert (
        "Van 29 acties: 1 gereed, 1 op schema, 1 vertraagd, 1 loopt vast, "
        "1 nog niet gestart, 1 vervallen en 23 nog niet gemeld." in page
    )
    assert page.count("<table") == 2


def test_red_and_orange_come_first_with_cause_consequence_and_correction(bezoeker, first_report):
    page = main_of(bezoeker.get(ADDRESS))
    titles = list(
        first_report.entries.filter(theme_number=1).urgent_first().values_list("title", "status")
    )
    assert [status for _title, status in titles[:2]] == [Status.STUCK, Status.DELAYED]
    places = [page.index(f">{title}</a>") for title, _status in titles]
    assert places == sorted(places)
    assert page.count("De onderzoeker viel uit.") == 2


def test_report_stays_as_it_was_whatever_happens_to_its_actions(bezoeker, first_report, actions):
    before = main_of(bezoeker.get(ADDRESS))
    edited, withdrawn, deleted = actions[1], actions[2], actions[3]
    edited.title, edited.body, edited.slug = "Anders", "Andere tekst", "anders"
    edited.save()
    publish(edited)
    publish_update(edited, Status.STUCK)
    withdraw(withdrawn)
    update = ProgressUpdate.objects.get(action=actions[0])
    update.explanation = "Verbeterd."
    update.save()
    publish(update)
    # Nothing in the back-office deletes what was published; the database can.
    models.QuerySet(Action).filter(pk=deleted.pk).delete()
    theme = Theme.objects.get(number=1)
    theme.name = "Nieuwe naam"
    theme.save()
    publish(theme)
    # Only the way to an action follows it.
    way = edited.get_absolute_url()
    after = main_of(bezoeker.get(ADDRESS))
    assert after == before.replace(first_report.entries.get(action=edited).address, way)
    assert way in after
    assert first_report.entries.filter(action__isnull=True).count() == 1


def test_a_line_leads_to_its_action_also_when_another_got_its_former_address(
    bezoeker, jaarplan, first_report, actions, settings
):
    second = make_round(jaarplan, half=2)
    report_row(second, actions[0], Status.STUCK)
    adopt(second)
    one, other = actions[0], actions[-1]
    first, last = one.slug, other.slug
    for action, slug in ((one, "tussendoor"), (other, first), (one, last)):
        action.slug = slug
        action.save()
        publish(action)
    for page in (ADDRESS, "/voortgang/vergelijk/?van=2020-1&naar=2020-2"):
        shown = main_of(bezoeker.get(page))
        for action in (one, other):
            assert f'<a href="{action.get_absolute_url()}">{action.title}</a>' in shown
    file = bezoeker.get("/voortgang/2020-1.csv").content.decode("utf-8-sig")
    in_file = {row["actie"]: row["adres"] for row in csv.DictReader(io.StringIO(file))}
    blocks = [one for one in report_contents(first_report)["blocks"] if one["kind"] == "address"]
    titles = [entry.title for entry in first_report.entries.urgent_first()]
    in_pdf = {title: block["runs"][1]["url"] for title, block in zip(titles, blocks, strict=True)}
    lines = bezoeker.get("/open-data/rapportageregels.json").json()["resultaten"]
    for action in (one, other):
        address = settings.SITE_URL + action.get_absolute_url()
        assert in_file[action.title] == in_pdf[action.title] == address
        assert {line["webpagina"] for line in lines if line["actieId"] == action.pk} == {address}


def test_adopted_report_takes_no_more_rows_and_is_adopted_once(first_report, actions):
    with pytest.raises(AlreadyAdopted):
        save_row(first_report, actions[7], values(Status.DONE), revision=0, by=None)
    with pytest.raises(AlreadyAdopted):
        adopt(first_report)
    assert first_report.entries.count() == 29


def test_report_is_not_adopted_without_summary_or_with_incomplete_rows(jaarplan, actions):
    report = make_round(jaarplan, summary="")
    save_row(report, actions[0], {"status": "loopt-vast"}, revision=0, by=None)
    with pytest.raises(NotReady) as refused:
        adopt(report)
    assert "Er is nog geen samenvatting." in refused.value.problems
    assert any(actions[0].title in problem for problem in refused.value.problems)
    report.refresh_from_db()
    assert report.is_open
    assert not ReportEntry.objects.exists()
    assert not ProgressUpdate.objects.filter(state=State.PUBLISHED).exists()


def test_action_that_was_not_reported_again_keeps_its_status_with_its_day(
    bezoeker, jaarplan, first_report, actions
):
    second = adopt(make_round(jaarplan, half=2))
    entry = second.entries.get(action=actions[0])
    assert entry.status == Status.DONE
    assert not entry.in_round
    assert "niet opnieuw gemeld" in main_of(bezoeker.get("/voortgang/2020-2/"))


def test_what_was_reported_in_the_round_is_in_the_report_also_when_there_is_newer_news(
    bezoeker, first_round, actions, on_day
):
    on_day(date(2020, 7, 1))
    report_row(first_round, actions[0], Status.DELAYED, "Het bureau haakte af.")
    on_day(date(2020, 7, 10))
    publish_update(
        actions[0], Status.ON_TRACK, "Er is een nieuw bureau.", reported_on=date(2020, 7, 10)
    )
    on_day(date(2020, 8, 3))
    adopt(first_round)
    entry = first_round.entries.get(action=actions[0])
    assert (entry.status, entry.in_round) == (Status.DELAYED, True)
    text = main_of(bezoeker.get(ADDRESS))
    assert "gemeld op 1 juli 2020" in text
    assert "Het bureau haakte af." in text
    assert "De onderzoeker viel uit." in text
    assert "niet opnieuw gemeld" not in text
    line = main_of(bezoeker.get(actions[0].get_absolute_url()))
    assert line.index("Er is een nieuw bureau.") < line.index("Het bureau haakte af.")
    assert "niets nieuws gemeld" not in line


def test_report_that_is_adopted_after_the_next_one_says_nothing_of_that_round(
    bezoeker, jaarplan, actions
):
    publish_update(actions[0], Status.NOT_STARTED, "Begint zo.", reported_on=date(2020, 5, 1))
    first, second = make_round(jaarplan), make_round(jaarplan, half=2)
    report_row(first, actions[2], Status.ON_TRACK, "Half één.")
    for action in actions[:3]:
        report_row(second, action, Status.DONE, "Half twee.")
    adopt(second)
    adopt(first)
    text = main_of(bezoeker.get(ADDRESS))
    assert "niet opnieuw gemeld; de stand is van 1 mei 2020" in text
    assert "Begint zo." in text
    assert "Half één." in text
    assert "Half twee." not in text
    assert first.entries.get(action=actions[1]).status == Status.NOT_REPORTED
    assert main_of(bezoeker.get("/voortgang/2020-2/")).count("Half twee.") == 3


def test_adopting_raises_the_content_version(first_round):
    before = current_content_version()
    adopt(first_round)
    assert current_content_version() > before


def test_erratum_is_public_and_the_report_itself_does_not_change(beheerder, bezoeker, first_report):
    page = f"/beheer/plan/progressreport/{first_report.pk}/change/"
    written = {
        "errata-TOTAL_FORMS": "1",
        "errata-0-report": first_report.pk,
        "errata-0-text": "Er stond gereed; dat moest op schema zijn.",
        "council_document": "https://almere.example/raadsstuk",
        "offered_on": "2020-07-09",
    }
    form = {**posted(beheerder.get(page)), **written}
    refused = beheerder.post(page, {**form, "summary": "Stiekem een andere samenvatting."})
    assert "Dit is intussen niet meer te wijzigen" in refused.content.decode()
    assert "dat moest op schema zijn" not in main_of(bezoeker.get(ADDRESS))
    assert beheerder.post(page, form).status_code == 302
    text = main_of(bezoeker.get(ADDRESS))
    assert "dat moest op schema zijn" in text
    assert "Samenvatting 1." in text
    assert "https://almere.example/raadsstuk" in text
    assert "9 juli 2020" in text
    form = posted(beheerder.get(page))
    beheerder.post(page, {**form, "council_document": "https://elders.example/"})
    assert "elders.example" not in main_of(bezoeker.get(ADDRESS))


def test_what_comes_along_unseen_from_a_pdf_is_not_in_an_erratum(beheerder, first_report):
    page = f"/beheer/plan/progressreport/{first_report.pk}/change/"
    written = {"errata-TOTAL_FORMS": "1", "errata-0-report": first_report.pk}
    written["errata-0-text"] = "Er stond: ge\x02reed."
    beheerder.post(page, {**posted(beheerder.get(page)), **written})
    assert first_report.errata.get().text == "Er stond: gereed."


def test_day_for_the_council_is_an_expectation_until_it_has_passed(
    beheerder, bezoeker, jaarplan, on_day
):
    report = make_round(jaarplan, offered_on=date(2020, 7, 9))
    page = f"/beheer/plan/progressreport/{report.pk}/change/"

    def told():
        said = {
            "page": " ".join(main_of(bezoeker.get(ADDRESS)).split()),
            "list": main_of(bezoeker.get("/voortgang/")),
        }
        said["page"] = re.sub(r"</?(dt|dd|time)[^>]*>", " ", said["page"])
        return {name: " ".join(text.split()) for name, text in said.items()}

    on_day(date(2020, 7, 6))
    adopt(report)
    expected = told()
    assert "Wordt naar verwachting aangeboden aan de raad op 9 juli 2020" in expected["page"]
    assert ", wordt naar verwachting op 9 juli 2020 aangeboden aan de raad" in expected["list"]
    form = posted(beheerder.get(page), form="offered_on", offered_on="2020-07-16")
    assert beheerder.post(page, form).status_code == 302
    on_day(date(2020, 7, 16))
    assert "wordt naar verwachting op 16 juli 2020" in told()["list"]
    on_day(date(2020, 7, 17))
    past = told()
    told_too_long = re.compile(r"verwachting (aangeboden|op \d)")
    assert not [text for text in past.values() if told_too_long.search(text)]
    assert "Aangeboden aan de raad op 16 juli 2020" in past["page"]
    assert "aangeboden aan de raad op 16 juli 2020" in past["list"]
    beheerder.post(page, {**form, "offered_on": "2020-07-23"})
    report.refresh_from_db()
    assert report.offered_on == date(2020, 7, 16)


def test_day_for_the_council_that_has_passed_is_no_fact_by_adopting(
    beheerder, bezoeker, jaarplan, on_day
):
    report = make_round(jaarplan, offered_on=date(2020, 7, 9))
    adopting, page = (
        "/beheer/voortgang/ronde/2020-1/vaststellen/",
        f"/beheer/plan/progressreport/{report.pk}/change/",
    )
    on_day(date(2020, 7, 10))
    refused = beheerder.post(adopting)
    assert refused.status_code == 409
    assert "zou op 9 juli 2020 naar de raad gaan. Die dag is voorbij." in main_of(refused)
    assert bezoeker.get(ADDRESS).status_code == 404
    beheerder.post(page, posted(beheerder.get(page), offered_on=""))
    assert beheerder.post(adopting).status_code == 302
    assert "nog niet bekend" in main_of(bezoeker.get(ADDRESS))
    # It may have been that day after all.
    beheerder.post(page, posted(beheerder.get(page), offered_on="9 juli 2020"))
    assert "9 juli 2020" in main_of(bezoeker.get(ADDRESS))


def test_report_is_adopted_on_the_very_day_for_the_council(jaarplan, on_day):
    report = make_round(jaarplan, offered_on=date(2020, 7, 9))
    on_day(date(2020, 7, 9))
    assert adopt(report).is_to_be_offered


def test_erratum_with_an_image_without_words_is_refused_with_the_reason(beheerder, first_report):
    page = f"/beheer/plan/progressreport/{first_report.pk}/change/"
    form = {
        "errata-TOTAL_FORMS": "1",
        "errata-INITIAL_FORMS": "0",
        "errata-0-report": first_report.pk,
        "errata-0-text": "Zie ![](https://elders.example/kaart.png)",
    }
    answer = beheerder.post(page, form)
    assert answer.status_code == 200
    assert "geen alternatieve tekst" in answer.content.decode()
    assert not first_report.errata.exists()


def test_open_report_takes_no_erratum(first_round):
    with pytest.raises(ValidationError):
        add_erratum(first_round, "Te vroeg.")


def test_adopted_report_and_rows_of_a_round_can_not_be_deleted_or_edited_in_the_admin(
    beheerder, first_report
):
    page = f"/beheer/plan/progressreport/{first_report.pk}/delete/"
    assert beheerder.post(page, {"post": "yes"}).status_code == 403
    update = first_report.updates.first()
    answer = beheerder.post(f"/beheer/plan/progressupdate/{update.pk}/change/", {})
    assert answer.status_code == 403
    assert ProgressReport.objects.filter(pk=first_report.pk).exists()


@pytest.mark.parametrize("many", [False, True])
def test_a_round_that_was_opened_by_mistake_is_told_no_longer(beheerder, first_round, many):
    before = current_content_version()
    if many:
        listing = "/beheer/plan/progressreport/"
        chosen = {"action": "delete_selected", "_selected_action": [first_round.pk]}
        beheerder.post(listing, {**chosen, "post": "yes"})
    else:
        beheerder.post(f"/beheer/plan/progressreport/{first_round.pk}/delete/", {"post": "yes"})
    assert not ProgressReport.objects.exists()
    assert current_content_version() > before


def test_the_form_says_what_can_be_done_now(beheerder, jaarplan, first_round):
    page = f"/beheer/plan/progressreport/{first_round.pk}/change/"
    shown = beheerder.get(page).content.decode()
    assert '<a href="/beheer/voortgang/ronde/2020-1/">het scherm van de ronde</a>' in shown
    assert "begint de ronde" not in shown
    assert "begint de ronde" in beheerder.get("/beheer/plan/progressreport/add/").content.decode()
    adopt(first_round)
    assert "Deze rapportage is vastgesteld." in beheerder.get(page).content.decode()


def test_half_year_has_one_report(beheerder, jaarplan, first_round):
    form = {"plan": jaarplan.pk, "half": 1, "deadline": "2020-06-30"}
    form |= {"errata-TOTAL_FORMS": "0", "errata-INITIAL_FORMS": "0"}
    answer = beheerder.post("/beheer/plan/progressreport/add/", form)
    assert "Van dit halfjaar is er al een voortgangsrapportage." in answer.content.decode()
    assert ProgressReport.objects.count() == 1


@pytest.mark.parametrize(
    ("half", "first"), [("1", "1 januari 2020"), ("2", "1 juli 2020")], ids=["first", "second"]
)
def test_day_before_its_half_year_begins_is_refused(half, first, beheerder, jaarplan):
    page = "/beheer/plan/progressreport/add/"
    form = posted(
        beheerder.get(page), form="deadline", plan=str(jaarplan.pk), half=half, deadline="1-7-2002"
    )
    refused = beheerder.post(page, form | {"offered_on": ["31-12-2019"]})
    errors = refused.context["adminform"].form.errors
    told = f"Deze dag is voor het begin van het halfjaar, {first}. Kijk het jaar na."
    assert errors == {"deadline": [told], "offered_on": [told]}
    assert not ProgressReport.objects.exists()
    day = "2020-01-01" if half == "1" else "2020-07-01"
    assert beheerder.post(page, form | {"deadline": [day]}).status_code == 302
    report = ProgressReport.objects.get()
    change = f"/beheer/plan/progressreport/{report.pk}/change/"
    answer = beheerder.post(change, posted(beheerder.get(change), offered_on="1-2-2002"))
    assert told in answer.content.decode()


def test_day_for_the_council_that_is_filled_in_afterwards_is_not_before_the_half_year(
    beheerder, first_report
):
    page = f"/beheer/plan/progressreport/{first_report.pk}/change/"
    answer = beheerder.post(page, posted(beheerder.get(page), offered_on="9-7-2002"))
    assert "Deze dag is voor het begin van het halfjaar" in answer.content.decode()
    # A day of before this was asked stays, and keeps nothing else from being filled in.
    ProgressReport.objects.update(deadline=date(2002, 7, 1), offered_on=date(2002, 7, 9))
    document = "https://raad.example/stuk"
    data = posted(beheerder.get(page), council_document=document)
    assert beheerder.post(page, data).status_code == 302
    assert ProgressReport.objects.get().council_document == document


def test_report_of_a_plan_that_was_withdrawn_is_gone_too(bezoeker, first_report, jaarplan):
    make_round(jaarplan, half=2)
    withdraw(jaarplan, note="Dit plan geldt niet meer.")
    names = ("2020-1/", "2020-1.csv", "2020-1.xlsx", "2020-1/voortgangsrapportage-2020-1.pdf")
    for name in names:
        answer = bezoeker.get(f"/voortgang/{name}")
        assert answer.status_code == 410, name
        assert "Dit plan geldt niet meer." in answer.content.decode()
    assert bezoeker.get("/api/v1/voortgangsrapportages/2020-1").status_code == 410
    # Of which nothing was ever public.
    for number in ("2020-2", "2019-1"):
        assert bezoeker.get(f"/voortgang/{number}/").status_code == 404
        assert bezoeker.get(f"/api/v1/voortgangsrapportages/{number}").status_code == 404


@pytest.mark.parametrize("number", ["2020-3", "2019-1", "x", "2020-1x", "²020-1", "9" * 400])
def test_unknown_report_is_a_404_with_the_reports_there_are(number, bezoeker, first_report):
    answer = bezoeker.get(f"/voortgang/{number}/")
    assert answer.status_code == 404
    assert ADDRESS in answer.content.decode()
