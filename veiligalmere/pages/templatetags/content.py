"""Template filters for content."""

from django import template
from django.utils.formats import number_format

from veiligalmere.editorial import markdown as editorial_markdown
from veiligalmere.pages.once import once

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


class OnceNode(template.Node):
    """A part of a page that is the same on every page."""

    def __init__(self, name, nodelist):
        self.name = name
        self.nodelist = nodelist

    def render(self, context):
        """Return the part, made anew or as another page of the same content version made it."""
        return once(context["request"], self.name, lambda: self.nodelist.render(context))


@register.tag("once")
def once_tag(parser, token):
    """Make what stands up to `{% endonce %}` once for each content version: `{% once "foot" %}`.

    Nothing in it may depend on the page. It needs `request` in the context.
    """
    _tag, name = token.split_contents()
    nodelist = parser.parse(["endonce"])
    parser.delete_first_token()
    return OnceNode(f"part {name}", nodelist)
