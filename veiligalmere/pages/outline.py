"""The outline of a plan: what its pages find, list and count by.

It is kept for each content version, without texts of actions and of few plans, so that it takes
little memory however many there are. Each part is read when a page first needs it. All of it is
shared between pages: change nothing in it.
"""

from collections import OrderedDict
from functools import cached_property
from threading import Lock

from plan.models import (
    Action,
    Development,
    Labels,
    Passage,
    ProgressReport,
    ProgressUpdate,
    ReportEntry,
    Status,
)
from plan.progress.tally import Tally
from veiligalmere.pages import records
from veiligalmere.pages.counts import subtopic_trees
from veiligalmere.pages.once import once

# Actions in all outlines that are kept; one takes some 2.5 kB. The outline that was asked for last
# is kept however many it has.
MOST = 1500

_lock = Lock()


def outline_of(plan):
    """Return the Outline of `plan`, a public plan or None."""
    kept = once("outlines", OrderedDict)
    key = plan and plan.pk
    with _lock:
        if key not in kept:
            kept[key] = Outline(plan)
        kept.move_to_end(key)
        while len(kept) > 1 and sum(one.size for one in kept.values()) > MOST:
            kept.popitem(last=False)
        return kept[key]


class Outline:
    """What stands in a public plan; of None, nothing."""

    def __init__(self, plan):
        self.plan = plan

    @property
    def size(self):
        """How many actions it holds; 0 as long as no page needed them."""
        return len(self.__dict__.get("actions", ()))

    # What actions are labelled with, as {pk: record}: read once, also for a page for which nothing
    # is kept.
    themes = cached_property(lambda self: records.themes())
    subtopics = cached_property(lambda self: records.subtopics())
    methods = cached_property(lambda self: records.methods())
    places = cached_property(lambda self: records.places())

    @cached_property
    def actions(self):
        """The public actions as {pk: action} in the plan's order, with labels, without texts.

        Each has a `status`: the one that was reported last, or None where nothing at all was
        reported in the plan yet.
        """
        themes, labels = self.themes, self._labels()
        found = Action.objects.public().of_plan(self.plan).without_texts()
        # With the actions, so that it takes no query more.
        found = list(ProgressUpdate.objects.with_status(found))
        reported = any(action.status != Status.NOT_REPORTED for action in found)
        actions = {}
        for action in found:
            action.plan = self.plan
            action.theme = themes[action.theme_id]
            action.labels = Labels(*(relation.get(action.pk, ()) for relation in labels))
            action.status = Status(action.status) if reported else None
            actions[action.pk] = action
        return actions

    @cached_property
    def by_slug(self):
        """The public actions as {slug: action}."""
        return {action.slug: action for action in self.actions.values()}

    def of_theme(self, theme):
        """Return the actions of `theme`."""
        return [action for action in self.actions.values() if action.theme_id == theme.pk]

    def about(self, subtopics):
        """Return the actions about any of `subtopics`."""
        keys = {one.pk for one in subtopics}
        return [
            action
            for action in self.actions.values()
            if any(one.pk in keys for one in action.labels.subtopics)
        ]

    def that_name(self, method):
        """Return the actions whose text names `method`."""
        return [
            action
            for action in self.actions.values()
            if any(one.pk == method.pk for one in action.labels.working_methods)
        ]

    @cached_property
    def subtopic_trees(self):
        """The subtopics of each theme with their counts, see `counts.subtopic_trees`."""
        return subtopic_trees(self.subtopics.values(), self.actions.values())

    @cached_property
    def listed_subtopics(self):
        """The subtopics of those trees as one list, each followed by what falls under it."""
        return [
            one
            for tree in self.subtopic_trees.values()
            for top in tree
            for one in (top, *top.children_list)
        ]

    def neighbours(self, action):
        """Return the actions before and after `action`, each None if there is none."""
        before = self._places[action.pk] - 1
        after = before + 2
        return (
            self._order[before] if before >= 0 else None,
            self._order[after] if after < len(self._order) else None,
        )

    @cached_property
    def passages(self):
        """The public passages, in the plan's order."""
        return list(Passage.objects.public().of_plan(self.plan))

    @cached_property
    def governed(self):
        """Which actions each passage governs, as {passage key: set of action keys}."""
        rows = Passage.actions.through.objects.filter(passage__plan=self.plan)
        return _sets(rows.values_list("passage_id", "action_id"))

    def governing(self, action):
        """Return the passages that govern `action`."""
        return self._governing.get(action.pk, [])

    @cached_property
    def _governing(self):
        governing = {}
        for passage in self.passages:
            for action in self.governed.get(passage.pk, ()):
                governing.setdefault(action, []).append(passage)
        return governing

    @cached_property
    def tally(self):
        """How many actions have which status."""
        return Tally.of_plan(self.plan)

    @cached_property
    def last_report(self):
        """The report that was adopted last, or None."""
        return ProgressReport.objects.filter(plan=self.plan).adopted().latest_first().first()

    @cached_property
    def next_report(self):
        """The open report whose turn it is, or None."""
        own = (one for one in records.open_reports() if one.plan == self.plan)
        return next(own, None)

    # Most actions have none of these. A page asks for them only of those that do.

    @cached_property
    def with_progress(self):
        """Keys of the actions about which anything was reported, be it withdrawn since."""
        updates = ProgressUpdate.objects.ever_public().filter(action__plan=self.plan)
        entries = ReportEntry.objects.of_public_reports().filter(action__plan=self.plan)
        return _keys(updates, "action_id") | _keys(entries, "action_id")

    @cached_property
    def with_family(self):
        """Keys of the actions that continue another or are continued."""
        actions = Action.objects.filter(plan=self.plan)
        continued = Action.objects.filter(predecessor__plan=self.plan)
        return _keys(actions.filter(predecessor__isnull=False), "pk") | _keys(
            continued, "predecessor_id"
        )

    @cached_property
    def indicators(self):
        """The indicators of the actions that have any, as {action key: set of indicator keys}."""
        rows = Action.indicators.through.objects.filter(action__plan=self.plan)
        return _sets(rows.values_list("action_id", "indicator_id"))

    @cached_property
    def with_developments(self):
        """Keys of the actions that public developments are about."""
        through = Development.actions.through.objects.filter(
            action__plan=self.plan, development__in=Development.objects.public()
        )
        return _keys(through, "action_id")

    @cached_property
    def _order(self):
        return list(self.actions.values())

    @cached_property
    def _places(self):
        return {action.pk: place for place, action in enumerate(self._order)}

    def _labels(self):
        """Return what actions are labelled with, as three of {action key: [record]}."""
        return [
            self._related(Action.subtopics.through, "subtopic_id", self.subtopics),
            self._related(Action.working_methods.through, "workingmethod_id", self.methods),
            self._related(Action.places.through, "place_id", self.places),
        ]

    def _related(self, through, column, known):
        """Return {action key: [record]} of a relation; `known` are the records, in their order."""
        actions = {}
        for action, key in through.objects.filter(action__plan=self.plan).values_list(
            "action_id", column
        ):
            actions.setdefault(key, []).append(action)
        related = {}
        for key, record in known.items():
            for action in actions.get(key, ()):
                related.setdefault(action, []).append(record)
        return related


def _sets(pairs):
    """Return {first: set of seconds} of pairs."""
    found = {}
    for first, second in pairs:
        found.setdefault(first, set()).add(second)
    return found


def _keys(selection, column):
    return set(selection.order_by().values_list(column, flat=True))
