"""What holds for the repository as a whole: its locks, its addresses, its papers."""

import re
import subprocess

import pytest
import yaml

from tests.tooling.environment import ROOT, settings_variables

LOCKED = re.compile(r"^(?P<name>[\w.-]+)(?:\[.*\])?==(?P<version>\S+)", re.MULTILINE)


def locked(name):
    """Return the versions that the lock holds, by package."""
    return dict(LOCKED.findall((ROOT / f"requirements/{name}.txt").read_text("utf-8")))


def wanted(name):
    """Return the packages that are asked for by name, as the lock writes them."""
    lines = (ROOT / f"requirements/{name}.in").read_text("utf-8").splitlines()
    names = [re.match(r"[\w.-]+", line) for line in lines if not line.startswith(("#", "-"))]
    return {re.sub(r"[._-]+", "-", match[0]).lower() for match in names if match}


@pytest.fixture(scope="module")
def tracked_files():
    """The text of each file that git tracks, by path; pictures and the like are left out."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--eol"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    rows = [row.split("\t") for row in listing.stdout.strip("\0").split("\0")]
    paths = [path for attributes, path in rows if not attributes.startswith("i/-text")]
    return {path: (ROOT / path).read_text("utf-8") for path in paths if (ROOT / path).is_file()}


@pytest.mark.parametrize("name", ["base", "test"])
def test_lock_holds_all_that_is_asked_for(name):
    assert wanted(name)
    assert wanted(name) <= locked(name).keys()


def test_tests_run_on_the_versions_that_the_site_runs_on():
    assert locked("base").items() <= locked("test").items()


@pytest.mark.parametrize("name", ["base", "test"])
def test_lock_has_hashes_and_no_address(name):
    text = (ROOT / f"requirements/{name}.txt").read_text("utf-8")
    entries = re.split(r"\n(?=[a-z])", text)[1:]
    assert len(entries) == len(locked(name))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_no_file_names_a_registry_or_a_path_of_one_machine(tracked_files):
    # Written so that this file does not find itself.
    registry = re.compile(r"(p[y]pi|p[y]thonhosted|n[p]mjs|deb\.d[e]bian)\.org")
    machine = re.compile(r"(^|[^\w.])/(h[o]me|r[o]ot|w[o]rk|U[s]ers)/\w", re.MULTILINE)
    assert len(tracked_files) > 50
    offenders = [
        path
        for path, text in tracked_files.items()
        if registry.search(text) or machine.search(text)
    ]
    assert offenders == []


def test_every_command_is_in_make_help():
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))
    listing = subprocess.run(
        ["make", "--silent"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(re.findall(r"^  make ([a-z-]+) ", listing.stdout, re.MULTILINE)) == targets


def test_tests_clear_every_variable_that_the_settings_read():
    source = (ROOT / "veiligalmere/settings.py").read_text("utf-8")
    assert len(re.findall(r"environment\.\w+\(", source)) == len(settings_variables())
    assert "os.environ" not in source


def test_links_between_documents_lead_somewhere(tracked_files):
    links = [
        (path, target)
        for path, text in tracked_files.items()
        if path.endswith(".md")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    ]
    assert links
    broken = [
        (path, target) for path, target in links if not ((ROOT / path).parent / target).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_and_listed():
    folder = ROOT / "docs/besluiten"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in folder.glob("0*.md"))
    for number, name in enumerate(listed, start=1):
        text = (folder / name).read_text("utf-8")
        assert text.startswith(f"# {number}. ")
        assert re.search(r"^Date: \d{4}-\d\d-\d\d · Status: \w", text, re.MULTILINE)
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"]


def test_publiccode_has_what_the_standard_asks():
    """Mandatory keys and lengths of publiccode.yml 0.7, "The Standard (core)"."""
    data = yaml.safe_load((ROOT / "publiccode.yaml").read_text("utf-8"))
    mandatory = {
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "categories",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    }
    assert mandatory <= data.keys()
    assert data["legal"]["license"] == "EUPL-1.2"
    assert data["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    for text in data["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10000
        assert text["features"]


def test_licence_is_whole():
    text = (ROOT / "LICENSE").read_text("utf-8")
    articles = [int(n) for n in re.findall(r"^(\d+)\. [A-Z]", text, re.MULTILINE)]
    assert articles == list(range(1, 16))
    assert text.count("\nAppendix\n") == 1
