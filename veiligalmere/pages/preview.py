"""The draft of anything on its real page: for staff, and by a link for a colleague without account.

The page is made by its own view, in a savepoint that holds the draft and is rolled back. So it is
exactly the page that publishing would give; only the bar above it is added.
"""

import copy
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.db import models
from django.http import Http404, QueryDict
from django.urls import resolve, reverse

from veiligalmere.editorial.login.log import note_forbidden
from veiligalmere.editorial.preview_links import read_token
from veiligalmere.editorial.publish import showing_draft
from veiligalmere.editorial.publishing import Publishable, State
from veiligalmere.editorial.versions import draft_of
from veiligalmere.pages.errors import Gone, NotFound
from veiligalmere.pages.private import keep_private


def preview(request, label, object_id):
    """The draft for an account that may see it in the back-office; for others it is not there."""
    if not admin.site.has_permission(request):
        if request.user.is_authenticated:
            note_forbidden(request)
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    model_admin = admin.site._registry.get(_content_model(label))
    obj = model_admin.get_object(request, str(object_id)) if model_admin else None
    if obj is None or not model_admin.has_view_or_change_permission(request, obj):
        note_forbidden(request)
        raise NotFound("Dit voorbeeld is er niet, of u mag het niet bekijken.")
    return _draft_page(request, obj, back=model_admin.address(obj, "change"))


def shared_preview(request, token):
    """The draft for whoever was given the link, until it expires."""
    try:
        label, object_id = read_token(token)
    except signing.BadSignature as error:
        raise NotFound(
            "Deze link naar een voorbeeld werkt niet meer. Vraag uw collega om een nieuwe."
        ) from error
    model = _content_model(label)
    obj = model and model._base_manager.filter(pk=object_id).first()
    if obj is None:
        raise NotFound("Dit voorbeeld is er niet meer.")
    return _draft_page(request, obj)


def _content_model(label):
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, Publishable) else None


def _draft_page(request, obj, back=""):
    """Return the page of `obj` with its draft in it, never kept and never indexed."""
    draft = draft_of(obj)
    request.preview = {"draft": draft, "is_public": obj.is_public, "back": back}
    try:
        with showing_draft(obj):
            _show_as_public(obj)
            shown = type(obj)._base_manager.get(pk=obj.pk)
            response = _answer_as(request, urlsplit(shown.get_absolute_url()).path)
    except Gone as error:
        raise Http404 from error
    return keep_private(response)


def _answer_as(request, path):
    """Return the rendered answer that the view at `path` gives to a plain visit."""
    asked = copy.copy(request)
    asked.method = "GET"
    asked.path = asked.path_info = path
    asked.GET, asked.META = QueryDict(), {**request.META, "QUERY_STRING": ""}
    asked.resolver_match = match = resolve(path)
    response = match.func(asked, *match.args, **match.kwargs)
    return response.render() if hasattr(response, "render") else response


def _show_as_public(obj):
    """Publish `obj` and all that it can't do without, in the savepoint that will be rolled back."""
    type(obj)._base_manager.filter(pk=obj.pk).update(state=State.PUBLISHED)
    for field in obj._meta.concrete_fields:
        if (
            isinstance(field, models.ForeignKey)
            and not field.null
            and issubclass(field.related_model, Publishable)
        ):
            _show_as_public(field.related_model._base_manager.get(pk=getattr(obj, field.attname)))
