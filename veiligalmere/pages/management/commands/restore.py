"""`manage.py restore DIR`."""

from django.core.management.base import BaseCommand, CommandError

from veiligalmere.backup.manifest import BackupError
from veiligalmere.backup.progress import Progress
from veiligalmere.backup.reading import read_backup


class Command(BaseCommand):
    """Put a backup back."""

    help = (
        "Puts a backup back into the database that DATABASE_URL names, of either kind, and its "
        "uploads into MEDIA_ROOT. Stop the site first."
    )

    def add_arguments(self, parser):
        """Take the folder of the backup."""
        parser.add_argument("folder")
        parser.add_argument("--overwrite", action="store_true", help="replace what is there")

    def handle(self, *args, **options):
        """Do it, and say what came back."""
        try:
            manifest = read_backup(
                options["folder"],
                overwrite=options["overwrite"],
                progress=lambda total: Progress(self.stderr, total),
            )
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        rows = sum(facts["rows"] for facts in manifest["tables"].values())
        self.stdout.write(
            f"Put back and checked: {rows} rows, {len(manifest['media'])} uploads, as of "
            f"{manifest['written']}."
        )
