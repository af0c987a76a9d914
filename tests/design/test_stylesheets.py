"""The habits of the stylesheets, and the one file in which they are sent."""

import gzip
import json
import re

import pytest
from django.core.management import call_command

from tests.tooling.environment import ROOT
from veiligalmere.pages import stylesheets
from veiligalmere.pages.stylesheets import DIGEST, SHEET, joined

STATIC = ROOT / "static"
CSS = STATIC / "css"
TEMPLATES = ROOT / "templates"
SHEETS = sorted([*CSS.glob("*.css"), *CSS.glob("components/*.css")])
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|lab|color-mix)\(", re.IGNORECASE)
CLASS = re.compile(r"\.([a-z][\w-]*)")
# Includes without a look of their own.
LOOKLESS = {
    "black-outs",
    "earlier-plan",
    "meant",
    "news-and-figures",
    "next-report",
    "owms",
    "parts",
    "unread",
    "words",
}
BUDGET = 12_000  # bytes, compressed


def rules(path):
    """Return the text of a stylesheet without its comments."""
    return COMMENT.sub("", path.read_text("utf-8"))


def selectors(path):
    """Return all that stands before a brace in a stylesheet."""
    return " ".join(re.findall(r"([^{}]+)\{", rules(path)))


def whole():
    """Return the stylesheet as it is sent."""
    return joined(lambda name: (STATIC / name).read_text("utf-8"))


def by_name(paths):
    """Give parametrised tests the file's own name."""
    return [pytest.param(path, id=path.relative_to(CSS).as_posix()) for path in paths]


@pytest.mark.parametrize(
    "path", by_name(path for path in SHEETS if path.name not in {"tokens.css", "print.css"})
)
def test_no_colour_stands_outside_the_tokens(path):
    assert COLOUR.findall(rules(path)) == []


@pytest.mark.parametrize("path", by_name(SHEETS))
def test_no_rule_shouts(path):
    assert "!important" not in rules(path)


@pytest.mark.parametrize("path", by_name(SHEETS))
def test_no_selector_is_an_id(path):
    assert re.findall(r"#[a-z][\w-]*", selectors(path)) == []


def test_each_component_has_an_include_and_a_stylesheet():
    includes = {path.stem for path in (TEMPLATES / "includes").glob("*.html")}
    components = {path.stem for path in (CSS / "components").glob("*.css")}
    assert components == includes - LOOKLESS


@pytest.mark.parametrize("path", by_name((CSS / "components").glob("*.css")))
def test_component_styles_its_own_name_first(path):
    assert CLASS.findall(selectors(path))[0].partition("__")[0] == path.stem


def test_every_part_is_sent_once():
    named = re.findall(r'@import url\("([^"]+)"\)', (CSS / "site.css").read_text("utf-8"))
    parts = {path.relative_to(CSS).as_posix() for path in SHEETS} - {"site.css"}
    assert sorted(named) == sorted(parts)
    assert named[0] == "tokens.css"
    assert named[-1] == "print.css"


def test_every_token_that_is_used_is_declared_and_the_other_way_round():
    sent = whole()
    declared = set(re.findall(r"(?<=[\s{])(--[\w-]+):", sent))
    used = set(re.findall(r"var\((--[\w-]+)", sent))
    assert used == declared


def test_no_class_is_styled_that_no_template_has():
    markup = "\n".join(
        path.read_text("utf-8")
        for path in TEMPLATES.rglob("*.html")
        if "admin" not in path.relative_to(TEMPLATES).parts
    )
    unused = {
        name
        for path in SHEETS
        for name in CLASS.findall(selectors(path))
        if not re.search(rf"[\"\s}}]{name}[\"\s{{]", markup)
        and not re.search(rf"{name.rpartition('--')[0] or name}--\{{\{{", markup)
    }
    assert unused == set()


@pytest.fixture
def collected(settings, tmp_path):
    """The folder of static files as production collects them."""
    backend = "veiligalmere.pages.stylesheets.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_stylesheet_is_sent_as_one_file_within_the_budget(collected):
    manifest = json.loads((collected / "staticfiles.json").read_text("utf-8"))
    sent = collected / manifest["paths"][SHEET]
    assert sent.read_text("utf-8") == whole()
    assert "@import" not in whole()
    assert "/*" not in whole()
    assert gzip.decompress(sent.with_name(f"{sent.name}.gz").read_bytes()) == sent.read_bytes()
    assert sent.with_name(f"{sent.name}.gz").stat().st_size <= BUDGET


def test_a_changed_part_changes_the_name_of_the_stylesheet(collected, settings, monkeypatch):
    before = json.loads((collected / "staticfiles.json").read_text("utf-8"))["paths"][SHEET]
    monkeypatch.setattr(stylesheets, "joined", lambda *part: f"{joined(*part)}p{{margin:0}}")
    call_command("collectstatic", interactive=False, verbosity=0)
    after = json.loads((collected / "staticfiles.json").read_text("utf-8"))["paths"][SHEET]
    assert before != after


def test_a_file_with_a_hash_in_its_name_is_not_touched_while_it_may_be_sent(collected):
    def hashed():
        found = [path for path in collected.rglob("*") if DIGEST.search(path.name)]
        return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}

    before = hashed()
    assert {path.suffix for path in before} >= {".css", ".js", ".gz"}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert hashed() == before


def test_a_file_that_was_broken_off_is_mended_and_those_who_receive_it_are_not_disturbed(collected):
    whole_ones = {}
    for kind in ("site.*.css", "*.svg", "site.*.css.gz", "*.js.gz"):
        found = next(path for path in collected.rglob(kind) if DIGEST.search(path.name))
        whole_ones[found] = found.read_bytes()
        found.write_bytes(whole_ones[found][:-9])
    being_sent = [path.open("rb") for path in whole_ones]
    call_command("collectstatic", interactive=False, verbosity=0)
    assert {path: path.read_bytes() for path in whole_ones} == whole_ones
    for file, content in zip(being_sent, whole_ones.values(), strict=True):
        with file:
            assert file.read() == content[:-9]
    assert not list(collected.rglob(f"*{stylesheets.UNFINISHED}"))


def test_a_file_that_is_broken_off_has_no_name_yet_under_which_it_is_sent(collected, monkeypatch):
    sent = next(path for path in collected.rglob("site.*.css") if DIGEST.search(path.name))
    sent.unlink()

    def broken_off(*paths):
        raise OSError("broken off")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", broken_off)
        for _time in range(2):
            with pytest.raises(OSError, match="broken off"):
                call_command("collectstatic", interactive=False, verbosity=0)
            assert not sent.exists()
    call_command("collectstatic", interactive=False, verbosity=0)
    assert sent.read_text("utf-8") == whole()
    assert not list(collected.rglob(f"*{stylesheets.UNFINISHED}"))
