"""Filters over things that are in memory, as the query string names them."""

from collections import Counter

from django.http import QueryDict

from veiligalmere.pages.errors import UnknownChoice

LONG = 9  # options; a group with as many is shut until one of them is chosen


class Filters:
    """The filters of a list; values of one parameter are alternatives, parameters narrow.

    `choices` are {parameter: (legend, {value: label})}, `items` what is filtered, and
    `values_of(item, parameter)` gives the values that one has. `address` is that of the list,
    `given` are {parameter: value} that stay whatever is filtered. With `only_used`, a choice that
    no item has is left out; `nested` are {parameter: values that belong below the one before
    them}; `hidden` are parameters that filter, but are not offered. An empty value and an unknown
    parameter are ignored; an unknown value raises UnknownChoice with those that there are.
    """

    def __init__(
        self,
        query,
        choices,
        items,
        values_of,
        *,
        address,
        given=(),
        only_used=False,
        nested=(),
        hidden=(),
    ):
        self.choices = choices
        self._items, self._values_of = items, values_of
        self._address, self._given = address, dict(given)
        self._only_used, self._nested, self._hidden = only_used, dict(nested), hidden
        self.chosen = dict.fromkeys(choices, ())
        self.chosen |= {param: self._known(query, param) for param in choices}

    @property
    def any(self):
        """Whether anything is filtered."""
        return any(self.chosen.values())

    @property
    def reset_url(self):
        """The list without filters."""
        return self.url(**dict.fromkeys(self.choices, ()))

    @property
    def active(self):
        """The filters in use, each with the address of the list without it.

        What two of them are called, as a subject and a place may be, has its legend before it.
        """
        used = [(param, value) for param, chosen in self.chosen.items() for value in chosen]
        named = Counter(self.choices[param][1][value] for param, value in used)
        active = []
        for param, value in used:
            legend, labels = self.choices[param]
            label = labels[value]
            others = [one for one in self.chosen[param] if one != value]
            active.append(
                {
                    "label": f"{legend} {label}" if named[label] > 1 else label,
                    "remove_url": self.url(**{param: others}),
                }
            )
        return active

    @property
    def groups(self):
        """The filter groups for the panel, each option with its count; none without options."""
        groups = [
            _group(param, legend, self._options(param, labels))
            for param, (legend, labels) in self.choices.items()
            if param not in self._hidden
        ]
        return [group for group in groups if group["options"]]

    def url(self, **changes):
        """Return the list's address with these filters, the parameters in `changes` replaced."""
        query = QueryDict(mutable=True)
        for param, value in (self._given | self.chosen | changes).items():
            query.setlist(param, [value] if isinstance(value, str) else value)
        encoded = query.urlencode()
        return f"{self._address}?{encoded}" if encoded else self._address

    def passing(self, *, but=None):
        """Return the items that pass the filters, leaving out the parameter `but`."""
        active = {param: chosen for param, chosen in self.chosen.items() if chosen and param != but}
        if not active:
            return self._items
        return [
            item
            for item in self._items
            if all(
                any(value in chosen for value in self._values_of(item, param))
                for param, chosen in active.items()
            )
        ]

    def _options(self, param, labels):
        counts = dict.fromkeys(labels, 0)
        for item in self.passing(but=param):
            for value in self._values_of(item, param):
                counts[value] = counts.get(value, 0) + 1
        return [
            {
                "value": value,
                "label": label,
                "count": counts[value],
                "selected": value in self.chosen[param],
                "nested": value in self._nested.get(param, ()),
            }
            for value, label in labels.items()
            if counts[value] or value in self.chosen[param] or not self._only_used
        ]

    def _known(self, query, param):
        legend, labels = self.choices[param]
        values = [value for value in dict.fromkeys(query.getlist(param)) if value]
        unknown = next((value for value in values if value not in labels), None)
        if unknown is not None:
            nothing = dict.fromkeys(self.choices, ())
            raise UnknownChoice(
                param,
                unknown,
                f"In het filter “{legend}” bestaat de keuze “{unknown[:60]}” niet.",
                [(label, self.url(**nothing | {param: value})) for value, label in labels.items()],
                "De keuzes die er zijn:",
            )
        return values


def _group(param, legend, options):
    is_open = len(options) < LONG or any(one["selected"] for one in options)
    return {"param": param, "legend": legend, "options": options, "is_open": is_open}
