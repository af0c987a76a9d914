"""What goes along when a page gets another address: its embed, its feed, and filters by it."""

from django.core.validators import slug_re
from django.urls import reverse

from plan.models import Action
from themes.models import Indicator, Subtopic, Theme, WorkingMethod
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
# The same of what filters choose by its slug, by parameter of the query string.
FILTERS = {
    "onderwerp": (Subtopic, "/"),
    "thema": (Theme, "/themas/"),
    "werkwijze": (WorkingMethod, "/werkwijzen/"),
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
    slug = _slug_now(model, before(**others), match.kwargs["slug"])
    return slug and (reverse(match.view_name, kwargs={**others, "slug": slug}), True)


def chosen_along(query, param, value):
    """Return the QueryDict `query`, encoded, with the slug by now of what had the slug `value`.

    Filter `param` names it by that. Returns None if nothing had it.
    """
    if param not in FILTERS or not slug_re.match(value):
        return None
    slug = _slug_now(*FILTERS[param], value)
    if slug is None:
        return None
    changed = query.copy()
    changed.setlist(param, [slug if one == value else one for one in query.getlist(param)])
    return changed.urlencode()


def _slug_now(model, before, slug):
    """Return the slug by now of what had `slug` behind `before` in its address; None if nothing."""
    found = formerly_at(model, f"{before}{slug}/")
    return found.slug if found and found.slug != slug else None
