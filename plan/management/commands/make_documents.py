"""Make every document that is missing or behind, as after a failure or a restored database."""

from django.core.management.base import BaseCommand, CommandError

from plan.documents.making import make_all


class Command(BaseCommand):
    """Make the PDF of each published plan and each adopted report."""

    help = "Makes the PDF of each published plan and each adopted report, where it would differ."

    def handle(self, *args, **options):
        """Make them all, and fail at the end if any could not be made."""
        stored = make_all()
        if options["verbosity"] > 0:
            self.stdout.write(f"{len(stored)} documents")
        failed = [f"{one.key}: {one.failure}" for one in stored if one.failure]
        if failed:
            raise CommandError("\n".join(failed))
