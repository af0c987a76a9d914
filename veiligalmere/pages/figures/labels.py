"""Where the texts in a drawing stand, so that none stands on another."""

from itertools import accumulate, pairwise
from math import inf
from typing import NamedTuple

LETTER = 14  # how wide a letter is where letters are largest: on a phone
ASCENT, DESCENT = 22, 6  # what a text takes above and below its line there
LINE = ASCENT + DESCENT
AIR = 3  # between a text and a line
POINT = 8  # from the middle of a point to its edge, with some air
ABOVE, BELOW = -POINT - DESCENT, POINT + ASCENT  # from a point to the line of its text


class Box(NamedTuple):
    """A part of the drawing, in its units."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other):
        """Whether the two have any room in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other):
        """Whether all of `other` is within this."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


class Spot(NamedTuple):
    """A place for a text: it stands on `y`; `anchor` says what of it is at `x`, as SVG names it."""

    x: float
    y: float
    anchor: str


def width_of(text):
    """Return how wide a text is where letters are largest."""
    return LETTER * len(text)


def box_of(text, x, y, anchor="middle"):
    """Return the Box of a text that stands on `y`; `anchor` says what of it is at `x`."""
    width = width_of(text)
    left = x - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
    return Box(left, y - ASCENT, left + width, y + DESCENT)


def free_spot(text, spots, taken, room):
    """Return the first of `spots` where a text is within `room` and meets no Box that is `taken`.

    None if there is none.
    """
    for spot in spots:
        box = box_of(text, *spot)
        if room.holds(box) and not any(box.meets(one) for one in taken):
            return spot
    return None


def boxes_along(x1, y1, x2, y2):
    """Return Boxes that cover a line from one point to another, with some air."""
    pieces = int(max(abs(x2 - x1), abs(y2 - y1)) // POINT) + 1
    steps = [number / pieces for number in range(pieces + 1)]
    ends = [(x1 + (x2 - x1) * step, y1 + (y2 - y1) * step) for step in steps]
    return [
        Box(min(x, x_next) - AIR, min(y, y_next) - AIR, max(x, x_next) + AIR, max(y, y_next) + AIR)
        for (x, y), (x_next, y_next) in pairwise(ends)
    ]


def place(points, *, bars, floor, line=()):
    """Give each of `points` (see `chart.Point`) a `label_y` at which its label stands free.

    A label stands above its point or bar, or higher; those of other lines, further down at the same
    moment, below theirs. None stands lower than `floor`, or past the point of another line, as if
    it were of that one. A label for which there is no room is left out: the table has its value.
    `line` has Boxes of a line that a label crosses only if it would else stand far from its point.
    Returns the Boxes that are taken by then.
    """
    taken = [] if bars else [_mark(point) for point in points if not point.missing]
    highest = {}
    for point in sorted(points, key=lambda one: (one.y, one.x)):
        if not point.label:
            continue
        is_highest = bars or point.missing or highest.setdefault(point.x, point) is point
        foot = point.y if point.bar is None else point.bar["y"]
        room = Box(-inf, -inf, inf, floor)
        near, all_steps = (
            [
                Spot(point.x, foot + step, "middle")
                for step in steps
                if not _passes_another(point, foot + step, points)
            ]
            for steps in _steps(bars, is_highest)
        )
        spot = free_spot(point.label, near, [*taken, *line], room)
        spot = spot or free_spot(point.label, all_steps, taken, room)
        if spot:
            point.label_y = round(spot.y, 1)
            taken.append(box_of(point.label, *spot))
        else:
            point.label = ""
    return [*taken, *line]


def _passes_another(point, y, points):
    """Whether one of `points`, of another line at the same moment, is between `point` and `y`."""
    low, high = sorted((point.y, y))
    return any(one.x == point.x and low < one.y < high and not one.missing for one in points)


def _steps(bars, is_highest):
    """Return the places to try for a label, from its point: the near ones, and all, best first."""
    up, down = (
        [start + sign * LINE * number for number in range(6)]
        for start, sign in ((ABOVE, -1), (BELOW, 1))
    )
    if bars:
        return up[:2], up
    if is_highest:
        return [up[0], down[0], up[1]], [up[0], *down, *up[1:]]
    return [down[0], up[0]], [*down, *up]


def spread(wanted, heights, *, top, bottom):
    """Return places for things of these heights that stand above each other, in the order given.

    `wanted` is where each would begin. They are moved as little as can be: those that would stand
    on each other are a pile, as far above as below what its things want. All stand between `top`
    and `bottom`, or begin above `top` if there is no room.
    """
    piles = []
    for place, height in zip(wanted, heights, strict=True):
        piles.append(_pile([place], [height], top, bottom))
        while len(piles) > 1 and piles[-2].end > piles[-1].begin:
            below, above = piles.pop(), piles.pop()
            both = above.wanted + below.wanted, above.heights + below.heights
            piles.append(_pile(*both, top, bottom))
    return [place for pile in piles for place in _one_above_another(pile.heights, pile.begin)]


class _Pile(NamedTuple):
    """Things that stand close above each other."""

    wanted: list
    heights: list
    begin: float
    end: float


def _pile(wanted, heights, top, bottom):
    """Return a _Pile of these things, where most of them are best off."""
    height = sum(heights)
    moved = [place - at for place, at in zip(wanted, _one_above_another(heights, 0), strict=True)]
    begin = min(bottom - height, max(top, sum(moved) / len(moved)))
    return _Pile(wanted, heights, begin, begin + height)


def _one_above_another(heights, begin):
    return accumulate(heights[:-1], initial=begin)


def _mark(point):
    return Box(point.x - POINT, point.y - POINT, point.x + POINT, point.y + POINT)
