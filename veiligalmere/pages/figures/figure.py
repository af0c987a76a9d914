"""What a figure says: its latest value, how that compares, and whether an update is late."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils import timezone

from themes.models import Indicator, Measurement
from themes.words import fold
from veiligalmere.editorial.numbers import rounded, written
from veiligalmere.pages import records
from veiligalmere.pages.once import once


@dataclass
class Series:
    """The measurements of one area in the order of time, of one length of period."""

    area: str
    measurements: list

    @property
    def available(self):
        """Those that have a value."""
        return [one for one in self.measurements if one.value is not None]


class Figure:
    """An indicator with its measurements, read for showing; makes no query of its own.

    `indicator` has its theme and measurements at hand.
    """

    def __init__(self, indicator):
        self.indicator = indicator

    @cached_property
    def measurements(self):
        """All measurements: Almere first, then by area, each in the order of time."""

        def order(one):
            # By the area itself too: two that fold alike are still two.
            area = (one.area != Measurement.HOME, fold(one.area), one.area)
            return (*area, one.when.start, one.period)

        return sorted(self.indicator.measurements.all(), key=order)

    @cached_property
    def series(self):
        """The series to draw: per area the periods of the length that the main area has most of."""
        by_area = [
            (area, list(found))
            for area, found in groupby(self.measurements, key=lambda one: one.area)
        ]
        if not by_area:
            return []
        lengths = [one.when.months for one in by_area[0][1]]
        length = max(set(lengths), key=lambda months: (lengths.count(months), months))
        chosen = (
            Series(area, [one for one in found if one.when.months == length])
            for area, found in by_area
        )
        return [one for one in chosen if one.measurements]

    @property
    def area(self):
        """The main area if that is not the whole city; else empty, for it goes without saying."""
        area = self.series[0].area if self.series else Measurement.HOME
        return "" if area == Measurement.HOME else area

    @cached_property
    def latest(self):
        """The latest measurement of the main area that has a value, or None."""
        return self.series[0].available[-1] if self.series and self.series[0].available else None

    @property
    def latest_value(self):
        """The latest value with its unit."""
        return self.value(self.latest)

    @cached_property
    def base(self):
        """What the latest is compared with: the base year, without one the first; or None."""
        if self.latest is None:
            return None
        earlier = [one for one in self.series[0].available if one.period < self.latest.period]
        year = self.indicator.base_year
        of_base_year = [one for one in earlier if one.when.year == year]
        return next(iter(earlier if year is None else of_base_year), None)

    def value(self, measurement):
        """Return a measurement's value with its unit: "31%", "9.853", "4,2 per 1.000 inwoners"."""
        return self.with_unit(measurement.value)

    def short(self, measurement):
        """Return a measurement's value as it stands where the unit is known: "31%", "4,2"."""
        text = written(measurement.value, self.indicator.decimals)
        is_percentage = self.indicator.unit == "%" and measurement.value is not None
        return f"{text}%" if is_percentage else text

    def with_unit(self, number):
        """Return a number in this figure's unit; "niet beschikbaar" for None."""
        text = written(number, self.indicator.decimals)
        unit = self.indicator.unit
        if number is None or unit == "aantal":
            return text
        return f"{text}%" if unit == "%" else f"{text} {unit}"

    @cached_property
    def change(self):
        """How the latest differs from the base, in words; empty if there is nothing to compare.

        It follows from the values as they are shown: else it would contradict what stands beside.
        """
        if self.base is None:
            return ""
        decimals = self.indicator.decimals
        latest, base = (rounded(one.value, decimals) for one in (self.latest, self.base))
        then = f"dan {self.base.when.in_words} ({self.value(self.base)})"
        if latest == base:
            return f"evenveel als {self.base.when.in_words}"
        way = "meer" if latest > base else "minder"
        difference = abs(latest - base)
        if self.indicator.unit == "%":
            return f"{written(difference, decimals)} procentpunt {way} {then}"
        # Of what is not above 0, a share tells nothing.
        share = difference * 100 / base if base > 0 else 0
        if rounded(share, 1) == 0:
            return f"{self.with_unit(difference)} {way} {then}"
        return f"{written(share, 0 if share >= 10 else 1)}% {way} {then}"

    @cached_property
    def message(self):
        """The figure in one or two sentences, computed from its measurements."""
        if self.latest is None:
            return self._of_area("er is nog geen cijfer beschikbaar.")
        provisional = ", een voorlopig cijfer" if self.latest.provisional else ""
        first = f"{self.latest.when.in_words} was dit {self.value(self.latest)}{provisional}."
        second = f" Dat is {self.change}." if self.change else ""
        return self._of_area(first + second + self._missing)

    @property
    def better(self):
        """Which way the city wants it to go, as a sentence; empty if that is not settled."""
        label = self.indicator.get_better_display().capitalize()
        return "" if self.indicator.better == self.indicator.Better.NONE else f"{label}."

    @property
    def is_late(self):
        """Whether the day on which the next value was due has passed."""
        due = self.indicator.next_update
        return due is not None and due < timezone.localdate()

    def _of_area(self, sentence):
        """Return a sentence with the main area before it, if that has to be named."""
        return f"{self.area}: {sentence}" if self.area else f"{sentence[0].upper()}{sentence[1:]}"

    @property
    def _missing(self):
        last = self.series[0].measurements[-1]
        if last.value is None:
            return f" Over {last.when.in_words.removeprefix('in ')} is het niet beschikbaar."
        return ""


def figures(keys):
    """Return the Figures of the public indicators among `keys`, in their order.

    They have all that they show at hand, and are shared between pages: change nothing in them.
    """
    wanted = [key for key in records.indicators().by_slug.values() if key in keys]

    def make(missing):
        found = Indicator.objects.in_order().filter(pk__in=missing)
        return {indicator.pk: Figure(indicator) for indicator in found}

    return once.variants("figures", wanted, make)
