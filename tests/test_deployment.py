"""What is needed to run the site for real: units, configuration, documentation."""

import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import get_commands

from tests.tooling import debian
from tests.tooling.environment import ROOT, environment_for, settings_variables
from tests.tooling.leaving_out import leave_out
from veiligalmere.editorial.jobs import TASKS
from veiligalmere.page_cache.addresses import KEPT

UNITS = sorted((ROOT / "deploy/systemd").iterdir())
GUIDE = (ROOT / "docs/uitrol.md").read_text("utf-8")
# What gunicorn's configuration reads itself.
NOT_IN_PRODUCTION = {"DEMO"}  # a made-up year, only for looking at pages
OF_GUNICORN = {"METRICS_PORT"}


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    found = shutil.which("systemd-analyze")
    if not found and not (debian.install("systemd") and shutil.which("systemd-analyze")):
        leave_out("there is no systemd, and it could not be installed.")
    for unit in UNITS:
        text = unit.read_text("utf-8")
        # It wants the programs to be where the unit says, which on this machine is here.
        text = text.replace("/opt/veiligalmere/huidig", str(ROOT))
        (tmp_path / unit.name).write_text(text, "utf-8")
    result = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_everything_runs_from_the_version_that_is_chosen_and_never_from_a_folder_that_changes():
    for path in [*UNITS, ROOT / "deploy/nginx/veiligalmere.conf"]:
        places = re.findall(r"/opt/veiligalmere\S*", path.read_text("utf-8"))
        assert all(place.startswith("/opt/veiligalmere/huidig") for place in places), path.name
        assert places or path.suffix == ".timer", path.name


def test_nginx_and_the_socket_agree_on_the_port():
    socket = (ROOT / "deploy/systemd/veiligalmere-web.socket").read_text("utf-8")
    [port] = re.findall(r"^ListenStream=(.+)$", socket, re.MULTILINE)
    assert f"server {port} " in (ROOT / "deploy/nginx/veiligalmere.conf").read_text("utf-8")


def test_nginx_keeps_pages_with_the_parameters_that_the_site_knows_and_no_others():
    text = (ROOT / "deploy/nginx/veiligalmere.conf").read_text("utf-8")
    names = re.search(r"\?\(\(([a-zA-Z|]+)\)=.*veiligalmere_query;", text)[1].split("|")
    known = {name for parameters in KEPT.values() for name in parameters.known}
    assert names == sorted(known, key=str.lower)


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
    for unit, command in commands.items():
        assert re.search(f"`{command}`( is)? `{unit}`", GUIDE), "which unit to look at in the night"


def test_each_timer_goes_as_often_as_its_task_is_expected():
    for unit in UNITS:
        if unit.suffix != ".timer":
            continue
        [when] = re.findall(r"^OnCalendar=(.+)$", unit.read_text("utf-8"), re.MULTILINE)
        minutes = re.fullmatch(r"\*:0/(\d+) UTC", when)
        every = timedelta(minutes=int(minutes[1])) if minutes else timedelta(days=1)
        assert minutes or re.match(r"\*-\*-\* \d\d:\d\d:00 ", when), when
        service = unit.with_suffix(".service").read_text("utf-8")
        assert TASKS[re.search(r"manage\.py (\w+)", service)[1]].every == every, unit.name


def test_no_timer_misses_a_turn_in_the_nights_that_the_clock_changes():
    for unit in UNITS:
        if unit.suffix != ".timer":
            continue
        [when] = re.findall(r"^OnCalendar=(.+)$", unit.read_text("utf-8"), re.MULTILINE)
        # From two to three is not there in one of those nights, and in the other comes twice, of
        # which systemd passes over one.
        daily = re.fullmatch(r"\*-\*-\* (\d\d):\d\d:00 Europe/Amsterdam", when)
        assert daily[1] != "02" if daily else when.endswith(" UTC"), f"{unit.name}: {when}"


