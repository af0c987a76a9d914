"""The order of the pieces of a plan, which actions and passages share."""

from plan.models import Action, Passage

STEP = 10  # between two pieces, so that another fits in


def position_at_end(plan, theme, *, besides=None):
    """Return a position after all of `theme` (None: of the whole plan) in `plan`.

    It comes before what follows on that theme; None if no number is left in between. `besides` is a
    piece that does not count: that which is to be placed.
    """
    pieces = []
    for model in (Action, Passage):
        others = model.objects.filter(plan=plan)
        if isinstance(besides, model):
            others = others.exclude(pk=besides.pk)
        pieces += others.values_list("position", "theme_id")
    positions = [position for position, _theme in pieces]
    end = max((position for position, one in pieces if theme and one == theme.pk), default=None)
    if end is None:
        return max(positions, default=0) + STEP
    after = min((position for position in positions if position > end), default=None)
    if after is None:
        return end + STEP
    # Small steps where room is small, or a few pieces would use it up.
    return end + max(1, (after - end) // STEP) if after - end > 1 else None
