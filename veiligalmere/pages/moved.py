"""Addresses that go along when a page gets another: those of its embed and of its feed."""

from django.urls import reverse

from plan.models import Action
from themes.models import Indicator, Subtopic, Theme
from veiligalmere.editorial.addresses import formerly_at

# What each is of, and what stands before the slug in the address of the page itself. That of a
# subtopic begins with a theme, which its feed does not name.
PAGES = {
    "embed_action": (Action, lambda year: f"/jaarplan/{year}/acties/"),
    "embed_figure": (Indicator, lambda: "/cijfers/"),
    "feed_action": (Action, lambda year: f"/jaarplan/{year}/acties/"),
    "feed_subtopic": (Subtopic, lambda: "/"),
    "feed_theme": (Theme, lambda: "/themas/"),
}


def moved_along(match):
    """Return where the embed or feed that `match` names is by now, as (address, permanent).

    `match` is what an address without a page resolved to, or None. Returns None if it leads
    nowhere.
    """
    if match is None or match.view_name not in PAGES:
        return None
    model, before = PAGES[match.view_name]
    others = {name: value for name, value in match.kwargs.items() if name != "slug"}
    slug = match.kwargs["slug"]
    found = formerly_at(model, f"{before(**others)}{slug}/")
    if found is None or found.slug == slug:
        return None
    return reverse(match.view_name, kwargs={**others, "slug": found.slug}), True
