"""The base of the admin of everything with a state: its form edits a draft, never the live page."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.forms import Script, Textarea
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import get_random_string

from veiligalmere.editorial.admin.choices import PlainChoicesMixin
from veiligalmere.editorial.admin.conflict import Conflict
from veiligalmere.editorial.admin.form import (
    BASE,
    ONCE,
    SEEN,
    ContentForm,
    NotSaved,
    Standing,
    attempt,
    base_of,
)
from veiligalmere.editorial.admin.history import HistoryMixin
from veiligalmere.editorial.admin.recovery import RecoveryMixin
from veiligalmere.editorial.admin.steps import StepsMixin
from veiligalmere.editorial.differences import differences
from veiligalmere.editorial.limits import is_limited
from veiligalmere.editorial.publish import lock, save_draft, showing_draft, submit
from veiligalmere.editorial.publishing import PUBLISHED_ONCE, Publishable, State
from veiligalmere.editorial.snapshot import put, same_content
from veiligalmere.editorial.versions import Version, name_of

PUBLICATION = ("Publicatie", {"fields": ["state", "published_at", "changed_at"]})
OUTSIDE = "U mag dit niet bij een ander thema zetten."
HELD_BACK = "Uw collega was eerder. Bekijk het verschil en sla dan nog eens op."


class ContentAdmin(StepsMixin, HistoryMixin, RecoveryMixin, PlainChoicesMixin, admin.ModelAdmin):
    """Base of the admin of everything with a state.

    The form shows the draft, or what is live if there is no draft, and saving it makes a draft. To
    do so it runs Django's own form view inside a savepoint that holds the draft, and rolls that
    back: so fields, relations and inlines of any kind take part without knowing of it.
    """

    form = ContentForm
    change_form_template = "admin/content/change_form.html"
    list_filter = ["state"]
    readonly_fields = ["state", "published_at", "changed_at"]
    save_on_top = False
    list_per_page = 50
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 80})}}

    class Media:
        css = {"all": ["css/admin/content.css"]}
        js = [Script("js/admin/guard.js", defer=True)]

    def get_queryset(self, request):
        """Return what this account may see: for one with a limit, only what lies within."""
        return super().get_queryset(request).editable_by(request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer no drafts that this account may not see, and no accounts that can't log in here."""
        kwargs.setdefault("queryset", _choices(db_field, request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.related_model is get_user_model():
            field.label_from_instance = name_of
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offer no drafts that this account may not see."""
        kwargs.setdefault("queryset", _choices(db_field, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form class; for a form that is only shown again, one that refuses to save."""
        form = super().get_form(request, obj, change=change, **kwargs)
        held_back = getattr(request, "held_back", "")
        return type(form.__name__, (form,), {"held_back": held_back}) if held_back else form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form with the draft in it, or save what was posted as the draft."""
        show = partial(super().changeform_view, request, object_id, form_url)
        extra_context = extra_context or {}
        obj = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and (obj is None or not self.has_view_or_change_permission(request, obj)):
            return show(extra_context)
        shadow = self.recovered(request, obj)
        if shadow:
            show = partial(super().changeform_view, shadow, object_id, form_url)
            return self._show_again(shadow, obj, show, extra_context)
        if request.method != "POST":
            return self._show(request, obj, show, extra_context)
        if obj is None:
            return self._add(request, show, extra_context)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        return self._change(request, obj, show, extra_context)

    def render_change_form(self, request, context, **kwargs):
        """Render the form; one that is only shown again has no mistakes to be told of."""
        held_back = getattr(request, "held_back", "")
        told = [message for one in context.get("errors") or [] for message in one]
        if held_back and told == [held_back]:
            context["errors"] = []
        return super().render_change_form(request, context, **kwargs)

    def save_related(self, request, form, formsets, change):
        """Save the relations, and remember that the form was good."""
        super().save_related(request, form, formsets, change)
        if not self.get_queryset(request).filter(pk=form.instance.pk).exists():
            raise PermissionDenied(OUTSIDE)
        request.saved_object = form.instance

    def log_addition(self, request, obj, message):
        """Leave the log until the transaction is sure to stay."""
        request.log_entry = partial(super().log_addition, request, message=message)

    def log_change(self, request, obj, message):
        """Leave the log until the transaction is sure to stay."""
        request.log_entry = partial(super().log_change, request, message=message)

    def response_add(self, request, obj, post_url_continue=None):
        """Answer a popup as Django does; the rest is answered once the version is kept."""
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return HttpResponse()

    def response_change(self, request, obj):
        """Answer a popup as Django does; the rest is answered once the version is kept."""
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        return HttpResponse()

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
        return obj.get_absolute_url() if obj.is_public else None

    def address(self, obj, page):
        """Return the address in the admin of a page of `obj`, such as "change"."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(f"admin:{name}", args=[obj.pk], current_app=self.admin_site.name)

    def _show(self, request, obj, show, extra_context):
        extra_context = {**extra_context, **self.recovery_context(request, obj)}
        if obj is None:
            return show({**extra_context, "once": get_random_string(32), "once_name": ONCE})
        standing = Standing(obj)
        context = {**extra_context, **self._standing_context(request, standing)}
        if standing.draft is None or obj.published_at is None:
            return show(context)
        with showing_draft(obj) as shown:
            return show({**context, "skipped": shown.skipped}).render()

    def _show_again(self, request, obj, show, extra_context):
        """Show the form with what `request`, made of unsaved text, posts; save nothing."""
        context = {**extra_context, "recovered": request.held_back}
        context |= self.recovery_context(request, obj)
        if obj is None:
            once = request.POST.get(ONCE) or get_random_string(32)
            with transaction.atomic():
                return show({**context, "once": once, "once_name": ONCE}).render()
        standing = Standing(obj)
        context |= self._standing_context(request, standing)
        made_on = standing.version(base_of(request))
        with showing_draft(obj, made_on.content if made_on else None):
            return show(context).render()

    def _standing_context(self, request, standing):
        """What the form tells of how the object stands, and the marks against overwriting."""
        live = standing.versions.published().first()
        token, base = standing.token, standing.number
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
            **self.step_context(request, standing),
            **self.recovery_context(request, standing.row),
        }

    def _add(self, request, show, extra_context):
        """Make a new object and its first version, once however often the button was pressed."""
        once = request.POST.get(ONCE, "")[:32]
        made = Version.objects.filter(once=once).first() if once else None
        if made and made.object:
            return self._after_save(request, made.object)
        context = {**extra_context, **self.recovery_context(request, None)}
        context |= {"once": once, "once_name": ONCE}
        try:
            with transaction.atomic():
                response = show(context)
                obj = getattr(request, "saved_object", None)
                if obj is None:
                    return response.render()
                save_draft(obj, lambda row: None, by=request.user)
                Version.objects.of(obj).filter(number=1).update(once=once)
        except IntegrityError:
            made = Version.objects.filter(once=once).first() if once else None
            if made is None or made.object is None:
                raise
            return self._after_save(request, made.object)
        request.log_entry(obj)
        return response if IS_POPUP_VAR in request.POST else self._after_save(request, obj)

    def _change(self, request, obj, show, extra_context):
        with transaction.atomic():
            row = lock(obj)
            standing = Standing(row)
            base = base_of(request)
            made_on = standing.version(base) if base != standing.number else None

            def write(target):
                if made_on:
                    put(target, made_on.content, temporary=target.published_at is not None)
                request.saved_object = None
                response = show({**extra_context, **self._standing_context(request, standing)})
                if request.saved_object is None:
                    raise NotSaved(response.render())
                request.popup_response = response
                target.refresh_from_db()

            try:
                if request.POST.get(SEEN) == standing.token:
                    before = standing.number
                    save_draft(row, write, by=request.user)
                    changed = Standing(row).number != before
                else:
                    answer = self._compare(request, row, standing, made_on, write, show)
                    if answer is not None:
                        return answer
                    changed = True
            except NotSaved as refused:
                return refused.response
        if changed:
            request.log_entry(obj)
        if IS_POPUP_VAR in request.POST:
            return request.popup_response
        return self._after_save(request, obj, changed=changed)

    def _compare(self, request, row, standing, made_on, write, show):
        """Answer a form that was made on something older; None if it says what is saved already."""
        theirs = standing.content
        base = made_on.content if made_on else theirs
        taken = {child["pk"] for rows in theirs["children"].values() for child in rows}
        mine = attempt(
            row,
            write,
            avoid=taken - {child["pk"] for rows in base["children"].values() for child in rows},
        )
        if same_content(mine, theirs):
            return None
        conflict = Conflict(base, theirs, mine, standing)
        request.POST = conflict.adopt(request.POST.copy())
        request.held_back = HELD_BACK
        with showing_draft(row, base):
            context = self._standing_context(request, standing)
            return show({**context, "conflict": conflict}).render()

    def _after_save(self, request, obj, *, changed=True):
        """Say what was done, and go where the button that was pressed leads."""
        self.forget_typed(request, obj)
        name = f"{self.opts.verbose_name} “{obj}”"
        if not changed:
            self.message_user(request, f"Er was niets gewijzigd aan {name}.", messages.INFO)
        elif obj.published_at:
            self.message_user(
                request,
                f"Het concept van {name} is opgeslagen. Op de site verandert nog niets.",
                messages.SUCCESS,
            )
        else:
            self.message_user(request, f"Het concept van {name} is opgeslagen.", messages.SUCCESS)
        if "_indienen" in request.POST:
            submit(obj, by=request.user)
            self.message_user(request, "U hebt het ingediend ter beoordeling.", messages.SUCCESS)
            return HttpResponseRedirect(self.address(obj, "change"))
        if "_beoordelen" in request.POST:
            return HttpResponseRedirect(self.address(obj, "judge"))
        if "_addanother" in request.POST:
            return HttpResponseRedirect(request.path)
        if "_save" in request.POST:
            listing = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            filters = {
                "preserved_filters": self.get_preserved_filters(request),
                "opts": self.opts,
            }
            return HttpResponseRedirect(add_preserved_filters(filters, listing))
        return HttpResponseRedirect(self.address(obj, "change"))


def _choices(db_field, request):
    """Return what a relation may be set to by this account: what is public or within its limit."""
    model = db_field.related_model
    everything = model._default_manager.all()
    if model is get_user_model():
        return everything.filter(is_active=True, is_staff=True).order_by("username")
    if not issubclass(model, Publishable) or not is_limited(request.user):
        return everything
    seen = everything.editable_by(request.user).order_by().values("pk")
    return everything.filter(Q(pk__in=seen) | Q(state=State.PUBLISHED))
