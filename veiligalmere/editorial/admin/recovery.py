"""Who else has the form open, and what was typed in it and not saved."""

import copy

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache

from veiligalmere.editorial.admin.form import ONCE
from veiligalmere.editorial.admin.pages import in_words
from veiligalmere.editorial.kept_form import ask_files_again
from veiligalmere.editorial.login.sessions import note_activity
from veiligalmere.editorial.presence import end_presence, note_presence, others_at
from veiligalmere.editorial.snapshot import child_relations
from veiligalmere.editorial.unsaved import (
    FORM,
    NEW,
    forget_unsaved,
    form_key,
    keep_unsaved,
    new_form_key,
    unsaved_forms,
)


class RecoveryMixin:
    """Gives a ModelAdmin presence and recovery of unsaved text."""

    keeps_unsaved_text = True

    def get_urls(self):
        """Return the addresses that the form asks while someone writes, before the admin's own."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("add/getypt/", _for_writers(self, self.typed_view), name=f"{name}_typed_new"),
            path("add/vergeten/", wrap(self.forget_view), name=f"{name}_forget_new"),
            path(
                "<path:object_id>/getypt/",
                _for_writers(self, self.typed_view),
                name=f"{name}_typed",
            ),
            path("<path:object_id>/vergeten/", wrap(self.forget_view), name=f"{name}_forget"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """Show or save the form of a new object; keep what is in one that was not saved."""
        posted = request.POST
        response = super().add_view(request, form_url, extra_context)
        self._keep_refused(request, posted)
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show or save the form of an object; keep what is in one that was not saved."""
        posted = request.POST
        response = super().change_view(request, object_id, form_url, extra_context)
        self._keep_refused(request, posted)
        return response

    def typed_view(self, request, object_id=None):
        """Keep what is typed, note the presence, and tell who else is here, as JSON.

        GET gives a fresh token against forged requests: who logged in again in another tab has an
        old one in the form.
        """
        obj = self._object_or_none(request, object_id)
        if object_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
        elif not self.has_change_permission(request, obj):
            raise PermissionDenied
        elif obj is None:
            return JsonResponse({"code": "gone"}, status=410)
        if request.method != "POST":
            return JsonResponse({"token": get_token(request)})
        kept = True
        if obj:
            note_presence(request.user, obj)
        if "_getypt" in request.POST:
            note_activity(request)  # which a form that is only open is not
            fields = request.POST.copy()
            del fields["_getypt"]
            kept = keep_unsaved(request.user, self.model, obj.pk if obj else NEW, fields)
        return JsonResponse({"kept": kept, "others": others_at(obj, request.user) if obj else []})

    def forget_view(self, request, object_id=None):
        """Forget an unsaved text that the form offered."""
        obj = self._object_or_none(request, object_id)
        if request.method == "POST":
            offered = self._offered(request, obj, request.POST.get("tekst", ""))
            if offered:
                offered.delete()
            self.message_user(request, "De niet opgeslagen tekst is weggegooid.", messages.SUCCESS)
        address = self.address(obj, "change") if obj else self._address_of_new("add")
        popup = f"?{IS_POPUP_VAR}=1" if IS_POPUP_VAR in request.GET else ""
        return HttpResponseRedirect(address + popup)

    def recovery_context(self, request, obj):
        """What the form needs to offer unsaved text and to tell who else is here."""
        if obj and not self.has_change_permission(request, obj):
            return {}
        if request.method == "POST":  # also what is brought back
            key, unsaved = form_key(request.POST), []
        else:
            key = request.form_key = getattr(request, "form_key", "") or new_form_key()
            unsaved = unsaved_forms(request.user, self.model, obj.pk if obj else NEW)
        return {
            "form_name": FORM,
            "form_key": key,
            "unsaved": unsaved,
            "others": others_at(obj, request.user) if obj else [],
            "typed_url": self.address(obj, "typed") if obj else self._address_of_new("typed_new"),
            "forget_url": self.address(obj, "forget")
            if obj
            else self._address_of_new("forget_new"),
        }

    def recovered(self, request, obj):
        """Return a request as if the unsaved text had been posted, only to be shown; or None."""
        if request.method != "GET" or "terughalen" not in request.GET:
            return None
        unsaved = self._offered(request, obj, request.GET["terughalen"])
        if unsaved is None:
            return None
        fields = unsaved.fields.copy()
        fields[FORM] = unsaved.part
        shadow = copy.copy(request)
        # With no files of its own, asking for them would read the fields anew: there are none.
        shadow.method, shadow.POST, shadow._files = "POST", fields, MultiValueDict()
        shadow.held_back = f"Dit is uw niet opgeslagen tekst van {in_words(unsaved.saved_at)}."
        shadow.recovering = True
        shadow._dont_enforce_csrf_checks = True
        return shadow

    def render_change_form(self, request, context, *args, **kwargs):
        """Render the form; one that is only shown again has no mistakes to be told of.

        One that was posted and is rendered all the same, was refused.
        """
        if request.method == "POST":
            ask_files_again(context["adminform"].form)
            if not getattr(request, "recovering", False):
                original = context.get("original")
                request.refused_form = original.pk if original else NEW
                context["refused"] = True
        held_back = getattr(request, "held_back", "")
        told = [message for one in context.get("errors") or [] for message in one]
        if held_back and told == [held_back]:
            context["errors"] = []
        return super().render_change_form(request, context, *args, **kwargs)

    def _keep_of_what_is_gone(self, request):
        """Keep what was posted to an object that is not there any more, and say where it is.

        Or that its sender may see no more. It becomes the unsaved text of a new one.
        """
        if request.method != "POST":
            return
        fields = request.POST.copy()
        # Its rows are gone as well, and become new ones too.
        parents = {relation.field.name for relation in child_relations(self.model).values()}
        for name in request.POST:
            if name.endswith("-INITIAL_FORMS"):
                fields[name] = "0"
            elif "-" in name and name.rsplit("-", 1)[1] in {"id", *parents}:
                fields[name] = ""
        may_add = self.has_add_permission(request)
        if may_add and keep_unsaved(request.user, self.model, NEW, fields):
            text = (
                f"Wat u schreef is bewaard. Open “{capfirst(self.opts.verbose_name)} toevoegen” "
                "en haal het daar terug."
            )
        else:
            text = "Wat u schreef is niet opgeslagen. Ga terug om het te kopiëren."
        self.message_user(request, text, messages.WARNING)

    def forget_typed(self, request, obj):
        """Forget the unsaved text of the form that was just saved, and who was in it."""
        part = form_key(request.POST)
        forget_unsaved(request.user, self.model, obj.pk, part)
        if request.POST.get(ONCE):
            forget_unsaved(request.user, self.model, NEW, part)
        end_presence(request.user, obj)

    def _keep_refused(self, request, posted):
        """Keep `posted` if its form was refused: who closes the page at once loses nothing.

        Only here, as the transaction that saves is over and takes nothing back. As it was posted,
        so also with the marks of what its editor had seen: a conflict is told again.
        """
        object_id = getattr(request, "refused_form", None)
        if object_id is not None:
            keep_unsaved(request.user, self.model, object_id, posted)

    def _offered(self, request, obj, key):
        """Return the unsaved text with this `key`, as it was sent, of this account; or None."""
        offered = unsaved_forms(request.user, self.model, obj.pk if obj else NEW)
        return next((one for one in offered if str(one.pk) == key), None)

    def _object_or_none(self, request, object_id):
        return self.get_object(request, unquote(object_id)) if object_id else None

    def _address_of_new(self, page):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")


def _for_writers(model_admin, view):
    """Return `view` for staff; others get 403 as JSON, which the form's script understands."""

    @never_cache
    def guarded(request, object_id=None):
        if not model_admin.admin_site.has_permission(request):
            return JsonResponse({"code": "session-ended"}, status=403)
        return view(request, object_id)

    return guarded
