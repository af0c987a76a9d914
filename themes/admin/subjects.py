"""Admin of themes, subtopics, working methods and places."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Max
from django.http import HttpResponseRedirect
from django.urls import reverse

from themes.models import Place, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.admin import PUBLICATION, ContentAdmin
from veiligalmere.editorial.admin.form import PlacedForm
from veiligalmere.editorial.admin.plain import PlainAdmin
from veiligalmere.editorial.menu import Group


@admin.register(Theme)
class ThemeAdmin(ContentAdmin):
    """The four themes."""

    menu = (Group.CONTENT, 2)
    list_display = ["name", "number", "state", "changed_at"]
    search_fields = ["name", "introduction"]
    ordering = ["number"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (
            None,
            {
                "fields": ["number", "name", "slug", "introduction"],
                "description": "Een thema met onderwerpen of acties kunt u niet verwijderen; "
                "u kunt het wel intrekken.",
            },
        ),
        (
            "Vormgeving",
            {
                "fields": ["icon", "colour"],
                "description": "Pictogram en kleur horen bij elkaar en staan overal bij dit thema.",
            },
        ),
        PUBLICATION,
    ]


class SubtopicForm(PlacedForm):
    """A subtopic, in the order of its theme."""

    def last_place(self, cleaned):
        """Return the place after all others of its theme; None without a theme."""
        theme = cleaned.get("theme")
        if theme is None:
            return None
        others = Subtopic.objects.filter(theme=theme).exclude(pk=self.instance.pk)
        return (others.aggregate(last=Max("position"))["last"] or 0) + 10


@admin.register(Subtopic)
class SubtopicAdmin(ContentAdmin):
    """Subtopics, in the plan's order."""

    form = SubtopicForm
    menu = (Group.CONTENT, 3)
    decided_by = "theme"
    list_display = ["name", "theme", "parent", "position", "state", "changed_at"]
    list_filter = ["theme", "state"]
    list_select_related = ["theme", "parent"]
    search_fields = ["name", "other_names", "introduction"]
    ordering = ["theme__number", "position"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (
            None,
            {
                "fields": ["theme", "parent", "name", "other_names", "slug", "position"],
                "description": "Waar het onderwerp staat en hoe bezoekers het vinden.",
            },
        ),
        (
            "Tekst",
            {
                "fields": ["introduction", "remark", "help"],
                "description": "Wat bezoekers op de pagina van het onderwerp lezen.",
            },
        ),
        PUBLICATION,
    ]

    def choices_for(self, name, choices, get_obj):
        """Offer as a parent only what falls under nothing itself."""
        if name == "parent":
            obj = get_obj()
            return choices.filter(parent=None).exclude(pk=obj and obj.pk).in_order()
        return choices


@admin.register(WorkingMethod)
class WorkingMethodAdmin(ContentAdmin):
    """The six working methods."""

    menu = (Group.CONTENT, 6)
    list_display = ["name", "short_name", "number", "state", "changed_at"]
    search_fields = ["name", "short_name", "description"]
    ordering = ["number"]
    prepopulated_fields = {"slug": ["short_name"]}
    fieldsets = [
        (
            None,
            {
                "fields": ["number", "name", "short_name", "slug", "description"],
                "description": "De werkwijzen gelden in het hele veiligheidsbeleid.",
            },
        ),
        PUBLICATION,
    ]


@admin.register(Place)
class PlaceAdmin(PlainAdmin):
    """Parts of the city to filter actions by."""

    menu = (Group.CONTENT, 7)
    list_display = ["name", "slug", "position"]
    search_fields = ["name"]
    ordering = ["position"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "slug", "position"],
                "description": "Bezoekers kunnen de acties op plaats kiezen. Wat u opslaat, staat "
                "meteen op de site. Een plaats die bij een actie staat of stond, kunt u niet "
                "verwijderen.",
            },
        )
    ]

    def delete_view(self, request, object_id, extra_context=None):
        """Delete a place that nothing names; explain why any other can't be."""
        place = self.get_object(request, unquote(object_id))
        if place and self.has_delete_permission(request, place):
            reason = place.why_in_use()
            if reason:
                self.message_user(request, reason, messages.WARNING)
                return HttpResponseRedirect(reverse("admin:themes_place_change", args=[place.pk]))
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request):
        """Leave out deleting many at once: one by one, each is told of why it can't be."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
