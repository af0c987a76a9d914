"""The editors' manual: it names what the screen shows, its pictures are there, its links work."""

import json
import re

import html5lib
import pytest
from django.urls import reverse
from PIL import Image

from docs.beeld import handleiding as pictures
from plan.models import Action, ProgressReport
from tests.progress.conftest import make_round, report_row
from tests.tooling.drafts import writing
from tests.tooling.environment import ROOT
from tests.tooling.forms import posted
from themes.models import Indicator
from veiligalmere.editorial.manual import FILE, anchor, render_manual
from veiligalmere.editorial.publish import publish, save_draft, submit

pytestmark = pytest.mark.django_db

TEXT = FILE.read_text("utf-8")
NAMED = dict.fromkeys(re.findall(r"\*\*(.+?)\*\*", TEXT))
QUOTED = dict.fromkeys(re.findall(r"“(.+?)”", TEXT))
# Words between quotation marks that are no message of the screen.
NOT_SAID = {"aanhalingstekens", "hier"}
NAMESPACE = "{http://www.w3.org/1999/xhtml}"
SOURCES = [
    path
    for folder, kinds in (
        ("templates", "html"),
        ("static/js", "js"),
        ("veiligalmere", "py"),
        ("plan", "py"),
        ("themes", "py"),
    )
    for path in (ROOT / folder).rglob(f"*.{kinds}")
]


# What the screen shows


def plain(text):
    """Return `text` on one line, without the colon after a field's name, in lower case."""
    return " ".join(text.split()).removesuffix(":").strip().lower()


def words_on(answer):
    """Yield what each element of a page says: its text, its own text alone, its value or label."""
    assert answer.status_code == 200
    for element in html5lib.parse(answer.content.decode()).iter():
        if str(element.tag).removeprefix(NAMESPACE) in {"script", "style", "html", "body"}:
            continue
        yield plain("".join(element.itertext()))
        yield plain(element.text or "")
        yield plain(element.get("value") or "")
        # What a script of Django's puts on a button of the form.
        options = json.loads(element.get("data-inline-formset") or "{}").get("options", {})
        yield plain(options.get("addText") or "")


@pytest.fixture
def action(jaarplan):
    """An action with a draft that waits for judgement, and a moment before it."""
    action = Action.objects.public().first()

    publish(action)
    save_draft(action, writing(summary="Een zin."))
    submit(action)
    return action


@pytest.fixture
def on_screen(action, jaarplan, redacteur, eindredacteur, beheerder, bezoeker):
    """All that is said on the pages that the manual leads to."""
    own = f"/beheer/plan/action/{action.pk}"
    beheerder.user.set_password("een-lang-wachtwoord-1")
    beheerder.user.save()
    beheerder.force_login(beheerder.user)
    action.owner = redacteur.user
    action.save()
    first = make_round(jaarplan)
    report_row(first, action, "op-schema")
    adopted = eindredacteur.post(reverse("progress_adopt", args=[first.number]))
    assert adopted.status_code == 302
    make_round(jaarplan, half=2)
    figure = f"/beheer/themes/indicator/{Indicator.objects.first().pk}"
    pasted = beheerder.get(f"{figure}/cijfers-invoeren/")
    many = eindredacteur.get(f"/beheer/plan/action/in-bulk/?gekozen={action.pk}")
    in_bulk = {"period_doen": "zet", "period": "Voorjaar"}
    pages = [
        bezoeker.get("/beheer/login/"),
        redacteur.get("/beheer/"),
        eindredacteur.get("/beheer/"),
        redacteur.get("/beheer/inloggen/instellen/"),
        *(redacteur.get(f"{own}/{page}/") for page in ("change", "weggooien", "terugzetten/2")),
        redacteur.get("/beheer/voortgang/ronde/", follow=True),
        *(
            eindredacteur.get(f"{own}/{page}/")
            for page in ("change", "beoordelen", "history", "intrekken")
        ),
        eindredacteur.get(f"/voorbeeld/plan.action/{action.pk}/"),
        eindredacteur.get("/beheer/voortgang/ronde/", follow=True),
        eindredacteur.get(reverse("progress_adopt", args=["2020-2"])),
        eindredacteur.get(
            f"/beheer/plan/progressreport/{ProgressReport.objects.first().pk}/change/"
        ),
        eindredacteur.get(f"/beheer/plan/progressreport/{first.pk}/change/"),
        eindredacteur.get("/beheer/plan/action/"),
        many,
        eindredacteur.post(
            many.request["PATH_INFO"] + f"?gekozen={action.pk}", posted(many, **in_bulk)
        ),
        eindredacteur.get("/beheer/plan/action/importeren/"),
        pasted,
        beheerder.get(f"{figure}/change/"),
        beheerder.post(f"{figure}/cijfers-invoeren/", posted(pasted, form="text", text="2030\t1")),
        beheerder.get("/beheer/auth/user/"),
        eindredacteur.get("/beheer/zwartlakken/"),
        *(
            eindredacteur.get(f"/beheer/{model}/add/")
            for model in (
                *("plan/action", "plan/development", "plan/progressreport"),
                *("themes/term", "themes/synonym", "editorial/shortaddress"),
            )
        ),
        *(
            eindredacteur.get(f"/beheer/{model}/")
            for model in (
                *("plan/development", "plan/progressreport"),
                *("themes/term", "themes/synonym", "editorial/shortaddress"),
            )
        ),
    ]
    return {words for page in pages for words in words_on(page)}


