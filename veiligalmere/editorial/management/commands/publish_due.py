"""`manage.py publish_due`, which a timer calls every few minutes."""

from django.core.management.base import BaseCommand

from veiligalmere.editorial.due import publish_due
from veiligalmere.editorial.jobs import JobIsRunning, running


class Command(BaseCommand):
    """Publish the drafts whose moment has come."""

    help = "Publishes every draft whose planned moment has come; safe to run twice and late."

    def handle(self, *args, **options):
        """Do it, as a job, and say what became of each."""
        try:
            with running("publish_due"):
                for outcome in publish_due():
                    self.stdout.write(f"{outcome.label}: {outcome.problem or 'published'}")
        except JobIsRunning:
            self.stdout.write("This is being done already.")
