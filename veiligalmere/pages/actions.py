"""The list of actions with its filters, and the page of one action."""

from copy import copy

from django.shortcuts import render
from django.views.decorators.http import require_safe

from plan.carrying_over import over_the_years
from plan.models import Action, Status
from plan.progress.line import Line, line_of, since_last_report
from veiligalmere.editorial.addresses import absolute, address
from veiligalmere.pages.charts import timeline
from veiligalmere.pages.developments import latest
from veiligalmere.pages.errors import BadQuery, NotFound, public_or_gone
from veiligalmere.pages.figures.figure import figures
from veiligalmere.pages.filtering import Filters
from veiligalmere.pages.outline import outline_of
from veiligalmere.pages.paging import page_of
from veiligalmere.pages.plan import plan_or_404
from veiligalmere.pages.search.words import quoted
from veiligalmere.pages.search.words_filter import words_filter
from veiligalmere.pages.tables import links

PAGE_SIZE = 30
MAX_WORDS_LENGTH = 200  # characters
# What other sites give the frame of an action, in pixels: the highest that one gets from 360 pixels
# wide; the other if it has a summary, of up to 300 characters.
EMBED_HEIGHT, EMBED_HEIGHT_WITH_SUMMARY = 440, 680


def filters_of(query, plan, words):
    """Return the Filters of the list of actions of `plan`, a public one, over those actions.

    `words`, a WordsFilter, has narrowed these already. Raises NotFound for an unknown value of a
    filter.
    """
    outline = outline_of(plan)
    found = words.passing(outline.actions.values())
    subtopics = outline.subtopics
    choices = {
        param: (legend, {one.slug: str(one) for one in known})
        for param, legend, known in (
            ("thema", "Thema", outline.themes.values()),
            ("onderwerp", "Onderwerp", outline.listed_subtopics),
            ("werkwijze", "Werkwijze", outline.methods.values()),
            ("plaats", "Plaats", outline.places.values()),
        )
    }
    choices["stand"] = ("Stand", {one.value: one.label.capitalize() for one in Status})

    def values_of(action, param):
        if param == "thema":
            return {action.theme.slug}
        if param == "stand":
            return {action.status or Status.NOT_REPORTED}
        if param == "onderwerp":
            # A subtopic stands for what falls under it as well.
            parents = {subtopics.get(one.parent_id) for one in action.labels.subtopics} - {None}
            return {one.slug for one in parents.union(action.labels.subtopics)}
        labels = {"werkwijze": action.labels.working_methods, "plaats": action.labels.places}
        return {one.slug for one in labels[param]}

    return Filters(
        *(query, choices, found, values_of),
        address=plan.actions_url,
        given={"woorden": words.typed} if words.filters else {},
        nested={"onderwerp": {one.slug for one in outline.listed_subtopics if one.is_nested}},
        # Where nothing was reported, to choose would be no choice; a link with it still holds.
        hidden=() if any(one.status for one in outline.actions.values()) else {"stand"},
    )


def words_of(query):
    """Return the WordsFilter that narrows a list of actions; raise BadQuery for too many words."""
    words = " ".join(query.get("woorden", "").replace("\x00", " ").split())
    if len(words) > MAX_WORDS_LENGTH:
        raise BadQuery(f"Uw zoekwoorden zijn te lang. Gebruik hooguit {MAX_WORDS_LENGTH} tekens.")
    return words_filter(words)


@require_safe
def actions(request, year):
    """The actions of one plan, filtered by the query string."""
    plan = plan_or_404(year)
    words = words_of(request.GET)
    filters = filters_of(request.GET, plan, words)
    active = filters.active
    if words.filters:
        active.append({"label": f"“{words.typed}”", "remove_url": filters.url(woorden=())})
    url = filters.url()
    query = url.partition("?")[2]
    page = page_of(filters.passing(), request.GET.get("pagina", ""), size=PAGE_SIZE, address=url)
    context = {
        "plan": plan,
        "filters": {
            "groups": filters.groups,
            "words": words.typed,
            "active": active,
            "any": bool(active),
            "reset_url": plan.actions_url,
            "url": url,
        },
        "words": words,
        "left_out": quoted(words.left_out),
        "unread": quoted(words.unread),
        "instead_url": filters.url(woorden=words.instead) if words.instead else "",
        "files": [
            (label, f"{file}?{query}" if query else file) for label, file in links(plan.actions_url)
        ],
        "page_obj": page,
        "shown_url": page.address,
        "actions": page.object_list,
        "total": page.paginator.count,
        "crumbs": [("Home", "/"), (plan.title, plan.get_absolute_url()), ("Acties", None)],
    }
    return render(request, "pages/actions.html", context)


@require_safe
def action(request, year, slug):
    """One action: the plan's text with the passages that govern it, and where it belongs."""
    plan = plan_or_404(year)
    outline = outline_of(plan)
    found = _with_texts(outlined_or_404(outline, slug))
    key = found.pk
    line = line_of(found) if key in outline.with_progress else Line([], found.changed_at)
    previous, next_action = outline.neighbours(found)
    governing = outline.governing(found)
    context = {
        "action": found,
        "plan": plan,
        "changes_url": address("action_changes", year, slug),
        "feed_url": address("feed_action", year, slug),
        "follow_url": f"{address('follow')}?wat=actie/{year}/{slug}",
        "embed_url": absolute(address("embed_action", year, slug)),
        "embed_height": EMBED_HEIGHT_WITH_SUMMARY if found.summary else EMBED_HEIGHT,
        "figures": figures(outline.indicators.get(key, ())),
        "developments": latest(found.developments.public())
        if key in outline.with_developments
        else [],
        "governing": governing,
        "governing_keys": [one.pk for one in governing],
        "years": over_the_years(found) if key in outline.with_family else [],
        "steps": list(reversed(line.steps)),
        "modified": line.last_change,
        "timeline": timeline(line.steps),
        "since": since_last_report(line.steps),
        "not_reported": Status.NOT_REPORTED,
        # With whether the day has passed: what is made once may not depend on the day otherwise.
        "not_reported_key": [plan.year, outline.next_report and outline.next_report.is_overdue],
        "next_report": outline.next_report,
        "previous": previous,
        "next": next_action,
        "crumbs": [
            ("Home", "/"),
            (plan.title, plan.get_absolute_url()),
            ("Acties", plan.actions_url),
            (found.title, None),
        ],
    }
    return render(request, "pages/action.html", context)


def outlined_or_404(outline, slug):
    """Return the public action in `outline` with this slug; raise Gone or NotFound without one.

    It has no texts, and it is shared between pages.
    """
    found = outline.by_slug.get(slug)
    if found is None:
        plan = outline.plan
        public_or_gone(Action.objects.of_plan(plan), slug=slug)
        raise NotFound(
            f"In {plan.title} is geen actie “{slug[:60]}”.",
            [(f"Alle acties van {plan.year}", plan.actions_url)],
            "U kunt hier verder:",
        )
    return found


def _with_texts(outlined):
    """Return an action of an outline as it is in full."""
    found = copy(outlined)
    for name, text in Action.objects.texts_of(outlined).items():
        setattr(found, name, text)
    return found
