"""Admin of themes, subtopics, working methods and places."""

from django.contrib import admin

from themes.models import Place, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.admin import PUBLICATION, ContentAdmin
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


@admin.register(Subtopic)
class SubtopicAdmin(ContentAdmin):
    """Subtopics, in the plan's order."""

    menu = (Group.CONTENT, 3)
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

    def choices_for(self, name, choices, obj):
        """Offer as a parent only what falls under nothing itself."""
        if name == "parent":
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
                "description": "Bezoekers kunnen de acties op plaats kiezen.",
            },
        )
    ]
