"""`manage.py clean_up`, which a timer calls every night."""

from django.core.management.base import BaseCommand

from veiligalmere.editorial.cleaning import clean_up
from veiligalmere.editorial.jobs import JobIsRunning, running
from veiligalmere.editorial.table_statistics import renew_statistics


class Command(BaseCommand):
    """Delete what is past its term, such as sessions; let SQLite know how much there is left."""

    help = "Deletes sessions, noted logins, unsaved texts and presences that are past their term."

    def handle(self, *args, **options):
        """Do it, as a job, and say how much of each there was."""
        try:
            with running("clean_up"):
                for what, number in clean_up().items():
                    self.stdout.write(f"{what}: {number}")
                renew_statistics()
        except JobIsRunning:
            self.stdout.write("This is being done already.")
