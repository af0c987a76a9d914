"""The step “Nieuw jaarplan op basis van …” in the admin of annual plans."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from plan.carrying_over import carry_over
from plan.models import Action, AnnualPlan, ProgressUpdate, Status
from veiligalmere.editorial.kept_form import KeptForm


class ActionBoxes(forms.ModelMultipleChoiceField):
    """Boxes to tick, each with how the action stands."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj):
        """Return the title with the status that was published last."""
        return f"{obj.title} ({Status(obj.status).label})"


class NewPlanForm(KeptForm):
    """The new plan, and which actions go along."""

    actions = ActionBoxes(
        label="Acties die meegaan",
        queryset=Action.objects.none(),
        required=False,
        help_text="Zij worden concepten in het nieuwe plan. Periode en datums gaan niet mee.",
    )

    class Meta:
        model = AnnualPlan
        fields = ["year", "title", "multi_year_plan"]

    def __init__(self, old, data=None):
        title = old.title.replace(str(old.year), str(old.year + 1))
        plan = AnnualPlan(year=old.year + 1, title=title, multi_year_plan=old.multi_year_plan)
        super().__init__(data, instance=plan)
        actions = Action.objects.public().of_plan(old)
        self.fields["actions"].queryset = ProgressUpdate.objects.with_status(actions)


class NewPlanMixin:
    """Adds the step to the admin of annual plans."""

    @admin.display(description="volgend jaar")
    def next_year(self, obj):
        """Return the link to the step."""
        if obj.pk is None:
            return "–"
        address = reverse("admin:plan_annualplan_next", args=[obj.pk])
        return format_html('<a href="{}">Nieuw jaarplan op basis van {}</a>', address, obj.year)

    def get_urls(self):
        """Return the address of the step before those of the admin."""
        view = self.admin_site.admin_view(self.next_view)
        name = "plan_annualplan_next"
        return [path("<int:object_id>/nieuw-jaarplan/", view, name=name), *super().get_urls()]

    def next_view(self, request, object_id):
        """Ask which actions go along, then make the new plan."""
        old = AnnualPlan.objects.filter(pk=object_id).first()
        if old is None:
            raise Http404("Dit jaarplan is er niet.")
        if not (self.has_add_permission(request) and request.user.has_perm("plan.add_action")):
            raise PermissionDenied
        form = NewPlanForm(old, request.POST if request.method == "POST" else None)
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in form.Meta.fields}
            chosen = form.cleaned_data["actions"]
            try:
                plan = carry_over(old, actions=chosen, by=request.user, **values)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                noun = "actie" if len(chosen) == 1 else "acties"
                text = f"{plan.title} is gemaakt, met {len(chosen)} {noun} als concept."
                messages.success(request, text)
                return HttpResponseRedirect(reverse("admin:plan_annualplan_change", args=[plan.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Nieuw jaarplan op basis van {old.year}",
            "opts": self.opts,
            "original": old,
            "change_url": reverse("admin:plan_annualplan_change", args=[old.pk]),
            "trail": self.trail(request, old),
            "media": self.media,
            "form": form,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/plan/next_plan.html", context)
