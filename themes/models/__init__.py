"""The tables of the themes floor; each concept has a module of its own."""

from themes.models.indicator import Indicator, Measurement
from themes.models.place import Place
from themes.models.subtopic import Subtopic
from themes.models.synonym import Synonym
from themes.models.term import Term
from themes.models.theme import Theme
from themes.models.theme_limit import ThemeLimit
from themes.models.working_method import WorkingMethod

__all__ = [
    "Indicator",
    "Measurement",
    "Place",
    "Subtopic",
    "Synonym",
    "Term",
    "Theme",
    "ThemeLimit",
    "WorkingMethod",
]
