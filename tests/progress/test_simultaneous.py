"""Two people on one row, adopting twice at once, adopting while others save: one outcome."""

import pytest

from tests.progress.race import PEOPLE
from tests.tooling.race import outcome_of


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """What came of it."""
    return outcome_of("tests.progress.race", tmp_path_factory.mktemp("race"))


def test_of_several_on_one_row_one_saves_and_the_others_are_told(outcome):
    assert sorted(outcome["one row"]) == ["Overtaken"] * (PEOPLE - 1) + ["done"]
    assert outcome["texts kept"] == 1


def test_several_on_rows_of_their_own_all_save(outcome):
    assert outcome["other rows"] == ["done"] * PEOPLE


def test_report_is_adopted_once(outcome):
    assert sorted(outcome["adopting"]) == ["AlreadyAdopted", "AlreadyAdopted", "done"]
    assert outcome["entries"] == 29


def test_adopting_freezes_exactly_what_was_saved_before_it(outcome):
    adopting, *saving = outcome["adopting while saving"]
    assert adopting == "done"
    assert set(saving) <= {"done", "AlreadyAdopted"}
    assert outcome["saved"] == outcome["frozen"] == saving.count("done")
    assert outcome["drafts left"] == 0
