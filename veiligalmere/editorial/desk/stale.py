"""Pages that nobody has looked at for long: published, and since then neither changed nor checked.

The log of the admin tells of both: every step is noted there, and so is the button "Klopt nog".
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from veiligalmere.editorial.desk.reach import (
    address_of,
    content_models,
    kind_of,
    versions_that_grow_old,
)
from veiligalmere.editorial.desk.registry import Block, Line
from veiligalmere.editorial.versions import Version

CHECKED = "Nagekeken: klopt nog."


class StalePages(Block):
    """What lasts over the years, and was published long ago and never looked at since."""

    key = "lang-niet-bekeken"
    title = "Lang niet bekeken"
    empty = "Alles wat op de site staat, is kortgeleden gewijzigd of nagekeken."
    position = 70

    def explanation(self, request):
        """Tell what counts as long ago."""
        return (
            f"Gepubliceerd vóór {date_format(_long_ago(), 'j F Y')}, en daarna door niemand "
            "gewijzigd of nagekeken. Klopt de tekst nog? Dan hoeft u alleen dat te melden."
        )

    def select(self, request):
        """Return the last published versions, the oldest first."""
        since = timezone.make_aware(datetime.combine(_long_ago(), time()))
        # In one pass: the log has no index by which to look up the steps of each version.
        looked_at = LogEntry.objects.filter(action_time__gte=since).values_list(_object_key())
        # A draft counts by its day, as a look does: one that was thrown away is no end to it.
        later = Version.objects.filter(
            Q(kind=Version.Kind.PUBLISHED, number__gt=OuterRef("number"))
            | Q(created_at__gte=since),
            content_type=OuterRef("content_type"),
            object_id=OuterRef("object_id"),
        )
        published = versions_that_grow_old(request).published()
        return (
            published.filter(created_at__lt=since)
            .exclude(Exists(later))
            .alias(object_key=_object_key())
            .exclude(object_key__in=looked_at)
            .order_by("created_at", "pk")
        )

    def line(self, version, request):
        """Offer to say that it is still right."""
        date = date_format(timezone.localtime(version.created_at), "j F Y")
        address = reverse("admin:desk_checked", args=[version.content_type_id, version.object_id])
        return Line(
            text=version.label,
            url=address_of(version),
            facts=f"{kind_of(version)}, gepubliceerd op {date}",
            button=(address, "Klopt nog", version.label),
        )


@require_POST
def checked_view(request, kind, object_id):
    """Note that this account found an object still right; go back to where it was listed."""
    kinds = {ContentType.objects.get_for_model(one).pk: one for one in content_models(request)}
    model = kinds.get(kind)
    if model is None:
        raise Http404("Deze soort inhoud is er niet.")
    model_admin = admin.site.get_model_admin(model)
    obj = model_admin.get_queryset(request).filter(pk=object_id).first()
    if obj is None:
        raise Http404("Deze tekst is er niet.")
    if not model_admin.has_change_permission(request, obj):
        raise PermissionDenied
    model_admin.log_step(request, obj, CHECKED)
    messages.success(request, f"Genoteerd: “{obj}” klopt nog.")
    whole = "lijst" in request.POST
    back = reverse("admin:desk_list", args=[StalePages.key]) if whole else reverse("admin:index")
    return HttpResponseRedirect(back)


def _object_key():
    """Return what tells objects of all kinds apart: the log has their keys as text."""
    return Concat("content_type_id", Value(" "), "object_id", output_field=CharField())


def _long_ago():
    return timezone.localdate() - timedelta(days=settings.STALE_AFTER_DAYS)
