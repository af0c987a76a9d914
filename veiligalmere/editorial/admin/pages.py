"""Our own pages about one object, beside Django's form of it."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from veiligalmere.editorial.kept_form import show_first_mistake
from veiligalmere.editorial.login.log import note_forbidden


def in_words(moment):
    """Return an aware `moment` as in "14 april 2020 om 09.00 uur"."""
    return date_format(timezone.localtime(moment), "j F Y \\o\\m H.i \\u\\u\\r")


def not_as_planned(moment):
    """Return as a sentence that a publication does not go through that was planned for `moment`."""
    return f"De publicatie die gepland was voor {in_words(moment)}, gaat niet door."


class PagesMixin:
    """Gives a ModelAdmin what pages of our own about an object share."""

    def get_object(self, request, object_id, from_field=None):
        """Return the object, or None if this account can't reach it; if it is there, note that."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None and from_field is None and self._is_there(object_id):
            note_forbidden(request)
        return obj

    def address(self, obj, page):
        """Return the address in the admin of a page of `obj`, such as "change"."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(f"admin:{name}", args=[obj.pk], current_app=self.admin_site.name)

    def trail(self, request, obj):
        """Return the way down to `obj` (None for a new one), as (label, address) of each step."""
        listing = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return [(str(self.opts.verbose_name_plural).capitalize(), listing)]

    def log_step(self, request, obj, message):
        """Note a step in the admin's log."""
        super().log_change(request, obj, message)

    def _is_there(self, object_id):
        try:
            return self.model._base_manager.filter(pk=self.opts.pk.to_python(object_id)).exists()
        except ValidationError:
            return False  # no number

    def _object_for_step(self, request, object_id):
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404(f"Er is geen {self.opts.verbose_name} met dit nummer.")
        return obj

    def _back(self, request, obj, text, level=messages.SUCCESS):
        self.message_user(request, text, level)
        return HttpResponseRedirect(self.address(obj, "change"))

    def _page(self, request, obj, name, context):
        """Return one of our own pages about `obj`."""
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            f"admin/content/{name}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": obj,
                "subtitle": str(obj),
                "change_url": self.address(obj, "change"),
                "trail": self.trail(request, obj),
                "media": self.media,
                "wrong": show_first_mistake(context),
                **context,
            },
        )
