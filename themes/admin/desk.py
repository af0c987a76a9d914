"""What the themes put on the desk: figures to bring up to date, and jobs."""

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from themes.models import Indicator, Term
from veiligalmere.editorial.desk.registry import Block, Job, Line, may_add, with_right
from veiligalmere.editorial.publishing import State


class Figures(Block):
    """Figures, those of which new measurements are due first; each leads to pasting them."""

    key = "cijfers"
    title = "Cijfers bijwerken"
    empty = "Er zijn nog geen cijfers."
    position = 80
    is_for = staticmethod(with_right("themes.change_indicator"))

    def select(self, request):
        """Return the figures."""
        figures = Indicator.objects.for_desk(request.user).exclude(state=State.WITHDRAWN)
        return figures.order_by(F("next_update").asc(nulls_last=True), "name", "pk")

    def line(self, figure, request):
        """Say when new measurements are due."""
        due = figure.next_update
        return Line(
            text=figure.name,
            url=reverse("admin:themes_indicator_measurements", args=[figure.pk]),
            facts=f"nieuwe cijfers verwacht op {date_format(due, 'j F Y')}"
            if due
            else "niet bekend wanneer er nieuwe cijfers komen",
            mark="te laat" if due and due < timezone.localdate() else "",
        )


BLOCKS = [Figures()]
JOBS = [
    Job(
        "Cijfers plakken",
        "admin:desk_list",
        with_right("themes.change_indicator"),
        40,
        {"key": Figures.key},
    ),
    Job("Begrip uitleggen", "admin:themes_term_add", may_add(Term), 55),
]
