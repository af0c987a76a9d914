"""Bodies that are at hand for as long as there is room."""

from types import SimpleNamespace

from veiligalmere.page_cache import bodies
from veiligalmere.page_cache.bodies import BodiesAtHand


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
    monkeypatch.setattr(bodies, "ROOM", 100)
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
