"""The audit of packages says what is known, and never takes silence for good news."""

import json

import pytest

from tests.tooling.audit import NotAudited, audit

KNOWN = {"id": "PYSEC-2020-1", "fix_versions": ["2.0"], "aliases": [], "description": "Oops."}


@pytest.fixture
def answers(tmp_path, monkeypatch):
    """A function that sets what pip-audit prints; it needs no network then."""

    def say(text):
        (tmp_path / "pip_audit.py").write_text(f"print({text!r})")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return say


def packages(*rows):
    return json.dumps({"dependencies": list(rows), "fixes": []})


def test_a_known_flaw_is_named_with_what_mends_it(answers):
    fine = {"name": "fine", "version": "1.0", "vulns": []}
    answers(packages(fine, {"name": "leaky", "version": "1.0", "vulns": [KNOWN]}))
    assert audit() == ["leaky 1.0: PYSEC-2020-1, mended in 2.0"]


def test_all_that_may_run_in_production_is_asked_about(answers, tmp_path):
    answers("")
    (tmp_path / "pip_audit.py").write_text(NAMES_OF_THE_LOCKS)
    asked = " ".join(audit())
    assert "django " in asked
    assert "sentry-sdk " in asked
    assert "pytest " not in asked


NAMES_OF_THE_LOCKS = """
import json, pathlib, sys
flaw = {"id": "X", "fix_versions": []}
locks = [value for name, value in zip(sys.argv, sys.argv[1:]) if name == "--requirement"]
lines = [line for lock in locks for line in pathlib.Path(lock).read_text().splitlines()]
names = [line.split("==")[0] for line in lines if "==" in line and line[0].isalpha()]
packages = [{"name": name, "version": "1", "vulns": [flaw]} for name in names]
print(json.dumps({"dependencies": packages}))
"""


def test_nothing_known_is_nothing(answers):
    answers(packages({"name": "fine", "version": "1.0", "vulns": []}))
    assert audit() == []


def test_a_package_that_could_not_be_asked_about_is_told(answers):
    fine = {"name": "fine", "version": "1.0", "vulns": []}
    answers(packages(fine, {"name": "unknown", "skip_reason": "not found"}))
    with pytest.raises(NotAudited, match="1 of 2"):
        audit()


def test_no_answer_is_not_good_news(answers):
    answers("connection refused")
    with pytest.raises(NotAudited):
        audit()
