"""The outline of a plan for one account: what it may work on, in the plan's order."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from plan.models import Action, Passage
from themes.models import Theme
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.versions import Version, name_of


@dataclass(frozen=True)
class Piece:
    """An action or a passage: `level` is how deep it stands in its chapter, 1 to 3.

    `marks` are Dutch words for what is otherwise than simply on the site.
    """

    label: str
    url: str
    is_action: bool
    level: int
    marks: tuple[str, ...] = ()
    owner: str = ""


@dataclass
class Chapter:
    """The pieces that stand together under one theme, or before and after the themes."""

    theme: Theme | None
    anchor: str
    title: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def actions(self):
        """How many of the pieces are actions."""
        return sum(piece.is_action for piece in self.pieces)


def chapters_of(plan, user):
    """Return the chapters of `plan` with what `user` may work on; a fixed number of queries."""
    passages = Passage.objects.editable_by(user).of_plan(plan)
    actions = Action.objects.editable_by(user).of_plan(plan).select_related("theme", "owner")
    pieces = sorted([*passages, *actions], key=lambda one: (one.position, one.pk))
    drafts = _drafts()
    chapters, seen = [], Counter()
    for number, (theme, group) in enumerate(groupby(pieces, key=lambda one: one.theme)):
        if theme:
            title = f"Thema {theme.number}: {theme.name}"
        else:
            title = "Na de thema’s" if chapters else "Voor de thema’s"
        anchor = anchor_of(theme) or f"deel-{number}"
        seen[anchor] += 1
        # A theme can return, after an action of another in its midst.
        if seen[anchor] > 1:
            anchor = f"{anchor}-{seen[anchor]}"
        chapter = Chapter(theme, anchor, title)
        level = 1
        for one in group:
            is_heading = isinstance(one, Passage) and one.heading
            if is_heading and one.kind != Passage.Kind.FRAME:
                level = min(one.heading_level - 1, 3)
                chapter.pieces.append(_piece(one, level, drafts))
            else:
                chapter.pieces.append(_piece(one, min(level + 1, 3), drafts))
        chapters.append(chapter)
    return chapters


def anchor_of(theme):
    """Return the name of the place of `theme` in the outline; nothing without a theme."""
    return f"thema-{theme.number}" if theme else ""


def trail_of(piece):
    """Return the way down to an action or passage: (label, address) of its plan and its theme."""
    outline = reverse("plan_outline", args=[piece.plan.year])
    trail = [(str(piece.plan), outline)]
    if piece.theme:
        trail.append((piece.theme.name, f"{outline}#{anchor_of(piece.theme)}"))
    return trail


def _drafts():
    """Return the drafts of actions and passages, as {(model, key): version}."""
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in (Action, Passage)}
    drafts = Version.objects.drafts().filter(content_type__in=kinds).defer("content")
    return {(kinds[draft.content_type_id], draft.object_id): draft for draft in drafts}


def _piece(one, level, drafts):
    is_action = isinstance(one, Action)
    return Piece(
        label=_label(one),
        url=reverse(f"admin:plan_{one._meta.model_name}_change", args=[one.pk]),
        is_action=is_action,
        level=level,
        marks=tuple(_marks(one, drafts.get((type(one), one.pk)))),
        owner=(name_of(one.owner) or "zonder eigenaar") if is_action else "",
    )


def _label(one):
    """Return a heading or title, or the first words without the marks of markdown."""
    if isinstance(one, Action) or one.heading:
        return str(one)
    return f"{' '.join(re.sub(r'[*_#>`|]', '', str(one)).split())} …"


def _marks(one, draft):
    """Yield what an editor should know of how a piece stands."""
    if one.state == State.WITHDRAWN:
        yield "ingetrokken"
    elif one.published_at is None:
        yield "nog niet op de site"
    if draft is None:
        return
    if draft.draft_state == State.REVIEW:
        yield "ter beoordeling"
    elif one.published_at is not None:
        yield "concept"
    if draft.publish_at:
        yield "gepland"
