"""The pages by which one follows, confirms, changes and stops."""

from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings
from django.core import signing
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from plan.models import Subscription
from veiligalmere.pages.errors import NotFound
from veiligalmere.pages.following import mails
from veiligalmere.pages.following.forms import FollowForm
from veiligalmere.pages.following.subjects import EVERYTHING, Subject, choices
from veiligalmere.pages.following.visitors import (
    comes_from_our_page,
    is_too_often_for_address,
    is_too_often_for_network,
)
from veiligalmere.pages.private import private

# A slow mail server holds each thread that talks to it. Of those of a process (see
# deploy/gunicorn.conf.py) it never gets more than these, so that the others go on showing pages.
MAILS_AT_ONCE = 2
_turns = BoundedSemaphore(MAILS_AT_ONCE)

LOOK_IN_MAIL = (
    "Wij hebben u een mail gestuurd. Open de link in die mail om te bevestigen dat u wilt volgen.",
    f"De link werkt {mails.DAYS} dagen. Ziet u geen mail? Kijk dan ook bij de ongewenste mail.",
)
NO_LONGER = "Deze link werkt niet meer. Misschien bent u al gestopt met volgen."
TOO_LATE = "Deze link werkt niet meer. Vul uw mailadres nog eens in: dan krijgt u een nieuwe."


@csrf_exempt  # there is no session to misuse, and its cookie is one that we don't set
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request):
    """The form, and how to follow with a feed reader."""
    if request.method == "POST":
        return _asked(request)
    word = request.GET.get("wat", EVERYTHING)
    subject = Subject.named(word)
    if subject is None:
        raise NotFound(
            "Wat u wilt volgen, is er niet (meer).", [("Alles volgen", reverse("follow"))]
        )
    return _form_page(request, FollowForm(initial={"subject": subject.word}), subject)


@require_safe
def sent(request):
    """What to do next, whatever address was filled in."""
    return _step(request, {"title": "Kijk in uw mailbox", "lines": LOOK_IN_MAIL})


@csrf_exempt  # the key in the address is what gives the right
@require_http_methods(["GET", "HEAD", "POST"])
@private
def confirm(request, token):
    """Ask for the second yes; opening the link alone, as mail scanners do, confirms nothing."""
    try:
        key = mails.confirmed_key(token)
    except signing.BadSignature as error:
        raise NotFound(TOO_LATE, [("Opnieuw volgen", reverse("follow"))]) from error
    subscription = _subscription_or_404(key)
    label, often = Subject.of(subscription).label, subscription.get_frequency_display()
    if request.method == "POST":
        subscription.confirm()
    elif subscription.confirmed_at is None:
        context = {
            "title": "Wilt u dit volgen?",
            "lines": [f"U krijgt dan {often} mail over {label}, als er iets nieuws is."],
            "button": "Ja, dat wil ik",
        }
        return _step(request, context)
    context = {
        "title": "U volgt dit nu",
        "lines": [
            f"Is er iets nieuws? Dan krijgt u {often} mail over {label}.",
            "Onder elke mail staat hoe u stopt.",
        ],
        "link": ("Anders instellen", reverse("follow_settings", args=[subscription.key])),
    }
    return _step(request, context)


@csrf_exempt  # mail programs send this without any page of ours (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
@private
def stop(request, key):
    """Ask whether to stop, or stop: then the address is erased at once."""
    if request.method == "POST":
        Subscription.objects.filter(key=key).delete()
        return _stopped(request)
    subscription = _subscription_or_404(key)
    context = {
        "title": "Wilt u stoppen met volgen?",
        "lines": [f"U krijgt dan geen mail meer over {Subject.of(subscription).label}."],
        "button": "Ja, stop deze mails",
        "link": ("Anders instellen", reverse("follow_settings", args=[subscription.key])),
    }
    return _step(request, context)


@csrf_exempt  # the key in the address is what gives the right
@require_http_methods(["GET", "HEAD", "POST"])
@private
def settings_page(request, key):
    """All that the owner of this address follows, to change or stop."""
    subscription = _subscription_or_404(key)
    mine = list(Subscription.objects.of_same_address(subscription))
    if request.method == "POST":
        left = _change(request.POST, mine)
        if not left:
            return _stopped(request)
        address = reverse("follow_settings", args=[left[0].key])
        return HttpResponseRedirect(f"{address}?opgeslagen=1", status=303)
    context = {
        "rows": [(one, Subject.of(one)) for one in mine],
        "frequencies": Subscription.Frequency.choices,
        "is_saved": "opgeslagen" in request.GET,
        "crumbs": _crumbs("Uw mails"),
    }
    return render(request, "pages/follow_settings.html", context)


