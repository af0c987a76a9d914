"""The order of the pieces of a plan, which actions and passages share."""

from math import inf

from plan.models import Action, Passage

STEP = 10  # between two pieces, so that another fits in


def position_at_end(plan, theme, *, besides=None):
    """Return a position after all of `theme` in `plan`, before what follows on that.

    The first of a theme comes after the themes that go before it; what has no theme (None) comes
    before all themes. None if no number is left in between. `besides` is a piece that does not
    count: that which is to be placed.
    """
    pieces = []
    for model in (Action, Passage):
        others = model.objects.filter(plan=plan)
        if isinstance(besides, model):
            others = others.exclude(pk=besides.pk)
        pieces += others.values_list("position", "theme__number")
    positions = [position for position, _number in pieces]
    themed = [piece for piece in pieces if piece[1] is not None]
    own = [position for position, number in themed if theme and number == theme.number]
    earlier = [position for position, number in themed if theme and number < theme.number]
    begin = min(themed)[0] if themed else inf
    before_all = [position for position in positions if position < begin]
    end = max(own or earlier or before_all, default=0)
    after = min((position for position in positions if position > end), default=None)
    if after is None:
        return end + STEP
    # Small steps where room is small, or a few pieces would use it up.
    return end + max(1, (after - end) // STEP) if after - end > 1 else None
