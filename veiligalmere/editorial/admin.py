"""Admin of the editorial floor, and the base of the admin of all content."""

from django.contrib import admin
from django.db import models
from django.forms import Textarea

from veiligalmere.editorial.addresses import OldAddress, ShortAddress
from veiligalmere.editorial.publish import publish
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.standing_pages import StandingPage


class ContentAdmin(admin.ModelAdmin):
    """Base of the admin of everything with a state."""

    list_filter = ["state"]
    readonly_fields = ["published_at", "changed_at"]
    save_on_top = True
    list_per_page = 50
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 80})}}

    def save_related(self, request, form, formsets, change):
        """Save the relations, and publish what the form says is published."""
        super().save_related(request, form, formsets, change)
        if form.instance.state == State.PUBLISHED:
            publish(form.instance, by=request.user)

    def has_delete_permission(self, request, obj=None):
        """Refuse for what was ever published."""
        never_published = obj is None or obj.published_at is None
        return never_published and super().has_delete_permission(request, obj)

    def view_on_site(self, obj):
        """Return the public address, for content that the public can see."""
        return obj.get_absolute_url() if obj.is_public else None


@admin.register(ShortAddress)
class ShortAddressAdmin(admin.ModelAdmin):
    """Short addresses for posters and texts."""

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


@admin.register(OldAddress)
class OldAddressAdmin(admin.ModelAdmin):
    """Addresses that still work after a slug changed; kept by the site itself."""

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
        ("Publicatie", {"fields": ["state", "published_at", "changed_at"]}),
    ]
