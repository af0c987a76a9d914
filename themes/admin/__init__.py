"""Admin of the themes floor; each family of concepts has a module of its own."""

from themes.admin import accounts, figures, subjects, words
from themes.admin.desk import BLOCKS, JOBS
from veiligalmere.editorial.desk.registry import register

__all__ = ["accounts", "figures", "subjects", "words"]

register(blocks=BLOCKS, jobs=JOBS)
