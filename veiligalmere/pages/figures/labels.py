"""Where the texts in a drawing stand, so that none stands on another."""

from typing import NamedTuple

LETTER = 14  # how wide a letter is where letters are largest: on a phone
ASCENT, DESCENT = 22, 6  # what a text takes above and below its line there
LINE = ASCENT + DESCENT
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


def width_of(text):
    """Return how wide a text is where letters are largest."""
    return LETTER * len(text)


def box_of(text, x, y):
    """Return the Box of a text that has its middle at `x` and stands on `y`."""
    half = width_of(text) / 2
    return Box(x - half, y - ASCENT, x + half, y + DESCENT)


def place(points, *, bars, floor):
    """Give each of `points` (see `chart.Point`) a `label_y` at which its label stands free.

    A label stands above its point or bar, or higher; those of other lines, further down at the same
    moment, below theirs. None stands lower than `floor`. A label for which there is no room is left
    out: the table has its value.
    """
    taken = [] if bars else [_mark(point) for point in points if not point.missing]
    highest = {}
    for point in sorted(points, key=lambda one: (one.y, one.x)):
        if not point.label:
            continue
        is_highest = bars or point.missing or highest.setdefault(point.x, point) is point
        foot = point.y if point.bar is None else point.bar["y"]
        for step in _steps(bars, is_highest):
            box = box_of(point.label, point.x, foot + step)
            if box.bottom <= floor and not any(box.meets(one) for one in taken):
                point.label_y = round(foot + step, 1)
                taken.append(box)
                break
        else:
            point.label = ""


def _steps(bars, is_highest):
    """Return the places to try for a label, from its point: the best first."""
    up, down = (
        [start + sign * LINE * number for number in range(6)]
        for start, sign in ((ABOVE, -1), (BELOW, 1))
    )
    if bars:
        return up
    return [up[0], *down, *up[1:]] if is_highest else [*down, *up]


def spread(wanted, heights, *, top, bottom):
    """Return places for things of these heights that stand above each other, in the order given.

    `wanted` is where each would begin. They are moved as little as is simple: down, and all of
    them up again from `bottom` as far as there is room below `top`.
    """
    places, last = [], top
    for place_wanted, height in zip(wanted, heights, strict=True):
        places.append(max(place_wanted, last))
        last = places[-1] + height
    limit = bottom
    for number in range(len(places) - 1, -1, -1):
        limit -= heights[number]
        if places[number] <= limit:
            break
        places[number] = limit
    return places


def _mark(point):
    return Box(point.x - POINT, point.y - POINT, point.x + POINT, point.y + POINT)
