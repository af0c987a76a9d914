"""A walk through the back-office: every page of it, in the states that an editor meets."""

import re
from base64 import b32decode

from django_otp.oath import totp

from tests.bulk.workbooks import changed
from tests.editorial.conftest import type_login
from veiligalmere.editorial.tables import XLSX

# A draft that waits for judgement, of an action that is public, with something to advise on; an
# open round in which something was saved; and an account that has no second step yet.
PREPARE = """
from django_otp import devices_for_user
from django.contrib.auth import get_user_model
from plan.models import Action, AnnualPlan, ProgressReport, ProgressUpdate
from plan.progress.adoption import open_round
from plan.progress.round import save_row
from veiligalmere.editorial.preview_links import make_token
from veiligalmere.editorial.publish import save_draft, submit
writer = get_user_model().objects.get(username="redacteur")
for device in devices_for_user(writer, confirmed=None):
    device.delete()
action = Action.objects.public().first()
def write(row):
    row.body = row.body + "\\n\\nMeer weten? [Klik hier](/bestaat-niet/)."
    row.save()
save_draft(action, write, by=writer)
submit(action)
if not ProgressReport.objects.exists():
    plan = AnnualPlan.objects.current()
    report = ProgressReport(plan=plan, half=1, deadline="2020-06-30", summary="Zo staat het.")
    open_round(report)
    Action.objects.filter(pk=action.pk).update(owner=writer)
    told = {"status": "vertraagd", "explanation": "Meer? [Klik hier](/bestaat-niet/)."}
    save_row(report, action, told, revision=0, by=writer)
print(action.pk, make_token(action))
"""
MODELS = 15  # there are more; of all of them the menu leads to the list
# What a colleague saves while the form is open.
MEANWHILE = """
from plan.models import Action
from veiligalmere.editorial.publish import save_draft
def write(row):
    row.summary = row.summary + " Meer."
    row.save()
save_draft(Action.objects.public().first(), write)
"""


def pages(action, token):
    """Return the pages that an address leads to, by what they show."""
    own = f"/beheer/plan/action/{action}"
    return {
        "desk": "/beheer/",
        "list of the desk": "/beheer/werk/te-beoordelen/",
        "list of the desk, empty": "/beheer/werk/gepland/",
        "outline": "/beheer/jaarplan/2020/",
        "app": "/beheer/plan/",
        "list": "/beheer/plan/action/",
        "list, searched": "/beheer/plan/action/?q=overlast",
        "list, filtered": "/beheer/plan/action/?state__exact=gepubliceerd",
        "list, nothing found": "/beheer/plan/action/?q=eenhoorn",
        "import": "/beheer/plan/action/importeren/",
        "in bulk": f"/beheer/plan/action/in-bulk/?gekozen={action}",
        "list of subtopics": "/beheer/themes/subtopic/",
        "form with a draft": f"{own}/change/",
        "judge": f"{own}/beoordelen/",
        "discard": f"{own}/weggooien/",
        "withdraw": f"{own}/intrekken/",
        "history": f"{own}/history/",
        "history, two compared": f"{own}/history/?van=1&naar=2",
        "put back": f"{own}/terugzetten/1/",
        "delete": f"{own}/delete/",
        "preview": f"/voorbeeld/plan.action/{action}/",
        "preview by a link": f"/voorbeeld/{token}/",
        "round, nothing of mine": "/beheer/voortgang/ronde/2020-1/",
        "round": "/beheer/voortgang/ronde/2020-1/?alles=1",
        "round, before adopting": "/beheer/voortgang/ronde/2020-1/vaststellen/",
        "images": "/beheer/editorial/image/",
        "blacking out": "/beheer/zwartlakken/",
        "accounts": "/beheer/auth/user/",
        "manual": "/beheer/handleiding/",
        "password": "/beheer/password_change/",
    }


