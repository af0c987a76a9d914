"""Blacked-out words are gone from all that was made of them: reports, documents, feeds, files."""

import io
import re

import pytest
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from plan.documents import making
from plan.models import Action, Development, Status
from plan.progress.adoption import add_erratum, adopt
from tests.progress.conftest import make_round, report_row
from tests.tooling.drafts import writing
from veiligalmere.editorial.blackout import MARK, black_out
from veiligalmere.editorial.publish import publish, save_draft

pytestmark = pytest.mark.django_db
NAME = "Kwikstaartlaan 17"
RULE = "artikel 10 van de AVG"
PLAN_PDF = "/jaarplan/2020/jaarplan-veiligheid-2020.pdf"
REPORT_PDF = "/voortgang/2020-1/voortgangsrapportage-2020-1.pdf"


@pytest.fixture
def action(jaarplan, django_capture_on_commit_callbacks):
    """An action that names a house in its text, its progress, a frozen report and the news."""
    with django_capture_on_commit_callbacks(execute=True):
        action = Action.objects.public().of_plan(jaarplan).first()

        def write(row):
            row.body = f"{row.body}\n\nEr is gezocht aan de {NAME}."
            row.save()

        save_draft(action, write)
        publish(action, note=f"De {NAME} genoemd")
        action.refresh_from_db()
        report = make_round(jaarplan)
        report_row(report, action, Status.STUCK, f"Aan de {NAME} bleek niets.")
        report = adopt(report)
        add_erratum(report, f"De {NAME} is niet doorzocht.")
        news = Development.objects.create(
            title=f"Onderzoek aan de {NAME}",
            slug="onderzoek",
            year=2020,
            lead=f"Bij de {NAME}.",
            body=f"Zie de {NAME}.",
        )
        news.actions.add(action)
        publish(news, note="Nieuw")
    return action


def pages_about(action):
    """Return the addresses, by what they are, that named the house."""
    own = action.get_absolute_url()
    slug = own.split("/")[-2]
    today = timezone.localdate()
    return {
        "action": own,
        "its changes": f"{own}wijzigingen/",
        "all changes": "/wijzigingen/",
        "the plan on a day": f"/jaarplan/2020/op/{today}/",
        "the whole plan": "/jaarplan/2020/volledig/",
        "actions as a file": "/jaarplan/2020/acties.csv",
        "report": "/voortgang/2020-1/",
        "report as a file": "/voortgang/2020-1.csv",
        "developments": "/ontwikkelingen/",
        "development": Development.objects.get(slug="onderzoek").get_absolute_url(),
        "search": "/zoeken/?zoek=Kwikstaartlaan",
        "actions of the API": "/api/v1/acties",
        "updates of the API": "/api/v1/voortgangsmeldingen",
        "report of the API": "/api/v1/rapportageregels",
        "developments of the API": "/api/v1/ontwikkelingen",
        "open data": "/open-data/acties.json",
        "feed": "/feeds/alles.atom",
        "feed of changes": "/feeds/wijzigingen.atom",
        "feed of developments": "/feeds/ontwikkelingen.atom",
        "feed of the action": f"/feeds/acties/2020/{slug}.atom",
        "feed of the theme": f"/feeds/themas/{action.theme.slug}.atom",
    }


