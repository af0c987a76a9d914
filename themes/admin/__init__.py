"""Admin of the themes floor; each family of concepts has a module of its own."""

from themes.admin import accounts, figures, subjects, words

__all__ = ["accounts", "figures", "subjects", "words"]
