"""Tests that this machine can't run."""

import os

import pytest


def leave_out(why):
    """Skip the test, saying `why`; where what lands is decided, fail instead.

    A developer may go without what a machine lacks. With CI in the environment a test that was
    left out would pass for one that holds.
    """
    if os.environ.get("CI"):
        pytest.fail(f"NOT TESTED: {why}")
    pytest.skip(f"NOT TESTED: {why}")
