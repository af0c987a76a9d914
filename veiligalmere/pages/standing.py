"""Standing pages: contact, accessibility, privacy, colophon."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from plan.models import AnnualPlan, Passage
from veiligalmere.editorial.standing_pages import StandingPage
from veiligalmere.pages.errors import NotFound, public_or_gone


@require_safe
def standing(request, slug):
    """One standing page; the colophon has the plan's own colophon as well."""
    page = public_or_gone(StandingPage.objects, slug=slug)
    if page is None:
        raise NotFound("Deze pagina is er nog niet.")
    passages = Passage.objects.none()
    if slug == StandingPage.Slug.COLOPHON:
        plan = AnnualPlan.objects.current()
        passages = Passage.objects.public().of_plan(plan).filter(kind=Passage.Kind.COLOPHON)
    context = {
        "page": page,
        "colophon_passages": passages,
        "crumbs": [("Home", "/"), (page.title, None)],
    }
    return render(request, "pages/standing.html", context)
