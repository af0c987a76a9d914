"""The small tables that many pages show, read once for each content version.

What these functions return is shared between pages: change nothing in it.
"""

from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Value

from plan.models import Action, AnnualPlan, Development, ProgressReport
from themes.models import Indicator, Place, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.versions import Version
from veiligalmere.pages.once import once


def plans():
    """Return the public plans, the latest first, each with its `last_change`."""

    def make():
        return list(AnnualPlan.objects.public().with_last_change().order_by("-year"))

    return once("plans", make)


def current_plan():
    """Return the latest public plan, or None."""
    return next(iter(plans()), None)


def open_reports():
    """Return the reports on public plans whose round is going on, the earliest half-year first."""

    def make():
        of_public_plans = ProgressReport.objects.open().filter(plan__in=AnnualPlan.objects.public())
        return list(of_public_plans.oldest_first())

    return once("open reports", make)


def themes():
    """Return the public themes as {pk: theme}, in their order."""
    return once("themes", lambda: {one.pk: one for one in Theme.objects.public()})


def subtopics():
    """Return the public subtopics as {pk: subtopic}, in their order, with theme and parent."""

    def make():
        found = {one.pk: one for one in Subtopic.objects.public().in_order()}
        for one in found.values():
            # With its theme, which its address is made of; the one that came along has none.
            one.parent = found.get(one.parent_id, one.parent)
        return found

    return once("subtopics", make)


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


class Indicators(NamedTuple):
    """Keys of the public indicators, in their order: by slug, and sets by what they are about."""

    by_slug: dict
    by_theme: dict
    by_subtopic: dict

    def about(self, subtopics):
        """Return the keys of those about any of `subtopics`, given by their keys."""
        return set().union(*(self.by_subtopic.get(key, ()) for key in subtopics))


def indicators():
    """Return the Indicators there are."""

    def make():
        found = Indicators({}, {}, {})
        rows = Indicator.objects.public().values_list("pk", "slug", "theme", "subtopics")
        for key, slug, theme, subtopic in rows:
            found.by_slug[slug] = key
            found.by_theme.setdefault(theme, set()).add(key)
            found.by_subtopic.setdefault(subtopic, set()).add(key)
        return found

    return once("indicators", make)


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
    return _told().get(ContentType.objects.get_for_model(model).pk, frozenset())


def told_of(models):
    """Return those of `models` of which anything is new or changed in a way worth telling."""
    found = _told()
    types = ContentType.objects.get_for_models(*models)
    return [model for model in models if types[model].pk in found]


def _told():
    def make():
        versions = Version.objects.worth_telling().order_by()
        found = {}
        for content_type, key in versions.values_list("content_type", "object_id").distinct():
            found.setdefault(content_type, set()).add(key)
        return found

    return once("told", make)


def new_plans():
    """Return {pk: moment} of the plans that editors published, with when they first did so."""

    def make():
        versions = Version.objects.of_model(AnnualPlan).published_by_people().marked_first()
        first = versions.filter(is_first=True).order_by()
        return dict(first.values_list("object_id", "created_at"))

    return once("new plans", make)
