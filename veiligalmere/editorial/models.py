"""The tables of the editorial floor; each concept has a module of its own."""

from veiligalmere.editorial.addresses import OldAddress, ShortAddress
from veiligalmere.editorial.standing_pages import StandingPage

__all__ = ["OldAddress", "ShortAddress", "StandingPage"]
