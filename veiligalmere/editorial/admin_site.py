"""The back-office: Django's admin at /beheer/, with our name on it."""

from functools import partial, wraps

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.views.i18n import JavaScriptCatalog

from veiligalmere.editorial import menu
from veiligalmere.editorial.blackout.page import black_out_view, may_black_out
from veiligalmere.editorial.desk.page import block_view, desk_context
from veiligalmere.editorial.desk.stale import checked_view
from veiligalmere.editorial.held_text import hold_for_login
from veiligalmere.editorial.images.choose import choose
from veiligalmere.editorial.images.upload import upload
from veiligalmere.editorial.json_answers import for_staff
from veiligalmere.editorial.login import second_step
from veiligalmere.editorial.login.form import LoginForm
from veiligalmere.editorial.login.log import note_forbidden, remember_actor
from veiligalmere.editorial.login.older_form import not_kept
from veiligalmere.editorial.login.sessions import note_activity
from veiligalmere.editorial.manual import manual, picture
from veiligalmere.editorial.writing import preview

# Django's way to the public page of any object by its kind and number asks for no right to see it,
# and so tells the address that a draft will have. Its way out is only for those who may work here,
# and so not for who has not passed the second step.
NOT_OURS = {"view_on_site", "logout"}
SCRIPTS_OF = ["django.contrib.admin", "veiligalmere.editorial"]


class BackOffice(AdminSite):
    """The admin of Veilig Almere."""

    site_header = "Veilig Almere"
    site_title = "Beheer Veilig Almere"
    index_title = "Mijn werk"
    login_form = LoginForm
    logout_template = "admin/login/logged_out.html"

    def has_permission(self, request):
        """Let in who may work here and has passed the second step, where that is asked."""
        return super().has_permission(request) and second_step.is_passed(request)

    def each_context(self, request):
        """Return what every page of the back-office knows."""
        return {**super().each_context(request), "may_black_out": may_black_out(request)}

    def login(self, request, extra_context=None):
        """Ask for name and password; who has given those goes on to the second step."""
        if super().has_permission(request) and not second_step.is_passed(request):
            query = request.GET.urlencode()
            return HttpResponseRedirect(f"{reverse('admin:second_step')}?{query}")
        response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form is not None and form.is_bound and form.is_refused_unchecked:
            response.status_code = 503
            response["Retry-After"] = "5"
        return response

    def logout(self, request, extra_context=None):
        """Log out, also before the second step; have the browser forget the pages that it has."""
        if not request.user.is_authenticated:
            return HttpResponseRedirect(reverse("admin:index"))
        response = super().logout(request, extra_context)
        response["Clear-Site-Data"] = '"cache"'
        return response

    def admin_view(self, view, cacheable=False):
        """Guard `view` as Django does, but lose no text of an editor whose session had ended.

        Only the words of the scripts may be kept; Django would let the form for a password too.
        """
        guarded = super().admin_view(view, cacheable and view == self.i18n_javascript)

        @wraps(guarded)
        def holding(request, *args, **kwargs):
            if not hold_for_login(request):
                return not_kept(request)
            note_activity(request)
            remember_actor(request)
            try:
                return guarded(request, *args, **kwargs)
            except PermissionDenied:
                note_forbidden(request)
                raise

        return holding

    def i18n_javascript(self, request, extra_context=None):
        """Return the Dutch of the admin's scripts: Django's, and ours of what that lacks."""
        return JavaScriptCatalog.as_view(packages=SCRIPTS_OF)(request)

    def index(self, request, extra_context=None):
        """Show the desk: what waits for this account, and the common jobs."""
        return super().index(request, {**(extra_context or {}), **desk_context(request)})

    def get_app_list(self, request, app_label=None):
        """Return all kinds of content in groups that editors know, or those of one app."""
        found = super().get_app_list(request, app_label)
        return found if app_label else menu.grouped(found, self)

    def get_urls(self):
        """Return the admin's addresses, after those that the editor of texts asks."""
        return [
            path("tekst/voorbeeld/", for_staff(self, preview), name="markdown_preview"),
            path("tekst/afbeelding/", for_staff(self, upload), name="image_upload"),
            path("tekst/afbeeldingen/", for_staff(self, choose), name="image_choice"),
            path(
                "zwartlakken/",
                self.admin_view(partial(black_out_view, site=self)),
                name="black_out",
            ),
            path(
                "werk/<str:key>/",
                self.admin_view(partial(block_view, site=self)),
                name="desk_list",
            ),
            path(
                "nagekeken/<int:kind>/<int:object_id>/",
                self.admin_view(checked_view),
                name="desk_checked",
            ),
            path("handleiding/", self.admin_view(partial(manual, site=self)), name="manual"),
            path("handleiding/<slug:name>.png", self.admin_view(picture), name="manual_picture"),
            path("inloggen/code/", partial(second_step.ask_code, site=self), name="second_step"),
            path(
                "inloggen/instellen/",
                partial(second_step.set_up, site=self),
                name="second_step_setup",
            ),
            path("logout/", self.logout, name="logout"),
            *(one for one in super().get_urls() if getattr(one, "name", "") not in NOT_OURS),
        ]
