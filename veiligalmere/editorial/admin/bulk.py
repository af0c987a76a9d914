"""Changing, submitting, publishing and withdrawing many objects at once, after showing it."""

from dataclasses import replace

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse

from veiligalmere.editorial.admin.bulk_form import BulkForm
from veiligalmere.editorial.admin.carrying_out import (
    PUBLISH,
    SUBMIT,
    WITHDRAW,
    Order,
    carry_out,
    rehearse,
)
from veiligalmere.editorial.batches import Batch, keep_batch
from veiligalmere.editorial.held_text import held_fields
from veiligalmere.editorial.kept_form import show_first_mistake
from veiligalmere.editorial.roles import MAY_PUBLISH

MOST = 200  # objects at once: a page that a person can still read
CHOSEN = "gekozen"
GONE = "Dit overzicht is er niet meer. Begin opnieuw."
DONE = {
    PUBLISH: "gepubliceerd",
    SUBMIT: "ingediend ter beoordeling",
    WITHDRAW: "ingetrokken",
}


class BulkMixin:
    """Gives a ModelAdmin of Publishable objects changes to many at once.

    `bulk_fields` names the fields that can be given one value in many objects.
    """

    actions = ["change_in_bulk"]
    bulk_fields = ()

    def get_urls(self):
        """Return the addresses of these pages, before those of the admin."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("in-bulk/", wrap(self.bulk_view), name=f"{name}_bulk"),
            path("in-bulk/<str:key>/", wrap(self.carry_out_view), name=f"{name}_carry_out"),
            *super().get_urls(),
        ]

    @admin.action(description="Wijzigen, indienen of publiceren…", permissions=["change"])
    def change_in_bulk(self, request, objects):
        """Go to the page that asks what to do with the selected objects."""
        pks = [str(pk) for pk in objects.values_list("pk", flat=True)[: MOST + 1]]
        if len(pks) > MOST:
            text = f"Dit zijn er te veel om na te lezen. Kies er hooguit {MOST}."
            self.message_user(request, text, messages.WARNING)
            return None
        query = QueryDict(mutable=True)
        query[CHOSEN] = ",".join(pks)
        return HttpResponseRedirect(f"{self.page_address('bulk')}?{query.urlencode()}")

    def response_action(self, request, queryset):
        """Run the action, unless what was posted as selected are no keys."""
        if all(map(_is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            return super().response_action(request, queryset)
        self.message_user(request, "Kies in de lijst wat u wilt wijzigen.", messages.WARNING)
        return None

    def bulk_view(self, request):
        """Ask what to do with the objects in the query string; then show what that changes."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        objects = self.get_queryset(request).filter(pk__in=_keys(request.GET.get(CHOSEN, "")))
        objects = list(objects.order_by(*self.get_ordering(request)))
        if not objects:
            self.message_user(request, "Kies eerst in de lijst wat u wilt wijzigen.", messages.INFO)
            return HttpResponseRedirect(self.page_address("changelist"))
        form = BulkForm(
            request.POST if request.method == "POST" else held_fields(request),
            model_admin=self,
            request=request,
            may_publish=request.user.has_perm(MAY_PUBLISH),
        )
        if request.method == "POST" and form.is_valid():
            return self.show_rehearsal(request, form.order([one.pk for one in objects]))
        context = {"title": "In één keer wijzigen", "form": form, "objects": objects}
        return self.list_page(request, "bulk", context)

    def show_rehearsal(self, request, order, **context):
        """Show what carrying out `order` would change, and keep that to be carried out."""
        outcomes = rehearse(self, request, order)
        possible = [one for one in outcomes if not one.problems]
        skipped = [one for one in outcomes if one.problems]
        batch = None
        if possible and not (order.whole and skipped):
            wishes = [replace(one.wish, seen=one.seen) for one in possible]
            shown = replace(order, wishes=wishes)
            batch = keep_batch(request.user, self.model, shown.as_json())
        return self.list_page(
            request,
            "rehearsal",
            {
                "title": "Dit verandert er",
                "order": order,
                "possible": possible,
                "skipped": skipped,
                "carry_out_url": batch and self.page_address("carry_out", batch.key),
                "back_url": request.get_full_path(),
                **context,
            },
        )

    def carry_out_view(self, request, key):
        """Do what was shown, all or nothing of it, and once."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        listing = HttpResponseRedirect(self.page_address("changelist"))
        if request.method != "POST":
            return listing
        with transaction.atomic():
            batches = Batch.objects.of(request.user, self.model).select_for_update()
            batch = batches.filter(key=key).first()
            if batch is None:
                self.message_user(request, GONE, messages.WARNING)
                return listing
            order = Order.from_json(batch.data)
            if not batch.done_at:
                outcomes = carry_out(self, request, order)
                refused = [one for one in outcomes if one.problems]
                if refused:
                    return self._show_anew(request, order, refused)
                for one in outcomes:
                    self._log(request, order, one)
                batch.finish(self._told(order, len(outcomes)))
        self.message_user(request, batch.told, messages.SUCCESS)
        return listing

    def page_address(self, page, *args):
        """Return the address in the admin of a page about this model, such as "changelist"."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=args, current_app=self.admin_site.name)

    def list_page(self, request, name, context):
        """Return one of our own pages about many objects."""
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            f"admin/content/{name}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "listing_url": self.page_address("changelist"),
                "media": self.media,
                "wrong": show_first_mistake(context),
                **context,
            },
        )

    def _show_anew(self, request, order, refused):
        """Show anew what would change, after a colleague or a right came between."""
        if not order.whole:
            order = replace(order, wishes=[replace(one, seen="") for one in order.wishes])
        return self.show_rehearsal(request, order, refused=refused)

    def _log(self, request, order, outcome):
        obj = self.model._base_manager.get(pk=outcome.wish.pk)
        names = [str(one.label) for one in outcome.differences]
        done = DONE.get(order.step)
        parts = [f"Gewijzigd: {', '.join(names)}." if names else "", f"{done}." if done else ""]
        self.log_step(request, obj, " ".join(["In bulk.", *filter(None, parts)]))

    def _told(self, order, count):
        names = self.opts.verbose_name if count == 1 else self.opts.verbose_name_plural
        if order.step in DONE:
            return f"{count} {names} {DONE[order.step]}."
        return f"Het concept van {count} {names} is gewijzigd. Op de site verandert nog niets."


def _keys(text):
    """Return the keys in a query such as “1,2,3”; what is no key is left out."""
    return list(dict.fromkeys(int(key) for key in text.split(",") if _is_key(key)))[:MOST]


def _is_key(text):
    return text.isascii() and text.isdigit() and len(text) < 10