def words_of(pdf):
    """Return the text of a PDF without spaces, in lower case."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split()).lower()


def names_the_house(answer):
    """Return whether `answer`, to a search for the name, names the house."""
    if answer["Content-Type"] == "application/pdf":
        return "kwikstaart" in words_of(answer.content)
    return NAME in re.sub("</?mark[^>]*>", "", answer.content.decode())


def test_every_page_feed_and_file_lets_go_of_the_words(
    bezoeker, action, django_capture_on_commit_callbacks
):
    pages = {**pages_about(action), "plan on paper": PLAN_PDF, "report on paper": REPORT_PDF}
    silent = {name for name, page in pages.items() if not names_the_house(bezoeker.get(page))}
    assert not silent, "These never named it, so they show nothing here."
    with django_capture_on_commit_callbacks(execute=True):
        black_out([NAME], rule=RULE, by=None)
    call_command("publish_due")
    answers = {name: bezoeker.get(page) for name, page in pages.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert [name for name, answer in answers.items() if names_the_house(answer)] == []
    assert MARK in answers["report"].content.decode()
    assert MARK in answers["feed of the action"].content.decode()


def test_a_document_that_cannot_be_made_anew_is_gone(
    bezoeker, action, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(contents):
        raise OSError("Geen ruimte")

    monkeypatch.setattr(making, "compile_pdf", fail)
    with django_capture_on_commit_callbacks(execute=True):
        black_out([NAME], rule=RULE, by=None)
    call_command("publish_due")
    for document in (PLAN_PDF, REPORT_PDF):
        assert bezoeker.get(document).status_code == 404


def test_documents_are_gone_at_once_and_made_anew_outside_the_request(
    bezoeker, beheerder, action, monkeypatch, django_capture_on_commit_callbacks
):
    made, compile_pdf = [], making.compile_pdf

    def noted(contents):
        made.append(contents["title"])
        return compile_pdf(contents)

    monkeypatch.setattr(making, "compile_pdf", noted)
    form = {"words": NAME, "rule": RULE, "sure": "on", "zwartlakken": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        assert beheerder.post("/beheer/zwartlakken/", form).status_code == 302
    assert made == []
    for document, page in ((PLAN_PDF, "/jaarplan/2020/"), (REPORT_PDF, "/voortgang/2020-1/")):
        assert "is hier nu geen pdf" in bezoeker.get(document).content.decode()
        assert document not in bezoeker.get(page).content.decode()
    plan = f"/beheer/plan/annualplan/{action.plan_id}/change/"
    assert "Na zwartlakken maakt de site hem" in beheerder.get(plan).content.decode()
    call_command("publish_due")
    assert len(made) == 2
    for document in (PLAN_PDF, REPORT_PDF):
        assert not names_the_house(bezoeker.get(document))


def test_a_document_that_was_being_made_meanwhile_brings_nothing_back(
    bezoeker, action, monkeypatch, django_capture_on_commit_callbacks
):
    compile_pdf = making.compile_pdf
    meanwhile = [lambda: black_out([NAME], rule=RULE, by=None)]

    def compile_slowly(contents):
        while meanwhile:
            meanwhile.pop()()
        return compile_pdf(contents)

    monkeypatch.setattr(making, "compile_pdf", compile_slowly)

    def write(row):
        row.body = f"{row.body} En meer."
        row.save()

    with django_capture_on_commit_callbacks(execute=True):
        save_draft(action, write)
        publish(action, note="Meer")
    assert not meanwhile
    assert not names_the_house(bezoeker.get(PLAN_PDF))


def test_an_address_in_a_report_follows_the_page_that_got_another(
    bezoeker, action, eindredacteur, django_capture_on_commit_callbacks
):
    def move_to(slug):
        with django_capture_on_commit_callbacks(execute=True):
            save_draft(action, writing(slug=slug))
            publish(action, note="Een ander adres")

    move_to("zoeken-aan-de-kwikstaartlaan-17")
    old = action.get_absolute_url()
    action.report_entries.update(address=old)
    shown = eindredacteur.post(
        "/beheer/zwartlakken/", {"words": NAME, "rule": RULE, "zoeken": "1"}
    ).content.decode()
    assert f"Regel van een rapportage: {old}" in shown
    with django_capture_on_commit_callbacks(execute=True):
        black_out([NAME], rule=RULE, by=None)
    assert action.report_entries.get().address == old
    move_to("zoeken")
    with django_capture_on_commit_callbacks(execute=True):
        black_out([NAME], rule=RULE, by=None)
    report = bezoeker.get("/voortgang/2020-1/").content.decode()
    assert old not in report
    assert action.get_absolute_url() in report
