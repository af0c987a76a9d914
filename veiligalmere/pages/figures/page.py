"""The pages of figures and their files."""

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
# update that is late. More if long names stand below the drawing.
EMBED_HEIGHT, NAMES_HEIGHT = 900, 140


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
    has_names_below = drawing and drawing.names_in_legend
    about = records.indicators().by_subtopic
    context = {
        "figure": found,
        "chart": drawing,
        "embed_height": EMBED_HEIGHT + (NAMES_HEIGHT if has_names_below else 0),
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


def _files_of(found):
    """Return the address of the files of a figure, without what is behind the dot."""
    return f"{found.indicator.get_absolute_url()}cijfer"


def _all_files():
    return f"{reverse('figures')}alle-cijfers"


def _all():
    return figures(set(records.indicators().by_slug.values()))
