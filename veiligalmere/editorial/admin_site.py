"""The back-office: Django's admin at /beheer/, with our name on it."""

from django.contrib.admin import AdminSite
from django.urls import path

from veiligalmere.editorial import writing


class BackOffice(AdminSite):
    """The admin of Veilig Almere."""

    site_header = "Veilig Almere"
    site_title = "Beheer Veilig Almere"
    index_title = "Beheer"

    def get_urls(self):
        """Return the admin's addresses, after those that the editor of texts asks."""
        return [
            path(
                "tekst/voorbeeld/",
                writing.for_staff(self, writing.preview),
                name="markdown_preview",
            ),
            *super().get_urls(),
        ]
