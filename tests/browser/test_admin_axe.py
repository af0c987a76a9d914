"""axe finds nothing in the back-office either, Django's own pages included."""

import pytest

from tests.browser.test_axe import OPEN_EVERYTHING, findings

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


@pytest.fixture
def states(site):
    """The back-office's pages by what they show, as addresses on the site."""
    first = site.run("manage.py", "shell", "-c", FIRST).split()[-1]
    return {
        "desk": "/beheer/",
        "app": "/beheer/plan/",
        "list": "/beheer/plan/action/",
        "list, searched": "/beheer/plan/action/?q=overlast",
        "list, filtered": "/beheer/plan/action/?state__exact=gepubliceerd",
        "list, nothing found": "/beheer/plan/action/?q=eenhoorn",
        "list of subtopics": "/beheer/themes/subtopic/",
        "form": f"/beheer/plan/action/{first}/change/",
        "form of a subtopic": "/beheer/themes/subtopic/add/",
        "form of an update": "/beheer/plan/progressupdate/add/",
        "images": "/beheer/editorial/image/",
        "empty form": "/beheer/plan/action/add/",
        "delete": f"/beheer/plan/action/{first}/delete/",
        "history": f"/beheer/plan/action/{first}/history/",
        "password": "/beheer/password_change/",
    }


FIRST = "from plan.models import Action; print(Action.objects.first().pk)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_the_back_office(scheme, width, states, site, open_page):
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    found = []
    page.goto("/beheer/login/")
    found += [f"login: {finding}" for finding in findings(page, scheme)]
    page.get_by_label("Gebruikersnaam").fill("niemand")
    page.get_by_label("Wachtwoord").fill("verkeerd")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    found += [f"login refused: {finding}" for finding in findings(page, scheme)]
    account = site.accounts["beheerder"]
    page.get_by_label("Gebruikersnaam").fill(account.username)
    page.get_by_label("Wachtwoord").fill(account.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/beheer/")
    for name, address in states.items():
        page.goto(address)
        page.evaluate(OPEN_EVERYTHING)
        found += [f"{name}: {finding}" for finding in findings(page, scheme)]
    page.goto(states["empty form"])
    with page.expect_navigation():
        page.locator("#action_form [type=submit]").first.click()
    found += [f"form with errors: {finding}" for finding in findings(page, scheme)]
    assert not found, "\n".join(found)
