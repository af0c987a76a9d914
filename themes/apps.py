"""Configuration of the themes floor."""

from importlib import import_module

from django.apps import AppConfig


class ThemesConfig(AppConfig):
    """Themes, subtopics, working methods and places."""

    name = "themes"
    verbose_name = "Thema’s en werkwijzen"

    def ready(self):
        """Note limits to themes in the log; that names models, so not before they are there."""
        import_module("themes.limit_log")
