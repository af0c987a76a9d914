"""The road from a fresh clone to a running site: the Makefile and `deploy/local.py`."""

import importlib.util
import json
import os
import shutil
import stat
import subprocess
import sys

import pytest

from tests.tooling.environment import ROOT
from tests.tooling.site import free_port


@pytest.fixture
def local(tmp_path, monkeypatch):
    """The module, with its state in a folder of this test's own."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    specification = importlib.util.spec_from_file_location("local", ROOT / "deploy/local.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def fresh_copy(tmp_path):
    """A folder with what is needed to install, and no virtual environment yet."""
    for folder in ("deploy", "requirements"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "Makefile", tmp_path)
    return tmp_path


def make(*arguments, folder=ROOT, **environment):
    """Run make, as if not from the make that runs the tests; return how it ended."""
    others = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env={**others, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_secret_is_made_once_and_for_its_owner_alone(local, tmp_path):
    secret = local.secret_key()
    assert len(secret) >= 50
    assert local.secret_key() == secret
    assert stat.S_IMODE((tmp_path / "var/secret_key").stat().st_mode) == 0o600


def test_installed_packages_are_not_installed_again(local, monkeypatch):
    def fail(lock):
        pytest.fail(f"installs {lock}")

    monkeypatch.setattr(local, "pip_install", fail)
    monkeypatch.setattr(local, "STAMP", local.VAR / "installed.json")
    local.VAR.mkdir()
    locks = {name: ROOT / f"requirements/{name}.txt" for name in ("base", "test")}
    digests = {name: local.file_digest(path) for name, path in locks.items()}
    local.STAMP.write_text(json.dumps(digests), "utf-8")
    local.install_packages("base")
    local.install_packages("test")


def test_no_python_is_one_line():
    result = make("run", "PYTHON_NAMES=no-such-python")
    assert result.returncode != 0
    assert result.stderr.splitlines()[0].startswith("No Python 3.11 or later found")


def test_an_old_python_is_passed_over(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    result = make("run", f"PYTHON_NAMES={old}")
    assert result.stderr.splitlines()[0].startswith("No Python 3.11 or later found")


def test_a_python_without_venv_is_one_line(tmp_path):
    bare = tmp_path / "python3"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\n')
    bare.chmod(0o755)
    result = make("run", f"PYTHON_NAMES={bare}")
    assert result.returncode != 0
    assert "python3-venv" in result.stderr.splitlines()[0]


@pytest.mark.parametrize("command", ["run", "dev"])
def test_make_hands_over_to_the_site(command, site, tmp_path):
    result = make(command, VAR_DIR=str(tmp_path), PORT=str(site.port))
    assert result.returncode != 0
    assert f"CommandError: Port {site.port} is taken" in result.stderr


def test_what_reports_errors_is_installed_beside_what_the_site_runs_on(local, monkeypatch):
    installed = []
    monkeypatch.setattr(local, "pip_install", lambda lock: installed.append(lock.name))
    monkeypatch.setattr(local, "virtual_environment_works", lambda: True)
    monkeypatch.setattr(local, "STAMP", local.VAR / "installed.json")
    local.VAR.mkdir()
    for _ in range(2):
        monkeypatch.setattr(sys, "argv", ["local.py", "install", "base", "sentry"])
        local.main()
    assert installed == ["base.txt", "sentry.txt"], "and once"
    monkeypatch.setattr(sys, "argv", ["local.py", "install", "bench"])
    with pytest.raises(SystemExit, match="Usage"):
        local.main()


@pytest.mark.slow
def test_an_unreachable_registry_is_one_line(fresh_copy):
    nowhere = f"http://127.0.0.1:{free_port()}/simple"
    result = make(
        "run",
        folder=fresh_copy,
        PYTHON=sys.executable,
        PIP_CONFIG_FILE=os.devnull,
        PIP_FIND_LINKS="",
        PIP_NO_CACHE_DIR="1",
        PIP_INDEX_URL=nowhere,
        VAR_DIR=str(fresh_copy / "var"),
    )
    assert result.returncode != 0
    lines = result.stderr.splitlines()
    assert lines[0].startswith("Could not install the packages: the package registry cannot be")
    assert len(lines) == 2
    assert lines[1].startswith("make: ***")
