"""Configuration of the themes floor."""

from django.apps import AppConfig


class ThemesConfig(AppConfig):
    """Themes, subtopics, working methods and places."""

    name = "themes"
    verbose_name = "Thema’s en werkwijzen"
