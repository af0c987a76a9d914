"""Configuration of the pages floor."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Views, template tags and the commands that need every floor."""

    name = "veiligalmere.pages"
    label = "pages"
    verbose_name = "Pagina’s"
