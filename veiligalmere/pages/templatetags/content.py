"""Template filters for content."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

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


@register.filter
def breakable(name):
    """Return `name` as safe HTML that may break after a slash, as in “Leegstand/witwassen”."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in name.split("/")))


class IconNode(template.Node):
    """A drawn sign whose name the page knows; one that the template names is text already."""

    def __init__(self, name):
        self.name = name

    def render(self, context):
        """Return the drawing."""
        return drawn(self.name.resolve(context))


@register.tag("icon")
def icon_tag(parser, token):
    """Draw the sign with this name, see `includes/icon.html`: `{% icon "onward" %}`."""
    _tag, name = token.split_contents()
    name = parser.compile_filter(name)
    if isinstance(name.var, template.Variable):
        return IconNode(name)
    return template.base.TextNode(drawn(name.var))


@lru_cache(maxsize=64)
def drawn(name):
    """Return the drawing of the sign `name`; each is made once a process."""
    return render_to_string("includes/icon.html", {"name": name})


class OnceNode(template.Node):
    """A part of a page that is the same on many pages."""

    child_nodelists = ()  # it has no blocks that a template may fill, so need not be searched

    def __init__(self, name, variant, nodelist):
        self.name = name
        self.variant = variant
        self.nodelist = nodelist

    def render(self, context):
        """Return the part, made anew or as another page of the same content version made it."""
        variant = str(self.variant.resolve(context)) if self.variant else ""
        return once.variant((self.name,), variant, lambda: self.nodelist.render(context))


@register.tag("once")
def once_tag(parser, token):
    """Make what stands up to `{% endonce %}` once for each content version: `{% once "foot" %}`.

    Nothing in it may depend on the page, but for a second argument that many pages have in common.
    """
    _tag, name, *variant = token.split_contents()
    nodelist = parser.parse(["endonce"])
    parser.delete_first_token()
    return OnceNode(
        name.strip('"'), parser.compile_filter(variant[0]) if variant else None, nodelist
    )
