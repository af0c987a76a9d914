"""The pages of the desk: all blocks, and one block in full."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from veiligalmere.editorial.blackout.page import may_black_out
from veiligalmere.editorial.desk import blocks, stale
from veiligalmere.editorial.desk.registry import (
    PAGE_SIZE,
    Job,
    blocks_for,
    find_block,
    jobs_for,
    register,
    with_right,
)

register(
    blocks=[
        blocks.OwnDrafts(),
        blocks.Judgement(),
        blocks.Planned(),
        blocks.RecentChanges(),
        stale.StalePages(),
        blocks.Timers(),
    ],
    jobs=[
        Job(
            "Afbeelding toevoegen",
            "admin:editorial_image_add",
            with_right("editorial.add_image"),
            50,
        ),
        Job(
            "Kort adres maken",
            "admin:editorial_shortaddress_add",
            with_right("editorial.add_shortaddress"),
            60,
        ),
        Job("Woorden zwartlakken", "admin:black_out", may_black_out, 80),
        Job("Account maken", "admin:auth_user_add", with_right("auth.add_user"), 90),
    ],
)


def desk_context(request):
    """Return what the desk shows to this account."""
    return {
        "jobs": jobs_for(request),
        "blocks": [_shown(block, block.page(request), request) for block in blocks_for(request)],
    }


@require_safe
def block_view(request, key, site):
    """Show one block in full, on pages of PAGE_SIZE rows."""
    block = find_block(key)
    if block is None:
        raise Http404("Deze lijst is er niet.")
    if not block.is_for(request):
        raise PermissionDenied
    page = block.page(request, request.GET.get("pagina"), PAGE_SIZE)
    context = {
        **site.each_context(request),
        "title": block.title,
        "shown": _shown(block, page, request),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/desk/list.html", context)


def _shown(block, page, request):
    return {
        "key": block.key,
        "title": block.title,
        "explanation": block.explanation(request),
        "empty": block.empty,
        "page": page,
        "total": page.paginator.count,
        "list_url": block.list_url(request),
        "links": block.links(request),
    }
