"""The back-office: Django's admin at /beheer/, with our name on it."""

from functools import partial, wraps

from django.contrib.admin import AdminSite
from django.http import HttpResponseRedirect
from django.urls import path, reverse

from veiligalmere.editorial.blackout_page import black_out_view
from veiligalmere.editorial.held_text import hold_for_login
from veiligalmere.editorial.images.upload import upload
from veiligalmere.editorial.json_answers import for_staff
from veiligalmere.editorial.login import second_step
from veiligalmere.editorial.writing import preview


class BackOffice(AdminSite):
    """The admin of Veilig Almere."""

    site_header = "Veilig Almere"
    site_title = "Beheer Veilig Almere"
    index_title = "Beheer"

    def has_permission(self, request):
        """Let in who may work here and has passed the second step, where that is asked."""
        return super().has_permission(request) and second_step.is_passed(request)

    def login(self, request, extra_context=None):
        """Ask for name and password; who has given those goes on to the second step."""
        if super().has_permission(request) and not second_step.is_passed(request):
            query = request.GET.urlencode()
            return HttpResponseRedirect(f"{reverse('admin:second_step')}?{query}")
        return super().login(request, extra_context)

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
            path(
                "zwartlakken/",
                self.admin_view(partial(black_out_view, site=self)),
                name="black_out",
            ),
            path("inloggen/code/", partial(second_step.ask_code, site=self), name="second_step"),
            path(
                "inloggen/instellen/",
                partial(second_step.set_up, site=self),
                name="second_step_setup",
            ),
            *super().get_urls(),
        ]
