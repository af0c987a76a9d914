"""What changed on the site: the public notes, and the words that came and went."""

from itertools import zip_longest
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, Subquery
from django.shortcuts import render
from django.urls import reverse

from plan.models import Action, AnnualPlan, Development, Passage, ProgressUpdate
from themes.models import Indicator, Subtopic, Term, Theme, WorkingMethod
from veiligalmere.editorial.blackout import BlackedOut, BlackOut, black_outs_of
from veiligalmere.editorial.differences import differences
from veiligalmere.editorial.publishing import Publishable
from veiligalmere.editorial.snapshot import content_fields, content_relations
from veiligalmere.editorial.standing_pages import StandingPage
from veiligalmere.editorial.versions import Version
from veiligalmere.pages.actions import outlined_or_404
from veiligalmere.pages.once import once
from veiligalmere.pages.outline import outline_of
from veiligalmere.pages.paging import page_of
from veiligalmere.pages.plan import plan_or_404

PAGE_SIZE = 20


class Kind(NamedTuple):
    """A kind of content whose changes are told.

    `hidden` are fields that no page shows, `related` what the address of one is made from.
    """

    hidden: frozenset
    related: tuple = ()


KINDS = {
    Action: Kind(frozenset({"owner", "position", "slug"}), ("plan",)),
    AnnualPlan: Kind(frozenset()),
    Development: Kind(frozenset({"slug", "document"})),
    Indicator: Kind(frozenset({"position", "slug"})),
    Passage: Kind(frozenset({"position", "slug", "heading_level", "kind"}), ("plan",)),
    ProgressUpdate: Kind(frozenset(), ("action__plan",)),
    StandingPage: Kind(frozenset({"slug"})),
    Subtopic: Kind(frozenset({"position", "slug"}), ("theme",)),
    Term: Kind(frozenset({"slug"})),
    Theme: Kind(frozenset({"icon", "colour", "slug"})),
    WorkingMethod: Kind(frozenset({"slug"})),
}


def action_changes(request, year, slug):
    """Every publication of one action: when, why, and which words changed."""
    plan = plan_or_404(year)
    action = outlined_or_404(outline_of(plan), slug)
    steps = Version.objects.steps_of(action)
    _describe([(step, before, Action) for step, before in zip_longest(steps, steps[1:])])
    context = {
        "action": action,
        "plan": plan,
        "changes": steps,
        "black_outs": black_outs_of(action) if action.pk in _blacked_out_actions() else [],
        "crumbs": [
            ("Home", "/"),
            (plan.title, plan.get_absolute_url()),
            ("Acties", plan.actions_url),
            (action.title, action.get_absolute_url()),
            ("Wijzigingen", None),
        ],
    }
    return render(request, "pages/action_changes.html", context)


def _blacked_out_actions():
    """Return the keys of the actions of which words were blacked out."""

    def make():
        action = ContentType.objects.get_for_model(Action)
        touched = BlackedOut.objects.filter(content_type=action)
        return set(touched.values_list("object_id", flat=True))

    return once("blacked out actions", make)


def changes(request):
    """What changed on the whole site, the newest first; first publications are no change."""
    types = _types_that_changed()
    models = {content_type.pk: model for model, content_type in types.items()}
    earlier = Version.objects.public_steps().filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        number__lt=OuterRef("number"),
    )
    selection = (
        Version.objects.public_steps()
        .filter(_may_be_told(types))
        .annotate(before=Subquery(earlier.order_by("-number").values("pk")[:1]))
        .filter(before__isnull=False)
        .order_by("-created_at", "-pk")
    )
    number = request.GET.get("pagina", "")
    page = page_of(selection, number, size=PAGE_SIZE, address=reverse("changes"))
    steps = list(page.object_list)
    before = Version.objects.in_bulk([step.before for step in steps])
    addresses = _addresses(steps, models)
    _describe([(step, before[step.before], models[step.content_type_id]) for step in steps])
    for step in steps:
        step.address = addresses.get((step.content_type_id, step.object_id), "")
        step.type_name = models[step.content_type_id]._meta.verbose_name
    context = {
        "page_obj": page,
        "shown_url": page.address,
        "changes": steps,
        "black_outs": BlackOut.objects.all() if page.number == 1 else [],
        "crumbs": [("Home", "/"), ("Wijzigingen", None)],
    }
    return render(request, "pages/changes.html", context)