def written_by_script(words):
    """Whether a script of ours, or a page that needs a failure, has these words as a text."""
    patterns = [pattern_of(f"{before}{words}{after}") for before, after in ("><", '""', "``")]
    return any(one.search(text) for text in said_in_sources() for one in patterns)


def said_in_sources():
    """Return the text of our templates, scripts and modules, each on one line."""
    joined = re.compile(r'" *\n *f?"')  # a Python string that goes on on the next line
    texts = [joined.sub("", path.read_text("utf-8")) for path in SOURCES]
    return [" ".join(text.split()) for text in texts]


def pattern_of(words):
    """Return what finds `words` where “…” stands for what differs each time."""
    parts = [re.escape(part.strip()) for part in words.split("…") if part.strip()]
    return re.compile(r"\W*(?:\{.*?\}+)?\W*".join(parts))


# The manual


@pytest.mark.slow
def test_what_is_bold_stands_on_the_screen(on_screen):
    unseen = [words for words in NAMED if plain(words) not in on_screen]
    missing = [words for words in unseen if not written_by_script(words)]
    assert len(NAMED) > 80
    assert not missing


def test_what_is_quoted_is_what_the_screen_says():
    said = said_in_sources()
    messages = [words for words in QUOTED if words not in NOT_SAID]
    missing = [words for words in messages if not any(pattern_of(words).search(t) for t in said)]
    assert len(messages) > 10
    assert not missing


def test_the_script_makes_the_pictures_that_the_manual_shows():
    shown = re.findall(r"!\[(.+?)\]\(beeld/handleiding/([\w-]+)\.png\)", TEXT)
    source = (ROOT / "docs/beeld/handleiding.py").read_text("utf-8")
    made = re.findall(r'walk\.shoot\(\w+, "([\w-]+)"', source)
    names = [name for _words, name in shown]
    assert TEXT.count("![") == len(shown)
    assert sorted(names) == sorted(set(made))
    assert sorted(names) == sorted(path.stem for path in pictures.FOLDER.iterdir())
    assert len({words for words, _name in shown}) == len(shown)


@pytest.mark.parametrize("path", sorted(pictures.FOLDER.glob("*.png")), ids=lambda path: path.stem)
def test_a_picture_is_light_and_of_one_size(path):
    with Image.open(path) as image:
        assert image.size == (pictures.SIZE["width"], pictures.SIZE["height"])
        assert image.mode == "P"
    assert path.stat().st_size < 60_000


def test_the_contents_lead_to_every_chapter():
    chapters = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    contents = re.findall(r"^- \[(.+)\]\(#(.+)\)$", TEXT, re.MULTILINE)
    assert contents == [(one, anchor(one)) for one in chapters if one != "Inhoud"]


def test_every_link_within_the_manual_leads_somewhere():
    _title, html = render_manual(TEXT)
    anchors = re.findall(r' id="([^"]+)"', html)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(anchors)
    assert not re.search(r'href="[^#]', html), "in the back-office no other link would work"


@pytest.mark.browser
@pytest.mark.slow
def test_the_jobs_can_be_done_as_the_manual_tells(tmp_path):
    made = pictures.draw(tmp_path)
    assert sorted(made) == sorted(path.stem for path in pictures.FOLDER.iterdir())


# The page in the back-office


@pytest.mark.parametrize("role", ["redacteur", "eindredacteur", "beheerder"])
def test_who_works_here_reads_it_with_its_pictures(role, request):
    client = request.getfixturevalue(role)
    assert 'href="/beheer/handleiding/"' in client.get("/beheer/").content.decode()
    page = client.get("/beheer/handleiding/")
    addresses = re.findall(r'<img src="([^"]+)"', page.content.decode())
    assert len(addresses) == len(list(pictures.FOLDER.iterdir()))
    for address in addresses:
        answer = client.get(address)
        assert answer["Content-Type"] == "image/png"
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")


@pytest.mark.parametrize("address", ["", "start.png"])
def test_who_does_not_work_here_is_asked_to_log_in(address, bezoeker):
    answer = bezoeker.get(f"/beheer/handleiding/{address}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/beheer/login/")


def test_a_picture_that_is_not_there_is_a_404(redacteur):
    assert redacteur.get("/beheer/handleiding/niets.png").status_code == 404
