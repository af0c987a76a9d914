"""The small tables that many pages show, read once for each content version.

What these functions return is shared between pages: change nothing in it.
"""

from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Value

from plan.models import Action, AnnualPlan, Development
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


def action_counts():
    """Return {subtopic key: {plan key: how many of the plan's public actions are about it}}.

    A subtopic stands for what falls under it as well; each action counts once.
    """

    def make():
        known, about = subtopics(), {}
        rows = Action.subtopics.through.objects.filter(action__in=Action.objects.public())
        for key, plan, action in rows.values_list("subtopic_id", "action__plan_id", "action_id"):
            if key in known:
                for one in {key, known[key].parent_id} & known.keys():
                    about.setdefault(one, {}).setdefault(plan, set()).add(action)
        return {
            key: {plan: len(actions) for plan, actions in of_plans.items()}
            for key, of_plans in about.items()
        }

    # Of all plans at once, so that it takes one query however many there are.
    return once("action counts", make)


def themes_with_figures():
    """Return the keys of the themes that public figures are of."""
    return _with_figures().themes


def subtopics_with_figures():
    """Return the keys of the subtopics that public figures are about."""
    return _with_figures().subtopics


def _with_figures():
    def make():
        public = Indicator.objects.public().order_by()
        return _Subjects.of(public.values_list("theme", "subtopics"))

    return once("subjects with figures", make)


def themes_with_developments():
    """Return the keys of the themes that public developments are about, or what is in them."""
    return _with_developments().themes


def subtopics_with_developments():
    """Return the keys of the subtopics that public developments, or actions in them, are about."""
    return _with_developments().subtopics


def _with_developments():
    def make():
        public = Development.objects.public().order_by()
        nothing = Value(None, output_field=BigIntegerField())
        own = public.annotate(subtopic=nothing).values_list("themes", "subtopic")
        by_subtopic = public.values_list("subtopics__theme", "subtopics")
        by_action = public.values_list("actions__theme", "actions__subtopics")
        return _Subjects.of(own.union(by_subtopic, by_action))

    return once("subjects with developments", make)


class _Subjects(NamedTuple):
    """Keys of themes and of subtopics."""

    themes: set
    subtopics: set

    @classmethod
    def of(cls, pairs):
        """Return those of pairs of a theme's key and a subtopic's, of which one may be None."""
        return cls(*map(set, zip(*pairs, strict=True))) if pairs else cls(set(), set())


def told(model):
    """Return the keys of the objects of `model` that are new or changed in a way worth telling."""

    def make():
        versions = Version.objects.worth_telling().order_by()
        found = {}
        for content_type, key in versions.values_list("content_type", "object_id").distinct():
            found.setdefault(content_type, set()).add(key)
        return found

    return once("told", make).get(ContentType.objects.get_for_model(model).pk, frozenset())


def new_plans():
    """Return {pk: moment} of the plans that editors published, with when they first did so."""

    def make():
        versions = Version.objects.of_model(AnnualPlan).published_by_people().marked_first()
        first = versions.filter(is_first=True).order_by()
        return dict(first.values_list("object_id", "created_at"))

    return once("new plans", make)
