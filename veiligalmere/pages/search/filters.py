"""The filters of the search page: kind, theme and year."""

from django.urls import reverse

from themes.models import Theme
from veiligalmere.pages.filtering import Filters
from veiligalmere.pages.search.documents import KINDS


def search_filters(query, words, index, found):
    """Return the Filters over the documents `found` in `index` by `words`."""
    years = sorted({one.year for one in index.documents if one.year}, reverse=True)
    choices = {
        "soort": ("Soort", {kind.key: kind.plural for kind in KINDS}),
        "thema": ("Thema", {theme.slug: theme.name for theme in Theme.objects.public()}),
        "jaar": ("Jaar", {str(year): str(year) for year in years}),
    }
    return Filters(
        query,
        choices,
        found,
        _values_of,
        address=reverse("search"),
        given={"zoek": words},
        only_used=True,
    )


def _values_of(document, param):
    if param == "soort":
        return (document.kind,)
    if param == "thema":
        return document.themes
    return (str(document.year),) if document.year else ()