def walk(page, site, look):
    """Walk `page` past every page of the back-office; call look(name) on each."""
    action, token = site.run("manage.py", "shell", "-c", PREPARE).split()[-2:]
    page.goto("/beheer/login/")
    look("login")
    page.get_by_label("Gebruikersnaam").fill("niemand")
    page.get_by_label("Wachtwoord").fill("verkeerd")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look("login refused")
    set_up_second_step(page, site, look)
    type_login(page, site.accounts["beheerder"])
    for name, address in pages(action, token).items():
        answer = page.goto(address)
        assert answer.status == 200, f"{name}: {answer.status}"
        look(name)
    page.goto("/beheer/plan/action/add/")
    press(page, page.locator("#action_form [type=submit]").first)
    look("form with errors")
    page.goto(f"/beheer/plan/action/{action}/change/")
    site.run("manage.py", "shell", "-c", MEANWHILE)
    page.fill("#id_period", "in het najaar")
    press(page, page.locator("[name=_continue]").first)
    assert page.get_by_text("heeft dit intussen opgeslagen").count()
    look("conflict")
    page.goto(f"/beheer/plan/action/in-bulk/?gekozen={action},1,2")
    page.select_option("[name=period_doen]", "zet")
    page.fill("[name=period]", "Heel 2020")
    page.check("[name=step][value=publiceren]")
    page.check("[name=minor]")
    press(page, page.locator("#content-main [type=submit]"))
    assert page.get_by_text("Dit verandert er").count()
    assert page.get_by_text("Waar een lezer over struikelt").count()
    look("in bulk, what changes")
    page.goto("/beheer/themes/indicator/1/cijfers-invoeren/")
    look("measurements")
    for table, shown in (("2016\tveel", "Regel 1:"), ("2017\t1\n2018\t2", "Nieuw of anders")):
        page.fill("[name=text]", table)
        press(page, page.locator("#content-main [type=submit]").last)
        assert page.get_by_text(shown).count()
        look(f"measurements, {shown}")
    exported = page.request.get("/beheer/plan/action/exporteren.xlsx").body()
    import_file(page, exported, {1: {"periode": "Heel 2020"}})
    assert page.get_by_text("Bij 1 actie verandert er iets").count()
    look("import, what changes")
    import_file(page, exported, {1: {"eigenaar": "niemand"}})
    assert page.get_by_text("Er is niets overgenomen").count()
    look("import, refused")
    page.goto("/beheer/zwartlakken/")
    page.fill("[name=words]", "woninginbraken")
    page.fill("[name=rule]", "artikel 10 van de AVG")
    press(page, page.locator("[name=zoeken]"))
    look("blacking out, found")
    page.goto("/beheer/wachtwoord/")
    look("password forgotten")


def every_form(page, site, look):
    """Walk past the form for a new object of each model, and that of the last in its list."""
    type_login(page, site.accounts["beheerder"])
    menu = page.locator("#nav-sidebar th a")
    lists = sorted({link.get_attribute("href") for link in menu.all()})
    assert len(lists) > MODELS
    for address in lists:
        page.goto(address)
        # The last: the first account is a superuser's, which others only see.
        last = page.locator("#result_list tbody th a").last
        if last.count():
            page.goto(last.get_attribute("href"))
            look(f"form of {address}")
        if page.goto(f"{address}add/").status == 200:
            look(f"empty form of {address}")


def import_file(page, exported, changes):
    """Upload an exported list with some cells changed."""
    page.goto("/beheer/plan/action/importeren/")
    file = {"name": "acties.xlsx", "mimeType": XLSX, "buffer": changed(exported, changes)}
    page.set_input_files("[name=file]", file)
    press(page, page.locator("#content-main [type=submit]"))


def set_up_second_step(page, site, look):
    """Log in for the first time, set up an app, and come back for its code."""
    type_login(page, site.accounts["redacteur"])
    page.goto("/beheer/inloggen/instellen/")
    look("second step, setting up")
    key = re.sub(r"\s", "", page.locator("#content-main ol code").inner_text())
    page.get_by_label("Code").fill("000000")
    press(page, page.locator("#content-main [type=submit]").first)
    look("second step, wrong code")
    page.get_by_label("Code").fill(f"{totp(b32decode(key)):06d}")
    press(page, page.locator("#content-main [type=submit]").first)
    look("backup codes")
    page.context.clear_cookies()
    type_login(page, site.accounts["redacteur"])
    look("second step, code asked")
    page.context.clear_cookies()


def press(page, button):
    """Press `button` and wait for the page that it leads to."""
    with page.expect_navigation():
        button.click()
