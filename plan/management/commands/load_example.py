"""Fill a separate database with a made-up year, so that every page can be seen with content."""

from datetime import UTC, date, datetime
from itertools import cycle

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from plan.carrying_over import carry_over
from plan.models import Action, AnnualPlan, ProgressReport, ProgressUpdate, Status
from plan.progress.adoption import add_erratum, adopt, open_round
from plan.progress.round import save_row
from veiligalmere.editorial.publish import publish

FIRST = (
    Status.ON_TRACK,
    Status.NOT_STARTED,
    Status.DELAYED,
    Status.ON_TRACK,
    Status.STUCK,
    Status.DONE,
)
LATER = (Status.DONE, Status.ON_TRACK, Status.ON_TRACK, Status.DELAYED, Status.DROPPED, Status.DONE)
WORDS = {
    Status.DONE: "Voorbeeld: de actie is afgerond en de uitkomst is besproken.",
    Status.ON_TRACK: "Voorbeeld: de eerste stap is gezet. De volgende stap volgt in het najaar.",
    Status.DELAYED: "Voorbeeld: de actie loopt later dan gepland.",
    Status.STUCK: "Voorbeeld: de actie ligt stil.",
    Status.NOT_STARTED: "Voorbeeld: de voorbereiding begint na de zomer.",
    Status.DROPPED: "Voorbeeld: de actie gaat niet door.",
}
ACCOUNT = {
    "cause": "Voorbeeld van een oorzaak: een partner had minder mensen.",
    "consequence": "Voorbeeld van een gevolg: de uitkomst komt drie maanden later.",
    "correction": "Voorbeeld van bijsturing: de gemeente zet zelf iemand in.",
}


class Command(BaseCommand):
    """Make up two reports, updates in between and a next year; every text says "Voorbeeld"."""

    help = "Fills the database of `make demo` with made-up progress. Refuses any other database."

    def handle(self, *args, **options):
        """Fill it once."""
        if not settings.DEMO:
            raise CommandError("This makes up progress: it is for `make demo` alone.")
        if ProgressReport.objects.exists():
            return
        with transaction.atomic():
            plan = AnnualPlan.objects.get(year=2020)
            actions = list(Action.objects.public().of_plan(plan).select_related("plan", "theme"))
            first = self.report(plan, 1, zip(actions[:-6], cycle(FIRST), strict=False))
            add_erratum(first, "Voorbeeld van een erratum: een peildatum was niet goed.")
            self.update(actions[2], Status.ON_TRACK, date(2020, 9, 14))
            self.report(plan, 2, zip(actions[:-3], cycle(LATER), strict=False))
            self.next_year(plan, actions)
        self.stdout.write("Made up a year of progress: every text says “Voorbeeld”.")

    def report(self, plan, half, statuses):
        """Open a round, report on each action, and adopt."""
        report = open_round(
            ProgressReport(
                plan=plan,
                half=half,
                deadline=date(2020, 6 * half, 28),
                summary="Voorbeeld: deze samenvatting en alle meldingen zijn verzonnen.",
            )
        )
        for action, status in statuses:
            save_row(report, action, values(status), revision=0, by=None)
        ProgressUpdate.objects.of_round(report).update(reported_on=date(2020, 6 * half, 15))
        adopted = adopt(report)
        year, month = 2020 + half // 2, 7 if half == 1 else 1
        ProgressReport.objects.filter(pk=adopted.pk).update(
            adopted_at=datetime(year, month, 7, 12, tzinfo=UTC), offered_on=date(year, month, 9)
        )
        return adopted

    def update(self, action, status, day):
        """Publish an update between two reports."""
        update = ProgressUpdate.objects.create(action=action, reported_on=day, **values(status))
        publish(update, note="Voorbeeld")

    def next_year(self, plan, actions):
        """Carry some actions over to a next plan, publish it, and open its first round."""
        new = carry_over(
            plan,
            year=2021,
            title="Voorbeeld: Jaarplan Veiligheid 2021",
            multi_year_plan=plan.multi_year_plan,
            actions=actions[1:12],
        )
        for draft in [*Action.objects.of_plan(new), new]:
            publish(draft, note="Voorbeeld")
        action = Action.objects.of_plan(new).first()
        self.update(action, Status.ON_TRACK, date(2021, 3, 1))
        open_round(
            ProgressReport(plan=new, half=1, deadline=date(2021, 6, 28), summary="Voorbeeld.")
        )


def values(status):
    """Return the made-up fields of an update with this status."""
    account = ACCOUNT if status.needs_account else {}
    return {"status": status.value, "explanation": WORDS[status], **account}
