"""`manage.py backup DIR`."""

from django.core.management.base import BaseCommand, CommandError

from veiligalmere.backup.manifest import BackupError
from veiligalmere.backup.progress import Progress
from veiligalmere.backup.writing import verify_backup, write_backup, write_dated_backup
from veiligalmere.editorial.jobs import JobIsRunning, running


class Command(BaseCommand):
    """Back up the database and the uploads, while the site is in use."""

    help = (
        "Writes the whole database and the uploads to a folder, and reads all of it back to check."
    )

    def add_arguments(self, parser):
        """Take the folder, and how to deal with what is there."""
        parser.add_argument("folder")
        parser.add_argument("--overwrite", action="store_true", help="replace the backup there")
        parser.add_argument(
            "--keep",
            type=int,
            metavar="N",
            help="write to a new folder in it, named for the moment, and keep the last N",
        )
        parser.add_argument("--verify", action="store_true", help="only check the backup there")

    def handle(self, *args, **options):
        """Do it, as a job, and say what was written."""
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep takes a number of 1 or more.")
        try:
            if options["verify"]:
                self._report("Good", options["folder"], verify_backup(options["folder"]))
                return
            with running("backup"):
                self._write(options)
        except JobIsRunning as error:
            message = "A backup is being made already."
            if not options["keep"]:
                # Who names a folder counts on a backup in it. A timer's turn is done by the other.
                raise CommandError(message) from error
            self.stdout.write(message)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error

    def _write(self, options):
        folder = options["folder"]
        more = {"progress": lambda total: Progress(self.stderr, total)}
        if options["keep"]:
            folder, manifest = write_dated_backup(folder, options["keep"], **more)
        else:
            manifest = write_backup(folder, overwrite=options["overwrite"], **more)
        self._report("Written and checked", folder, manifest)
        if manifest.get("lost"):
            raise CommandError(
                "The backup is whole but for uploads that rows name and that are gone: "
                + ", ".join(manifest["lost"])
            )

    def _report(self, what, folder, manifest):
        rows = sum(facts["rows"] for facts in manifest["tables"].values())
        self.stdout.write(f"{what}: {folder} ({rows} rows, {len(manifest['media'])} uploads).")
