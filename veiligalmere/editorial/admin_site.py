"""The back-office: Django's admin at /beheer/, with our name on it."""

from functools import wraps

from django.contrib.admin import AdminSite
from django.urls import path

from veiligalmere.editorial.held_text import hold_for_login
from veiligalmere.editorial.images.upload import upload
from veiligalmere.editorial.json_answers import for_staff
from veiligalmere.editorial.writing import preview


class BackOffice(AdminSite):
    """The admin of Veilig Almere."""

    site_header = "Veilig Almere"
    site_title = "Beheer Veilig Almere"
    index_title = "Beheer"

    def admin_view(self, view, cacheable=False):
        """Guard `view` as Django does, but lose no text of an editor whose session had ended."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def holding(request, *args, **kwargs):
            hold_for_login(request)
            return guarded(request, *args, **kwargs)

        return holding

    def get_urls(self):
        """Return the admin's addresses, after those that the editor of texts asks."""
        return [
            path("tekst/voorbeeld/", for_staff(self, preview), name="markdown_preview"),
            path("tekst/afbeelding/", for_staff(self, upload), name="image_upload"),
            *super().get_urls(),
        ]
