"""The pages of figures and their files."""

import textwrap
from itertools import groupby

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from themes.models import Indicator
from veiligalmere.editorial.addresses import absolute
from veiligalmere.pages import records
from veiligalmere.pages.errors import NotFound, public_or_gone
from veiligalmere.pages.figures import table
from veiligalmere.pages.figures.chart import chart
from veiligalmere.pages.figures.figure import figures
from veiligalmere.pages.tables import answer, links

# What other sites give the frame of a figure, in pixels: the highest that one gets between 360 and
# 1100 pixels wide, with a long name, seven areas, a target, a base year, a provisional value and an
# update that is late. Names that stand below the drawing come on top of that: each takes some air,
# and its lines, in which on a phone there is room for so many letters.
EMBED_HEIGHT, NAME_AIR, NAME_LINE, NAME_LETTERS = 900, 8, 24, 24


@require_safe
def all_figures(request):
    """All figures by theme."""
    context = {
        "groups": [
            {"theme": theme, "figures": list(of_theme)}
            for theme, of_theme in groupby(_all(), key=lambda figure: figure.indicator.theme)
        ],
        "files": links(_all_files()),
        "crumbs": [("Home", "/"), ("Cijfers", None)],
    }
    return render(request, "pages/figures.html", context)


@require_safe
def figure(request, slug):
    """One figure: its message, chart, table, definition and source."""
    found = figure_or_404(slug)
    indicator, drawing = found.indicator, chart(found)
    about = records.indicators().by_subtopic
    context = {
        "figure": found,
        "chart": drawing,
        "embed_height": _embed_height(drawing),
        "embed_url": absolute(reverse("embed_figure", args=[slug])),
        "caption": table.caption(found),
        "columns": table.columns(found),
        "rows": table.rows(found),
        "files": links(_files_of(found)),
        "target": found.with_unit(indicator.target),
        "subtopics": [
            one for key, one in records.subtopics().items() if indicator.pk in about.get(key, ())
        ],
        "crumbs": [("Home", "/"), ("Cijfers", reverse("figures")), (indicator.name, None)],
    }
    return render(request, "pages/figure.html", context)


@require_safe
def figure_file(request, slug, kind):
    """The measurements of one figure as a file."""
    found = figure_or_404(slug)
    return answer(table.as_file([found], slug, found.indicator.name), kind, _files_of(found))


@require_safe
def figures_file(request, kind):
    """The measurements of all figures as a file."""
    return answer(
        table.as_file(_all(), "cijfers-veilig-almere", "Alle cijfers"), kind, _all_files()
    )


def figure_or_404(slug):
    """Return the public Figure with this slug; raise Gone or NotFound without one."""
    key = records.indicators().by_slug.get(slug)
    if key is None:
        public_or_gone(Indicator.objects, slug=slug)
        raise NotFound(
            f"Er is geen cijfer “{slug[:60]}”.",
            [(one.name, one.get_absolute_url()) for one in Indicator.objects.public()],
            "De cijfers die er zijn:",
        )
    return figures({key})[0]


def _embed_height(drawing):
    """Return how high a frame has to be for a figure with this Chart, or with None."""
    below = drawing.lines if drawing and drawing.names_in_legend else ()
    lines_of = (len(textwrap.wrap(line.name, NAME_LETTERS)) for line in below)
    return EMBED_HEIGHT + sum(NAME_AIR + NAME_LINE * lines for lines in lines_of)


def _files_of(found):
    """Return the address of the files of a figure, without what is behind the dot."""
    return f"{found.indicator.get_absolute_url()}cijfer"


def _all_files():
    return f"{reverse('figures')}alle-cijfers"


def _all():
    return figures(set(records.indicators().by_slug.values()))
