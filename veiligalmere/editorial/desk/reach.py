"""Which versions the desk may list for an account: of any model with a state, within its limit."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse

from veiligalmere.editorial.publishing import Publishable, State
from veiligalmere.editorial.versions import Version


def content_models(request):
    """Return the models with a state that this account may see in the back-office."""
    return [
        model
        for model, model_admin in admin.site._registry.items()
        if issubclass(model, Publishable) and model_admin.has_view_permission(request)
    ]


def versions_within_reach(request):
    """Return the versions of all content that this account may work on, without their content."""
    # The limits of an account take queries of their own, so they are asked once a page.
    if not hasattr(request, "desk_reach"):
        request.desk_reach = _reach(
            (model, model._default_manager.for_desk(request.user))
            for model in content_models(request)
        )
    return Version.objects.filter(request.desk_reach).defer("content")


def versions_that_grow_old(request):
    """Return the versions of what is public and can go out of date."""
    reach = _reach(
        (model, model._default_manager.for_desk(request.user).filter(state=State.PUBLISHED))
        for model in content_models(request)
        if model.grows_old
    )
    return Version.objects.filter(reach).defer("content")


def address_of(version, page="change"):
    """Return the address in the back-office of a page of the object of `version`."""
    kind = ContentType.objects.get_for_id(version.content_type_id)
    return reverse(f"admin:{kind.app_label}_{kind.model}_{page}", args=[version.object_id])


def kind_of(version):
    """Return what the object of `version` is, such as "actie"."""
    model = ContentType.objects.get_for_id(version.content_type_id).model_class()
    return str(model._meta.verbose_name)


def _reach(selections):
    reach = Q(pk__in=[])
    for model, rows in selections:
        kind = ContentType.objects.get_for_model(model)
        reach |= Q(content_type=kind, object_id__in=rows.order_by().values("pk"))
    return reach
