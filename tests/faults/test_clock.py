"""The clock is set to and from summer time around a planned publication, on real processes."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.faults.load import ask, wait_for
from tests.tooling import debian
from tests.tooling.environment import ROOT
from tests.tooling.leaving_out import leave_out
from tests.tooling.site import Site

pytestmark = pytest.mark.slow
ACTION = "/jaarplan/2020/acties/cyber-24/"
# Plans the publication of a draft, as a chief editor does in the back-office.
PLAN = """
import sys
import django
django.setup()
from django.contrib.auth import get_user_model
from django.test import Client
from plan.models import Action
from tests.tooling.forms import posted
client = Client(HTTP_HOST="127.0.0.1")
client.force_login(get_user_model().objects.get(username="beheerder"))
own = f"/beheer/plan/action/{Action.objects.get(slug='cyber-24').pk}"
form = client.get(f"{own}/change/")
answer = client.post(
    f"{own}/change/", posted(form, button="_beoordelen", summary=sys.argv[2]), follow=True
)
moment = {"publiceren-moment": sys.argv[1], "publiceren-minor": "on"}
data = posted(answer, form="publiceren", button="plannen", **moment)
answer = client.post(f"{own}/beoordelen/", data, follow=True)
assert "Dit wordt gepubliceerd op" in answer.content.decode()
"""


@pytest.fixture(scope="module")
def faketime():
    """The program that gives another program a clock of its own."""
    found = shutil.which("faketime") or (debian.install("faketime") and shutil.which("faketime"))
    if not found:
        leave_out("no faketime found, and none could be installed.")
    return found


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        # 3.00 uur is an hour after 1.59 uur: 2.00 to 2.59 uur are not there that night.
        ("2037-03-29T03:00", ["2037-03-29 00:59:30"], "2037-03-29 01:00:02"),
        # 2.30 uur comes twice before 3.00 uur does.
        (
            "2037-10-25T03:00",
            ["2037-10-25 00:30:00", "2037-10-25 01:30:00", "2037-10-25 01:59:30"],
            "2037-10-25 02:00:02",
        ),
        # 1.59 uur is an hour and a minute before the second 2.00 uur.
        ("2037-10-25T01:59", ["2037-10-24 23:58:30"], "2037-10-25 00:00:02"),
    ],
)
def test_a_publication_comes_at_its_moment_on_the_wall(faketime, moment, before, after):
    text = f"Gepland op {moment}."
    with Site(ALLOWED_HOSTS="www.veiligalmere.nl 127.0.0.1") as site:

        def run_timer(clock):
            """Run the timer's command at this moment in UTC."""
            command = [faketime, "-f", f"@{clock}", sys.executable, "manage.py", "publish_due"]
            environment = {**site.environment, "TZ": "UTC", "PATH": os.environ["PATH"]}
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)

        def is_shown():
            status, page = ask(site.port, ACTION)
            assert status == 200, page
            return text in page

        site.run("-c", PLAN, moment, text)
        for clock in before:
            run_timer(clock)
            assert not is_shown()
        run_timer(after)
        wait_for(is_shown)
        run_timer(after)
        assert is_shown()
