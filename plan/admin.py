"""Admin of annual plans, passages and actions."""

from contextlib import suppress

from django.contrib import admin
from django.core.exceptions import ValidationError

from plan.carrying_over_admin import NewPlanMixin
from plan.desk import BLOCKS, JOBS
from plan.documents.admin import DocumentMixin
from plan.documents.making import plan_key
from plan.models import Action, AnnualPlan, Development, Passage
from plan.order import position_at_end
from plan.outline.outline import trail_of
from plan.progress.admin import ProgressReportAdmin, ProgressUpdateAdmin
from veiligalmere.editorial.admin import PUBLICATION, ContentAdmin
from veiligalmere.editorial.admin.form import ContentForm, PlacedForm
from veiligalmere.editorial.desk.registry import register
from veiligalmere.editorial.menu import Group

__all__ = [
    "ActionAdmin",
    "AnnualPlanAdmin",
    "DevelopmentAdmin",
    "PassageAdmin",
    "ProgressReportAdmin",
    "ProgressUpdateAdmin",
]


register(blocks=BLOCKS, jobs=JOBS)

OTHER_PLAN = (
    "Wat u aanvinkte, hoort niet bij het gekozen jaarplan. Hier staan nu de acties van dat "
    "jaarplan: kies daaruit."
)


@admin.register(AnnualPlan)
class AnnualPlanAdmin(NewPlanMixin, DocumentMixin, ContentAdmin):
    """Annual plans, the latest first."""

    menu = (Group.CONTENT, 1)
    document_key = staticmethod(plan_key)
    readonly_fields = [*ContentAdmin.readonly_fields, "document", "next_year"]

    list_display = ["title", "year", "multi_year_plan", "state", "changed_at"]
    search_fields = ["title", "=year"]
    ordering = ["-year"]
    fieldsets = [
        (
            None,
            {
                "fields": ["year", "title", "multi_year_plan"],
                "description": "Het nieuwste gepubliceerde jaarplan is het huidige. Eerdere "
                "plannen blijven op hun eigen adres staan.",
            },
        ),
        (
            "Op papier",
            {
                "fields": ["document"],
                "description": "Van het hele plan staat een pdf op de site, met alles wat "
                "gepubliceerd is.",
            },
        ),
        (
            "Het jaar erna",
            {
                "fields": ["next_year"],
                "description": "Begin een nieuw plan met de acties die doorgaan.",
            },
        ),
        PUBLICATION,
    ]


NO_PLACE_LEFT = (
    "Voor het thema dat hierna komt is geen getal meer vrij. Geef de stukken van dat thema eerst "
    "hogere getallen, of vul hier zelf een getal in."
)


class PieceForm(PlacedForm):
    """A piece of the plan, in the order that actions and passages share."""

    def last_place(self, cleaned):
        """Return the place after all of its theme; None without a plan or a number that is left."""
        plan = cleaned.get("plan")
        if plan is None:
            return None
        place = position_at_end(plan, cleaned.get("theme"), besides=self.instance)
        if place is None:
            self.add_error("position", NO_PLACE_LEFT)
        return place


class ActionForm(PieceForm):
    """A form of an action, which stays in the plan of the passages about it."""

    def _post_clean(self):
        super()._post_clean()
        if self.instance.pk and "plan" not in self.errors:
            try:
                self.instance.clean_relations(self.changed_data)
            except ValidationError as error:
                self.add_error(None, error)


class PassageForm(PieceForm):
    """A passage, about actions of the plan that is chosen; for a new one that is the current."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if actions := self.fields.get("actions"):
            plan = self._chosen_plan() or AnnualPlan.objects.current()
            actions.queryset = actions.queryset.of_plan(plan)
            actions.error_messages["invalid_choice"] = OTHER_PLAN
            if plan and self.instance.pk is None:
                actions.help_text += (
                    f" Dit zijn de acties van “{plan}”. Is de passage voor een ander jaarplan? "
                    "Kies dat, sla op, en kies dan de acties."
                )

    def hidden(self, name):
        """Return what is kept of a relation: of actions, none of another plan."""
        hidden = super().hidden(name)
        return hidden.filter(plan=self.instance.plan) if name == "actions" else hidden

    def _chosen_plan(self):
        with suppress(ValidationError):
            return self.fields["plan"].to_python(self["plan"].value())


@admin.register(Passage)
class PassageAdmin(ContentAdmin):
    """Texts, headings and kaders of the plan, in the plan's order."""

    form = PassageForm
    menu = (Group.CONTENT, 5)
    decided_by = "theme"
    list_display = ["__str__", "state", "kind", "theme", "subtopic", "position"]
    list_filter = ["plan", "kind", "theme", "state"]
    list_select_related = ["theme", "subtopic"]
    search_fields = ["heading", "body"]
    ordering = ["plan", "position"]
    tick_boxes = ["actions"]
    bulk_fields = ["theme", "subtopic"]
    not_exchanged = ["actions"]  # titles, in which anything can stand
    fieldsets = [
        (
            None,
            {
                "fields": ["plan", "kind", "heading", "heading_level", "body"],
                "description": "De eigen woorden van het plan, die geen actie zijn.",
            },
        ),
        (
            "Plaats in het plan",
            {
                "fields": ["theme", "subtopic", "actions", "position", "slug"],
                "description": "Bepaalt op welke pagina’s de passage staat.",
            },
        ),
        PUBLICATION,
    ]

    def trail(self, request, obj):
        """Return the way through the plan, by year and theme."""
        return trail_of(obj) if obj else super().trail(request, obj)

    def choices_for(self, name, choices, get_obj):
        """Offer subtopics in the plan's order."""
        return choices.in_order() if name == "subtopic" else choices