def _asked(request):
    """Answer the form: by a mail, and for everybody by the same page."""
    form = FollowForm(request.POST)
    if not comes_from_our_page(request):
        refusal = "Uw browser zei niet dat u op deze pagina was. Probeer het hier nog eens."
        return _form_page(request, form, None, refusal, status=403)
    if not settings.MAIL_IS_SENT:
        return _form_page(request, form, None, status=503)
    if not form.is_valid():
        return _form_page(request, form, None, status=400)
    if not form.is_by_a_program:
        if is_too_often_for_network(request):
            refusal = "Dit formulier is net te vaak gebruikt. Probeer het over een uur nog eens."
            answer = _form_page(request, form, None, refusal, status=429)
            answer["Retry-After"] = "3600"
            return answer
        if not is_too_often_for_address(form.cleaned_data["email"]):
            try:
                with _turn():
                    mails.confirmation(_kept(form.cleaned_data)).send()
            except OSError:  # smtplib's errors are OSErrors too
                refusal = "Wij konden nu geen mail versturen. Probeer het later nog eens."
                return _form_page(request, form, None, refusal, status=503)
    return HttpResponseRedirect(reverse("follow_sent"), status=303)


@contextmanager
def _turn():
    """Let one mail be sent inside the block; OSError if there are enough that are being sent."""
    if not _turns.acquire(blocking=False):
        raise BlockingIOError
    try:
        yield
    finally:
        _turns.release()


def _kept(asked):
    """Return the subscription that was asked for; one that is confirmed stays as it is."""
    subscription, is_new = Subscription.objects.get_or_create(
        email=asked["email"],
        **asked["subject"].fields,
        defaults={"frequency": asked["frequency"]},
    )
    if not is_new and subscription.confirmed_at is None:
        subscription.frequency, subscription.asked_at = asked["frequency"], timezone.now()
        subscription.save(update_fields=["frequency", "asked_at"])
    return subscription


def _change(given, subscriptions):
    """Change or end each of `subscriptions` as `given`; return those that are left."""
    left = []
    for one in subscriptions:
        if "alles-stoppen" in given or f"stop-{one.pk}" in given:
            one.delete()
            continue
        frequency = given.get(f"hoe-vaak-{one.pk}")
        if frequency in Subscription.Frequency.values and frequency != one.frequency:
            one.frequency = frequency
            one.save(update_fields=["frequency"])
        left.append(one)
    return left


def _subscription_or_404(key):
    found = (
        Subscription.objects.filter(key=key)
        .select_related("theme", "subtopic__theme", "action__plan")
        .first()
    )
    if found is None:
        raise NotFound(NO_LONGER, [("Opnieuw volgen", reverse("follow"))])
    return found


def _stopped(request):
    context = {
        "title": "U krijgt deze mails niet meer",
        "lines": ["Uw mailadres is hiervoor gewist."],
        "link": ("Iets anders volgen", reverse("follow")),
    }
    return _step(request, context)


def _form_page(request, form, subject, refusal="", status=200):
    """Show the form; `subject` is what to choose at first, or None for what was sent."""
    if subject is None:
        subject = Subject.named(form["subject"].value() or EVERYTHING) or Subject()
    feed, keys = subject.feed
    context = {
        "form": form,
        "groups": choices(subject),
        "chosen": subject,
        "feed_url": reverse(feed, args=keys),
        "refusal": refusal,
        "can_mail": settings.MAIL_IS_SENT,
        "crumbs": _crumbs(None),
    }
    return render(request, "pages/follow.html", context, status=status)


def _step(request, context):
    context["crumbs"] = _crumbs(context["title"])
    return render(request, "pages/follow_step.html", context)


def _crumbs(title):
    if title is None:
        return [("Home", "/"), ("Volgen", None)]
    return [("Home", "/"), ("Volgen", reverse("follow")), (title, None)]
