"""Template filters for content."""

from django import template
from django.utils.formats import number_format

from veiligalmere.editorial import markdown as editorial_markdown

register = template.Library()


@register.filter
def markdown(text, level=2):
    """Return markdown `text` as safe HTML; its highest heading becomes h<level>."""
    return editorial_markdown.render(text or "", int(level))


@register.filter
def lines(text):
    """Return the non-empty lines of `text`, without surrounding space, as a list."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


@register.filter
def getal(number):
    """Return a number as Dutch readers write it: 1.000 or 3,5."""
    return number_format(number, use_l10n=True, force_grouping=True)
