"""Admin of what the editorial floor itself holds: addresses and standing pages."""

from django.contrib import admin

from veiligalmere.editorial.addresses import OldAddress, ShortAddress
from veiligalmere.editorial.admin.content import PUBLICATION, ContentAdmin
from veiligalmere.editorial.admin.plain import PlainAdmin
from veiligalmere.editorial.menu import Group
from veiligalmere.editorial.standing_pages import StandingPage


@admin.register(ShortAddress)
class ShortAddressAdmin(PlainAdmin):
    """Short addresses for posters and texts."""

    menu = (Group.WORDS, 3)
    list_display = ["path", "target"]
    search_fields = ["path", "target"]
    ordering = ["path"]
    fieldsets = [
        (
            None,
            {
                "fields": ["path", "target"],
                "description": "Een kort adres is makkelijk te onthouden en te drukken. "
                "Het werkt zodra u opslaat.",
            },
        )
    ]

    def view_on_site(self, obj):
        """Return the short address itself."""
        return obj.get_absolute_url()


@admin.register(OldAddress)
class OldAddressAdmin(admin.ModelAdmin):
    """Addresses that still work after a slug changed; kept by the site itself."""

    menu = (Group.WORDS, 4)
    list_display = ["path", "leads_to"]
    search_fields = ["path"]
    ordering = ["path"]

    @admin.display(description="leidt naar")
    def leads_to(self, old):
        """Return the present address of the content."""
        return old.content.get_absolute_url() if old.content else "–"

    def has_add_permission(self, request):
        """Refuse: the site makes these when a slug changes."""
        return False

    def has_change_permission(self, request, obj=None):
        """Refuse: the site makes these when a slug changes."""
        return False


@admin.register(StandingPage)
class StandingPageAdmin(ContentAdmin):
    """Contact, accessibility, privacy, colophon."""

    menu = (Group.CONTENT, 9)
    list_display = ["title", "slug", "state", "changed_at"]
    search_fields = ["title", "body"]
    ordering = ["title"]
    fieldsets = [
        (
            None,
            {
                "fields": ["slug", "title", "description", "body"],
                "description": "Deze pagina’s staan onderaan elke pagina van de site.",
            },
        ),
        PUBLICATION,
    ]
