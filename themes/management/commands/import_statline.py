"""Read measurements of a figure from a CSV file of CBS StatLine."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from themes.measuring import Unreadable, compare, decoded, write
from themes.models import Indicator
from themes.statline import ALMERE, columns, read_statline_table
from veiligalmere.editorial.publish import lock, publish, save_draft, showing_draft
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.snapshot import same_content, take


class Command(BaseCommand):
    """Show what a StatLine file would change, and keep it in the figure's draft."""

    help = (
        "Reads a CSV file of CBS StatLine into the draft of a figure; without --write, only shows."
    )

    def add_arguments(self, parser):
        """Name the figure, the file, and what to take from it."""
        parser.add_argument("figure", help="slug of the figure")
        parser.add_argument("file", type=Path)
        parser.add_argument("--column", help="column with the values; without it, lists them")
        parser.add_argument("--where", action="append", default=[], metavar="COLUMN=CODE")
        parser.add_argument(
            "--region",
            action="append",
            default=[],
            metavar="CODE=AREA",
            help=f"region to take, and what it is called here (default {ALMERE}=Almere)",
        )
        parser.add_argument("--write", action="store_true", help="keep it in the draft")
        parser.add_argument(
            "--publish",
            action="store_true",
            help="and publish it; refused where the draft holds anything else",
        )

    def handle(self, *args, **options):
        """Read all of the file before anything is written."""
        indicator = Indicator.objects.filter(slug=options["figure"]).first()
        if indicator is None:
            raise CommandError(f"There is no figure {options['figure']}.")
        rows = self._rows(options)
        with showing_draft(indicator):
            changes = compare(indicator, rows)
        for one in changes:
            if one.is_new or one.is_different:
                mark = f", voorlopig: {one.mark_shown}" if "→" in one.mark_shown else ""
                self.stdout.write(
                    f"{one.row.area} {one.row.period}: {one.was} → {one.becomes}{mark}"
                )
        changed = sum(one.is_new or one.is_different for one in changes)
        self.stdout.write(f"{changed} of {len(changes)} new or different")
        if options["publish"]:
            self.stdout.write(_publish(indicator, rows))
        elif changed and options["write"]:
            save_draft(indicator, lambda row: write(row, rows))

    def _rows(self, options):
        try:
            text = decoded(options["file"].read_bytes())
        except (OSError, ValueError) as error:
            raise CommandError(f"Can't read {options['file']}: {error}") from error
        try:
            if not options["column"]:
                raise CommandError(f"Give --column one of: {', '.join(columns(text))}")
            return read_statline_table(
                text,
                column=options["column"],
                where=[_pair(one) for one in options["where"]],
                regions=dict(_pair(one) for one in options["region"]),
            )
        except Unreadable as error:
            raise CommandError("\n".join(error.errors)) from error


def _publish(indicator, rows):
    """Publish `rows` and nothing else; return what to say. Raise CommandError if that can't be."""
    try:
        with transaction.atomic():
            row = lock(indicator)
            if row.state != State.PUBLISHED:
                raise CommandError(
                    f"{row.slug} is not public. Use --write, and publish it in the back-office."
                )
            if not any(one.is_new or one.is_different for one in compare(row, rows)):
                return "Nothing to publish: the public has all of this."
            if not same_content(_with(rows, row, take(row)), _with(rows, row)):
                raise CommandError(
                    f"The draft of {row.slug} holds other changes too, so nothing was written. Use "
                    "--write to add this to the draft; or publish or discard that first."
                )
            save_draft(row, lambda row: write(row, rows))
            publish(row, note="Cijfers bijgewerkt uit CBS StatLine")
    except ValidationError as error:
        raise CommandError("\n".join(error.messages)) from error
    return "Published."


def _with(rows, indicator, content=None):
    """Return snapshot `content`, or the draft if that is not given, with `rows` written in it."""
    with showing_draft(lock(indicator), content):
        write(indicator, rows)
        return take(lock(indicator))


def _pair(text):
    name, sign, value = text.partition("=")
    if not sign:
        raise CommandError(f"Write {text} as name=value.")
    return name.strip(), value.strip()
