"""The target and the base year in a drawing: their lines, and the words at them."""

from dataclasses import dataclass
from itertools import product

from veiligalmere.pages.figures.labels import (
    AIR,
    ASCENT,
    DESCENT,
    LINE,
    POINT,
    Box,
    Spot,
    box_of,
    boxes_along,
    free_spot,
)

PLACES = 8  # along the line of the target, where its words may stand


@dataclass
class Mark:
    """A line at `at`: over the width for a target, over the height for a base year.

    `spot` is where its words stand, or None if nowhere in the drawing is room: then the legend has
    them.
    """

    at: float
    label: str
    spot: Spot | None = None


def place(target, base, lines, taken, room):
    """Give the Marks `target` and `base`, each may be None, a spot in `room` for their words.

    None stands on what is `taken` (the texts and the line of the target), on what is drawn of
    `lines`, or on the other mark.
    """
    taken = [*taken, *(box for line in lines for box in _drawn(line, room))]
    if base:
        beside = [] if _bars(lines) else _beside(base, room)
        base.spot = free_spot(base.label, [*_above(base, room), *beside], taken, room)
        taken += boxes_along(base.at, room.top + ASCENT, base.at, room.bottom)
        if base.spot:
            taken.append(box_of(base.label, *base.spot))
    if target:
        target.spot = free_spot(target.label, _along(target, room), taken, room)


def line_of_target(target, room):
    """Return the Boxes that the line of the target takes, if there is one."""
    return boxes_along(room.left, target.at, room.right, target.at) if target else []


def _above(base, room):
    """Return the spots at the upper end of the line of the base year."""
    foot = room.top + ASCENT + AIR
    return [Spot(base.at, foot, anchor) for anchor in ("middle", "start", "end")]


def _beside(base, room):
    """Return the spots beside the line of the base year, from its upper end downward."""
    feet = range(int(room.top) + ASCENT + LINE, int(room.bottom), LINE // 2)
    sides = (("start", 2 * AIR), ("end", -2 * AIR))
    return [Spot(base.at + step, foot, anchor) for foot, (anchor, step) in product(feet, sides)]


def _along(target, room):
    """Return the spots above and below the line of the target, from its ends inward."""
    ends = [(room.right - 1, "end"), (room.left + 1, "start")]
    step = (room.right - room.left) / PLACES
    between = [(round(room.right - step * place, 1), "middle") for place in range(1, PLACES)]
    # First close to the line, then past the points that lie on it.
    feet = [
        round(foot, 1)
        for gap in (AIR + 1, AIR + POINT)
        for foot in (target.at - DESCENT - gap, target.at + ASCENT + gap)
    ]
    return [
        Spot(x, foot, anchor)
        for two in (feet[:2], feet[2:])
        for (x, anchor), foot in product(ends + between, two)
    ]


def _drawn(line, room):
    """Return Boxes of what is drawn of a line: its stretches, points or bars, and its name."""
    for one in line.stretches:
        yield from boxes_along(one["x1"], one["y1"], one["x2"], one["y2"])
    for bar in _bars([line]):
        yield Box(bar["x"], bar["y"] - AIR, bar["x"] + bar["width"], room.bottom)


def _bars(lines):
    return [point.bar for line in lines for point in line.points if point.bar and not point.missing]
