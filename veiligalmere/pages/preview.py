"""The draft of anything on its real page: for staff, and by a link for a colleague without account.

The page is made by its own view, in a savepoint that holds the draft and is rolled back. So it is
exactly the page that publishing would give; only the bar above it is added. Its document comes the
same way. Neither is kept by anybody, or indexed.
"""

import copy
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import Http404, QueryDict
from django.urls import resolve, reverse

from veiligalmere.editorial.login.log import note_forbidden
from veiligalmere.editorial.preview_links import document_address, last_end, read_token
from veiligalmere.editorial.publish import showing_draft
from veiligalmere.editorial.publishing import Publishable, State
from veiligalmere.editorial.versions import draft_of
from veiligalmere.pages.changes import public_ones
from veiligalmere.pages.errors import Gone, NotFound
from veiligalmere.pages.private import keep_private


def preview(request, label, object_id):
    """The draft for an account that may see it in the back-office; for others it is not there."""
    return _for_staff(request, label, object_id, _draft_page)


def preview_document(request, label, object_id):
    """The document of the draft, for the same accounts, to be saved."""
    return _for_staff(request, label, object_id, _draft_document)


def shared_preview(request, token):
    """The draft for whoever was given the link, until it expires."""
    return _for_token(request, token, _draft_page)


def shared_preview_document(request, token):
    """The document of the draft, by the same link."""
    return _for_token(request, token, _draft_document)


def _for_staff(request, label, object_id, answer):
    if not admin.site.has_permission(request):
        if request.user.is_authenticated:
            note_forbidden(request)
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    model_admin = admin.site._registry.get(_content_model(label))
    obj = model_admin.get_object(request, str(object_id)) if model_admin else None
    if obj is None or not model_admin.has_view_or_change_permission(request, obj):
        note_forbidden(request)
        raise NotFound("Dit voorbeeld is er niet, of u mag het niet bekijken.")
    links = {"back": model_admin.address(obj, "change"), "document_url": document_address(obj)}
    return keep_private(answer(request, obj, links))


def _for_token(request, token, answer):
    try:
        label, object_id, number = read_token(token)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound(
            "Deze link naar een voorbeeld werkt niet meer. Vraag uw collega om een nieuwe."
        ) from error
    model = _content_model(label)
    obj = model and model._base_manager.filter(pk=object_id).first()
    if obj is None:
        raise NotFound("Dit voorbeeld is er niet meer.")
    if last_end(obj) != number:
        page = [(str(obj), obj.get_absolute_url())] if _is_on_site(obj) else []
        raise NotFound(
            "Deze link was voor een concept. Dat staat nu op de site, of het is ingetrokken of "
            "weggegooid.",
            page,
        )
    links = {"document_url": reverse("shared_preview_document", args=[token])}
    return keep_private(answer(request, obj, links))


def _is_on_site(obj):
    """Whether visitors may see `obj`, and so what it stands in too."""
    return public_ones(type(obj)).filter(pk=obj.pk).exists()


def _content_model(label):
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, Publishable) else None


def _draft_page(request, obj, links):
    """Return the page of `obj` with its draft in it, and with `links` in and above it."""
    request.preview = {**links, "draft": draft_of(obj), "is_public": _is_on_site(obj)}
    return _as_published(request, obj, lambda shown: shown.get_absolute_url())


def _draft_document(request, obj, _links):
    """Return the document that publishing the draft of `obj` would give."""
    if not hasattr(obj, "document_url"):
        raise NotFound("Hierbij hoort geen document.")
    return _as_published(request, obj, lambda shown: shown.document_url)


def _as_published(request, obj, address_of):
    """Return what the site would answer at `address_of(obj)` if the draft of `obj` were public."""
    try:
        with showing_draft(obj):
            _show_as_public(obj)
            shown = type(obj)._base_manager.get(pk=obj.pk)
            return _answer_as(request, urlsplit(address_of(shown)).path)
    except Gone as error:
        raise Http404 from error


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
    for field in obj.stands_in():
        if key := getattr(obj, field.attname):
            _show_as_public(field.related_model._base_manager.get(pk=key))
