"""The back-office: the base of the admin of all content, and the editorial floor's own pages."""

from veiligalmere.editorial.admin.content import PUBLICATION, ContentAdmin
from veiligalmere.editorial.admin.own import (
    OldAddressAdmin,
    ShortAddressAdmin,
    StandingPageAdmin,
)

__all__ = [
    "PUBLICATION",
    "ContentAdmin",
    "OldAddressAdmin",
    "ShortAddressAdmin",
    "StandingPageAdmin",
]
