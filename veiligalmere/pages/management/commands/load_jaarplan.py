"""Load the Jaarplan and what belongs to it from the fixtures, once."""

from pathlib import Path

from django.conf import settings
from django.core import serializers
from django.core.management.base import BaseCommand
from django.db import transaction

from plan.models import AnnualPlan
from veiligalmere.editorial.publish import publish
from veiligalmere.editorial.publishing import State

NOTE = "Geladen uit het Jaarplan Veiligheid 2020"
NOTE_OF_OTHERS = "Geladen bij het begin van de site"
FIXTURES = Path(settings.BASE_DIR) / "fixtures"
PLAN_FILES = (
    "themes",
    "subtopics",
    "working_methods",
    "places",
    "plan-2020",
    "actions-2020",
    "passages-2020",
)
OTHER_FILES = (
    "short-addresses",
    "standing-pages",
    "synonyms",
    "terms",
    "indicators",
    "developments",
)


class Command(BaseCommand):
    """Fill an empty database; change nothing that is there already."""

    help = "Loads the Jaarplan Veiligheid 2020 and what belongs to it, if it is not there yet."

    def handle(self, *args, **options):
        """Load every file, unless there is a plan.

        That marks the whole, whatever year an editor gave it: what was thrown away since does not
        come back.
        """
        with transaction.atomic():
            if AnnualPlan.objects.exists():
                return
            for name in (*PLAN_FILES, *OTHER_FILES):
                count = load(
                    FIXTURES / f"{name}.yaml", NOTE if name in PLAN_FILES else NOTE_OF_OTHERS
                )
                if options["verbosity"] > 0:
                    self.stdout.write(f"{name}: {count} loaded")


def load(path, note=NOTE):
    """Create what the fixture file `path` has and the database has not; return how many.

    An object that is there already, by its natural key, is left as it is, so that nothing that an
    editor changed is overwritten. Saved with `save()`, unlike `loaddata`, so that derived fields
    are filled; what the file calls published is published as an editor would, when all of the
    file is there.
    """
    count, to_publish = 0, []
    with path.open(encoding="utf-8") as stream:
        for deserialized in serializers.deserialize("yaml", stream):
            instance = deserialized.object
            if instance.pk is not None:
                continue
            instance.full_clean(exclude=None)
            if getattr(instance, "state", None) == State.PUBLISHED:
                instance.state = State.CONCEPT
                to_publish.append(instance)
            instance.save()
            for field, values in (deserialized.m2m_data or {}).items():
                getattr(instance, field).set(values)
            count += 1
    for instance in to_publish:
        publish(instance, note=note)
    return count
