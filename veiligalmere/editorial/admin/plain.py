"""The base of the admin of what has no draft and no versions: what is saved is public at once."""

import json
from functools import partial

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.forms import Script
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from veiligalmere.editorial.admin.choices import PlainChoicesMixin
from veiligalmere.editorial.admin.conflict import HELD_BACK, Conflict
from veiligalmere.editorial.admin.dates import DatesMixin
from veiligalmere.editorial.admin.form import SEEN
from veiligalmere.editorial.admin.pages import PagesMixin
from veiligalmere.editorial.admin.recovery import RecoveryMixin
from veiligalmere.editorial.kept_form import KeptForm
from veiligalmere.editorial.snapshot import content_fields, same_content, take
from veiligalmere.editorial.unsaved import NEW, forget_unsaved, form_key
from veiligalmere.editorial.versions import name_of

FIXED = "Een deel hiervan is intussen niet meer te wijzigen. Bekijk het hieronder."


class KeepingMixin(RecoveryMixin, PagesMixin):
    """Gives a ModelAdmin a form whose text survives a closed browser and a session that ended.

    Its forms have to be KeptForms.
    """

    form = KeptForm
    change_form_template = "admin/content/plain_form.html"

    class Media:
        css = {"all": ["css/admin/content.css"]}
        js = [Script("js/admin/guard.js", defer=True)]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form class; for a form that is only shown again, one that refuses to save."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"held_back": getattr(request, "held_back", "")})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save the form; with what was typed before in it, if that is asked for."""
        obj = self.get_object(request, unquote(object_id)) if object_id else None
        allowed = obj is None or self.has_view_or_change_permission(request, obj)
        if not allowed or (object_id and obj is None):
            return super().changeform_view(request, object_id, form_url, extra_context)
        shadow = self.recovered(request, obj)
        if shadow:
            extra_context = {**(extra_context or {}), "recovered": shadow.held_back}
            request = shadow
        context = {**(extra_context or {}), **self.recovery_context(request, obj)}
        show = partial(super().changeform_view, request, object_id, form_url)
        return show(context) if shadow else self.show_or_save(request, obj, show, context)

    def show_or_save(self, request, obj, show, context):
        """Answer a request that is no recovery; `show` is Django's own form view."""
        return show(context)

    def response_add(self, request, obj, post_url_continue=None):
        """Answer that the object was made, and forget what was typed to make it."""
        forget_unsaved(request.user, self.model, NEW, form_key(request.POST))
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        """Answer that the object was saved, and forget what was typed in its form."""
        self.forget_typed(request, obj)
        return super().response_change(request, obj)


class PlainAdmin(KeepingMixin, DatesMixin, PlainChoicesMixin, admin.ModelAdmin):
    """Base of the admin of what has no draft and no versions, and no many-to-many relations.

    The form carries what it showed. So whoever saves after a colleague did is shown what both
    wrote, and can then save after all.
    """

    def show_or_save(self, request, obj, show, context):
        """Show the form, or save it unless a colleague saved something else meanwhile."""
        if request.method != "POST" or obj is None:
            return show(context)
        if not self.has_change_permission(request, obj):
            return show(context)
        with transaction.atomic():
            row = self.model._base_manager.select_for_update().get(pk=obj.pk)
            return self._overtaken(request, row, show, context) or show(context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Render the form, with a mark of what it shows."""
        seen = ""
        if obj:
            posted = request.method == "POST"
            again = getattr(request, "held_back", "") and not getattr(request, "recovering", False)
            seen = request.POST.get(SEEN, "") if posted and not again else _mark(obj)
        context["token"] = {"seen_name": SEEN, "seen": seen}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _overtaken(self, request, row, show, context):
        """Return the form with what a colleague made of it meanwhile; None if it can be saved."""
        base, shown_at = _read_mark(request.POST.get(SEEN, ""))
        theirs = take(row)
        form = self.get_form(request, row, change=True)(request.POST, instance=row)
        fixed = _written_beside(form, request.POST, theirs)
        if base == theirs and not fixed:
            return None
        if form.is_valid():
            mine = take(form.instance)
            if not same_content(mine, theirs):
                who, when = self._last_saved(row, shown_at)
                conflict = Conflict(base or theirs, theirs, mine, self.model, who, when)
                request.POST = conflict.adopt(request.POST.copy())
                request.held_back = HELD_BACK
                return show({**context, "conflict": conflict, "fixed": fixed})
        if fixed:
            request.held_back = FIXED
            return show({**context, "fixed": fixed})
        return None

    def _last_saved(self, row, since):
        """Return who saved `row` after `since` and when; what is not known is a colleague."""
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk)
        )
        if since:
            entries = entries.filter(action_time__gte=since)
        last = entries.select_related("user").order_by("-action_time").first()
        return (name_of(last.user), last.action_time) if last else ("Een collega", None)


def _mark(obj):
    """Return what the form of `obj` shows and when, signed, to be posted with it."""
    now = json.dumps({"at": timezone.now(), "content": _take_stored(obj)}, cls=DjangoJSONEncoder)
    return signing.dumps(now, salt=SEEN, compress=True)


def _read_mark(text):
    """Return (content, moment) of a mark; (None, None) if it is none of ours."""
    try:
        mark = json.loads(signing.loads(text, salt=SEEN))
    except signing.BadSignature:
        return None, None
    return mark["content"], parse_datetime(mark["at"])


def _take_stored(obj):
    # The form may have written in `obj` what it then refused.
    return take(type(obj)._base_manager.get(pk=obj.pk))


def _written_beside(form, posted, now):
    """Return (label, words) of what was written in fields that can't be changed any more."""
    found = []
    for field in content_fields(type(form.instance)):
        if field.name in form.fields or field.name not in posted:
            continue
        words = posted[field.name].replace("\r\n", "\n")
        if _as_kept(field, words) != now["fields"][field.name]:
            found.append((field.verbose_name, words))
    return found


def _as_kept(field, words):
    """Return `words`, posted for `field`, as a snapshot has them."""
    if isinstance(field, (models.CharField, models.TextField)):
        return words
    try:
        value = field.formfield().clean(words)
    except ValidationError:
        return words
    if isinstance(value, models.Model):
        return {"pk": value.pk, "label": str(value)}
    return value if isinstance(value, (str, int, type(None))) else value.isoformat()
