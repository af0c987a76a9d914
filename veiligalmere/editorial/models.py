"""The tables of the editorial floor; each concept has a module of its own."""

from veiligalmere.editorial.addresses import OldAddress, ShortAddress
from veiligalmere.editorial.batches import Batch
from veiligalmere.editorial.blackout import BlackedOut, BlackOut
from veiligalmere.editorial.content_version import ContentVersion
from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.jobs import Job
from veiligalmere.editorial.presence import Presence
from veiligalmere.editorial.standing_pages import StandingPage
from veiligalmere.editorial.unsaved import UnsavedText
from veiligalmere.editorial.versions import Version

__all__ = [
    "Batch",
    "BlackOut",
    "BlackedOut",
    "ContentVersion",
    "Image",
    "Job",
    "OldAddress",
    "Presence",
    "ShortAddress",
    "StandingPage",
    "UnsavedText",
    "Version",
]
