"""The drawing of a figure: where each part of its chart stands, for a template that only draws.

Lengths are in the units of the drawing, `WIDTH` wide. A chart has bars for one or two periods and
lines for more. Value and time axes are true to scale: values from 0, periods at their moment, so
that a year that was skipped leaves a gap.
"""

import textwrap
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from veiligalmere.editorial.numbers import written
from veiligalmere.pages.figures import labels, marks

WIDTH, HEIGHT = 640, 340
RIGHT, TOP, BOTTOM = 24, 34, 44
NAME_LENGTH, LONGEST_NAME = 10, 16  # characters of a name on one line
BARS_UP_TO = 2  # periods
LABELS_UP_TO = 6  # points with their value written; of more, only the first and last have it
TICKS = 4
PATTERNS = 4  # the ways in which lines and bars differ besides colour: no more are drawn


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
    """The drawing of one area: stretches between known values, and where its name stands.

    `name` is cut into the `lines` in which it stands beside the line; without them it does not.
    """

    name: str
    lines: list
    pattern: int
    points: list
    stretches: list


@dataclass
class Chart:
    """Everything that the template draws; it begins at `view_top`, 0 or higher up."""

    width: int
    height: int
    view_top: int
    left: int
    right: float
    top: int
    bottom: int
    bars: bool
    ticks: list
    times: list
    lines: list
    target: marks.Mark | None
    base: marks.Mark | None
    has_provisional: bool
    has_missing: bool
    has_all: bool  # areas: the table does

    @property
    def marks(self):
        """The marks that there are."""
        return [mark for mark in (self.target, self.base) if mark]

    @property
    def names_in_legend(self):
        """Whether the drawing itself does not tell its areas apart by name."""
        return len(self.lines) > 1 and not any(line.lines for line in self.lines)

    @property
    def has_legend(self):
        """Whether anything in it needs explaining."""
        return bool(
            self.names_in_legend
            or any(mark.spot is None for mark in self.marks)
            or self.has_provisional
            or self.has_missing
            or not self.has_all
        )


def chart(figure):
    """Return the Chart of a Figure, or None if there is no value to draw."""
    series = figure.series[:PATTERNS]
    values = [one.value for line in series for one in line.available]
    if not values:
        return None
    indicator = figure.indicator
    if indicator.target is not None:
        values.append(indicator.target)
    steps = ticks(min(values), max(values))
    moments = sorted({one.when for line in series for one in line.measurements}, key=_middle)
    bars = len(moments) <= BARS_UP_TO
    names = [[]] * len(series) if bars or len(series) == 1 else _names(series, steps)
    right = WIDTH - _room_for(names)
    scale = [written(step) + _sign(indicator) for step in steps]
    left = 20 + max(map(labels.width_of, scale))
    place = _Place(figure, series, steps, moments, (left, right))
    lines = [
        Line(line.area, name, number, *_drawn(figure, line, number, place, len(series)))
        for number, (line, name) in enumerate(zip(series, names, strict=True))
    ]
    points = [point for line in lines for point in line.points]
    room = labels.Box(left, 0, right, HEIGHT - BOTTOM)
    target, base = _target(figure, place), _base(indicator, moments, place)
    line = marks.line_of_target(target, room)
    taken = labels.place(points, bars=bars, floor=room.bottom, line=line)
    marks.place(target, base, lines, taken, room)
    feet = [one.label_y for one in points if one.label]
    feet += [part["y"] for line in lines for part in line.lines]
    highest = min(feet, default=labels.ASCENT) - labels.ASCENT
    return Chart(
        width=WIDTH,
        height=HEIGHT - min(0, round(highest)),
        view_top=min(0, round(highest)),
        left=left,
        right=right,
        top=TOP,
        bottom=HEIGHT - BOTTOM,
        bars=bars,
        ticks=[
            {"y": place.y(step), "label": label} for step, label in zip(steps, scale, strict=True)
        ],
        times=_times(moments, place),
        lines=lines,
        target=target,
        base=base,
        has_provisional=any(point.provisional for point in points),
        has_missing=any(point.missing for point in points),
        has_all=len(series) == len(figure.series),
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

    def __init__(self, figure, series, steps, moments, edges):
        self._steps = steps
        self._first, self._last = _middle(moments[0]), _middle(moments[-1])
        self._count = len(moments)
        self._left, self._right = edges
        self.bars = len(moments) <= BARS_UP_TO
        # At both ends of the time axis, so that the first and last label stay within the drawing.
        texts = [_label(figure, one) for line in series for one in line.measurements]
        texts += [moment.short for moment in moments]
        widest = max(map(labels.width_of, texts))
        self._margin = min(max(24, widest / 2 + 4), (self._right - self._left) * 0.3)
        self._share = 0.5 if len(series) == 1 else 0.84
        self._number = {moment: number for number, moment in enumerate(moments)}

    def x(self, moment):
        """Return where a period stands."""
        width = self._right - self._left
        if self.bars:
            return round(self._left + width * (self._number[moment] + 0.5) / self._count, 1)
        share = (_middle(moment) - self._first) / (self._last - self._first)
        return round(self._left + self._margin + (width - 2 * self._margin) * share, 1)

    def y(self, value):
        """Return where a value stands."""
        return _height(value, self._steps)

    @property
    def floor(self):
        """Where 0 stands."""
        return self.y(Decimal(0))

    @property
    def width(self):
        """How wide the bars of one period are together."""
        return (self._right - self._left) / self._count * self._share


def _height(value, steps):
    """Return where a value stands among the `steps` of its axis."""
    share = float((value - steps[0]) / (steps[-1] - steps[0]))
    return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)


