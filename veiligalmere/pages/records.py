"""The small tables that many pages show, read once for each content version.

What these functions return is shared between pages: change nothing in it.
"""

from plan.models import AnnualPlan, Development
from themes.models import Indicator, Place, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.versions import Version
from veiligalmere.pages.once import once


def plans():
    """Return the public plans, the latest first."""
    return once("plans", lambda: list(AnnualPlan.objects.public().order_by("-year")))


def current_plan():
    """Return the latest public plan, or None."""
    return next(iter(plans()), None)


def themes():
    """Return the public themes as {pk: theme}, in their order."""
    return once("themes", lambda: {one.pk: one for one in Theme.objects.public()})


def subtopics():
    """Return the public subtopics as {pk: subtopic}, in their order, with theme and parent."""
    return once("subtopics", lambda: {one.pk: one for one in Subtopic.objects.public().in_order()})


def methods():
    """Return the public working methods as {pk: method}, in their order."""
    return once("methods", lambda: {one.pk: one for one in WorkingMethod.objects.public()})


def places():
    """Return the places as {pk: place}, in their order."""
    return once("places", lambda: {one.pk: one for one in Place.objects.all()})


def subtopics_with_figures():
    """Return the keys of the subtopics that public figures are about."""
    return once(
        "subtopics with figures",
        lambda: set(Indicator.objects.public().order_by().values_list("subtopics", flat=True)),
    )


def subtopics_with_developments():
    """Return the keys of the subtopics that public developments, or actions in them, are about."""

    def make():
        public = Development.objects.public().order_by()
        return {
            key
            for relation in ("subtopics", "actions__subtopics")
            for key in public.values_list(relation, flat=True)
        }

    return once("subtopics with developments", make)


def changed(model):
    """Return the keys of the objects of `model` that have a change worth telling."""
    versions = Version.objects.of_model(model).worth_telling().order_by()
    return once(
        f"changed {model._meta.label}", lambda: set(versions.values_list("object_id", flat=True))
    )
