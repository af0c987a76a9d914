"""The list of actions with its filters, and the page of one action."""

from copy import copy

from django.db.models import Count
from django.http import QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plan.carrying_over import over_the_years
from plan.models import Action, Status
from plan.progress.line import line_of, since_last_report
from themes.models import Place, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.addresses import address
from veiligalmere.pages.charts import timeline
from veiligalmere.pages.context import absolute
from veiligalmere.pages.developments import latest
from veiligalmere.pages.errors import BadQuery, NotFound, public_or_gone
from veiligalmere.pages.figures.figure import figures
from veiligalmere.pages.outline import outline_of
from veiligalmere.pages.paging import page_of
from veiligalmere.pages.plan import plan_or_404
from veiligalmere.pages.tables import links

PAGE_SIZE = 30
MAX_WORDS_LENGTH = 200  # characters


class Filters:
    """The filters of the list of actions, as the query string names them.

    Values of one parameter are alternatives; parameters narrow each other. An empty value and an
    unknown parameter are ignored; an unknown value raises NotFound with the choices there are.
    """

    GROUPS = (
        ("thema", "Thema", "theme", Theme.objects.public),
        ("onderwerp", "Onderwerp", "subtopics", lambda: Subtopic.objects.public().in_order()),
        ("werkwijze", "Werkwijze", "working_methods", WorkingMethod.objects.public),
        ("plaats", "Plaats", "places", Place.objects.all),
    )

    def __init__(self, query, plan):
        self.plan = plan
        self.words = " ".join(query.get("woorden", "").replace("\x00", " ").split())
        if len(self.words) > MAX_WORDS_LENGTH:
            raise BadQuery(
                f"Uw zoekwoorden zijn te lang. Gebruik hooguit {MAX_WORDS_LENGTH} tekens."
            )
        self.options = {}
        self.chosen = {}
        for param, legend, _relation, choices in self.GROUPS:
            options = list(choices())
            by_slug = {option.slug: option for option in options}
            values = [value for value in dict.fromkeys(query.getlist(param)) if value]
            unknown = [value for value in values if value not in by_slug]
            self.options[param] = options
            if unknown:
                raise NotFound(
                    f"In het filter “{legend}” bestaat de keuze “{unknown[0][:60]}” niet.",
                    [
                        (str(option), f"{plan.actions_url}?{param}={option.slug}")
                        for option in options
                    ],
                    "De keuzes die er zijn:",
                )
            self.chosen[param] = [by_slug[value] for value in values]

    @property
    def any(self):
        """Whether anything is filtered."""
        return bool(self.words or any(self.chosen.values()))

    @property
    def reset_url(self):
        """The list without filters."""
        return self.plan.actions_url

    def url(self, **changes):
        """Return the list's address with these filters, those in `changes` replaced."""
        query = QueryDict(mutable=True)
        for param, chosen in self.chosen.items():
            values = changes.get(param, chosen)
            query.setlist(param, [value.slug for value in values])
        words = changes.get("woorden", self.words)
        if words:
            query["woorden"] = words
        encoded = query.urlencode()
        return f"{self.plan.actions_url}?{encoded}" if encoded else self.plan.actions_url

    def beside(self, address):
        """Return `address`, of something beside the list, with these filters."""
        query = self.url().partition("?")[2]
        return f"{address}?{query}" if query else address

    def apply(self, actions, *, but=None):
        """Return `actions` that pass the filters, leaving out the parameter `but`."""
        if self.words:
            actions = actions.containing(self.words)
        for param, _legend, relation, _choices in self.GROUPS:
            chosen = self.chosen[param]
            if not chosen or param == but:
                continue
            if param == "onderwerp":
                actions = actions.about(self._with_children(chosen))
            elif param == "thema":
                actions = actions.filter(theme__in=chosen)
            else:
                through = getattr(Action, relation).through
                target = {"werkwijze": "workingmethod", "plaats": "place"}[param]
                named = through.objects.filter(**{f"{target}__in": chosen}).values("action")
                actions = actions.filter(pk__in=named)
        return actions

    def groups(self, actions):
        """Return the filter groups for the panel, each option with its count and address."""
        return [
            {
                "param": param,
                "legend": legend,
                "options": self._options(param, relation, self.apply(actions, but=param)),
            }
            for param, legend, relation, _choices in self.GROUPS
        ]

    @property
    def active(self):
        """The filters in use, each with the address of the list without it."""
        tags = [
            {
                "label": str(value),
                "remove_url": self.url(**{param: [one for one in chosen if one != value]}),
            }
            for param, chosen in self.chosen.items()
            for value in chosen
        ]
        if self.words:
            tags.append({"label": f"“{self.words}”", "remove_url": self.url(woorden="")})
        return tags

    def _with_children(self, chosen):
        """A subtopic stands for what falls under it as well."""
        parents = {subtopic.pk for subtopic in chosen}
        return [
            one
            for one in self.options["onderwerp"]
            if one.pk in parents or one.parent_id in parents
        ]

    def _options(self, param, relation, actions):
        if param == "onderwerp":
            counts = self._subtopic_counts(actions)
        else:
            rows = actions.order_by().values_list(relation).annotate(Count("pk", distinct=True))
            counts = dict(rows)
        chosen = self.chosen[param]
        options = []
        for option in self.options[param]:
            selected = option in chosen
            values = [one for one in chosen if one != option] if selected else [*chosen, option]
            options.append(
                {
                    "value": option.slug,
                    "label": str(option),
                    "count": counts.get(option.pk, 0),
                    "selected": selected,
                    "nested": getattr(option, "parent_id", None) is not None,
                    "url": self.url(**{param: values}),
                }
            )
        return options

    def _subtopic_counts(self, actions):
        parent_of = {one.pk: one.parent_id for one in self.options["onderwerp"]}
        about = {}
        for action, subtopic in actions.order_by().values_list("pk", "subtopics"):
            for one in {subtopic, parent_of.get(subtopic)} - {None}:
                about.setdefault(one, set()).add(action)
        return {subtopic: len(found) for subtopic, found in about.items()}


