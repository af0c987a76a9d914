"""The drawing of a figure: where each part of its chart stands, for a template that only draws.

Lengths are in the units of the drawing, `WIDTH` wide. A chart has bars for one or two periods and
lines for more. Value and time axes are true to scale: values from 0, periods at their moment, so
that a year that was skipped leaves a gap.
"""

import textwrap
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from themes.numbers import written

WIDTH, HEIGHT = 640, 340
RIGHT, TOP, BOTTOM = 24, 34, 44
LETTER = 14  # how wide a letter is where letters are largest: on a phone
ROOM_FOR_NAMES = 160  # at the right, for the names of the lines
NAME_LENGTH = 12  # characters of a name on one line
BARS_UP_TO = 2  # periods
LABELS_UP_TO = 6  # points with their value written; of more, only the first and last have it
TIMES_UP_TO = 5  # labels on the time axis, which a phone has room for
TICKS = 4
PATTERNS = 4  # the ways in which lines differ besides colour


@dataclass
class Point:
    """A value in the drawing, or the place of a missing one on the axis (`missing`)."""

    x: float
    y: float
    label: str
    when: str
    provisional: bool
    missing: bool
    label_y: float = 0
    bar: dict | None = None


@dataclass
class Line:
    """The drawing of one area: stretches between known values, and where its name stands."""

    name: list
    pattern: int
    points: list
    stretches: list
    name_y: float = 0


@dataclass
class Chart:
    """Everything that the template draws."""

    width: int
    height: int
    left: int
    right: float
    top: int
    bottom: int
    bars: bool
    ticks: list
    times: list
    lines: list
    target: dict | None
    base: dict | None
    has_provisional: bool
    has_missing: bool


def chart(figure):
    """Return the Chart of a Figure, or None if there is no value to draw."""
    series = figure.series
    values = [one.value for line in series for one in line.available]
    if not values:
        return None
    indicator = figure.indicator
    if indicator.target is not None:
        values.append(indicator.target)
    steps = ticks(min(values), max(values))
    moments = sorted({one.when for line in series for one in line.measurements}, key=_middle)
    bars = len(moments) <= BARS_UP_TO
    right = WIDTH - (ROOM_FOR_NAMES if len(series) > 1 and not bars else RIGHT)
    labels = [written(step) + _sign(indicator) for step in steps]
    left = 20 + LETTER * max(map(len, labels))
    place = _Place(steps, moments, (left, right), bars=bars)
    lines = [_line(figure, line, number, place, len(series)) for number, line in enumerate(series)]
    _part_names(lines)
    points = [point for line in lines for point in line.points]
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=left,
        right=right,
        top=TOP,
        bottom=HEIGHT - BOTTOM,
        bars=bars,
        ticks=[
            {"y": place.y(step), "label": label} for step, label in zip(steps, labels, strict=True)
        ],
        times=_times(moments, place),
        lines=lines,
        target=_target(figure, place),
        base=_base(indicator, moments, place),
        has_provisional=any(point.provisional for point in points),
        has_missing=any(point.missing for point in points),
    )


def ticks(lowest, highest):
    """Return round values from 0, or below it, to at least `highest`: some four steps."""
    highest = max(highest, Decimal(0)) or (Decimal(1) if lowest >= 0 else Decimal(0))
    lowest = min(lowest, Decimal(0))
    rough = (highest - lowest) / TICKS
    power = Decimal(10) ** (rough.adjusted())
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= rough)
    first = (lowest / step).to_integral_value("ROUND_FLOOR")
    last = (highest / step).to_integral_value("ROUND_CEILING")
    return [step * number for number in range(int(first), int(last) + 1)]


