"""Pressing at the same moment: once, all or nothing, and nobody waits for somebody who waits."""

import pytest

from tests.bulk.race import CLICKS
from tests.tooling.race import outcome_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """What came of it."""
    collect = ["manage.py", "collectstatic", "--noinput", "-v0"]
    return outcome_of("tests.bulk.race", tmp_path_factory.mktemp("race"), collect)


def test_clicks_at_the_same_moment_do_it_once(outcome):
    assert outcome["clicks"] == [302] * CLICKS
    assert outcome["versions"] == [2, 2, 2]


def test_people_with_the_same_actions_get_all_of_theirs_or_none(outcome):
    anna, bas, publisher = outcome["people"]
    assert publisher == "published"
    assert {anna, bas} <= {200, 302}
    first, published_meanwhile, last = map(tuple, outcome["states"])
    assert first == last
    assert first in {("gepubliceerd", 0), ("gepubliceerd", 1), ("ingetrokken", 0)}
    if {anna, bas} == {200}:
        assert first == ("gepubliceerd", 0)
    # Who publishes it after the others goes by none of theirs.
    assert published_meanwhile in {first, ("gepubliceerd", 0)}
