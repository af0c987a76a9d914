"""Configuration of the pages floor."""

from django.apps import AppConfig

from veiligalmere.editorial.signals import job_begins
from veiligalmere.observation.slow_queries import watch_queries
from veiligalmere.pages.database_file import keep_private


class PagesConfig(AppConfig):
    """Views, template tags and the commands that need every floor."""

    name = "veiligalmere.pages"
    label = "pages"
    verbose_name = "Pagina’s"

    def ready(self):
        """Keep the database to its owner; watch the queries of jobs as those of visitors are."""
        keep_private()
        job_begins.connect(watch_queries)
