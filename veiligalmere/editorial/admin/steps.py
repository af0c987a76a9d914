"""The pages of the steps between draft and public: judge, discard, withdraw."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import path, reverse

from veiligalmere.editorial.admin.form import SEEN, Standing
from veiligalmere.editorial.admin.pages import PagesMixin, in_words, not_as_planned
from veiligalmere.editorial.admin.step_forms import PublishForm, ReturnForm, WithdrawForm
from veiligalmere.editorial.advice import advice_on, texts_in
from veiligalmere.editorial.differences import differences
from veiligalmere.editorial.held_text import held_fields
from veiligalmere.editorial.preview_links import DAYS, document_address, make_token
from veiligalmere.editorial.publish import (
    discard_draft,
    lock,
    publish,
    return_to_editor,
    schedule,
    withdraw,
)
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.roles import MAY_PUBLISH

NOT_PUBLIC = "Dit staat niet op de site."
NEWER = "Intussen is er een nieuwere versie opgeslagen. Bekijk het verschil opnieuw."
GONE = "Een collega heeft het concept intussen weggegooid. Bekijk het verschil opnieuw."


class StepsMixin(PagesMixin):
    """Gives a ModelAdmin of Publishable objects the pages of the steps."""

    def get_urls(self):
        """Return the addresses of the steps, before those of the admin."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        steps = (
            ("beoordelen", "judge", self.judge_view),
            ("weggooien", "discard", self.discard_view),
            ("intrekken", "withdraw", self.withdraw_view),
        )
        return [
            path(
                f"<path:object_id>/{address}/",
                self.admin_site.admin_view(view),
                name=f"{name}_{page}",
            )
            for address, page, view in steps
        ] + super().get_urls()

    def may_publish(self, request, obj=None):
        """Whether this account may publish, return and withdraw `obj`."""
        return request.user.has_perm(MAY_PUBLISH) and self.has_change_permission(request, obj)

    def step_context(self, request, standing):
        """What the form needs to offer the steps that are open to this account."""
        row, draft = standing.row, standing.draft
        change = self.has_change_permission(request, row)
        chief = self.may_publish(request, row)
        waiting = draft is not None or not row.is_public
        return {
            **self.preview_context(request, row),
            "may_submit": change,
            "may_judge": chief,
            "judge_url": self.address(row, "judge") if chief and waiting else "",
            "discard_url": self.address(row, "discard")
            if change and draft and row.published_at
            else "",
            "withdraw_url": self.address(row, "withdraw") if chief and row.is_public else "",
            "in_review": draft is not None and draft.draft_state == State.REVIEW,
        }

    def preview_context(self, request, obj):
        """Return the addresses of the preview: for staff, and for who is given the link."""
        if not hasattr(obj, "get_absolute_url"):
            return {}
        shared = reverse("shared_preview", args=[make_token(obj)])
        return {
            "preview_url": reverse("preview", args=[self.opts.label_lower, obj.pk]),
            "shared_preview_url": request.build_absolute_uri(shared),
            "shared_preview_days": DAYS,
        }

    def judge_view(self, request, object_id):
        """Show the difference with what is live; publish, plan or return the draft."""
        obj = self._object_for_step(request, object_id)
        if not self.may_publish(request, obj):
            raise PermissionDenied
        standing = Standing(obj)
        if standing.draft is None and obj.is_public:
            text = f"Er is geen concept om te beoordelen.{_written(request)}"
            return self._back(request, obj, text, messages.INFO)
        # One form with several buttons: what was written for another of them stays.
        typed = request.POST if request.method == "POST" else held_fields(request)
        initial = _first_of(obj, standing.draft)
        publishing = PublishForm(initial=_initial(PublishForm, typed) or initial)
        returning = ReturnForm(initial=_initial(ReturnForm, typed))
        if request.method == "POST":
            if "terugsturen" in request.POST:
                returning = ReturnForm(request.POST)
                done = returning.is_valid() and self._return(request, obj, returning)
            elif "niet-plannen" in request.POST:
                done = self._unplan(request, obj)
            else:
                publishing = PublishForm(request.POST, initial=initial)
                publishing.plans = "plannen" in request.POST
                done = publishing.is_valid() and self._publish(request, obj, publishing)
            if done:
                return done
        live = standing.versions.published().first()
        context = {
            **self.preview_context(request, obj),
            "document_url": document_address(obj)
            if standing.content["fields"].get("document")
            else "",
            "title": f"{str(self.opts.verbose_name).capitalize()} beoordelen",
            "publishing": publishing,
            "returning": returning if standing.draft else None,
            "draft": standing.draft,
            "live": live,
            "in_review": standing.draft and standing.draft.draft_state == State.REVIEW,
            "differences": differences(live and live.content, standing.content, self.model),
            "token": {"seen_name": SEEN, "seen": standing.token},
            "advice": advice_on(texts_in(standing.content, self.model)),
        }
        return self._page(request, obj, "judge", context)

    def discard_view(self, request, object_id):
        """Ask, then end the draft; it stays among the versions."""
        obj = self._object_for_step(request, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        standing = Standing(obj)
        if standing.draft is None or obj.published_at is None:
            return self._back(request, obj, "Er is geen concept om weg te gooien.", messages.INFO)
        if request.method == "POST":
            with transaction.atomic():
                newer = newer_than_seen(request, Standing(lock(obj)))
                if not newer:
                    discard_draft(obj)
            if newer:
                return self._back(request, obj, newer, messages.WARNING)
            self.log_step(request, obj, "Concept weggegooid.")
            text = "Het concept is weggegooid. In de geschiedenis kunt u het terugvinden."
            return self._back(request, obj, text)
        live = standing.versions.published().first()
        context = {
            "title": "Concept weggooien",
            "draft": standing.draft,
            "differences": differences(live and live.content, standing.content, self.model),
            "token": {"seen_name": SEEN, "seen": standing.token},
        }
        return self._page(request, obj, "discard", context)

    def withdraw_view(self, request, object_id):
        """Ask why, then take the page away from the public."""
        obj = self._object_for_step(request, object_id)
        if not self.may_publish(request, obj):
            raise PermissionDenied
        if not obj.is_public:
            return self._back(request, obj, f"{NOT_PUBLIC}{_written(request)}", messages.INFO)
        form = WithdrawForm(request.POST if request.method == "POST" else held_fields(request))
        if request.method == "POST" and form.is_valid():
            try:
                withdraw(obj, by=request.user, note=form.cleaned_data["note"])
            except ValidationError:  # a colleague was earlier
                return self._back(request, obj, f"{NOT_PUBLIC}{_written(request)}", messages.INFO)
            self.log_step(request, obj, "Ingetrokken.")
            return self._back(
                request, obj, "De pagina is ingetrokken en staat niet meer op de site."
            )
        return self._page(request, obj, "withdraw", {"title": "Intrekken", "form": form})

    def _publish(self, request, obj, form):
        """Publish or plan, unless something newer was saved; return an answer, or None."""
        data = form.cleaned_data
        try:
            with transaction.atomic():
                if newer := newer_than_seen(request, Standing(lock(obj))):
                    raise ValidationError(newer)
                if data["moment"]:
                    schedule(
                        obj, data["moment"], by=request.user, note=data["note"], minor=data["minor"]
                    )
                else:
                    publish(obj, by=request.user, note=data["note"], minor=data["minor"])
        except ValidationError as error:
            form.add_error(None, error)
            return None
        if data["moment"]:
            when = in_words(data["moment"])
            self.log_step(request, obj, f"Publicatie gepland op {when}.")
            text = f"Dit wordt gepubliceerd op {when}."
        else:
            self.log_step(request, obj, "Gepubliceerd.")
            text = "Gepubliceerd: dit staat nu op de site."
        return self._back(request, obj, text + _not_sent(request))

    def _unplan(self, request, obj):
        """Take the plan back, if it is still about what the page showed."""
        with transaction.atomic():
            standing = Standing(lock(obj))
            newer = newer_than_seen(request, standing)
            planned = standing.draft is not None and standing.draft.publish_at is not None
            if planned and not newer:
                schedule(obj, None, by=request.user)
        if not planned:
            text = "Er was al niets meer gepland."
            return self._back(request, obj, text, messages.INFO)
        if newer:
            return self._back(request, obj, newer, messages.WARNING)
        self.log_step(request, obj, "Publicatie niet meer gepland.")
        text = "Het wordt niet meer vanzelf gepubliceerd."
        return self._back(request, obj, text + _not_kept(request) + _not_sent(request))

    def _return(self, request, obj, form):
        """Return the draft, unless something newer was saved; return an answer, or None."""
        try:
            with transaction.atomic():
                standing = Standing(lock(obj))
                if newer := newer_than_seen(request, standing):
                    raise ValidationError(newer)
                return_to_editor(obj, by=request.user, remark=form.cleaned_data["remark"])
        except ValidationError as error:
            form.add_error(None, error)
            return None
        self.log_step(request, obj, "Teruggestuurd met een opmerking.")
        text = "Teruggestuurd, met uw opmerking erbij."
        text += _not_kept(request, but=_first_of(obj, standing.draft)["note"])
        if standing.draft.publish_at:
            text += f" {not_as_planned(standing.draft.publish_at)}"
        return self._back(request, obj, text)


def newer_than_seen(request, standing):
    """Return as a sentence what became of an object since the page was shown; "" if nothing."""
    seen = request.POST.get(SEEN, "")
    if standing.token == seen:
        return ""
    return GONE if standing.is_discarded_since(seen) else NEWER


def _written(request):
    """Return the words that were posted to a step that is no longer there, as a sentence, or "".

    It says no more than that: on a double click the same words did arrive the first time.
    """
    names = (
        f"{ReturnForm.prefix}-remark",
        f"{PublishForm.prefix}-note",
        f"{WithdrawForm.prefix}-note",
    )
    typed = next((words for name in names if (words := request.POST.get(name))), None)
    return f" U schreef: “{typed}”" if typed else ""


def _not_kept(request, but=""):
    """Return the note for visitors that was written and not kept, as a sentence; not text `but`."""
    note = request.POST.get(f"{PublishForm.prefix}-note", "").strip()
    return (
        f" Uw toelichting voor bezoekers is niet bewaard: “{note}”" if note not in {"", but} else ""
    )


def _not_sent(request):
    """Return the remark that was written for who wrote the draft, and not sent, as a sentence."""
    remark = request.POST.get(f"{ReturnForm.prefix}-remark", "").strip()
    return f" Uw opmerking is niet verstuurd: “{remark}”" if remark else ""


def _initial(form, typed):
    """Return what of `typed` (a QueryDict or None) was written in a form of this class."""
    names = {name: f"{form.prefix}-{name}" for name in form.base_fields}
    return {name: typed[posted] for name, posted in names.items() if posted in (typed or {})}


def _first_of(obj, draft):
    """Return what the form for publishing begins with: what was said when it was planned, if so."""
    if draft and draft.publish_at:
        return {"note": draft.note, "minor": draft.minor, "moment": draft.publish_at}
    return {"note": "" if obj.published_at else "Nieuw op de site."}
