"""Bodies that are at hand for as long as there is room."""

import os
import subprocess
import sys
from errno import EIO
from types import SimpleNamespace
from zlib import crc32

from tests.tooling.environment import ROOT
from veiligalmere.page_cache import bodies
from veiligalmere.page_cache.bodies import BodiesAtHand, BodyFile, StoredBody


class Source:
    """Where a body comes from; counts how often it is read."""

    def __init__(self, size):
        self.size = size
        self.reads = 0

    def read(self):
        """Return the body."""
        self.reads += 1
        return bytes(self.size)


def form_of(source):
    return SimpleNamespace(body=source)


def test_a_body_that_another_request_read_meanwhile_goes_as_well_when_there_is_no_room(monkeypatch):
    monkeypatch.setattr(bodies, "ROOM", bodies.OVERHEAD + 100)
    at_hand, source = BodiesAtHand(), Source(60)
    form = form_of(source)
    assert at_hand.read(form) == at_hand.read(form) == bytes(60)
    assert source.reads == 1
    at_hand.read(form_of(Source(60)))
    assert form.body is source


def test_a_body_that_would_push_out_too_many_others_is_read_each_time(monkeypatch):
    monkeypatch.setattr(bodies, "LARGEST", 50)
    at_hand, source = BodiesAtHand(), Source(60)
    form = form_of(source)
    assert at_hand.read(form) == at_hand.read(form) == bytes(60)
    assert source.reads == 2


def test_a_body_counts_for_more_than_its_bytes(monkeypatch):
    monkeypatch.setattr(bodies, "ROOM", 3 * bodies.OVERHEAD)
    at_hand, forms = BodiesAtHand(), [form_of(Source(1)) for _ in range(10)]
    for form in forms:
        at_hand.read(form)
    assert sum(isinstance(form.body, bytes) for form in forms) == 2


def test_a_read_that_fails_once_is_done_again(tmp_path, monkeypatch):
    path = tmp_path / "bodies"
    path.write_bytes(b"pagina")
    with path.open("rb") as file:
        body = StoredBody(BodyFile(file), 0, 6, crc32(b"pagina"))
    failures = [OSError(EIO, "Input/output error")]
    read = os.pread

    def fail_first(*arguments):
        if failures:
            raise failures.pop()
        return read(*arguments)

    monkeypatch.setattr(os, "pread", fail_first)
    assert body.read() == b"pagina"
    assert not failures


def test_a_file_that_is_open_when_python_ends_says_nothing():
    # At its end Python empties modules, one of which may be in use a moment longer.
    code = (
        "import sys; from veiligalmere.page_cache import bodies;"
        "kept = bodies.BodyFile(open(sys.executable, 'rb')); bodies.os = None"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stderr == ""
