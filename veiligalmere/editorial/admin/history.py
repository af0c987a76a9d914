"""The history of an object in the back-office: every version, any two compared, any put back."""

from functools import partial

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.urls import path

from veiligalmere.editorial.admin.form import SEEN, Standing
from veiligalmere.editorial.admin.pages import PagesMixin
from veiligalmere.editorial.admin.steps import newer_than_seen
from veiligalmere.editorial.differences import differences
from veiligalmere.editorial.publish import lock, put_back
from veiligalmere.editorial.snapshot import same_content
from veiligalmere.editorial.versions import Version

PAGE_SIZE = 50
OUTSIDE = "Deze versie hoort bij een thema waarvoor u geen rechten hebt. Vraag het de eindredactie."


class HistoryMixin(PagesMixin):
    """Gives a ModelAdmin of objects with versions a history of them."""

    has_drafts = True  # without, what is saved or put back holds at once

    def get_urls(self):
        """Return the address for putting back, before those of the admin."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(
                "<path:object_id>/terugzetten/<int:number>/",
                self.admin_site.admin_view(self.put_back_view),
                name=f"{name}_put_back",
            ),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        """Show every version with who and when, and the difference between two of them."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        versions = Version.objects.of(obj)
        page = Paginator(versions, PAGE_SIZE).get_page(request.GET.get("pagina"))
        shown = list(page.object_list)
        default = _worth_comparing(shown)
        new = _number(request.GET.get("naar"), default[0] if default else 0)
        old = _number(request.GET.get("van"), default[-1] if default else 0)
        old, new = sorted([old, new])
        chosen = {one.number: one for one in versions.filter(number__in=[old, new])}
        compared = old != new and old in chosen and new in chosen
        may_put_back = self.may_put_back(request, obj)
        now = self.standing_now(obj)[0] if may_put_back else None
        context = {
            "title": "Geschiedenis",
            "page_obj": page,
            "versions": shown,
            "old": chosen.get(old),
            "new": chosen.get(new),
            "compared": compared,
            "differences": differences(chosen[old].content, chosen[new].content, self.model)
            if compared
            else [],
            "may_put_back": may_put_back,
            "standing_now": [one for one in shown if now and same_content(one.content, now)],
            "has_drafts": self.has_drafts,
        }
        return self._page(request, obj, "history", {**context, **(extra_context or {})})

    def put_back_view(self, request, object_id, number):
        """Ask, then make a version hold again, with its relations and inlines."""
        obj = self._object_for_step(request, object_id)
        if not self.may_put_back(request, obj):
            raise PermissionDenied
        version = Version.objects.of(obj).filter(number=number).first()
        if version is None:
            return self._back(request, obj, "Deze versie is er niet.", messages.WARNING)
        if request.method == "POST":
            try:
                return self._back(request, obj, self.put_version_back(request, obj, version))
            except ValidationError as refusal:
                return self._back(request, obj, refusal.message, messages.WARNING)
        now, seen = self.standing_now(obj)
        context = {
            "title": f"Versie {number} terugzetten",
            "version": version,
            "has_drafts": self.has_drafts,
            "differences": differences(now, version.content, self.model),
            "token": {"seen_name": SEEN, "seen": seen},
        }
        return self._page(request, obj, "put_back", context)

    def may_put_back(self, request, obj):
        """Whether this account may make an old version of `obj` hold again."""
        return self.has_change_permission(request, obj)

    def standing_now(self, obj):
        """Return the snapshot of what an editor now sees of `obj`, and what marks a page of it."""
        standing = Standing(obj)
        return standing.content, standing.token

    def put_version_back(self, request, obj, version):
        """Make `version` the draft of `obj`; return what to tell of it, in Dutch.

        Raises ValidationError, in Dutch, if something newer was saved since the page was shown, or
        if this account could not open it afterwards.
        """
        with transaction.atomic():
            standing = Standing(lock(obj))
            if newer := newer_than_seen(request, standing):
                raise ValidationError(newer)
            if same_content(version.content, standing.content):
                return nothing_changed(version)
            before = standing.draft
            check = partial(self._demand_reach, request)
            draft, skipped = put_back(obj, version, by=request.user, check=check)
        self.log_step(request, obj, f"Versie {version.number} teruggezet als concept.")
        for line in skipped:
            self.message_user(request, f"Niet teruggezet: {line}.", messages.WARNING)
        if draft != before:
            self.tell_what_lapsed(request, obj, before)
        text = f"Versie {version.number} staat nu in het concept."
        return text if obj.published_at is None else f"{text} Op de site verandert nog niets."

    def _demand_reach(self, request, row):
        if not self.get_queryset(request).filter(pk=row.pk).exists():
            raise ValidationError(OUTSIDE)


def nothing_changed(version):
    """Return what to tell of putting back `version` where that already stands, in Dutch."""
    return f"Versie {version.number} is gelijk aan wat er staat: er is niets gewijzigd."


def _worth_comparing(versions):
    """Return the number of the first of `versions`, and of the next that says something else."""
    others = [one for one in versions[1:] if not same_content(one.content, versions[0].content)]
    return [one.number for one in [*versions[:1], *(others or versions[1:])[:1]]]


def _number(text, default):
    """Return a version number from a query, or `default` if it is none."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default
