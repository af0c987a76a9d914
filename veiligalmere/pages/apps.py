"""Configuration of the pages floor."""

from django.apps import AppConfig

from veiligalmere.editorial.signals import job_begins
from veiligalmere.observation.slow_queries import watch_queries


class PagesConfig(AppConfig):
    """Views, template tags and the commands that need every floor."""

    name = "veiligalmere.pages"
    label = "pages"
    verbose_name = "Pagina’s"

    def ready(self):
        """Watch the queries of jobs as those of visitors are."""
        job_begins.connect(watch_queries)
