"""A new annual plan that begins with actions of an earlier one, and an action over the years."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import prefetch_related_objects

from plan.models import Action, AnnualPlan, ProgressUpdate, Status
from veiligalmere.editorial.publish import row_as_draft

# Both ways along `predecessor`, in one query however many years there are; the same SQL in SQLite
# and PostgreSQL.
FAMILY = """
WITH RECURSIVE earlier(id) AS (
    SELECT predecessor_id FROM plan_action WHERE id = %s AND predecessor_id IS NOT NULL
    UNION
    SELECT one.predecessor_id FROM plan_action one JOIN earlier ON one.id = earlier.id
    WHERE one.predecessor_id IS NOT NULL
), later(id) AS (
    SELECT id FROM plan_action WHERE predecessor_id = %s
    UNION
    SELECT one.id FROM plan_action one JOIN later ON one.predecessor_id = later.id
)
SELECT id FROM earlier UNION SELECT id FROM later
"""
KEPT = ("theme", "title", "slug", "heading", "summary", "body", "partners", "owner", "position")
RELATIONS = ("subtopics", "working_methods", "places", "indicators")


def carry_over(old, *, year, title, multi_year_plan, actions, by=None):
    """Make the plan of `year` with drafts of `actions` of plan `old`; return the new plan.

    All of it is a draft. Each new action has the one it continues as its predecessor. Period and
    dates are not taken along: they are those of the old year. The old plan stays as it is.
    Raises ValidationError, as a form wants it, if the year is taken or makes no sense.
    """
    plan = AnnualPlan(year=year, title=title, multi_year_plan=multi_year_plan)
    with transaction.atomic():
        plan.full_clean()
        if year <= old.year:
            raise ValidationError({"year": f"Kies een jaar na {old.year}."})
        plan.save()
        row_as_draft(plan, by)
        actions = list(actions)
        prefetch_related_objects(actions, "theme", "owner", *RELATIONS)
        for action in actions:
            _continue(action, plan, by)
    return plan


@dataclass(frozen=True)
class Year:
    """An action in one year: how it stood last, and the action that continues it, if any."""

    action: Action
    status: Status
    continued_as: Action | None
    is_here: bool


def over_the_years(action):
    """Return the public line of `action` as a list of Year, oldest first; empty if it is alone.

    At most two queries, however many years there are.
    """
    keys = _family_of(action)
    if not keys:
        return []
    public = Action.objects.public().filter(pk__in=[*keys, action.pk])
    found = ProgressUpdate.objects.with_status(public).select_related("plan")
    family = list(found.order_by("plan__year", "position", "pk"))
    if len(family) < 2:
        return []
    successors = {one.predecessor_id: one for one in family}
    return [
        Year(one, Status(one.status), successors.get(one.pk), one.pk == action.pk) for one in family
    ]


def in_other_years(action):
    """Return the public actions that `action` continues or that continue it, oldest first.

    It need not be public itself. At most two queries, however many years there are.
    """
    keys = _family_of(action)
    if not keys:
        return []
    found = Action.objects.public().filter(pk__in=keys).select_related("plan")
    return list(found.order_by("plan__year", "position", "pk"))


def _family_of(action):
    """Return the keys of all that `action` continues and of all that continue it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, [action.pk, action.pk])
        return [key for (key,) in cursor.fetchall()]


def _continue(action, plan, by):
    new = Action.objects.create(
        plan=plan, predecessor=action, **{name: getattr(action, name) for name in KEPT}
    )
    for name in RELATIONS:
        getattr(new, name).add(*getattr(action, name).all())
    row_as_draft(new, by)