def _drawn(figure, series, number, place, count):
    """Return the points of a line or of its bars, and the stretches between them."""
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
    return points, stretches


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
    return Point(
        x=place.x(measurement.when),
        y=place.floor if missing else place.y(measurement.value),
        label=_label(figure, measurement) if missing or labelled else "",
        when=measurement.when.label,
        provisional=measurement.provisional and not missing,
        missing=missing,
    )


def _label(figure, measurement):
    return "n.b." if measurement.value is None else figure_label(figure, measurement.value)


def figure_label(figure, value):
    """Return a value as it stands in the drawing: short, with a sign for percent."""
    return written(value, figure.indicator.decimals) + _sign(figure.indicator)


def _sign(indicator):
    return "%" if indicator.unit == "%" else ""


def _in_lines(name):
    """Return a name in the lines in which it stands beside its line.

    They are as few as can be, or it would push others from the ends of theirs; and then as short.
    """
    longest = min(max(map(len, name.split()), default=0), LONGEST_NAME)
    ways = [
        textwrap.wrap(name, length) for length in range(max(NAME_LENGTH, longest), LONGEST_NAME + 1)
    ]
    return min(ways, key=len)


def _room_for(names):
    """Return the room at the right of the lines, with `names` in it."""
    parts = [part["text"] for name in names for part in name]
    return RIGHT + max(map(labels.width_of, parts), default=0)


def _names(series, steps):
    """Return for each of `series` its name in lines, in places beside the end of its line.

    None stands on another. Where that would push one away from its own end, to that of another
    perhaps, all are left out.
    """
    ends = [_height(line.measurements[-1].value or Decimal(0), steps) for line in series]
    names = [_in_lines(line.area) for line in series]
    heights = [labels.LINE * len(name) for name in names]
    order = sorted(range(len(series)), key=lambda number: (ends[number], series[number].area))
    tops = labels.spread(
        [ends[number] - labels.ASCENT / 2 for number in order],
        [heights[number] for number in order],
        top=0,
        bottom=HEIGHT - BOTTOM,
    )
    placed = [[]] * len(series)
    for number, top in zip(order, tops, strict=True):
        if not -labels.LINE <= ends[number] - top <= heights[number] + labels.LINE:
            return [[]] * len(series)
        placed[number] = [
            {"text": text, "y": round(top + labels.ASCENT + labels.LINE * row, 1)}
            for row, text in enumerate(names[number])
        ]
    return placed


def _times(moments, place):
    """Return the labels of the time axis: as many as there is room for."""
    times, last = [], None
    for moment in moments:
        box = labels.box_of(f"{moment.short} ", place.x(moment), 0)
        if last is None or not box.meets(last):
            times.append({"x": place.x(moment), "label": moment.short})
            last = box
    return times


def _target(figure, place):
    target = figure.indicator.target
    if target is None:
        return None
    return marks.Mark(place.y(target), f"streefwaarde {figure_label(figure, target)}")


def _base(indicator, moments, place):
    of_year = [moment for moment in moments if moment.year == indicator.base_year]
    return (
        marks.Mark(place.x(of_year[0]), f"basisjaar {indicator.base_year}")
        if of_year and len(moments) > 1
        else None
    )


def _middle(moment):
    return moment.middle
