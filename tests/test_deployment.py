"""What is needed to run the site for real: units, configuration, documentation."""

import re
import shutil
import subprocess
import sys

import pytest
from django.core.management import get_commands

from tests.tooling.environment import ROOT, environment_for, settings_variables
from veiligalmere.editorial.jobs import TASKS

UNITS = sorted((ROOT / "deploy/systemd").iterdir())
GUIDE = (ROOT / "docs/uitrol.md").read_text("utf-8")
# What gunicorn's configuration reads itself.
NOT_IN_PRODUCTION = {"DEMO"}  # a made-up year, only for looking at pages
OF_GUNICORN = {"METRICS_PORT"}


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd on this machine")
    for unit in UNITS:
        text = unit.read_text("utf-8")
        # It wants the programs to be where the unit says, which on this machine is here.
        text = text.replace("/opt/veiligalmere", str(ROOT))
        (tmp_path / unit.name).write_text(text, "utf-8")
    result = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_each_timer_runs_a_command_that_exists_and_each_task_has_a_timer():
    timers = {unit.stem for unit in UNITS if unit.suffix == ".timer"}
    commands = {
        unit.stem: re.search(r"manage\.py (\w+)", unit.read_text("utf-8"))[1]
        for unit in UNITS
        if unit.suffix == ".service" and unit.stem != "veiligalmere-web"
    }
    assert commands.keys() == timers
    assert set(commands.values()) <= get_commands().keys()
    assert set(commands.values()) == TASKS.keys()
    for timer in timers:
        assert f"{timer}.timer" in GUIDE


def test_no_unit_may_do_more_than_it_needs():
    for unit in UNITS:
        if unit.suffix == ".service":
            text = unit.read_text("utf-8")
            for line in ("User=veiligalmere", "NoNewPrivileges=yes", "ProtectSystem=strict"):
                assert line in text.splitlines(), unit.name


def test_every_setting_is_in_the_template_and_explained_in_the_guide():
    template = (ROOT / "deploy/veiligalmere.env").read_text("utf-8")
    in_template = set(re.findall(r"^#?([A-Z_]+)=", template, re.MULTILINE))
    in_guide = set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE))
    assert in_guide == settings_variables() | OF_GUNICORN
    assert in_template == in_guide - NOT_IN_PRODUCTION


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"DEBUG": "flase"}, "DEBUG must be one of"),
        ({"PAGE_CACHE_MB": "veel"}, "PAGE_CACHE_MB must be a whole number"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be"),
        ({"SITE_URL": "www.veiligalmere.nl"}, "SITE_URL must be"),
    ],
)
def test_the_site_does_not_start_with_settings_that_are_not_understood(
    tmp_path, settings, complaint
):
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment_for(tmp_path, **settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode
    assert complaint in result.stderr


def test_the_template_holds_no_secret():
    template = (ROOT / "deploy/veiligalmere.env").read_text("utf-8")
    assert "\nSECRET_KEY=\n" in template


def test_every_place_and_test_that_the_security_checklist_names_exists():
    text = (ROOT / "docs/beveiliging.md").read_text("utf-8")
    named = re.findall(r"`((?:tests|deploy|veiligalmere)/[\w/.]+)`", text)
    assert len(named) > 20
    assert not [path for path in named if not (ROOT / path).exists()]
    rows = [row.split("|") for row in text.splitlines() if row.startswith("| V")]
    for _, chapter, demand, state, _where, test, _end in rows:
        assert ("✔" in state) == ("`tests/" in test), f"{chapter}{demand}"
