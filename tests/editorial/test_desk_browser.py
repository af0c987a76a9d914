"""The desk and the outline in a browser: nothing for axe to find, and all of it by keyboard."""

import pytest

from tests.browser.test_axe import BOTH, findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Something in every block, late and returned ones among them.
FILL = """
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.utils import timezone
from plan.models import Action, AnnualPlan, ProgressReport
from plan.progress.adoption import open_round
from themes.models import Term
from veiligalmere.editorial.publish import return_to_editor, save_draft, schedule, submit
from veiligalmere.editorial.versions import Version
writer = get_user_model().objects.get(username="eindredacteur")
def write(row):
    row.summary = row.summary + "Korter."
    row.save()
actions = list(Action.objects.public()[:3])
for action in actions:
    save_draft(action, write, by=writer)
    submit(action)
return_to_editor(actions[1], remark="Noem de partners.")
schedule(actions[2], timezone.now() + timedelta(days=1), note="x")
Version.objects.scheduled().update(publish_at=timezone.now() - timedelta(hours=1))
Version.objects.of_model(Term).update(created_at=timezone.now() - timedelta(days=400))
plan = AnnualPlan.objects.get(year=2020)
open_round(ProgressReport(plan=plan, half=2, deadline=timezone.localdate(), summary="x"))
"""
CLEAR = """
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from plan.models import ProgressReport
from themes.models import Term
from veiligalmere.editorial.versions import Version
LogEntry.objects.all().delete()
ProgressReport.objects.all().delete()
Version.objects.drafts().delete()
Version.objects.of_model(Term).update(created_at=timezone.now())
"""
PAGES = {
    "desk": "/beheer/",
    "full list": "/beheer/werk/lang-niet-bekeken/",
    "outline": "/beheer/jaarplan/2020/",
}
HAS_FOCUS = "one => one === document.activeElement"
OUTLINED = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"


@pytest.fixture
def desk(site):
    """A site with something in every block of the desk of the eindredacteur."""
    site.run("manage.py", "shell", "-c", FILL)
    yield site
    site.run("manage.py", "shell", "-c", CLEAR)


def test_axe_finds_nothing_on_a_full_desk(desk, open_page, logged_in_state):
    found = []
    for width in (360, 1280):
        page = open_page(
            storage_state=logged_in_state("eindredacteur"),
            viewport={"width": width, "height": 800},
            bypass_csp=True,  # axe adds a style of its own
        )
        for name, address in PAGES.items():
            page.goto(address)
            found += [f"{name}, {width}: {finding}" for finding in findings(page, BOTH)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{name}, {width}: scrolls sideways")
    assert not found, "\n".join(found)


def test_the_desk_and_the_outline_work_by_keyboard(desk, open_page, logged_in_state):
    """The page fails on every refusal by the policy."""
    page = open_page(storage_state=logged_in_state("eindredacteur"))
    page.goto("/beheer/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = page.get_by_role("link", name="Nieuwe actie")
    assert first.evaluate(HAS_FOCUS)
    assert page.evaluate(OUTLINED)
    button = page.get_by_role("button", name="Klopt nog").first
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("klopt nog.").is_visible()
    page.get_by_role("link", name="Het jaarplan").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    chapter = page.get_by_role("navigation", name="Op deze pagina").get_by_role("link").nth(1)
    chapter.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.get_by_role("link", name="Het thema zelf").first.evaluate(HAS_FOCUS)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/change/" in page.url


def test_the_list_of_actions_shows_status_and_owner(open_page, logged_in_state):
    state = logged_in_state("beheerder")
    page = open_page(viewport={"width": 1280, "height": 900}, storage_state=state)
    page.goto("/beheer/plan/action/")
    edge = page.locator(".results").bounding_box()
    for name in ("state", "owner", "theme"):
        cell = page.locator(f"#result_list td.field-{name}").first.bounding_box()
        assert cell["x"] + cell["width"] <= edge["x"] + edge["width"], name
