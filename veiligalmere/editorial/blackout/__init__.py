"""Blacking out: taking words away from everything that is or was public, for good.

The only exception to what is frozen. Kept is that it was done, when, by whom and by which rule;
not what stood there.
"""

from veiligalmere.editorial.blackout.carrying_out import black_out, find, find_addresses
from veiligalmere.editorial.blackout.record import BlackedOut, BlackOut, black_outs_of
from veiligalmere.editorial.blackout.words import MARK

__all__ = [
    "MARK",
    "BlackOut",
    "BlackedOut",
    "black_out",
    "black_outs_of",
    "find",
    "find_addresses",
]
