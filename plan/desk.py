"""What a year's plan puts on the desk: the open round, actions without an owner, and jobs."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode

from plan.models import Action, AnnualPlan, Development, ProgressReport
from plan.progress.round import rows_of
from veiligalmere.editorial.desk.registry import Block, Job, Line, may_add, with_right
from veiligalmere.editorial.publishing import State


class OpenRound(Block):
    """The round that goes on: how far it is, and how far this account is in it."""

    key = "voortgangsronde"
    title = "Voortgangsronde"
    empty = "Er loopt nu geen ronde."
    position = 40
    is_for = staticmethod(with_right("plan.view_progressreport"))

    def select(self, request):
        """Return the round whose deadline comes first."""
        return list(ProgressReport.objects.first_deadline_first()[:1])

    def line(self, report, request):
        """Count what is ready, of this account and of all that it may see."""
        rows = rows_of(report, Action.objects.public().editable_by(request.user))
        mine = [row for row in rows if row.action.owner_id == request.user.pk]
        counts = [f"{_ready(rows)} klaar"]
        if mine:
            counts.insert(0, f"van uw acties {_ready(mine)} klaar, van alle acties")
        days = (report.deadline - timezone.localdate()).days
        return Line(
            text=report.title,
            url=reverse("progress_round", args=[report.number]),
            facts=f"{' '.join(counts)}; melden tot en met {date_format(report.deadline, 'j F Y')}",
            mark="uiterste datum voorbij" if days < 0 else "",
        )

    def links(self, request):
        """Lead to opening a round, for who may."""
        if not may_add(ProgressReport)(request):
            return []
        return [("Alle voortgangsrapportages", reverse("admin:plan_progressreport_changelist"))]


class WithoutOwner(Block):
    """Actions of the current plan of which nobody reports the progress."""

    key = "zonder-eigenaar"
    title = "Acties zonder eigenaar"
    empty = "Elke actie van het huidige jaarplan heeft een eigenaar."
    position = 50
    is_for = staticmethod(with_right("plan.change_action"))

    def select(self, request):
        """Return the actions, in the plan's order."""
        actions = Action.objects.for_desk(request.user).exclude(state=State.WITHDRAWN)
        return (
            actions.of_plan(AnnualPlan.objects.current()).filter(owner=None).select_related("theme")
        )

    def line(self, action, request):
        """Lead to the form, on which the owner is chosen."""
        return Line(
            text=action.title,
            url=reverse("admin:plan_action_change", args=[action.pk]),
            facts=action.theme.name,
        )

    def list_url(self, request):
        """Return the address of the list of actions, in which many can be given an owner."""
        return f"{reverse('admin:plan_action_changelist')}?{urlencode({'owner__isnull': 'True'})}"


def _ready(rows):
    return f"{sum(row.is_ready for row in rows)} van {len(rows)}"


BLOCKS = [OpenRound(), WithoutOwner()]
JOBS = [
    Job("Nieuwe actie", "admin:plan_action_add", may_add(Action), 10),
    Job("Voortgang melden", "progress_round_now", with_right("plan.change_progressupdate"), 20),
    Job("Ontwikkeling toevoegen", "admin:plan_development_add", may_add(Development), 30),
    Job(
        "Voortgangsronde openen",
        "admin:plan_progressreport_add",
        may_add(ProgressReport),
        70,
    ),
]
