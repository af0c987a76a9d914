"""Developments: the overview by year, the page of one, and its document."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import FileResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from plan.models import Development
from themes.models import Theme
from veiligalmere.pages.errors import NotFound, public_or_gone

PAGE_SIZE = 20
SHORT = 5  # developments on the page of what they are about


@require_safe
def developments(request):
    """All developments by year, filtered by kind, theme and year."""
    filters = Filters(request.GET)
    page = _page(request.GET.get("pagina", ""), filters.passing(), filters)
    shown = Development.objects.filter(pk__in=page.object_list).newest_first().with_labels()
    by_year = groupby(shown, key=lambda development: development.year)
    context = {
        "years": [{"year": year, "developments": list(found)} for year, found in by_year],
        "filters": filters,
        "page_obj": page,
        "total": page.paginator.count,
        "crumbs": [("Home", "/"), ("Ontwikkelingen", None)],
    }
    return render(request, "pages/developments.html", context)


@require_safe
def development(request, year, slug):
    """One development, with its document and what it is about."""
    found = _development_or_404(year, slug)
    context = {
        "development": found,
        "crumbs": [
            ("Home", "/"),
            ("Ontwikkelingen", reverse("developments")),
            (str(year), f"{reverse('developments')}?jaar={year}"),
            (found.title, None),
        ],
    }
    return render(request, "pages/development.html", context)


@require_safe
def document(request, year, slug):
    """The document of a public development, to be saved and not shown in the site's own name."""
    found = _development_or_404(year, slug)
    if not found.document:
        raise NotFound("Bij deze ontwikkeling is geen document.")
    try:
        file = found.document.open("rb")
    except OSError as error:
        raise NotFound("Dit document is er niet.") from error
    response = FileResponse(
        file, as_attachment=True, filename=f"{slug}.pdf", content_type="application/pdf"
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def latest(selection):
    """Return the newest few of a selection of developments, with what their cards show."""
    return selection.newest_first().with_labels()[:SHORT]


class Filters:
    """The filters of the overview; values of one parameter are alternatives.

    An empty value and an unknown parameter are ignored; an unknown value raises NotFound with the
    choices that there are.
    """

    def __init__(self, query):
        self._values = _values()
        themes = {theme.slug: theme.name for theme in Theme.objects.public()}
        years = dict.fromkeys(year for one in self._values.values() for year in one["jaar"])
        self.choices = {
            "soort": ("Soort", {kind.value: kind.label.capitalize() for kind in Development.Kind}),
            "thema": ("Thema", themes),
            "jaar": ("Jaar", {year: year for year in years}),
        }
        self.chosen = {param: self._known(query, param) for param in self.choices}

    @property
    def any(self):
        """Whether anything is filtered."""
        return any(self.chosen.values())

    @property
    def reset_url(self):
        """The overview without filters."""
        return reverse("developments")

    @property
    def active(self):
        """The filters in use, each with the address of the overview without it."""
        return [
            {
                "label": self.choices[param][1][value],
                "remove_url": self.url(**{param: [one for one in chosen if one != value]}),
            }
            for param, chosen in self.chosen.items()
            for value in chosen
        ]

    @property
    def groups(self):
        """The filter groups for the panel, each option with its count."""
        return [
            {
                "param": param,
                "legend": legend,
                "options": [
                    {
                        "value": value,
                        "label": label,
                        "count": sum(value in self._values[one][param] for one in passing),
                        "selected": value in self.chosen[param],
                    }
                    for value, label in labels.items()
                ],
            }
            for param, (legend, labels) in self.choices.items()
            for passing in [self.passing(but=param)]
            if labels
        ]

    def url(self, **changes):
        """Return the overview's address with these filters, those in `changes` replaced."""
        query = QueryDict(mutable=True)
        for param, chosen in self.chosen.items():
            query.setlist(param, changes.get(param, chosen))
        encoded = query.urlencode()
        return f"{self.reset_url}?{encoded}" if encoded else self.reset_url

    def passing(self, *, but=None):
        """Return the keys of what passes, the newest first, leaving out the parameter `but`."""
        active = {param: chosen for param, chosen in self.chosen.items() if chosen and param != but}
        return [
            key
            for key, values in self._values.items()
            if all(values[param].intersection(chosen) for param, chosen in active.items())
        ]

    def _known(self, query, param):
        legend, labels = self.choices[param]
        values = [value for value in dict.fromkeys(query.getlist(param)) if value]
        unknown = next((value for value in values if value not in labels), None)
        if unknown is not None:
            address = self.reset_url
            raise NotFound(
                f"In het filter “{legend}” bestaat de keuze “{unknown[:60]}” niet.",
                [(label, f"{address}?{param}={value}") for value, label in labels.items()],
                "De keuzes die er zijn:",
            )
        return values


def _values():
    """Return what each public development has for each filter, by its key, the newest first."""
    public = Development.objects.public()
    values = {
        key: {"soort": {kind}, "jaar": {str(year)}, "thema": set()}
        for key, kind, year in public.newest_first().values_list("pk", "kind", "year")
    }
    for relation in ("themes__slug", "subtopics__theme__slug", "actions__theme__slug"):
        for key, slug in public.order_by().values_list("pk", relation):
            values[key]["thema"].add(slug)
    return values


def _page(number, keys, filters):
    paginator = Paginator(keys, PAGE_SIZE)
    number = number or "1"
    is_number = number.isascii() and number.isdigit() and len(number) < 7
    if not is_number or not 1 <= int(number) <= paginator.num_pages:
        raise NotFound("Deze lijst heeft die pagina niet.", [("De eerste pagina", filters.url())])
    return paginator.page(int(number))


def _development_or_404(year, slug):
    found = public_or_gone(Development.objects.with_labels(), year=year, slug=slug)
    if found is None:
        raise NotFound(
            f"Er is in {year} geen ontwikkeling “{slug[:60]}”.",
            [("Alle ontwikkelingen", reverse("developments"))],
            "U kunt hier verder:",
        )
    return found
