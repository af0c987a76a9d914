"""Mail who still has to report in a round that is open; made for a timer."""

from django.core.management.base import BaseCommand, CommandError

from plan.progress.reminders import send_due
from veiligalmere.editorial.jobs import JobIsRunning, running


class Command(BaseCommand):
    """Send what is due; running it again sends nothing twice."""

    help = (
        "Mails owners of actions what is missing in an open round: 14, 7 and 1 days before the "
        "deadline, and every week after it. Run it daily."
    )

    def handle(self, *args, **options):
        """Send, as a job, and fail at the end if any mail could not be sent."""
        try:
            with running("send_reminders"):
                sent, failures = send_due()
                if options["verbosity"] > 0:
                    self.stdout.write(f"{len(sent)} mails sent")
                if failures:
                    raise CommandError("\n".join(failures))
        except JobIsRunning:
            self.stdout.write("This is being done already.")
