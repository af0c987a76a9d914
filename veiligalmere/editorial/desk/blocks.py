"""The blocks of the desk that hold for content of any kind, and the timers."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from veiligalmere.editorial.desk.reach import address_of, kind_of, versions_within_reach
from veiligalmere.editorial.desk.registry import Block, Line, with_right
from veiligalmere.editorial.jobs import GRACE, TASKS, punctuality
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.roles import MAY_PUBLISH
from veiligalmere.editorial.versions import Version


def moment(when):
    """Return an aware moment as an editor reads it: "14 april 2020 om 9.05 uur", or "vandaag …"."""
    local = timezone.localtime(when)
    day = "vandaag" if local.date() == timezone.localdate() else f"op {date_format(local, 'j F Y')}"
    return f"{day} om {date_format(local, 'G.i')} uur"


class OwnDrafts(Block):
    """Drafts on which this account worked; what was returned comes first."""

    key = "mijn-concepten"
    title = "Mijn concepten"
    empty = "U hebt geen concepten openstaan."
    position = 10

    def select(self, request):
        """Return the drafts."""
        drafts = versions_within_reach(request).drafts()
        return drafts.worked_on_by(request.user).returned_first()

    def line(self, draft, request):
        """Say how far the draft is."""
        is_returned = draft.draft_state == State.CONCEPT and draft.remark
        facts = [kind_of(draft), draft.get_draft_state_display()]
        if draft.publish_at:
            facts.append(f"gepland {moment(draft.publish_at)}")
        facts.append(f"opgeslagen {moment(draft.created_at)}")
        if draft.author_id != request.user.pk:
            facts[-1] += f" door {draft.who}"
        return _line(
            draft,
            facts,
            mark="teruggestuurd" if is_returned else "",
            remark=f"{draft.remark_by or 'De eindredactie'}: {draft.remark}" if is_returned else "",
        )


class Judgement(Block):
    """What was submitted, for who publishes."""

    key = "te-beoordelen"
    title = "Wacht op mijn oordeel"
    empty = "Er is niets ingediend dat u moet beoordelen."
    position = 20
    is_for = staticmethod(with_right(MAY_PUBLISH))

    def select(self, request):
        """Return what is submitted; with FOUR_EYES, not what this account wrote on itself."""
        waiting = versions_within_reach(request).awaiting_judgement()
        if settings.FOUR_EYES:
            own = Version.objects.awaiting_judgement().worked_on_by(request.user)
            waiting = waiting.exclude(pk__in=own.values("pk"))
        return waiting.order_by("created_at", "pk")

    def line(self, draft, request):
        """Lead to the page on which it is judged."""
        facts = [kind_of(draft), f"van {draft.who}", moment(draft.created_at)]
        return _line(draft, facts, page="judge")


class Planned(Block):
    """What will be published at a set moment."""

    key = "gepland"
    title = "Geplande publicaties"
    empty = "Er staat niets klaar om later te publiceren."
    position = 30

    def select(self, request):
        """Return the drafts, the first one first."""
        return versions_within_reach(request).scheduled()

    def line(self, draft, request):
        """Say when, and whether the timer should have been there long ago."""
        late = draft.publish_at < timezone.now() - TASKS["publish_due"].every * GRACE
        when = f"{'had moeten gebeuren' if late else 'wordt gepubliceerd'}"
        facts = [kind_of(draft), f"{when} {moment(draft.publish_at)}"]
        return _line(draft, facts, mark="te laat" if late else "")


class RecentChanges(Block):
    """What people changed last, each object once."""

    key = "laatst-gewijzigd"
    title = "Laatst gewijzigd"
    empty = "Er is nog niets gewijzigd sinds het jaarplan op deze site staat."
    position = 60

    def select(self, request):
        """Return the newest version of each object that a person changed."""
        return versions_within_reach(request).newest().by_people().order_by("-created_at", "-pk")

    def line(self, version, request):
        """Say who did what."""
        done = "concept opgeslagen" if version.kind == Version.Kind.CONCEPT else version.kind
        return _line(
            version, [kind_of(version), f"{done} door {version.who}", moment(version.created_at)]
        )


class Timers(Block):
    """When each job on the background last ran."""

    key = "timers"
    title = "Taken op de achtergrond"
    empty = "Er zijn geen taken op de achtergrond."
    position = 90
    rows = len(TASKS)
    is_for = staticmethod(with_right(MAY_PUBLISH))

    def explanation(self, request):
        """Tell what to do about one that is late."""
        return "Een taak die te laat is, doet haar werk niet. Vraag de beheerder om te kijken."

    def select(self, request):
        """Return how punctual each is."""
        return punctuality()

    def line(self, task, request):
        """Say when it last succeeded, and whether that is too long ago."""
        return Line(
            text=task.label,
            facts=f"laatst gelukt {moment(task.last)}" if task.last else "nog nooit gelukt",
            mark=", ".join(
                word for word, holds in (("te laat", task.late), ("mislukt", task.failure)) if holds
            ),
        )


def _line(version, facts, *, page="change", **more):
    return Line(text=version.label, url=address_of(version, page), facts=", ".join(facts), **more)
