"""The back-office: the base of the admin of all content, and the editorial floor's own pages."""

from veiligalmere.editorial.admin.content import PUBLICATION, ContentAdmin
from veiligalmere.editorial.admin.own import (
    OldAddressAdmin,
    ShortAddressAdmin,
    StandingPageAdmin,
)
from veiligalmere.editorial.images.admin import ImageAdmin

__all__ = [
    "PUBLICATION",
    "ContentAdmin",
    "ImageAdmin",
    "OldAddressAdmin",
    "ShortAddressAdmin",
    "StandingPageAdmin",
]
