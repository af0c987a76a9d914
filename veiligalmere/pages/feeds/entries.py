"""What stands in the feeds: developments, reports, progress, what is new and what changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from plan.models import Action, Development, Passage, ProgressUpdate
from veiligalmere.editorial.addresses import absolute
from veiligalmere.editorial.blackout import BlackedOut
from veiligalmere.editorial.versions import Version
from veiligalmere.editorial.xml_text import for_xml
from veiligalmere.pages import records
from veiligalmere.pages.changes import KINDS, public_ones
from veiligalmere.pages.search.words import plain

LIMIT = 30  # entries of a feed
# New ones have an entry of their own; of these only changes are told.
TOLD_OTHERWISE = {Development, ProgressUpdate}
# What appears in a new plan until then belongs to its beginning, which has one entry.
BEGINNING = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `key` makes its identifier and never changes, `url` is absolute."""

    key: str
    kind: str
    title: str
    url: str
    summary: str
    published: datetime
    updated: datetime

    @property
    def identifier(self):
        """The entry's permanent identifier, a tag URI (RFC 4151)."""
        return identifier(self.key)


def identifier(key):
    """Return the permanent identifier of what `key` names on this site."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2020:{key}"


@dataclass(frozen=True, slots=True)
class Window:
    """All that was published after `since` and not after `until`, however much that is."""

    since: datetime
    until: datetime


def newest(*sources, window=None):
    """Return the newest of the entries of all sources, the latest changed first.

    With a `window`, for which the sources were chosen, all of them.
    """
    entries = [entry for source in sources for entry in source]
    entries.sort(key=lambda entry: (entry.updated, entry.key), reverse=True)
    return entries if window else entries[:LIMIT]


def _chosen(selection, window, *, published, changed):
    """Return the rows of `selection` that were published in `window`, or those changed last."""
    if window is None:
        return selection.order_by(f"-{changed}", "-pk")[:LIMIT]
    within = {f"{published}__gt": window.since, f"{published}__lte": window.until}
    return selection.filter(**within).order_by(f"-{published}", "-pk")


def _with_moments(selection):
    """Return a selection of what is public, each with `first_at` and `told_at`.

    The second is when it last changed in a way worth telling, or words in it were blacked out: who
    has the earlier text is to fetch it again. Any other change would make old news new.
    """
    content_type = ContentType.objects.get_for_model(selection.model)
    changed = Version.objects.worth_telling().filter(
        is_first=False, content_type=content_type, object_id=OuterRef("pk")
    )
    moments = (
        # By its number, of which there is an index: by its moment takes SQLite twenty times longer.
        Subquery(changed.order_by("-number").values("created_at")[:1]),
        _blacked_out_at(content_type),
    )
    first_at = Coalesce("published_at", "changed_at")
    return selection.annotate(
        first_at=first_at, told_at=Greatest(first_at, *(Coalesce(one, first_at) for one in moments))
    )


def _blacked_out_at(content_type):
    """Return an expression for when words that visitors could read in a row were blacked out last.

    `content_type` is that of the row.
    """
    touched = BlackedOut.objects.filter(
        content_type=content_type, object_id=OuterRef("pk"), was_public=True
    )
    moments = touched.order_by("-black_out__made_at").values("black_out__made_at")
    return Subquery(moments[:1])


def developments(selection, window=None):
    """Return entries of a selection of public developments."""
    found = _chosen(_with_moments(selection), window, published="published_at", changed="told_at")
    return [
        _entry(
            f"ontwikkeling/{one.pk}",
            one.get_kind_display(),
            one.title,
            one.get_absolute_url(),
            one.lead,
            one.first_at,
            one.told_at,
        )
        for one in found
    ]


def reports(selection, window=None):
    """Return entries of a selection of adopted progress reports."""
    selection = selection.select_related("plan")
    found = _chosen(selection, window, published="adopted_at", changed="adopted_at")
    return [
        _entry(
            f"voortgangsrapportage/{one.pk}",
            "voortgangsrapportage",
            one.title,
            one.get_absolute_url(),
            f"{one.title} is vastgesteld.",
            one.adopted_at,
            one.adopted_at,
        )
        for one in found
    ]


def errata(selection, window=None):
    """Return entries of a selection of corrections to adopted reports."""
    blacked_out_at = _blacked_out_at(ContentType.objects.get_for_model(selection.model))
    selection = selection.select_related("report__plan").annotate(
        told_at=Coalesce(blacked_out_at, "made_at")
    )
    return [
        _entry(
            f"erratum/{one.pk}",
            "erratum",
            f"Erratum: {one.report.title}",
            one.report.get_absolute_url(),
            plain(one.text),
            one.made_at,
            one.told_at,
        )
        for one in _chosen(selection, window, published="made_at", changed="told_at")
    ]


def progress(selection, window=None):
    """Return entries of a selection of public progress updates."""
    selection = _with_moments(selection.select_related("action__plan"))
    found = _chosen(selection, window, published="published_at", changed="told_at")
    return [
        _entry(
            f"voortgang/{one.pk}",
            "voortgang",
            f"{one.action.title}: {one.get_status_display()}",
            one.get_absolute_url(),
            plain(one.explanation),
            one.first_at,
            one.told_at,
        )
        for one in found
    ]


def news_and_changes(keys, window=None, *, new_only=()):
    """Return entries of what is new or changed in a way worth telling.

    `keys` is {model: keys of public objects, or None for all public ones}; of the models in
    `new_only` no changes are told. A new plan is one entry, with all that it begins with.
    """
    return _told(keys, window, new_only=new_only)


def changes(keys, window=None):
    """Return entries of the changes alone; `keys` as above."""
    return _told(keys, window, changes_only=True)


def _told(keys, window, *, new_only=(), changes_only=False):
    keys = {model: some for model, some in keys.items() if some is None or some}
    if not keys:
        return []
    types = ContentType.objects.get_for_models(*keys, Version)
    chosen = Q()
    for model, some in keys.items():
        public = public_ones(model).order_by().values("pk")
        mine = Q(content_type=types[model], object_id__in=public if some is None else some)
        if model in TOLD_OTHERWISE:
            mine &= Q(is_first=False)
        elif model in new_only:
            mine &= Q(is_first=True)
        chosen |= mine
    versions = Version.objects.worth_telling().filter(chosen)
    if changes_only:
        versions = versions.filter(is_first=False)
    else:
        versions = versions.exclude(_in_new_plans())
    blacked_out_at = Coalesce(_blacked_out_at(types[Version]), "created_at")
    versions = versions.annotate(told_at=Greatest("created_at", blacked_out_at))
    versions = list(_chosen(versions, window, published="created_at", changed="told_at"))
    models = {content_type.pk: model for model, content_type in types.items()}
    addresses = _addresses(versions, models)
    return [
        _entry(
            f"{'nieuw' if one.is_first else 'wijziging'}/{one.pk}",
            "nieuw" if one.is_first else "wijziging",
            f"{'Nieuw' if one.is_first else 'Gewijzigd'}: {one.label}",
            addresses[one.content_type_id, one.object_id],
            one.note,
            one.created_at,
            one.told_at,
        )
        for one in versions
    ]


def _in_new_plans():
    """Select the first publications that belong to the beginning of a new plan."""
    beginnings = Q(pk__in=())
    plans = records.new_plans()
    if plans:
        types = ContentType.objects.get_for_models(Action, Passage)
    for plan, moment in plans.items():
        for model in (Action, Passage):
            mine = model.objects.filter(plan=plan).order_by().values("pk")
            beginnings |= Q(
                is_first=True,
                content_type=types[model],
                object_id__in=mine,
                created_at__lte=moment + BEGINNING,
            )
    return beginnings


def _addresses(versions, models):
    """Return the address of what each version is of, in one query a kind."""
    keys = {}
    for version in versions:
        keys.setdefault(version.content_type_id, set()).add(version.object_id)
    addresses = {}
    for content_type, wanted in keys.items():
        selection = models[content_type].objects.filter(pk__in=wanted)
        related = KINDS[models[content_type]].related
        for one in selection.select_related(*related) if related else selection:
            addresses[content_type, one.pk] = one.get_absolute_url()
    return addresses


def _entry(key, kind, title, path, summary, published, updated):
    title, summary = (for_xml(text, line_end=" ") for text in (title, summary))
    return Entry(key, kind, title, absolute(path), summary, published, updated)