@admin.register(Action)
class ActionAdmin(ContentAdmin):
    """Actions, in the plan's order."""

    form = ActionForm
    change_form_template = "admin/plan/action_form.html"
    menu = (Group.CONTENT, 4)
    decided_by = "theme"
    told_as = {"predecessor": Action.title_with_year}
    list_display = ["title", "state", "owner", "theme", "position", "plan", "changed_at"]
    list_filter = ["plan", "theme", "state", "working_methods", "places", "owner"]
    list_select_related = ["plan", "theme", "owner"]
    search_fields = ["title", "heading", "summary", "body"]
    ordering = ["-plan__year", "position"]
    tick_boxes = ["subtopics", "working_methods", "places", "indicators"]
    bulk_fields = ["owner", "period", "theme", "working_methods"]
    not_exchanged = ["predecessor"]  # which ones there are depends on the action's own plan
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (
            None,
            {
                "fields": ["plan", "title", "slug", "heading", "summary", "body"],
                "description": "Wat bezoekers op de pagina van de actie lezen.",
            },
        ),
        (
            "Indeling",
            {
                "fields": [
                    *("theme", "subtopics", "working_methods", "places", "indicators"),
                    "position",
                ],
                "description": "Waar bezoekers de actie vinden.",
            },
        ),
        (
            "Wanneer en met wie",
            {
                "fields": ["period", "start_date", "end_date", "partners"],
                "description": "Alleen wat het plan zelf noemt.",
            },
        ),
        (
            "Verantwoordelijk",
            {
                "fields": ["owner", "predecessor"],
                "description": "De eigenaar is alleen in het beheer te zien.",
            },
        ),
        PUBLICATION,
    ]

    def trail(self, request, obj):
        """Return the way through the plan, by year and theme."""
        return trail_of(obj) if obj else super().trail(request, obj)

    def render_change_form(self, request, context, **kwargs):
        """Render the form, with the ways to the actions before and after it in the plan."""
        action = context.get("original")
        # A refused form may have emptied its place.
        if action and action.position is not None:
            mine = Action.objects.editable_by(request.user)
            context["before"] = self._way_to(mine.before(action).first())
            context["after"] = self._way_to(mine.after(action).first())
        return super().render_change_form(request, context, **kwargs)

    def _way_to(self, action):
        return action and {"title": action.title, "url": self.address(action, "change")}

    def choices_for(self, name, choices, get_obj):
        """Offer subtopics in the plan's order, and predecessors from a plan before."""
        if name == "subtopics":
            return choices.in_order()
        if name == "predecessor":
            obj = get_obj()
            year = obj.plan.year if obj else None
            found = choices.that_can_precede(year, chosen=obj and obj.predecessor_id)
            return found.select_related("plan")
        return choices


class DevelopmentForm(ContentForm):
    """A development, of which the year follows from the date if it is left empty."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if year := self.fields.get("year"):
            year.required = False
            year.help_text += " Mag leeg blijven als u de datum invult."

    def check(self, cleaned):
        """Fill in the year by the date; refuse a development that has neither."""
        super().check(cleaned)
        if "year" not in cleaned or cleaned["year"] is not None:
            return
        if date := cleaned.get("date"):
            cleaned["year"] = date.year
        elif "date" not in self.errors:
            self.add_error("year", "Vul het jaar in, of de datum.")


@admin.register(Development)
class DevelopmentAdmin(ContentAdmin):
    """News, new projects and published studies, the newest first."""

    form = DevelopmentForm
    menu = (Group.CONTENT, 8)
    list_display = ["title", "kind", "year", "date", "state", "changed_at"]
    list_filter = ["kind", "year", "themes", "state"]
    search_fields = ["title", "lead", "body", "document_title"]
    ordering = ["-year", "-date"]
    tick_boxes = ["themes", "subtopics", "actions"]
    told_as = {"actions": Action.title_with_year}
    bulk_fields = ["themes", "subtopics"]
    not_exchanged = ["actions"]  # titles, in which anything can stand
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (
            None,
            {
                "fields": ["kind", "title", "slug", "year", "date", "lead", "body"],
                "description": "Schrijf alleen wat vaststaat, en noem de bron.",
            },
        ),
        (
            "Document",
            {
                "fields": ["document", "document_title"],
                "description": "Bezoekers kunnen het document downloaden.",
            },
        ),
        (
            "Waar het over gaat",
            {
                "fields": ["themes", "subtopics", "actions"],
                "description": "Op de pagina’s hiervan staat de ontwikkeling ook.",
            },
        ),
        PUBLICATION,
    ]

    def choices_for(self, name, choices, get_obj):
        """Offer the actions of the latest two plans, and those chosen already."""
        if name == "actions":
            obj = get_obj()
            chosen = obj.actions.values_list("pk", flat=True) if obj else []
            return choices.of_latest_plans(chosen=list(chosen)).select_related("plan")
        return choices.in_order() if name == "subtopics" else choices
