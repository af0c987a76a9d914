"""Saving the form of a content object: as a draft, once, and never over a colleague's words."""

import copy
from functools import partial

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import FileField
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst

from veiligalmere.editorial.admin.conflict import HELD_BACK, Conflict
from veiligalmere.editorial.admin.form import (
    ONCE,
    SEEN,
    NotSaved,
    Standing,
    attempt,
    once_of,
)
from veiligalmere.editorial.admin.pages import in_words, not_as_planned
from veiligalmere.editorial.publish import lock, save_draft, showing_draft, submit
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.snapshot import content_fields, put, same_content, without_children
from veiligalmere.editorial.unsaved import NEW, forget_unsaved, form_key, keep_unsaved
from veiligalmere.editorial.versions import Version


class SavingMixin:
    """Gives a ModelAdmin of Publishable objects a form that saves a draft.

    `show` is Django's own form view, which reads what was posted and saves it; it is run where its
    writes belong: in the transaction that makes a new object, or beside what is live.
    """

    def save_related(self, request, form, formsets, change):
        """Save the relations, and remember that the form was good."""
        super().save_related(request, form, formsets, change)
        if not self.get_queryset(request).filter(pk=form.instance.pk).exists():
            raise PermissionDenied  # the form should have offered nothing that leads to this
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

    def add(self, request, show, extra_context):
        """Make a new object and its first version, once however often the button was pressed."""
        once = once_of(request)
        made = Version.objects.filter(once=once).first() if once else None
        if made and made.object:
            return self._made_already(request, made)
        if made:
            once = ""  # it was deleted since
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
            return self._made_already(request, made)
        request.log_entry(obj)
        if IS_POPUP_VAR in request.POST:
            self.forget_typed(request, obj)
            return response
        return self._after_save(request, obj)

    def _made_already(self, request, made):
        """Answer a form for a new object of which version `made` was kept: if it's equal, as then.

        In another tab it may say something else by now. That is kept, and offered in the form.
        """
        obj = made.object
        same_text = self._makes_again(request, made)
        others = [
            request.FILES[field.name].name
            for field in content_fields(self.model)
            if isinstance(field, FileField) and field.name in request.FILES
            if not _is_kept(request.FILES[field.name], field, made.content["fields"][field.name])
        ]
        if same_text and not others:
            return self._after_save(request, obj)
        forget_unsaved(request.user, self.model, NEW, form_key(request.POST))
        text = f"{capfirst(self.opts.verbose_name)} “{obj}” was al gemaakt"
        if same_text:
            text += ", met een ander bestand."
        else:
            keep_unsaved(request.user, self.model, obj.pk, request.POST)
            text += ", met een andere tekst. Wat u nu schreef is bewaard: haal het hieronder terug."
        for name in others:
            text += f" Kies “{name}” hieronder opnieuw: dit bestand is nog niet opgeslagen."
        self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(self.address(obj, "change"))

    def _makes_again(self, request, made):
        """Whether the posted form, but for its files, says what version `made` says."""
        again = copy.copy(request)
        again._files = MultiValueDict()
        again.POST = request.POST.copy()
        # What the form filled in by itself might become something else by now.
        for name in self.form.fills_in:
            if not again.POST.get(name):
                again.POST[name] = made.content["fields"][name]
        shown = partial(super().changeform_view, again, str(made.object_id), extra_context={})
        try:
            with transaction.atomic():
                write = partial(_write, again, shown, without_children(made.content))
                return same_content(attempt(lock(made.object), write), made.content)
        except NotSaved:
            return False

    def change(self, request, obj, show, extra_context):
        """Save what was posted as the draft of `obj`, unless a colleague saved something else."""
        with transaction.atomic():
            row = lock(obj)
            standing = Standing(row)
            made_on = standing.made_on(request)
            ground = standing.ground_for(made_on, request.POST.get(SEEN))

            def shown():
                return show({**extra_context, **self.standing_context(request, standing)})

            write = partial(_write, request, shown, ground)

            try:
                seen = request.POST.get(SEEN)
                if seen == standing.token or standing.is_withdrawn_since(seen):
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
            self.forget_typed(request, obj)
            return request.popup_response
        if changed:
            self.tell_what_lapsed(request, obj, standing.draft)
        return self._after_save(request, obj, changed=changed)

    def tell_what_lapsed(self, request, obj, before):
        """Say which step of the draft `before`, or None, does not hold for the new one of `obj`.

        Who planned it finds the new text among what is submitted, so that it is not forgotten.
        """
        if before is None or "_beoordelen" in request.POST:
            return
        if before.publish_at:
            when = in_words(before.publish_at)
            self.log_step(request, obj, f"Gewijzigd; niet meer gepland op {when}.")
            lapsed = not_as_planned(before.publish_at)
            if "_indienen" not in request.POST:
                submit(obj, by=request.user)
                lapsed += " Uw nieuwe tekst is ingediend, zodat de eindredactie ernaar kijkt."
            self.message_user(request, lapsed, messages.WARNING)
        elif before.draft_state == State.REVIEW and "_indienen" not in request.POST:
            again = "Het is nu niet meer ingediend. Dien het opnieuw in als het klaar is."
            self.message_user(request, again, messages.WARNING)

    def _compare(self, request, row, standing, made_on, write, show):
        """Answer a form that was made on something older; None if it says what is saved already."""
        theirs = standing.content
        base = made_on or theirs
        taken = {child["pk"] for rows in theirs["children"].values() for child in rows}
        mine = attempt(
            row,
            write,
            avoid=taken - {child["pk"] for rows in base["children"].values() for child in rows},
        )
        if same_content(mine, theirs):
            return None
        seen = request.POST.get(SEEN, "")
        discarded = standing.is_discarded_since(seen)
        when = standing.newest.created_at if standing.newest and not discarded else None
        who = capfirst(standing.changed_by(seen))
        conflict = Conflict(base, theirs, mine, self.model, who, when)
        request.held_back = HELD_BACK
        with showing_draft(row, standing.ground_for(made_on, standing.token)):
            fields = self.get_form(request, row, change=True).base_fields
            request.POST = conflict.adopt(request.POST.copy(), fields)
            context = self.standing_context(request, standing)
            context |= {"conflict": conflict, "discarded": discarded}
            return show(context).render()

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


def _write(request, shown, ground, target):
    """Let Django's form view, that `shown` calls, save what is posted on snapshot `ground`.

    With None for that, on what `target`, the row, holds. Raises NotSaved if the form is refused.
    """
    if ground:
        put(target, ground, temporary=target.published_at is not None)
    request.saved_object = None
    response = shown()
    if request.saved_object is None:
        raise NotSaved(response.render())
    request.popup_response = response
    target.refresh_from_db()


def _is_kept(file, field, name):
    """Whether the uploaded `file` is the one that `field` keeps under `name`."""
    if not name or not field.storage.exists(name) or field.storage.size(name) != file.size:
        return False
    file.seek(0)
    with field.storage.open(name) as kept:
        return kept.read() == file.read()
