"""Make the pictures of the editors' manual, by doing the jobs that it tells of.

It starts the site on a database of its own, logs in with an account for each role and walks the
back-office with a browser. What it types begins with "Voorbeeld" where the plan does not say it.
Run it after changing a page of the back-office: `make manual-images`.
"""

import os
import re
from base64 import b32decode
from io import BytesIO
from pathlib import Path

from django_otp.oath import totp
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.editorial.conftest import type_login
from tests.tooling import browser as chromium
from tests.tooling.site import Site

FOLDER = Path(__file__).parent / "handleiding"
SIZE = {"width": 1100, "height": 700}
COLOURS = 48
ACTION = "straatintimidatie"
SUMMARY = "We onderzoeken waar straatintimidatie voorkomt."
BETTER = "We onderzoeken waar en wanneer straatintimidatie voorkomt."
ADVISED = """\
## Wat doet de gemeente?

We onderzoeken waar straatintimidatie voorkomt. De cijfers vindt u [hier](/cijfers/)."""
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
# An action for the editor to report on, and the numbers of what the walk visits.
PREPARE = f"""
from django.contrib.auth import get_user_model
from plan.models import Action
from themes.models import Indicator
from veiligalmere.editorial.publish import publish
action = Action.objects.get(slug="{ACTION}")
action.owner = get_user_model().objects.get(username="redacteur")
action.save()
publish(action, minor=True)
print(action.pk, Indicator.objects.get(slug="geregistreerde-misdrijven").pk)
"""


