"""Mail what is new to those who follow it; made for a timer."""

from django.core.management.base import BaseCommand, CommandError

from veiligalmere.editorial.jobs import JobIsRunning, running
from veiligalmere.pages.following.sending import send_news


class Command(BaseCommand):
    """Send what is due; running it again, late or halfway through sends nothing twice."""

    help = (
        "Mails what is new to those who follow it, at once or on Monday at eight, and erases "
        "addresses that were not confirmed within 30 days. Run it every ten minutes."
    )

    def handle(self, *args, **options):
        """Send, as a job, and fail at the end if any mail could not be sent."""
        try:
            with running("mail_followers"):
                outcome = send_news()
                if options["verbosity"] > 0:
                    self.stdout.write(f"{outcome.sent} mails sent")
                if outcome.failed:
                    raise CommandError(f"{outcome.failed} mails could not be sent")
        except JobIsRunning:
            self.stdout.write("This is being done already.")
