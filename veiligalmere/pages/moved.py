"""Addresses that go along when a page gets another: those of its embed and of its feed."""

from django.urls import reverse

from plan.models import Action
from themes.models import Indicator, Subtopic, Theme
from veiligalmere.editorial.addresses import formerly_at

# What each is of, and how an address of the page itself ends. That of a subtopic begins with a
# theme, which its feed does not name.
PAGES = {
    "embed_action": (Action, "/jaarplan/{year}/acties/{slug}/"),
    "embed_figure": (Indicator, "/cijfers/{slug}/"),
    "feed_action": (Action, "/jaarplan/{year}/acties/{slug}/"),
    "feed_subtopic": (Subtopic, "/{slug}/"),
    "feed_theme": (Theme, "/themas/{slug}/"),
}


def moved_along(match):
    """Return where the embed or feed that `match` names is by now, as (address, permanent).

    `match` is what an address without a page resolved to, or None. Returns None if it leads
    nowhere.
    """
    if match is None or match.view_name not in PAGES:
        return None
    model, ending = PAGES[match.view_name]
    found = formerly_at(model, ending.format(**match.kwargs))
    if found is None or found.slug == match.kwargs["slug"]:
        return None
    return reverse(match.view_name, kwargs=match.kwargs | {"slug": found.slug}), True
