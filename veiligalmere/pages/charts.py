"""Geometry of the drawn charts, in whole numbers; the templates only write them down."""

from dataclasses import dataclass
from datetime import date
from itertools import accumulate

BAR_WIDTH = 1000
GAP = 6  # between two parts of a bar, so that they are told apart without colour
NARROWEST = 10  # a part of one in a thousand can still be seen


@dataclass(frozen=True)
class Part:
    """A part of a bar: what it stands for, and from where it runs how far."""

    status: object
    count: int
    x: int
    width: int


def bar(statuses):
    """Return the parts of one bar that is BAR_WIDTH wide, from (status, count) pairs."""
    shown = [(status, count) for status, count in statuses if count]
    total = sum(count for _status, count in shown)
    room = BAR_WIDTH - GAP * max(0, len(shown) - 1)
    spare = room - NARROWEST * len(shown)
    parts, x = [], 0
    for index, (status, count) in enumerate(shown):
        width = NARROWEST + spare * count // total
        if index == len(shown) - 1:
            width = BAR_WIDTH - x
        parts.append(Part(status, count, x, width))
        x += width + GAP
    return parts


def status_chart(tally, *, key, title, list_url=""):
    """Return what `includes/status-chart.html` shows of `tally`.

    `key` makes its ids unique on the page, `title` names what is counted. `list_url` is the
    address of the list of what is counted, if there is one, up to the value of the status.
    """
    return {
        "key": key,
        "title": title,
        "sentence": tally.sentence,
        "parts": bar(tally.statuses),
        "rows": [
            (status, count, f"{list_url}{status.value}" if list_url and count else "")
            for status, count in tally.statuses
        ],
        "total": tally.total,
    }


def status_table(tally, themes, *, key, title):
    """Return what `includes/status-table.html` shows: a bar and the counts of each theme.

    `themes` are (primary key, name, colour key) of the rows, in order.
    """
    rows = []
    for pk, name, colour in themes:
        part = tally.of_theme(pk)
        rows.append(
            {
                "name": name,
                "colour": colour,
                "parts": bar(part.statuses),
                "counts": part.statuses,
                "total": part.total,
            }
        )
    return {
        "key": key,
        "title": title,
        "rows": rows,
        "statuses": [status for status, _count in tally.statuses],
        "totals": tally.statuses,
        "total": tally.total,
    }


@dataclass(frozen=True)
class Mark:
    """A mark on a drawn timeline."""

    step: object
    x: int

    @property
    def left(self):
        """Where its sign, which is 24 wide, begins."""
        return self.x - 12


TIMELINE_WIDTH = 640
EDGE = 16  # half a mark
APART = 34  # two marks never touch


def timeline(steps):
    """Return what `includes/timeline.html` draws of `steps`, each with a `day`; oldest first.

    Marks stand where their day falls between the first and the last one, but never on top of each
    other: where there are too many for that, they are spread evenly. They are in the order of the
    steps, in which a day may come after a later one.
    """
    if not steps:
        return None
    days = [step.day for step in steps]
    room = TIMELINE_WIDTH - 2 * EDGE
    if APART * (len(days) - 1) > room:
        places = [EDGE + room * index // (len(days) - 1) for index in range(len(days))]
    else:
        places = _apart(_by_day(list(accumulate(days, max)), room))
    return {
        "marks": [Mark(step, x) for step, x in zip(steps, places, strict=True)],
        "width": TIMELINE_WIDTH,
        "first": min(days),
        "last": max(days),
    }


def _by_day(days: list[date], room):
    span = (days[-1] - days[0]).days
    return [EDGE + (room * (day - days[0]).days // span if span else 0) for day in days]


def _apart(places):
    """Push marks to the right until they are APART, and then back from the edge."""
    for index in range(1, len(places)):
        places[index] = max(places[index], places[index - 1] + APART)
    limit = TIMELINE_WIDTH - EDGE
    for index in reversed(range(len(places))):
        places[index] = min(places[index], limit)
        limit = places[index] - APART
    return places
