"""A form that came in after its session had ended: kept until its sender has logged in again.

It waits in the session of who is not logged in (any more), which login keeps, and then becomes the
unsaved text of that account, which the form offers.
"""

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import QueryDict
from django.urls import Resolver404, resolve

from veiligalmere.editorial.unsaved import NEW, keep_unsaved

HELD = "held_text"
MAX_HELD = 300_000  # characters; the sender is not logged in, so less than what staff may keep


def hold_for_login(request):
    """Keep a form that came in after its session ended until its sender has logged in again."""
    had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if request.method != "POST" or request.user.is_authenticated or not had_session:
        return
    if _form_at(request.path) is None:
        return
    data = request.POST.urlencode()
    if len(data) <= MAX_HELD:
        request.session[HELD] = {"path": request.path, "data": data}


@receiver(user_logged_in)
def give_back_held_text(sender, request, user, **kwargs):
    """Turn a form that was held for this login into unsaved text, which the form then offers."""
    held = request.session.pop(HELD, None) if hasattr(request, "session") else None
    found = held and _form_at(held["path"])
    if found:
        model, object_id = found
        keep_unsaved(user, model, object_id, QueryDict(held["data"]))


def _form_at(address):
    """Return the model and key (or NEW) of the content form at `address`, or None."""
    try:
        match = resolve(address)
    except Resolver404:
        return None
    for model, model_admin in admin.site._registry.items():
        if not getattr(model_admin, "keeps_unsaved_text", False):
            continue
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if match.url_name == f"{name}_add":
            return model, NEW
        if match.url_name == f"{name}_change":
            key = unquote(match.kwargs["object_id"])
            return (model, int(key)) if key.isascii() and key.isdigit() and len(key) < 19 else None
    return None
