"""`manage.py clean_up`, which a timer calls every night."""

from django.core.management.base import BaseCommand

from veiligalmere.editorial.cleaning import clean_up
from veiligalmere.editorial.jobs import JobIsRunning, running


class Command(BaseCommand):
    """Delete what is past its term: sessions, noted logins, unsaved texts, presences."""

    help = "Deletes sessions, noted logins, unsaved texts and presences that are past their term."

    def handle(self, *args, **options):
        """Do it, as a job, and say how much of each there was."""
        try:
            with running("clean_up"):
                for what, number in clean_up().items():
                    self.stdout.write(f"{what}: {number}")
        except JobIsRunning:
            self.stdout.write("This is being done already.")
