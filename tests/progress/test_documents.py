"""The plan and the reports on paper: tagged, whole, the same every time, never in the way."""

import io
import random
import re
import resource
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from plan.documents import listening, making, typesetting
from plan.documents.blocks import blocks_of
from plan.documents.contents import plan_contents, report_contents
from plan.documents.making import make_plan, make_report
from plan.documents.typesetting import TypesettingError, compile_pdf
from plan.models import Action, Passage, StoredPdf
from plan.progress.adoption import add_erratum, adopt
from tests.progress.conftest import main_of, make_round
from themes.models import Theme
from veiligalmere.editorial.publish import publish, withdraw

PLAN = "/jaarplan/2020/jaarplan-veiligheid-2020.pdf"
REPORT = "/voortgang/2020-1/voortgangsrapportage-2020-1.pdf"


def letters(text):
    """Return only letters and digits: what a line break or a hyphen does not change."""
    return re.sub(r"[\W_]", "", text)


def words_in(pdf, footer):
    """Return the letters of all pages, without what stands at the foot of each."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    foot = re.compile(rf"{re.escape(footer)}\s*\d+ / {len(pages)}")
    return letters(" ".join(foot.sub(" ", page) for page in pages))


def sentences(markdown):
    """Return the sentences and lines of a text, without its marks."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|[*_\\]", r"\1", markdown)
    lines = (re.sub(r"^\s*(?:[-#>]+|\d+\.)\s+", "", line) for line in plain.splitlines())
    return [one for line in lines for one in re.split(r"(?<=[.:;])\s+", line) if letters(one)]


@pytest.fixture
def plan_pdf(jaarplan):
    """The document of the plan as it is loaded, made by loading it."""
    return bytes(StoredPdf.objects.get(key="jaarplan-veiligheid-2020").pdf)


def test_document_of_who_was_cut_off_is_made_with_the_next_that_is_due(
    jaarplan, monkeypatch, django_capture_on_commit_callbacks
):
    action = Action.objects.public().get(slug="cyber-24")

    def cut_off(plan):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(listening, "make_plan", cut_off)
        with pytest.raises(SystemExit), django_capture_on_commit_callbacks(execute=True):
            withdraw(action, note="Vervallen")

    def words():
        pdf = StoredPdf.objects.get(key="jaarplan-veiligheid-2020").pdf
        return words_in(bytes(pdf), "Jaarplan Veiligheid 2020")

    assert letters(action.title) in words()
    call_command("publish_due")
    assert letters(action.title) not in words()


