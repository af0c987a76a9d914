"""The filters of the search page: kind, theme and year."""

from django.http import QueryDict
from django.urls import reverse

from themes.models import Theme
from veiligalmere.pages.errors import NotFound
from veiligalmere.pages.search.documents import KINDS


class Filters:
    """The filters that the query string names, over the documents that words found.

    Values of one parameter are alternatives; parameters narrow each other. An empty value is
    ignored; an unknown one raises NotFound with the choices there are.
    """

    def __init__(self, query, words, index):
        self.words = words
        years = sorted({one.year for one in index.documents if one.year}, reverse=True)
        self.choices = {
            "soort": ("Soort", {kind.key: kind.plural for kind in KINDS}),
            "thema": ("Thema", {theme.slug: theme.name for theme in Theme.objects.public()}),
            "jaar": ("Jaar", {str(year): str(year) for year in years}),
        }
        self.chosen = {param: self._known(query, param) for param in self.choices}

    @property
    def any(self):
        """Whether anything is filtered."""
        return any(self.chosen.values())

    @property
    def reset_url(self):
        """The same search without filters."""
        return self.url(**dict.fromkeys(self.choices, ()))

    @property
    def active(self):
        """The filters in use, each with the address of the search without it."""
        return [
            {
                "label": self.choices[param][1][value],
                "remove_url": self.url(**{param: [one for one in chosen if one != value]}),
            }
            for param, chosen in self.chosen.items()
            for value in chosen
        ]

    def url(self, words=None, **changes):
        """Return the address of this search, with `words` and filters replaced."""
        query = QueryDict(mutable=True)
        query["zoek"] = self.words if words is None else words
        for param, chosen in self.chosen.items():
            query.setlist(param, changes.get(param, chosen))
        return f"{reverse('search')}?{query.urlencode()}"

    def apply(self, documents, *, but=None):
        """Return those of `documents` that pass the filters, leaving out the parameter `but`."""
        active = {param: chosen for param, chosen in self.chosen.items() if chosen and param != but}
        if not active:
            return documents
        return [
            document
            for document in documents
            if all(
                any(value in chosen for value in values_of(document, param))
                for param, chosen in active.items()
            )
        ]

    def groups(self, documents):
        """Return the filter groups for the panel; choices that nothing has are left out."""
        groups = []
        for param, (legend, labels) in self.choices.items():
            counts = dict.fromkeys(labels, 0)
            for document in self.apply(documents, but=param):
                for value in values_of(document, param):
                    counts[value] = counts.get(value, 0) + 1
            options = [
                {
                    "value": value,
                    "label": label,
                    "count": counts[value],
                    "selected": value in self.chosen[param],
                }
                for value, label in labels.items()
                if counts[value] or value in self.chosen[param]
            ]
            groups.append({"param": param, "legend": legend, "options": options})
        return [group for group in groups if group["options"]]

    def _known(self, query, param):
        legend, labels = self.choices[param]
        values = [value for value in dict.fromkeys(query.getlist(param)) if value]
        unknown = next((value for value in values if value not in labels), None)
        if unknown is not None:
            base = QueryDict(mutable=True)
            base["zoek"] = self.words
            address = f"{reverse('search')}?{base.urlencode()}"
            raise NotFound(
                f"In het filter “{legend}” bestaat de keuze “{unknown[:60]}” niet.",
                [(label, f"{address}&{param}={value}") for value, label in labels.items()],
                "De keuzes die er zijn:",
            )
        return values


def values_of(document, param):
    """Return the values that `document` has for a filter's parameter."""
    if param == "soort":
        return (document.kind,)
    if param == "thema":
        return document.themes
    return (str(document.year),) if document.year else ()