def test_a_command_runs_as_the_site_from_the_version_that_was_asked_for(tmp_path):
    version = tmp_path / "versies/1.0"
    (version / "deploy").mkdir(parents=True)
    shutil.copy(ROOT / "deploy/va", version / "deploy")
    (tmp_path / "huidig").symlink_to("versies/1.0")
    (tmp_path / "va").symlink_to(tmp_path / "huidig/deploy/va")
    told = tmp_path / "systemd-run"
    told.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    told.chmod(0o755)
    result = subprocess.run(
        [tmp_path / "va", "backup", "a folder"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    arguments = result.stdout.splitlines()
    assert {"--uid=veiligalmere", "--gid=veiligalmere", "--wait"} <= set(arguments)
    assert f"--working-directory={version}" in arguments
    assert arguments[-4:] == [f"{version}/.venv/bin/python", "manage.py", "backup", "a folder"]


def test_no_unit_may_do_more_than_it_needs():
    for unit in UNITS:
        if unit.suffix == ".service":
            text = unit.read_text("utf-8")
            for line in ("User=veiligalmere", "NoNewPrivileges=yes", "ProtectSystem=strict"):
                assert line in text.splitlines(), unit.name
            if "backup" not in unit.name:
                # The guide and the template of settings name it for the uploads of two machines.
                assert "ReadWritePaths=-/mnt/veiligalmere" in text.splitlines(), unit.name


def test_every_setting_is_in_the_template_and_explained_in_the_guide():
    template = (ROOT / "deploy/veiligalmere.env").read_text("utf-8")
    in_template = set(re.findall(r"^#?([A-Z_]+)=", template, re.MULTILINE))
    in_guide = set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE))
    assert in_guide == settings_variables() | OF_GUNICORN
    assert in_template == in_guide - NOT_IN_PRODUCTION


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"DEBUG": "flase"}, "DEBUG must be one of"),
        ({"PAGE_CACHE_MB": "veel"}, "PAGE_CACHE_MB must be a whole number"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be"),
        ({"SITE_URL": "www.veiligalmere.nl"}, "SITE_URL must be"),
    ],
)
def test_the_site_does_not_start_with_settings_that_are_not_understood(
    tmp_path, variables, complaint
):
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment_for(tmp_path, **variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode
    assert complaint in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1, "one line, no traceback"


def test_a_setting_that_is_empty_is_as_one_that_is_not_there(tmp_path):
    tell = (
        "from veiligalmere import settings; print({name: value for name, value in "
        "vars(settings).items() if name.isupper() and name != 'LOGGING'})"
    )

    def told(**variables):
        environment = environment_for(tmp_path, PYTHONHASHSEED="0", **variables)
        return subprocess.run(
            [sys.executable, "-c", tell],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    others = dict.fromkeys(settings_variables() - {"SECRET_KEY", "VAR_DIR", "WARM_PAGES"}, "")
    assert told(**others) == told()
    assert told(LOG_FORMAT="json", REQUEST_LOG="") == told(LOG_FORMAT="json")


def test_the_template_holds_no_secret():
    template = (ROOT / "deploy/veiligalmere.env").read_text("utf-8")
    assert "\nSECRET_KEY=\n" in template


# The requirements of level 1 and 2 of OWASP ASVS 5.0.0: the numbers in each section.
REQUIREMENTS = """
1.1.1–2 1.2.1–9 1.3.1–11 1.4.1–3 1.5.1–2
2.1.1–3 2.2.1–3 2.3.1–4 2.4.1
3.2.1–2 3.3.1–4 3.4.1–6 3.5.1–5 3.7.1–2
4.1.1–3 4.2.1 4.3.1–2 4.4.1–4
5.1.1 5.2.1–3 5.3.1–2 5.4.1–3
6.1.1–3 6.2.1–12 6.3.1–4 6.4.1–4 6.5.1–5 6.6.1–3 6.8.1–4
7.1.1–3 7.2.1–4 7.3.1–2 7.4.1–5 7.5.1–2 7.6.1–2
8.1.1–2 8.2.1–3 8.3.1 8.4.1
9.1.1–3 9.2.1–4
10.1.1–2 10.2.1–2 10.3.1–4 10.4.1–11 10.5.1–5 10.6.1–2 10.7.1–3
11.1.1–2 11.2.1–3 11.3.1–3 11.4.1–4 11.5.1 11.6.1
12.1.1–3 12.2.1–2 12.3.1–4
13.1.1 13.2.1–5 13.3.1–2 13.4.1–5
14.1.1–2 14.2.1–4 14.3.1–3
15.1.1–3 15.2.1–3 15.3.1–7
16.1.1 16.2.1–5 16.3.1–4 16.4.1–3 16.5.1–3
17.1.1 17.2.1–4 17.3.1–2
"""
CHECKLIST = (ROOT / "docs/beveiliging.md").read_text("utf-8")


def numbers(text):
    """Return every requirement that `text` names, such as 1.1.1–2, as a list of 1.1.1 and 1.1.2."""
    return [
        f"{section}.{number}"
        for section, first, last in re.findall(r"(\d+\.\d+)\.(\d+)(?:–(\d+))?", text)
        for number in range(int(first), int(last or first) + 1)
    ]


def checklist_rows():
    """Return the cells of each row of the checklist: number, demand, state, where, test."""
    rows = [row.split("|")[1:-1] for row in CHECKLIST.splitlines()]
    rows = [[cell.strip() for cell in row] for row in rows]
    return [row for row in rows if row and re.fullmatch(r"\d+\.\d+\.\d+", row[0])]


def test_the_security_checklist_has_every_requirement_once():
    listed = [row[0] for row in checklist_rows()]
    for line in CHECKLIST.splitlines():
        if line.startswith("Niet van toepassing:"):
            assert "(" in line, "with the reason"
            listed += numbers(line)
    wanted = numbers(REQUIREMENTS)
    assert len(wanted) == 253
    assert sorted(listed) == sorted(wanted)


def test_every_place_and_test_that_the_security_checklist_names_exists():
    folders = "tests|deploy|veiligalmere|plan|themes|requirements"
    named = set(re.findall(rf"`((?:{folders})/[\w/.-]+)`", CHECKLIST))
    assert len(named) > 60
    assert not [path for path in named if not (ROOT / path).exists()]
    tests = [path for path in named if path.startswith("tests/")]
    assert not [path for path in tests if "\ndef test_" not in (ROOT / path).read_text("utf-8")]
    headings = {one.lower() for one in re.findall(r"^#+ (.+)$", CHECKLIST, re.MULTILINE)}
    assert set(re.findall(r"\(#([\w-]+)\)", CHECKLIST)) <= headings


def test_the_security_checklist_claims_nothing_without_a_test_or_a_place():
    for number, demand, state, where, test in checklist_rows():
        assert demand
        assert state in {"✔", "◐", "✘", "✎"}, number
        if state == "✔":
            assert "`tests/" in test, number
        elif state == "✎":
            assert where, number
            assert not test, number
        else:
            assert where, f"{number}: what is there, and what is not"
            assert state == "◐" or not test, number
