"""Developments: the overview by year, the page of one, and its document."""

from itertools import groupby

from django.http import FileResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from plan.models import Development
from themes.models import Theme
from veiligalmere.pages.errors import NotFound, public_or_gone
from veiligalmere.pages.filtering import Filters
from veiligalmere.pages.paging import page_of

PAGE_SIZE = 20
SHORT = 5  # developments on the page of what they are about


@require_safe
def developments(request):
    """All developments by year, filtered by kind, theme and year."""
    filters = _filters(request.GET)
    page = page_of(
        filters.passing(), request.GET.get("pagina", ""), size=PAGE_SIZE, address=filters.url()
    )
    shown = Development.objects.filter(pk__in=page.object_list).newest_first()
    by_year = groupby(shown, key=lambda development: development.year)
    context = {
        "years": [{"year": year, "developments": list(found)} for year, found in by_year],
        "filters": filters,
        "page_obj": page,
        "shown_url": page.address,
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
    """Return the newest few of a selection of developments."""
    return selection.newest_first()[:SHORT]


def _filters(query):
    """Return the Filters of the overview, over the keys of the developments, the newest first."""
    values = _values()
    themes = {theme.slug: theme.name for theme in Theme.objects.public()}
    years = dict.fromkeys(year for one in values.values() for year in one["jaar"])
    choices = {
        "soort": ("Soort", {kind.value: kind.label.capitalize() for kind in Development.Kind}),
        "thema": ("Thema", themes),
        "jaar": ("Jaar", {year: year for year in years}),
    }
    return Filters(
        query,
        choices,
        list(values),
        lambda key, param: values[key][param],
        address=reverse("developments"),
    )


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


def _development_or_404(year, slug):
    found = public_or_gone(Development.objects.with_labels(), year=year, slug=slug)
    if found is None:
        raise NotFound(
            f"Er is in {year} geen ontwikkeling “{slug[:60]}”.",
            [("Alle ontwikkelingen", reverse("developments"))],
            "U kunt hier verder:",
        )
    return found
