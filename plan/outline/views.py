"""The outline of a plan in the back-office, at /beheer/jaarplan/2020/."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from plan.models import AnnualPlan
from plan.outline.outline import chapters_of
from veiligalmere.editorial.limits import asks_limited


@require_safe
def current_outline(request):
    """Lead to the outline of the current plan; without one, to that of the latest."""
    plans = AnnualPlan.objects
    plan = plans.current() or plans.choosable_by(request.user).order_by("-year").first()
    if plan is None:
        raise Http404("Er is nog geen jaarplan.")
    return redirect("plan_outline", plan.year)


@require_safe
def outline(request, year):
    """All themes, passages and actions of one plan that this account may work on."""
    user = request.user
    if not user.has_perm("plan.view_action"):
        raise PermissionDenied
    plans = AnnualPlan.objects.choosable_by(user)
    plan = plans.filter(year=year).first()
    if plan is None:
        raise Http404(f"Er is geen jaarplan van {year}.")
    context = {
        **admin.site.each_context(request),
        "title": plan.title,
        "plan": plan,
        "chapters": chapters_of(plan, user),
        "other_plans": plans.exclude(pk=plan.pk),
        "is_limited": asks_limited(request),
        "may_add": user.has_perm("plan.add_action"),
        "may_change_themes": user.has_perm("themes.view_theme"),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/plan/outline.html", context)
