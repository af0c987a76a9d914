"""docs/transcriptie.md accounts for each label of each action, with words of the plan."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.transcription.fixture_content import records
from tests.transcription.source import parse_source, read_source

PAGE = Path(__file__).resolve().parents[2] / "docs/transcriptie.md"
ROW = re.compile(r"^\| ([^|]+) \| ([a-z]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
OF_EACH_ACTION = re.compile(r"^## Labels of actions: each one$(.*?)^## ", re.MULTILINE | re.DOTALL)
NAMES = {
    "onderwerp": ("subtopics", {one["slug"]: one["name"] for one in records("subtopics")}),
    "werkwijze": (
        "working_methods",
        {one["slug"]: one["short_name"] for one in records("working_methods")},
    ),
    "plaats": ("places", {one["slug"]: one["name"] for one in records("places")}),
}


@pytest.fixture(scope="module")
def rows():
    """The rows of the tables: the action's title, the label, its value and the words for it."""
    tables = OF_EACH_ACTION.search(PAGE.read_text(encoding="utf-8")).group(1)
    return [row for row in ROW.findall(tables) if row[0] != "action"]


def test_each_label_of_each_action_is_accounted_for_and_no_other(rows):
    written = defaultdict(set)
    for title, label, value, _ in rows:
        written[title, label] |= set(value.split("; "))
    given = {}
    for action in records("actions-2020"):
        for label, (field, names) in NAMES.items():
            given[action["title"], label] = {names[slug] for (slug,) in action[field]}
        given[action["title"], "periode"] = {action["period"]} - {""}
        given[action["title"], "partners"] = set(action["partners"].splitlines())
        for label, field in (("begindatum", "start_date"), ("einddatum", "end_date")):
            given[action["title"], label] = {str(action[field] or "")} - {""}
        if not action["heading"]:
            given[action["title"], "titel"] = {action["title"]}
    assert dict(written) == {key: values for key, values in given.items() if values}


def test_each_quotation_is_the_plans(rows):
    source = parse_source(read_source())
    text = " ".join(block.text for block in [*source.before, *source.after]).casefold()
    for title, label, _, words in rows:
        for quotation in re.findall("“([^”]*)”", words):
            for part in quotation.casefold().split("…"):
                assert part.strip() in text, (title, label, part)
