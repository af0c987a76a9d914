"""The tables of the editorial floor; each concept has a module of its own."""

from veiligalmere.editorial.addresses import OldAddress, ShortAddress
from veiligalmere.editorial.content_version import ContentVersion
<<<<<<< HEAD
from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.jobs import Job
=======
from veiligalmere.editorial.presence import Presence
>>>>>>> 91070f6 (Lose nothing: conflicts, presence and unsaved text in the form of content)
from veiligalmere.editorial.standing_pages import StandingPage
from veiligalmere.editorial.unsaved import UnsavedText
from veiligalmere.editorial.versions import Version

__all__ = [
    "ContentVersion",
<<<<<<< HEAD
    "Image",
    "Job",
    "OldAddress",
    "ShortAddress",
    "StandingPage",
=======
    "OldAddress",
    "Presence",
    "ShortAddress",
    "StandingPage",
    "UnsavedText",
>>>>>>> 91070f6 (Lose nothing: conflicts, presence and unsaved text in the form of content)
    "Version",
]
