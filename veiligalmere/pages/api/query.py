"""What is asked of a collection: the page, the fields and the filters, or why that can't be."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator

from veiligalmere.editorial.addresses import absolute
from veiligalmere.pages.api.answers import Problem
from veiligalmere.pages.api.filters import SHOWN, whole_number

PAGE_SIZE, MAX_PAGE_SIZE = 50, 100
MAX_PAGE = 1_000_000
ONCE = ("page", "pageSize", "fields")


@dataclass(frozen=True)
class Query:
    """What is asked of `kind`; `filters` are pairs of a filter and its values as text.

    `fields` are names, or None for all of them.
    """

    kind: object
    filters: tuple
    fields: tuple | None
    page: int
    page_size: int

    @classmethod
    def of(cls, request, kind):
        """Read the query string; raise Problem 400 on a parameter or value that is unknown."""
        known = {one.name: one for one in kind.filters}
        given = _given(request, [*known, *ONCE])
        return cls(
            kind,
            tuple((known[name], values) for name, values in given.items() if name in known),
            _fields(given, kind),
            _number(given, "page", 1, MAX_PAGE),
            _number(given, "pageSize", PAGE_SIZE, MAX_PAGE_SIZE),
        )

    def answer(self):
        """Return the page asked for; raise Problem 404 if there is no such page."""
        selection = self.kind.filtered([(one, one.read(texts)) for one, texts in self.filters])
        paginator = Paginator(selection.values_list("pk", flat=True), self.page_size)
        if self.page > paginator.num_pages:
            raise Problem(404, f"De laatste pagina van deze lijst is {paginator.num_pages}.")
        keys = list(paginator.page(self.page).object_list)
        found = self.kind.read(self.kind.selection().filter(pk__in=keys)) if keys else []
        return {
            "totaal": paginator.count,
            "resultaten": [self.kind.represent(one, self.fields) for one in found],
            "_links": self._links(paginator.num_pages),
        }

    def _links(self, last):
        pages = {"self": self.page, "first": 1, "last": last}
        if self.page > 1:
            pages["prev"] = self.page - 1
        if self.page < last:
            pages["next"] = self.page + 1
        return {name: {"href": self._address(page)} for name, page in pages.items()}

    def _address(self, page):
        pairs = [(one.name, text) for one, texts in self.filters for text in texts]
        if self.fields is not None:
            pairs.append(("fields", ",".join(self.fields)))
        if page > 1:
            pairs.append(("page", page))
        if self.page_size != PAGE_SIZE:
            pairs.append(("pageSize", self.page_size))
        query = urlencode(pairs, safe=",")
        address = absolute(self.kind.address())
        return f"{address}?{query}" if query else address


def fields_of(request, kind):
    """Return the fields asked for of one object, or None for all; raise Problem 400."""
    return _fields(_given(request, ["fields"]), kind)


def nothing(request):
    """Raise Problem 400 if anything is asked of a resource that takes no parameters."""
    _given(request, [])


def _given(request, known):
    """Return {name: values, each once} of the query string, in the order of `known`."""
    unknown = next((name for name in request.GET if name not in known), None)
    if unknown is not None:
        choices = f"Kies uit: {', '.join(known)}." if known else "Dit adres kent er geen."
        raise Problem(400, f"De parameter “{unknown[:SHOWN]}” bestaat hier niet. {choices}")
    given = {name: request.GET.getlist(name) for name in known if name in request.GET}
    for name, values in given.items():
        if "" in values:
            raise Problem(400, f"De parameter “{name}” is leeg.")
        if name in ONCE and len(values) > 1:
            raise Problem(400, f"De parameter “{name}” kan maar één keer.")
    return {name: list(dict.fromkeys(values)) for name, values in given.items()}


def _fields(given, kind):
    if "fields" not in given:
        return None
    asked = given["fields"][0].split(",")
    known = [field.name for field in kind.fields]
    unknown = next((name for name in asked if name not in known), None)
    if unknown is not None:
        raise Problem(
            400, f"Het veld “{unknown[:SHOWN]}” bestaat hier niet. Kies uit: {', '.join(known)}."
        )
    return tuple(name for name in known if name in asked)


def _number(given, name, default, high):
    return whole_number(name, given[name][0], 1, high) if name in given else default