def _types_that_changed():
    """Return {model: its content type} of each kind of which a step may come after another.

    Most kinds seldom change, and each takes a part of its own in the query.
    """

    def make():
        later = Version.objects.public_steps().filter(number__gt=1).order_by()
        return set(later.values_list("content_type", flat=True).distinct())

    found = once("types that changed", make)
    types = ContentType.objects.get_for_models(*KINDS).items()
    return {model: content_type for model, content_type in types if content_type.pk in found}


def _describe(steps):
    """Set on each step what its template shows: whether it is the first, and what differs.

    `steps` are (step, the one before it or None, model). That takes at most one query for each kind
    of content that others are related to.
    """
    compared = []
    for step, before, model in steps:
        step.is_first = before is None
        step.is_withdrawal = step.kind == Version.Kind.WITHDRAWN
        step.differences = []
        if not (step.is_first or step.is_withdrawal):
            compared.append((step, before.content, step.content, model))
    public = _public_among([contents for _step, *contents in compared])
    for step, old, new, model in compared:
        related = _related_otherwise(old, new, model)
        told = [_naming_only(public, content, related) for content in (old, new)]
        step.differences = differences(*told, model, but=KINDS[model].hidden)


def _related_otherwise(old, new, model):
    """Return (part of a snapshot, field) of each relation to content that differs in these two."""
    parts = ("fields", content_fields(model)), ("many", content_relations(model))
    return [
        (part, field)
        for part, fields in parts
        for field in fields
        if field.is_relation
        and issubclass(field.related_model, Publishable)
        and old[part].get(field.name) != new[part].get(field.name)
    ]


def _public_among(compared):
    """Return {model: keys} of what is public of all that relations which differ name.

    `compared` are (snapshot, the later one, model). A snapshot names whatever was related; a page
    leaves out a concept and what was withdrawn, and so do its changes.
    """
    keys = {}
    for old, new, model in compared:
        for part, field in _related_otherwise(old, new, model):
            for one in [*_named(old, part, field), *_named(new, part, field)]:
                keys.setdefault(field.related_model, set()).add(one["pk"])
    return {
        model: set(public_ones(model).filter(pk__in=wanted).order_by().values_list("pk", flat=True))
        for model, wanted in keys.items()
    }


def _named(content, part, field):
    """Return what snapshot `content` names in a relation, as a list."""
    value = content[part].get(field.name) or []
    return value if isinstance(value, list) else [value]


def _naming_only(public, content, related):
    """Return snapshot `content` that names in the relations `related` only what is `public`."""
    found = {**content, "fields": {**content["fields"]}, "many": {**content["many"]}}
    for part, field in related:
        # Also where there is one at most: a list of that reads the same.
        found[part][field.name] = [
            one
            for one in _named(content, part, field)
            if one["pk"] in public.get(field.related_model, ())
        ]
    return found


def public_ones(model):
    """Return what visitors may read of `model`: an update only while its action is public."""
    return model.objects.of_public_actions() if model is ProgressUpdate else model.objects.public()


def _may_be_told(types):
    """Select all steps of what is public now, and of the rest only that it was withdrawn.

    The words of what was withdrawn are not to be read on in its changes. Nor is it told of what
    nobody could read, in a plan that was still to come, say.
    """
    chosen = Q(pk__in=[])
    for model, content_type in types.items():
        public = public_ones(model).order_by().values("pk")
        stood_in_public = model.objects.filter(
            _holders_published_by(OuterRef("created_at"), model), pk=OuterRef("object_id")
        )
        withdrawn = Q(kind=Version.Kind.WITHDRAWN) & Exists(stood_in_public.order_by())
        chosen |= Q(content_type=content_type) & (Q(object_id__in=public) | withdrawn)
    return chosen


def _holders_published_by(moment, model, path=""):
    """Select by all that one of `model` stands in: that it had been published by then."""
    chosen = Q()
    for field in model.stands_in():
        name = f"{path}{field.name}"
        published = Q(**{f"{name}__published_at__lte": moment})
        published &= _holders_published_by(moment, field.related_model, f"{name}__")
        chosen &= published | Q(**{name: None}) if field.null else published
    return chosen


def _addresses(steps, models):
    """Return the address of each object in `steps` that is public, in one query a kind."""
    keys = {}
    for step in steps:
        keys.setdefault(step.content_type_id, set()).add(step.object_id)
    addresses = {}
    for content_type, wanted in keys.items():
        selection = public_ones(models[content_type]).filter(pk__in=wanted)
        related = KINDS[models[content_type]].related
        for one in selection.select_related(*related) if related else selection:
            addresses[content_type, one.pk] = one.get_absolute_url()
    return addresses
