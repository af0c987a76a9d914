"""Forms that came in after their session had ended: kept until their sender has logged in again.

Or that came in after their sender had logged in again, in another tab, with the token of before.

One waits in the session of who is not logged in (any more), which login keeps. Of a form of content
it then becomes the unsaved text of that account, which the form offers; other pages that take their
text back show it at once (`held_fields`), or keep it themselves (`keeps_held`).
"""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db.models import Sum
from django.db.models.functions import Length
from django.dispatch import receiver
from django.http import QueryDict
from django.urls import Resolver404, resolve

from veiligalmere.editorial.blackout.record import last_black_out
from veiligalmere.editorial.login.sessions import SessionStore
from veiligalmere.editorial.unsaved import NEW, keep_unsaved

HELD = "held_text"
# Ends of the names of fields that only a form has which was opened while logged in.
OURS = (
    *("_gezien", "_eenmalig", "intrekken-note", "step", "first_period"),
    "-revision",
)
# How the names of pages that use `held_fields` end.
TAKE_BACK = ("_judge", "_measurements", "_withdraw", "_bulk")
GIVEN_BACK = "U was niet meer ingelogd. Wat u schreef, staat weer hieronder; nog niet opgeslagen."
LAPSED = (
    "Wat u had geschreven toen u niet meer ingelogd was, is vervallen: intussen zijn op de site "
    "woorden zwartgelakt."
)
# Characters of all forms together; the sender is not logged in, so less than what staff may keep.
MAX_HELD = 300_000
# Characters of all sessions together, as they are stored. Anyone may send a form, and each without
# a cookie makes a session: those are kept for an hour (see `login.sessions`).
MAX_TOGETHER = 5_000_000

_keepers = {}


def keeps_held(name):
    """Return a decorator for what keeps a form that was held for the page with this name.

    It is called as `keep(user, fields, **arguments)` once `user` has logged in: with what was
    posted, a QueryDict, and with the arguments in the page's address.
    """

    def register(keep):
        _keepers[name] = keep
        return keep

    return register


def hold_for_login(request):
    """Keep a form that came in after its session ended until its sender has logged in again.

    Return False if there is no room for it, and True if it is kept or need not be.
    """
    if request.method != "POST" or request.user.is_authenticated:
        return True
    # The form's script may have noticed first that the session ended; its answer took the cookie.
    had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if not (had_session or any(name.endswith(OURS) for name in request.POST)):
        return True
    return not _is_given_back(request.path) or (_is_room() and _hold(request))


def keep_older_form(request):
    """Keep a form that was refused because its sender has logged in again since it was opened.

    Return whether it is kept, for the page that it was sent to.
    """
    if not (_is_given_back(request.path) and _hold(request)):
        return False
    give_back_held_text(None, request, request.user)
    return True


def _is_given_back(path):
    name = _name_of(path)
    return name.endswith(TAKE_BACK) or name in _keepers or _form_at(path) is not None


def _is_room():
    """Return whether one more session may hold forms: stored they are longer, but never double."""
    SessionStore.clear_expired()
    stored = Session.objects.aggregate(length=Sum(Length("session_data")))["length"] or 0
    return stored + 2 * MAX_HELD <= MAX_TOGETHER


def _hold(request):
    held = {**_held(request), request.path: request.POST.urlencode()}
    if sum(map(len, held.values())) > MAX_HELD:
        return False
    request.session[HELD] = {"forms": held, "after": last_black_out()}
    return True


@receiver(user_logged_in)
def give_back_held_text(sender, request, user, **kwargs):
    """Turn forms that were held for this login into unsaved texts, which those then offer."""
    for path in _held(request) if hasattr(request, "session") else ():
        name = _name_of(path)
        if name.endswith(TAKE_BACK):
            continue
        fields = _take(request, path)
        if name in _keepers:
            _keepers[name](user, fields, **resolve(path).kwargs)
        elif found := _form_at(path):
            model, object_id = found
            keep_unsaved(user, model, object_id, fields)


def held_fields(request):
    """Return what was posted to this page when its session had ended, as a QueryDict, or None.

    It is given once, when the page is opened again.
    """
    if request.method != "GET" or request.path not in _held(request):
        return None
    messages.info(request, GIVEN_BACK)
    return _take(request, request.path)


def _held(request):
    """Return what the session holds, {path: fields as they are sent}.

    Texts from before words were blacked out go: they could bring those back, as could unsaved
    texts, which blacking out deletes itself.
    """
    held = request.session.get(HELD)
    if not held:
        return {}
    if held.get("after") != last_black_out():
        del request.session[HELD]
        messages.warning(request, LAPSED, fail_silently=True)
        return {}
    # One of before this version holds a single form in another way, for as long as a login takes.
    return held.get("forms", {})


def _take(request, path):
    """Return the fields that the session holds of `path`, as a QueryDict, and let it go."""
    forms = {**request.session[HELD]["forms"]}
    data = forms.pop(path)
    if forms:
        request.session[HELD] = {**request.session[HELD], "forms": forms}
    else:
        del request.session[HELD]
    return QueryDict(data)


def _name_of(address):
    """Return the name of the page at `address`, or ""."""
    try:
        return resolve(address).url_name or ""
    except Resolver404:
        return ""


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
