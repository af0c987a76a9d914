"""The base of the admin of everything with a state: its form edits a draft, never the live page."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import Script, Textarea
from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch
from django.utils.crypto import get_random_string

from veiligalmere.editorial.admin.bulk import BulkMixin
from veiligalmere.editorial.admin.choices import PlainChoicesMixin
from veiligalmere.editorial.admin.dates import DatesMixin
from veiligalmere.editorial.admin.exporting import ExportMixin
from veiligalmere.editorial.admin.form import (
    BASE,
    ONCE,
    SEEN,
    ContentForm,
    Standing,
    base_of,
    once_of,
)
from veiligalmere.editorial.admin.history import HistoryMixin
from veiligalmere.editorial.admin.importing import ImportMixin
from veiligalmere.editorial.admin.recovery import RecoveryMixin
from veiligalmere.editorial.admin.saving import SavingMixin
from veiligalmere.editorial.admin.showing import ShowingMixin
from veiligalmere.editorial.admin.steps import StepsMixin
from veiligalmere.editorial.differences import differences
from veiligalmere.editorial.limits import asks_limited
from veiligalmere.editorial.publish import showing_draft
from veiligalmere.editorial.publishing import PUBLISHED_ONCE
from veiligalmere.editorial.widgets import DocumentWidget

PUBLICATION = ("Publicatie", {"fields": ["state", "published_at", "changed_at"]})


class ContentAdmin(
    SavingMixin,
    ShowingMixin,
    StepsMixin,
    HistoryMixin,
    RecoveryMixin,
    BulkMixin,
    ExportMixin,
    ImportMixin,
    DatesMixin,
    PlainChoicesMixin,
    admin.ModelAdmin,
):
    """Base of the admin of everything with a state.

    The form shows the draft, or what is live if there is no draft, and saving it makes a draft. To
    save, Django's own form view runs inside a savepoint that holds the draft, and that is rolled
    back: so fields, relations and inlines of any kind take part without knowing of it.
    """

    form = ContentForm
    change_form_template = "admin/content/change_form.html"
    list_filter = ["state"]
    readonly_fields = ["state", "published_at", "changed_at"]
    save_on_top = False
    list_per_page = 50
    formfield_overrides = {
        models.FileField: {"widget": DocumentWidget},
        models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 80})},
    }

    class Media:
        css = {"all": ["css/admin/content.css", "css/admin/bulk.css"]}
        js = [Script("js/admin/guard.js", defer=True)]

    def get_queryset(self, request):
        """Return what this account may see: for one with a limit, only what lies within."""
        return super().get_queryset(request).editable_by(request.user)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form class; for a form that is only shown again, one that refuses to save."""
        form = super().get_form(request, obj, change=change, **kwargs)
        known = {"held_back": getattr(request, "held_back", ""), "editor": request.user}
        return type(form.__name__, (form,), known)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form with the draft in it, or save what was posted as the draft."""
        show = partial(super().changeform_view, request, object_id, form_url)
        extra_context = extra_context or {}
        obj = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and (obj is None or not self.has_view_or_change_permission(request, obj)):
            if obj is None:
                self._keep_of_what_is_gone(request)
            return show(extra_context)
        shadow = self.recovered(request, obj)
        if shadow:
            show = partial(super().changeform_view, shadow, object_id, form_url)
            return self._show_again(shadow, obj, show, extra_context)
        if request.method != "POST":
            return self._show(request, obj, show, extra_context)
        if obj and not self.has_change_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            return self.add(request, show, extra_context)
        return self.change(request, obj, show, extra_context)

    def render_change_form(self, request, context, **kwargs):
        """Render the form, with the way down to it."""
        context["trail"] = self.trail(request, context.get("original"))
        if context.get("original") is None:
            context["may_judge"] = self.may_publish(request)
        return super().render_change_form(request, context, **kwargs)

    def has_add_permission(self, request):
        """Refuse who is limited to a part, for content that they could not open afterwards."""
        if not super().has_add_permission(request):
            return False
        return bool(self.decided_by) or not asks_limited(request)

    def has_delete_permission(self, request, obj=None):
        """Refuse for what was ever published."""
        never_published = obj is None or obj.published_at is None
        return never_published and super().has_delete_permission(request, obj)

    def delete_view(self, request, object_id, extra_context=None):
        """Delete what was never published; explain why anything else can't be."""
        obj = self.get_object(request, unquote(object_id))
        if (
            obj
            and obj.published_at is not None
            and self.has_view_or_change_permission(request, obj)
        ):
            self.message_user(request, PUBLISHED_ONCE, messages.WARNING)
            return HttpResponseRedirect(self.address(obj, "change"))
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request):
        """Leave out deleting many at once: what was published is withdrawn, one by one."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def view_on_site(self, obj):
        """Return the public address, for content that the public can see."""
        if not obj.is_public:
            return None
        try:
            return obj.get_absolute_url()
        except (NoReverseMatch, TypeError):
            return None  # a form that is shown again may hold what no address can be made of

    def _show(self, request, obj, show, extra_context):
        extra_context = {**extra_context, **self.recovery_context(request, obj)}
        if obj is None:
            return show({**extra_context, "once": get_random_string(32), "once_name": ONCE})
        standing = Standing(obj)
        context = {**extra_context, **self.standing_context(request, standing)}
        if standing.draft is None or obj.published_at is None:
            return show(context)
        return show({**context, "skipped": self.hold_draft(request, obj, standing.draft)})

    def _show_again(self, request, obj, show, extra_context):
        """Show the form with what `request` posts, perhaps made of unsaved text; save nothing.

        Its inlines are checked as for saving, against rows: so here the database holds the draft.
        """
        context = {**extra_context, "recovered": getattr(request, "held_back", "")}
        context |= self.recovery_context(request, obj)
        if obj is None:
            once = once_of(request) or get_random_string(32)
            with transaction.atomic():
                return show({**context, "once": once, "once_name": ONCE}).render()
        standing = Standing(obj)
        context |= self.standing_context(request, standing)
        ground = standing.ground_for(standing.made_on(request), request.POST.get(SEEN))
        with showing_draft(obj, ground):
            return show(context).render()

    def standing_context(self, request, standing):
        """What the form tells of how the object stands, and the marks against overwriting."""
        live = standing.versions.published().first()
        token, base = standing.token, standing.basis
        if request.method == "POST":
            base = base_of(request)
            if not getattr(request, "held_back", "") or getattr(request, "recovering", False):
                token = request.POST.get(SEEN, "")
        draft = standing.draft
        beside = standing.row.published_at is not None
        return {
            "standing": standing,
            "live": live,
            "draft": draft,
            "beside": beside,
            "differences": differences(live and live.content, draft.content, self.model)
            if draft and beside
            else [],
            "token": {"seen_name": SEEN, "seen": token, "base_name": BASE, "base": base},
            "once": once_of(request),
            "once_name": ONCE,
            **self.step_context(request, standing),
            **self.recovery_context(request, standing.row),
        }
