"""Counts that pages show beside names, made of the outline of a plan without a query.

Records are shared between pages, so what gets a count here is a copy.
"""

from collections import Counter
from copy import copy


def with_action_counts(items, actions, relation):
    """Return copies of `items`, each with `action_count`: how many of `actions` have it.

    `relation` is "theme" or a field of Labels.
    """
    counts = Counter()
    for action in actions:
        related = [action.theme] if relation == "theme" else getattr(action.labels, relation)
        counts.update(one.pk for one in related)
    return [_with(item, action_count=counts[item.pk]) for item in items]


def with_subtopic_counts(themes, subtopics):
    """Set `subtopic_count`, both levels together, on each of `themes`, which are copies."""
    counts = Counter(one.theme_id for one in subtopics)
    for theme in themes:
        theme.subtopic_count = counts[theme.pk]
    return themes


def subtopic_trees(subtopics, actions):
    """Return {theme key: [copies of its top-level subtopics]}, in the order of `subtopics`.

    Each has `children_list`, `is_nested` and `action_count`. One whose parent is not among them is
    at the top. The count of a parent includes the actions of what falls under it, each action once.
    """
    about = {}
    for action in actions:
        for subtopic in action.labels.subtopics:
            about.setdefault(subtopic.pk, set()).add(action.pk)
    copies = {one.pk: _with(one, children_list=[]) for one in subtopics}
    trees = {}
    for one in copies.values():
        parent = copies.get(one.parent_id)
        one.is_nested = parent is not None
        (parent.children_list if parent else trees.setdefault(one.theme_id, [])).append(one)
    for one in copies.values():
        family = [one, *one.children_list]
        one.action_count = len(set().union(*(about.get(each.pk, set()) for each in family)))
    return trees


def _with(record, **more):
    record = copy(record)
    for name, value in more.items():
        setattr(record, name, value)
    return record