class Walk:
    """The site, a browser page for each role, and the pictures made so far, in `made`."""

    def __init__(self, site, browser, folder):
        self.site, self.browser, self.folder = site, browser, folder
        self.made = []
        self.action, self.figure = site.run("manage.py", "shell", "-c", PREPARE).split()[-2:]

    def page(self, role=None):
        """Return a browser page of its own; with a role, logged in."""
        context = self.browser.new_context(
            base_url=self.site.url,
            viewport=SIZE,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            color_scheme="light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.add_init_script("localStorage.setItem('django.admin.navSidebarIsOpen', 'false')")
        if role:
            type_login(page, self.site.accounts[role])
        return page

    def shoot(self, page, name, at=None, *, back=12):
        """Take a picture of what the window shows, with `at` at its top."""
        page.wait_for_load_state("networkidle")
        if at:
            page.evaluate("window.scrollTo(0, 0)")
            top = page.locator(at).first.bounding_box()["y"]
            page.evaluate("y => window.scrollTo(0, y)", top - back)
        picture = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide")))
        few = picture.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        few.save(self.folder / f"{name}.png", optimize=True)
        self.made.append(name)


def press(page, button):
    """Press the button or link with these words, and wait for the page that it leads to."""
    found = page.locator("#content, #inhoud").locator(
        f"input[type=submit][value='{button}'], a:text-is('{button}'), button:text-is('{button}')"
    )
    with page.expect_navigation():
        found.first.click()


def log_in(walk):
    """Log in for the first time, set up the second step, and keep the backup codes."""
    page = walk.page()
    page.goto("/beheer/login/")
    page.get_by_label("Gebruikersnaam").fill("beheerder")
    walk.shoot(page, "inloggen")
    type_login(page, walk.site.accounts["beheerder"])
    page.goto("/beheer/inloggen/instellen/")
    walk.shoot(page, "tweede-stap", "#content-main ol")
    key = re.sub(r"\s", "", page.locator("#content-main ol code").inner_text())
    page.get_by_label("Code").fill(f"{totp(b32decode(key)):06d}")
    press(page, "Instellen")
    walk.shoot(page, "reservecodes")
    page.context.close()


def find_an_action(walk, page):
    """The start page, and the way from there to an action."""
    page.goto("/beheer/")
    walk.shoot(page, "start")
    page.goto("/beheer/plan/action/?q=straatintimidatie")
    walk.shoot(page, "lijst")


def change_an_action(walk, page):
    """Write, save the draft, look at it, and share it."""
    page.goto(f"/beheer/plan/action/{walk.action}/change/")
    walk.shoot(page, "formulier")
    page.fill("#id_summary", SUMMARY)
    press(page, "Concept opslaan")
    page.locator("summary", has_text="Voorbeeld voor een collega").click()
    page.locator("summary", has_text="Verschil met wat op de site staat").click()
    walk.shoot(page, "concept", ".messagelist")
    press(page, "Voorbeeld op de site")
    walk.shoot(page, "voorbeeld")
    page.goto(f"/beheer/plan/action/{walk.action}/change/")
    press(page, "Opslaan en indienen ter beoordeling")


def write_in_the_editor(walk, page):
    """Write in a field with a preview and advice beside it."""
    page.goto("/beheer/themes/subtopic/add/")
    page.fill("#id_introduction", ADVISED)
    page.get_by_text("1 aandachtspunt.").wait_for()
    walk.shoot(page, "tekstveld", ".field-introduction")


def judge(walk, writer, chief):
    """Return a draft with a remark; publish it with a change note once it is better."""
    chief.goto(f"/beheer/plan/action/{walk.action}/beoordelen/")
    walk.shoot(chief, "beoordelen")
    chief.get_by_label("Wat is er veranderd?").fill("De samenvatting is toegevoegd.")
    walk.shoot(chief, "publiceren", "#publiceren-kop")
    chief.get_by_label("Opmerking").fill("Noem ook dat u onderzoekt wanneer het voorkomt.")
    press(chief, "Terugsturen met opmerking")
    writer.goto(f"/beheer/plan/action/{walk.action}/change/")
    walk.shoot(writer, "teruggestuurd")
    writer.fill("#id_summary", BETTER)
    press(writer, "Opslaan en indienen ter beoordeling")
    chief.goto(f"/beheer/plan/action/{walk.action}/beoordelen/")
    chief.get_by_label("Wat is er veranderd?").fill("De samenvatting is toegevoegd.")
    press(chief, "Nu publiceren")


def report_progress(walk, writer, chief):
    """Open a round, report in it, adopt the report, and correct it with an erratum."""
    chief.goto("/beheer/plan/progressreport/add/")
    chief.select_option("#id_plan", index=1)
    chief.select_option("#id_half", index=1)
    chief.fill("#id_deadline", "31-12-2026")
    chief.fill("#id_summary", "Voorbeeld van een samenvatting.")
    walk.shoot(chief, "ronde-openen")
    press(chief, "Opslaan")
    writer.goto("/beheer/voortgang/ronde/")
    writer.locator(".round-row").get_by_label("Op schema").check()
    writer.locator(".round-row").get_by_label("Toelichting").fill("Voorbeeld van een toelichting.")
    walk.shoot(writer, "ronde")
    writer.locator(".round-row").get_by_role("button", name="Opslaan").click()
    writer.locator("[data-state]", has_text="Klaar").wait_for()
    chief.goto("/beheer/voortgang/ronde/")
    walk.shoot(chief, "ronde-geheel")
    press(chief, "Vaststellen")
    walk.shoot(chief, "vaststellen")
    press(chief, "Vaststellen en op de site zetten")
    chief.locator(".add-row a").click()
    walk.shoot(chief, "erratum", "#errata-group")


def add_a_development(walk, page):
    """Fill in a development with a PDF."""
    page.goto("/beheer/plan/development/add/")
    page.locator("#id_title").press_sequentially("Voorbeeld van een publicatie")
    walk.shoot(page, "ontwikkeling")
    page.set_input_files(
        "#id_document", {"name": "voorbeeld.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.fill("#id_document_title", "Voorbeeld van een onderzoek")
    walk.shoot(page, "document", ".field-document")


def place_an_image(walk, page):
    """Open the dialog for an image."""
    page.goto(f"/beheer/plan/action/{walk.action}/change/")
    page.locator(".field-body").get_by_role("button", name="Afbeelding").click()
    page.get_by_label("Alternatieve tekst").fill("Voorbeeld van wat er op de foto te zien is")
    walk.shoot(page, "afbeelding")


def paste_figures(walk, page):
    """Paste a column of figures and see what it would change."""
    page.goto(f"/beheer/themes/indicator/{walk.figure}/change/")
    press(page, "Cijfers plakken of inlezen")
    page.get_by_label("Plak hier de cijfers").fill("2016\t11.218\n2017\t9.853\n2018\t.")
    walk.shoot(page, "cijfers-plakken", "#invoer-kop")
    press(page, "Bekijk wat er verandert")
    walk.shoot(page, "cijfers-proef")


def look_back(walk, page):
    """Compare two versions, and withdraw."""
    page.goto(f"/beheer/plan/action/{walk.action}/history/?van=2&naar=4")
    walk.shoot(page, "geschiedenis")
    page.goto(f"/beheer/plan/action/{walk.action}/terugzetten/2/")
    walk.shoot(page, "terugzetten")
    page.goto(f"/beheer/plan/action/{walk.action}/intrekken/")
    walk.shoot(page, "intrekken")


def change_many(walk, page):
    """Choose actions in a list, say what should become of them, and see it; the same with Excel."""
    page.goto("/beheer/plan/action/")
    for row in (0, 1):
        page.locator("#result_list .action-select").nth(row).check()
    page.select_option("[name=action]", label="Wijzigen, indienen of publiceren…")
    walk.shoot(page, "veel-kiezen")
    with page.expect_navigation():
        page.get_by_role("button", name="Uitvoeren").click()
    owner = page.get_by_role("group", name="Eigenaar")
    owner.locator("select").first.select_option("Wijzigen in")
    owner.locator("select").last.select_option("redacteur")
    walk.shoot(page, "veel-wijzigen")
    press(page, "Bekijk wat er verandert")
    walk.shoot(page, "veel-proef")
    page.goto("/beheer/plan/action/")
    page.get_by_role("link", name="Excelbestand importeren").click()
    walk.shoot(page, "excel")


def keep_a_word_list(walk, page):
    """A term, for the page with all of them."""
    page.goto("/beheer/themes/term/add/")
    walk.shoot(page, "begrip")


def black_out(walk, page):
    """Find where words stand that are to go."""
    page.goto("/beheer/zwartlakken/")
    page.get_by_label("Woorden").fill("hotspots")
    page.get_by_label("Op grond van").fill("Voorbeeld: noem hier de wet en het artikel")
    press(page, "Zoek waar ze staan")
    walk.shoot(page, "zwartlakken", "#content-main form")


def meet_a_colleague(walk, writer, chief):
    """Save after a colleague; and find back what was typed and not saved."""
    address = f"/beheer/plan/action/{walk.action}/change/"
    writer.goto(address)
    chief.goto(address)
    chief.fill("#id_summary", BETTER + " Dat doen we samen.")
    press(chief, "Concept opslaan")
    writer.fill("#id_summary", BETTER + " En op welk moment van de dag.")
    press(writer, "Concept opslaan")
    walk.shoot(writer, "conflict", ".standing--conflict")
    writer.fill("#id_summary", BETTER + " Deze zin is nog niet opgeslagen.")
    writer.locator(".guard__line", has_text="tussendoor bewaard").wait_for()
    writer.goto("/beheer/")
    writer.goto(address)
    walk.shoot(writer, "teruggevonden")


def draw(folder):
    """Make every picture in `folder`; return their names."""
    # What the browser itself says, of a file or a date, is Dutch too where it knows Dutch.
    os.environ["LANGUAGE"] = "nl"
    with Site() as site, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        walk = Walk(site, browser, folder)
        writer, chief = walk.page("redacteur"), walk.page("eindredacteur")
        find_an_action(walk, writer)
        change_an_action(walk, writer)
        write_in_the_editor(walk, writer)
        judge(walk, writer, chief)
        report_progress(walk, writer, chief)
        add_a_development(walk, writer)
        place_an_image(walk, writer)
        paste_figures(walk, writer)
        look_back(walk, chief)
        change_many(walk, chief)
        keep_a_word_list(walk, writer)
        black_out(walk, chief)
        meet_a_colleague(walk, writer, chief)
        log_in(walk)
        browser.close()
    return walk.made


if __name__ == "__main__":
    made = draw(FOLDER)
    for path in FOLDER.glob("*.png"):
        if path.stem not in made:
            path.unlink()
