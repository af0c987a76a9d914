"""Counts that pages show beside names; each is one query whatever the number of rows."""

from django.db.models import Count

from themes.models import Subtopic


def with_action_counts(items, actions, relation):
    """Set `action_count` on each of `items` to how many of `actions` have it as `relation`.

    `relation` is a field of Action: "theme", "subtopics", "working_methods" or "places".
    """
    rows = actions.order_by().values_list(relation).annotate(Count("pk", distinct=True))
    counts = dict(rows)
    for item in items:
        item.action_count = counts.get(item.pk, 0)
    return items


def with_subtopic_counts(themes):
    """Set `subtopic_count`, both levels together, on each of `themes`."""
    rows = Subtopic.objects.public().order_by().values_list("theme").annotate(Count("pk"))
    counts = dict(rows)
    for theme in themes:
        theme.subtopic_count = counts.get(theme.pk, 0)
    return themes


def subtopic_tree(subtopics, actions):
    """Return the top-level ones of `subtopics` with `children_list` and `action_count` on each.

    One whose parent is not among them is at the top. The count of a parent includes the actions of
    what falls under it, each action once.
    """
    subtopics = list(subtopics)
    about = {}
    for action, subtopic in actions.order_by().values_list("pk", "subtopics"):
        about.setdefault(subtopic, set()).add(action)
    known = {subtopic.pk for subtopic in subtopics}
    top = [subtopic for subtopic in subtopics if subtopic.parent_id not in known]
    for subtopic in subtopics:
        subtopic.children_list = [one for one in subtopics if one.parent_id == subtopic.pk]
        family = [subtopic, *subtopic.children_list]
        subtopic.action_count = len(set().union(*(about.get(one.pk, set()) for one in family)))
    return top