def test_document_is_tagged_with_a_title_and_a_language(plan_pdf):
    reader = PdfReader(io.BytesIO(plan_pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"].lower().startswith("nl")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Jaarplan Veiligheid 2020"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert len(reader.outline) > 4


def test_every_heading_and_sentence_of_the_plan_is_in_it(plan_pdf, jaarplan):
    text = words_in(plan_pdf, jaarplan.title)
    missing = [
        sentence
        for piece in [*Action.objects.public(), *Passage.objects.public()]
        for sentence in [piece.heading, *sentences(piece.body)]
        if letters(sentence) not in text
    ]
    assert missing == []


def links_in(pdf):
    """Return the addresses that a document leads to."""
    return {
        annotation.get_object()["/A"]["/URI"]
        for page in PdfReader(io.BytesIO(pdf)).pages
        for annotation in page.get("/Annots", [])
        if "/URI" in annotation.get_object().get("/A", {})
    }


def test_each_action_has_the_address_of_its_page(plan_pdf):
    assert len([link for link in links_in(plan_pdf) if "/acties/" in link]) == 29


def test_links_of_editors_lead_on_wherever_they_stand(first_report, settings):
    first_report.summary = """
## Kop [a](https://a.example/)

- een
  - [b](HTTPS://b.example/)

> **[c](mailto:c@example.nl)**

| [d](tel:112) |
|---|
| [e](/open-data/) |

[f](javascript:f) [g](#g) [h](//h.example) [i](ftp://i.example)
"""
    own = f"{settings.SITE_URL}/"
    links = links_in(compile_pdf(report_contents(first_report)))
    assert {link for link in links if not link.startswith(own)} == {
        "https://a.example/",
        "HTTPS://b.example/",
        "mailto:c@example.nl",
        "tel:112",
    }
    assert f"{own}open-data/" in links


def test_same_contents_give_the_same_bytes(jaarplan, plan_pdf):
    assert compile_pdf(plan_contents(jaarplan)) == plan_pdf


def test_plan_is_downloaded_from_its_page(bezoeker, jaarplan, plan_pdf):
    assert PLAN in bezoeker.get("/jaarplan/2020/").content.decode()
    answer = bezoeker.get(PLAN)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == plan_pdf


def test_publishing_makes_the_document_anew(
    bezoeker, jaarplan, plan_pdf, django_capture_on_commit_callbacks
):
    action = Action.objects.public().first()
    action.body = "Een gloednieuwe zin."
    action.save()
    with django_capture_on_commit_callbacks(execute=True):
        publish(action)
    assert letters("Een gloednieuwe zin.") in words_in(bezoeker.get(PLAN).content, jaarplan.title)


def test_a_theme_that_is_withdrawn_is_no_longer_in_the_document(
    bezoeker, jaarplan, plan_pdf, django_capture_on_commit_callbacks
):
    theme = Theme.objects.public().first()
    passage = Passage.objects.public().filter(theme=theme).exclude(body="").first()
    words = [letters(f"Thema {theme.number}: {theme.name}"), letters(sentences(passage.body)[0])]
    assert all(one in words_in(plan_pdf, jaarplan.title) for one in words)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(theme)
    text = words_in(bezoeker.get(PLAN).content, jaarplan.title)
    assert not [one for one in words if one in text]


def test_report_has_every_action_with_status_and_account(bezoeker, first_report):
    make_report(first_report)
    assert REPORT in main_of(bezoeker.get("/voortgang/2020-1/"))
    text = words_in(bezoeker.get(REPORT).content, first_report.title)
    for entry in first_report.entries.all():
        for part in (entry.title, entry.explanation, entry.cause, entry.status_word.label):
            assert letters(part) in text
    assert letters("23 nog niet gemeld") in text


def test_day_for_the_council_is_told_in_words_that_stay_true(jaarplan, on_day):
    report = make_round(jaarplan, offered_on=date(2020, 7, 9))
    on_day(date(2020, 7, 1))
    adopt(report)
    contents = []
    for day in (date(2020, 7, 1), date(2020, 7, 9), date(2020, 8, 1)):
        on_day(day)
        contents.append(report_contents(report))
    assert contents[0] == contents[1] == contents[2]
    assert "Datum voor de raad: 9 juli 2020" in contents[0]["lines"]


def test_erratum_is_in_the_document(bezoeker, first_report, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        add_erratum(first_report, "Dit moest anders.")
    assert letters("Dit moest anders.") in words_in(
        bezoeker.get(REPORT).content, first_report.title
    )


def test_making_documents_costs_the_process_that_asks_for_it_no_memory(jaarplan):
    """A worker that published a few times took hundreds of megabytes, and kept them."""
    contents = plan_contents(jaarplan)
    compile_pdf(contents)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB
    for number in range(4):
        compile_pdf(contents | {"lines": [f"versie {number}"]})
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import os; os.kill(os.getpid(), 9)", "typst ended with -9"),
        ("raise SystemExit('geen letters')", "typst ended with 1. geen letters"),
        ("import time; time.sleep(60)", "typst took more than 0.5 seconds"),
    ],
)
def test_process_that_gives_no_document_is_a_reason(
    program, reason, jaarplan, tmp_path, monkeypatch
):
    (tmp_path / "program.py").write_text(program)
    monkeypatch.setattr(typesetting, "PROGRAM", tmp_path / "program.py")
    monkeypatch.setattr(typesetting, "LONGEST", 0.5 if "sleep" in program else 60)
    with pytest.raises(TypesettingError, match=reason):
        compile_pdf(plan_contents(jaarplan))


@pytest.mark.parametrize(
    "text",
    [
        "#set page(fill: red) $x$ `code` \\ @ref <label> *vet* _cursief_",
        "# Kop\n\n#### Diepe kop\n\n- een\n  1. twee\n\n> citaat",
        "| a | b |\n|---|---|\n| 1 | **2** |",
        "<script>alert(1)</script> [link](javascript:alert(1)) ![beeld](afbeelding:1)",
        "[[[[" * 200,
        "Woord\u0000met\u200bvreemde\U0001f525tekens",
        "\uf0b7 uit Word, \u0002, \uffff, `\u0007`, \u0378 en \U000f0001",
        '1\ufe0f\u20e3 ]\u20e3 "\u20e3 \\\u20e3 x\U0001f3fd',
        "\U0001f44d\U0001f3fd \U0001f1f3\U0001f1f1 `\U0001f468\u200d\U0001f469`",
        "".join(map(chr, range(0x1F300, 0x1F500))),
        "a\t\vb \x85 c\t\u2028 `\u0301\ufeff`\n\n\ufeff",
        "\u0816\u0805 " * 200,  # typst panics
        "## \n\n### ![](afbeelding:1)\n\n# [](https://example.nl) **\uf0b7**\n\n###### kop",
        "### kop\n\n# kop\n\n##### kop\n\n> #### kop\n\n- # kop\n\n###### kop\n\n# \U0001f525",
        "| a | b |\n|---|---|\n\n| a |\n|---|\n| 1 | 2 |\n\n|||\n|-|-|\n|||\n|",
        f"[lang](https://example.nl/{'a' * 9000}) {'a' * 9000} [leeg](http:) [leeg](mailto:)",
        f"{'>' * 30} diep\n\n{'- ' * 30}diep\n\n{'> 1. ' * 15}diep",
    ],
)
def test_whatever_an_editor_writes_a_document_comes_of_it(text, jaarplan, first_report):
    stored = text.replace("\u0000", "")
    Action.objects.filter(pk=Action.objects.first().pk).update(body=stored)
    assert Passage.objects.filter(kind=Passage.Kind.FRAME).update(heading="", body=stored)
    assert compile_pdf(plan_contents(jaarplan)).startswith(b"%PDF")
    first_report.summary = text
    entry = first_report.entries.urgent_first().first()
    first_report.entries.filter(pk=entry.pk).update(explanation=stored, cause=stored)
    assert compile_pdf(report_contents(first_report)).startswith(b"%PDF")


@pytest.mark.slow
def test_a_document_comes_of_any_mixture():
    marks = [
        "# ",
        "### ",
        "###### ",
        "- ",
        "1. ",
        "> ",
        "    ",
        "\t",
        "\n",
        "\n\n",
        "```",
        "`",
        "**",
        "_",
    ]
    marks += [
        "| a | b |\n|---|---|\n",
        "| 1 | 2 | 3 |\n",
        "|",
        "\\\n",
        "---",
        "&#0;",
        "&nbsp;",
        "<b>",
    ]
    marks += ["[x](https://example.nl)", "[", "](", "![](afbeelding:1)", "![a](x)", "woord", "e"]
    marks += list(
        "\u00ad\u200b\u200f\u202e\u2028\ufeff\uf0b7\u0301\u20e3\u200d\U0001f468\u0627\x02\v"
    )
    chance = random.Random(1)  # noqa: S311 -- no secret
    for _ in range(300):
        text = "".join(chance.choices(marks, k=chance.randint(1, 60)))
        inner = [{"kind": "heading", "level": 2, "runs": [{"text": text}]}, *blocks_of(text)]
        frame = {"kind": "frame", "colour": "", "blocks": inner}
        blocks = [{"kind": "paragraph", "runs": [{"text": text}]}, frame, *blocks_of(text)]
        contents = {"title": "Titel", "subtitle": text, "address": "https://example.nl/"}
        assert compile_pdf({**contents, "lines": [text], "blocks": blocks}), text


def test_a_sign_that_can_not_be_shown_takes_no_other_along(first_report):
    cluster = "1\ufe0f\u20e3 Meer\U0001f3fd toezicht \U0001f44d\U0001f3fd"
    first_report.summary = f"{cluster}\n\n\uf0b7 in 2021"
    pdf = compile_pdf(report_contents(first_report))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert re.search(r"^1 Meer toezicht \[\?\]\s+in 2021$", text, re.MULTILINE)


def headings_in(pdf):
    """Return the headings of a document as a list of (level, words)."""
    found = []

    def look(tag):
        tag = tag.get_object()
        if isinstance(tag, ArrayObject):
            for one in tag:
                look(one)
        elif isinstance(tag, DictionaryObject):
            if re.fullmatch(r"/H\d", str(tag.get("/S"))):
                found.append((int(tag["/S"][2]), str(tag.get("/T"))))
            look(tag.get("/K", ArrayObject()))

    look(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_headings_keep_their_order_and_skip_no_level(first_report):
    first_report.summary = "### Een\n\nA\n\n### Twee\n\n##### Drie\n\n##### Vier\n\n## \n\n# Vijf"
    headings = headings_in(compile_pdf(report_contents(first_report)))
    begin = headings.index((1, "Samenvatting"))
    assert headings[begin + 1 : begin + 6] == [
        (2, "Een"),
        (2, "Twee"),
        (3, "Drie"),
        (3, "Vier"),
        (2, "Vijf"),
    ]


def test_failure_stops_no_publication_and_is_shown_with_its_reason(
    beheerder, bezoeker, jaarplan, plan_pdf, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(contents):
        raise RuntimeError("het lettertype ontbreekt")

    monkeypatch.setattr(making, "compile_pdf", fail)
    action = Action.objects.public().first()
    action.title = "Nieuwe titel"
    action.heading = "Nieuwe titel"
    action.save()
    with django_capture_on_commit_callbacks(execute=True):
        publish(action)
    assert "Nieuwe titel" in bezoeker.get(action.get_absolute_url()).content.decode()
    assert bezoeker.get(PLAN).content == plan_pdf
    page = f"/beheer/plan/annualplan/{jaarplan.pk}/change/"
    told = beheerder.get(page).content.decode()
    assert "De pdf kon niet worden gemaakt." in told
    assert "“het lettertype ontbreekt”" in told
    assert re.search(r"De vorige pdf, van \d+ [a-z]+ \d{4}, [\d.]+ uur, staat nog op de site", told)
    with pytest.raises(CommandError, match="lettertype"):
        call_command("make_documents", verbosity=0)
    monkeypatch.undo()
    call_command("make_documents", verbosity=0)
    assert "Gemaakt op" in beheerder.get(page).content.decode()


def test_document_that_cannot_be_made_keeps_nothing_public_that_was_withdrawn(
    beheerder, bezoeker, jaarplan, plan_pdf, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(contents):
        raise RuntimeError("het lettertype ontbreekt")

    first, second = Action.objects.public()[:2]
    with monkeypatch.context() as patched:
        patched.setattr(making, "compile_pdf", fail)
        with django_capture_on_commit_callbacks(execute=True):
            withdraw(first)
        answer = bezoeker.get(PLAN)
        assert answer.status_code == 404
        assert "is hier nu geen pdf" in answer.content.decode()
        assert PLAN not in bezoeker.get("/jaarplan/2020/").content.decode()
        page = f"/beheer/plan/annualplan/{jaarplan.pk}/change/"
        assert "Op de site staat nu geen pdf." in beheerder.get(page).content.decode()
    call_command("publish_due")
    assert letters(first.title) not in words_in(bezoeker.get(PLAN).content, jaarplan.title)
    monkeypatch.setattr(making, "compile_pdf", fail)
    second.body = "Alleen gewijzigd."
    second.save()
    with django_capture_on_commit_callbacks(execute=True):
        publish(second)
    assert bezoeker.get(PLAN).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/jaarplan/2020/iets-anders.pdf",
        "/jaarplan/1999/jaarplan-veiligheid-1999.pdf",
        "/voortgang/2020-2/voortgangsrapportage-2020-2.pdf",
        "/voortgang/2020-1/x.pdf",
    ],
)
def test_document_that_is_not_there_is_a_404(address, bezoeker, first_report):
    assert bezoeker.get(address).status_code == 404


def test_what_did_not_change_is_not_made_again(jaarplan, plan_pdf, monkeypatch):
    def fail(contents):
        raise AssertionError("made again")

    monkeypatch.setattr(making, "compile_pdf", fail)
    assert make_plan(jaarplan).failure == ""
