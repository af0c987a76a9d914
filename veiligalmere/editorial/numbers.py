"""Numbers as Dutch readers write them."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format


def rounded(number, decimals):
    """Return a Decimal with this many decimals, rounded as `written` does."""
    return Decimal(number).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def written(number, decimals=None):
    """Return a Decimal as "1.234,5", rounded to `decimals`; without it, as precise as it is.

    None gives "niet beschikbaar".
    """
    if number is None:
        return "niet beschikbaar"
    if decimals is None:
        number = Decimal(number).normalize()
        decimals = max(0, -number.as_tuple().exponent)
    # Django's own formatting cuts off what it does not show.
    return number_format(rounded(number, decimals), decimals, use_l10n=True, force_grouping=True)
