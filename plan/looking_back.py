"""The whole plan as the public saw it on a day, made from the versions that were kept."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.dateparse import parse_date

from plan.models import Action, AnnualPlan, Passage, ProgressUpdate, Status
from themes.models import Theme
from veiligalmere.editorial.differences import words
from veiligalmere.editorial.versions import Version


@dataclass
class Piece:
    """An action or a passage as it was: `fields` are those of its version."""

    key: tuple
    is_action: bool
    fields: dict
    status: Status | None = None

    @property
    def theme(self):
        """The primary key of its theme, or None."""
        return self.fields["theme"] and self.fields["theme"]["pk"]

    @property
    def heading(self):
        """Its heading in the plan; for an action without one, the editors' title."""
        return self.fields["heading"] or (self.fields["title"] if self.is_action else "")

    @property
    def mark(self):
        """What tells that the plan itself gave this action no heading, or empty."""
        return "(titel van de redactie)" if self.is_action and not self.fields["heading"] else ""

    @property
    def body(self):
        """The text, in markdown."""
        return self.fields["body"]

    @property
    def text(self):
        """All that is read of it, to compare."""
        return f"{self.heading} {self.mark}".rstrip() + f"\n\n{self.body}"

    @property
    def is_frame(self):
        """Whether it is a kader."""
        return self.fields.get("kind") == Passage.Kind.FRAME

    @property
    def order(self):
        """What the pieces of a plan are sorted by."""
        return self.fields["position"], self.key


@dataclass
class PlanAt:
    """A plan on one day: its title, and per theme (or None) the pieces in the plan's order."""

    title: str
    pieces: dict = field(default_factory=dict)
    themes: dict = field(default_factory=dict)

    @property
    def sections(self):
        """(theme's fields or None, pieces) in the plan's own order."""
        found = []
        for piece in sorted(self.pieces.values(), key=lambda one: one.order):
            theme = self.themes.get(piece.theme)
            if not found or found[-1][0] != theme:
                found.append((theme, []))
            found[-1][1].append(piece)
        return found


@dataclass(frozen=True)
class Difference:
    """What is otherwise in a later plan: `before` or `after` is None for what is new or gone."""

    before: Piece | None
    after: Piece | None

    @property
    def heading(self):
        """What it is called now, or was called."""
        return (self.after or self.before).heading

    @property
    def status_changed(self):
        """Whether it is an action in both, each with another status."""
        return bool(self.before and self.after and self.before.status != self.after.status)

    @property
    def parts(self):
        """The words that were added and removed, or nothing if the words are the same."""
        if not (self.before and self.after):
            return []
        old, new = self.before.text, self.after.text
        return words(old, new) if old != new else []


def first_day(plan):
    """Return the day on which `plan` was first public on this site, or None."""
    moments = Version.objects.of(plan).published().order_by("created_at")
    moment = moments.values_list("created_at", flat=True).first()
    return moment and timezone.localdate(moment)


def end_of(day):
    """Return the moment at which `day` ends here."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return timezone.make_aware(midnight)


def plan_at(plan, moment):
    """Return `plan` as the public saw it just before `moment`, or None.

    A piece of a theme that was not public is left out, as on the page of the plan itself. The
    number of queries is fixed.
    """
    own = _public_at(AnnualPlan, moment).filter(object_id=plan.pk).first()
    if own is None or own.kind != Version.Kind.PUBLISHED:
        return None
    found = PlanAt(own.content["fields"]["title"])
    for version in _public_at(Theme, moment).published():
        found.themes[version.object_id] = version.content["fields"]
    statuses = _statuses_at(plan, moment)
    for model in (Action, Passage):
        versions = _public_at(model, moment).published()
        for version in versions.filter(content__fields__plan__pk=plan.pk):
            is_action = model is Action
            key = (model._meta.model_name, version.object_id)
            status = statuses.get(version.object_id, Status.NOT_REPORTED) if is_action else None
            piece = Piece(key, is_action, version.content["fields"], status)
            if piece.theme is None or piece.theme in found.themes:
                found.pieces[key] = piece
    return found


def differences_between(before, after):
    """Return what differs from `before` to `after`, both PlanAt, in the order of the plan."""
    pieces = {**before.pieces, **after.pieces}
    found = []
    for key in sorted(pieces, key=lambda key: pieces[key].order):
        difference = Difference(before.pieces.get(key), after.pieces.get(key))
        same = difference.before and difference.after
        if not same or difference.status_changed or difference.parts:
            found.append(difference)
    return found


def _public_at(model, moment):
    """Return the last public step of each object of `model` before `moment`."""
    steps = Version.objects.of_model(model).public_steps().filter(created_at__lt=moment)
    newest = steps.order_by().values("object_id").annotate(newest=Max("pk")).values("newest")
    return Version.objects.filter(pk__in=newest)


def _statuses_at(plan, moment):
    """Return {action pk: status} by the updates that were public before `moment`."""
    updates = ProgressUpdate.objects.filter(action__plan=plan).values("pk")
    latest = {}
    for version in _public_at(ProgressUpdate, moment).published().filter(object_id__in=updates):
        fields = version.content["fields"]
        rank = parse_date(fields["reported_on"]), version.object_id
        action = fields["action"]["pk"]
        if action not in latest or latest[action][0] < rank:
            latest[action] = rank, Status(fields["status"])
    return {action: status for action, (_rank, status) in latest.items()}