@require_safe
def actions(request, year):
    """The actions of one plan, filtered by the query string."""
    plan = plan_or_404(year)
    filters = Filters(request.GET, plan)
    everything = Action.objects.public().of_plan(plan)
    selection = filters.apply(everything)
    number = request.GET.get("pagina", "")
    page = page_of(selection.with_labels(), number, size=PAGE_SIZE, address=filters.url())
    context = {
        "plan": plan,
        "filters": {
            "groups": filters.groups(everything),
            "words": filters.words,
            "active": filters.active,
            "any": filters.any,
            "reset_url": filters.reset_url,
            "url": filters.url(),
        },
        "files": [(label, filters.beside(address)) for label, address in links(plan.actions_url)],
        "page_obj": page,
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
    steps = line_of(found) if key in outline.with_progress else []
    previous, next_action = outline.neighbours(found)
    governing = outline.governing(found)
    context = {
        "action": found,
        "plan": plan,
        "changes_url": address("action_changes", year, slug),
        "feed_url": address("feed_action", year, slug),
        "follow_url": f"{address('follow')}?wat=actie/{year}/{slug}",
        "embed_url": absolute(address("embed_action", year, slug)),
        "figures": figures(found.indicators.public()) if key in outline.with_figures else [],
        "developments": latest(found.developments.public())
        if key in outline.with_developments
        else [],
        "governing": governing,
        "governing_keys": [one.pk for one in governing],
        "years": over_the_years(found) if key in outline.with_family else [],
        "steps": list(reversed(steps)),
        "timeline": timeline(steps),
        "since": since_last_report(steps),
        "not_reported": Status.NOT_REPORTED,
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