class _Place:
    """Where values and moments stand in the drawing."""

    def __init__(self, steps, moments, edges, *, bars):
        self._low, self._high = steps[0], steps[-1]
        self._first, self._last = _middle(moments[0]), _middle(moments[-1])
        self._count = len(moments)
        self._left, self._right = edges
        self.bars = bars
        self._number = {moment: number for number, moment in enumerate(moments)}

    def x(self, moment):
        """Return where a period stands."""
        width = self._right - self._left
        if self.bars:
            return round(self._left + width * (self._number[moment] + 0.5) / self._count, 1)
        share = (_middle(moment) - self._first) / (self._last - self._first)
        return round(self._left + 24 + (width - 48) * share, 1)

    def y(self, value):
        """Return where a value stands."""
        share = float((value - self._low) / (self._high - self._low))
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    @property
    def floor(self):
        """Where 0 stands."""
        return self.y(Decimal(0))

    @property
    def width(self):
        """How wide the bars of one period are together."""
        return (self._right - self._left) / self._count * 0.5


def _line(figure, series, number, place, count):
    all_labelled = len(series.measurements) <= LABELS_UP_TO and (count == 1 or place.bars)
    labelled = series.available if all_labelled else series.available[:1] + series.available[-1:]
    points = [_point(figure, one, place, one in labelled) for one in series.measurements]
    if place.bars:
        for point in points:
            _make_bar(point, number, place, count)
    stretches = [
        {"x1": one.x, "y1": one.y, "x2": two.x, "y2": two.y, "provisional": two.provisional}
        for one, two in pairwise(points)
        if not (place.bars or one.missing or two.missing)
    ]
    name = textwrap.wrap(series.area, NAME_LENGTH)
    return Line(name, number % PATTERNS, points, stretches)


def _make_bar(point, number, place, count):
    """Let a point be a bar: `number` of the `count` that stand beside each other in its period."""
    each = place.width / count
    left = point.x - place.width / 2 + number * each
    top, foot = min(point.y, place.floor), max(point.y, place.floor)
    point.x = round(left + each / 2, 1)
    point.bar = {
        "x": round(left + 2, 1),
        "y": top,
        "width": round(each - 4, 1),
        "height": round(foot - top, 1),
    }


def _point(figure, measurement, place, labelled):
    missing = measurement.value is None
    y = place.floor if missing else place.y(measurement.value)
    return Point(
        x=place.x(measurement.when),
        y=y,
        label="" if missing or not labelled else figure_label(figure, measurement.value),
        when=measurement.when.label,
        provisional=measurement.provisional and not missing,
        missing=missing,
        label_y=round(y - 12, 1),
    )


def figure_label(figure, value):
    """Return a value as it stands in the drawing: short, with a sign for percent."""
    return written(value, figure.indicator.decimals) + _sign(figure.indicator)


def _sign(indicator):
    return "%" if indicator.unit == "%" else ""


def _part_names(lines):
    """Give names and values of the lines places where they don't stand on each other."""
    last = -100.0
    for line in sorted(lines, key=lambda one: one.points[-1].y):
        line.name_y = max(line.points[-1].y + 5, last)
        last = line.name_y + 28 * len(line.name)
    for point in (point for line in lines for point in line.points):
        others = [one for line in lines for one in line.points if one.x == point.x]
        if not point.bar and any(one.y < point.y for one in others if not one.missing):
            point.label_y = round(point.y + 28, 1)


def _times(moments, place):
    """Return the labels of the time axis; of many, those at even distance."""
    every = -(-len(moments) // TIMES_UP_TO)
    return [
        {"x": place.x(moment), "label": moment.short}
        for number, moment in enumerate(moments)
        if number % every == 0
    ]


def _target(figure, place):
    target = figure.indicator.target
    if target is None:
        return None
    return {"y": place.y(target), "label": f"streefwaarde {figure_label(figure, target)}"}


def _base(indicator, moments, place):
    of_year = [moment for moment in moments if moment.year == indicator.base_year]
    return (
        {"x": place.x(of_year[0]), "label": "basisjaar"} if of_year and len(moments) > 1 else None
    )


def _middle(moment):
    return moment.middle
