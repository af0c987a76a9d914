"""What programs look for: robots.txt, the sitemap and security.txt."""

from datetime import UTC, datetime, time, timedelta
from io import StringIO
from itertools import chain

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_safe

from plan.models import Action, Development, ProgressReport
from plan.progress.line import with_last_change
from themes.models import Indicator, Subtopic, Term, Theme, WorkingMethod
from veiligalmere.editorial.addresses import BACK_OFFICE, absolute
from veiligalmere.editorial.standing_pages import StandingPage
from veiligalmere.pages import records

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SECURITY_TXT_VALID = timedelta(days=180)  # RFC 9116 advises less than a year


@require_safe
def robots(request):
    """Let every robot in, but not in the back-office, and name the sitemap."""
    lines = [
        "User-agent: *",
        f"Disallow: {BACK_OFFICE}",
        f"Sitemap: {absolute(reverse('sitemap'))}",
    ]
    return _plain_text(lines)


@require_safe
def security_txt(request):
    """Tell who finds a weakness where to report it (RFC 9116).

    Expires is computed, at midnight UTC half a year from today, so that the file never runs out
    and its text changes once a day.
    """
    expires = datetime.combine(timezone.now().date() + SECURITY_TXT_VALID, time(), tzinfo=UTC)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT or absolute(reverse('standing', args=['contact']))}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {absolute(reverse('security_txt'))}",
    ]
    return _plain_text(lines)


@require_safe
def sitemap(request):
    """All public pages with the moment at which what they show last changed."""
    # No template, and nothing kept of a page but its line: there may be ten thousand, and what
    # they take for a moment a worker would hold for good.
    text = StringIO()
    text.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{NAMESPACE}">\n')
    latest = None
    for path, changed_at in chain(_plans(), _current(), _others()):
        text.write(_entry(path, changed_at))
        latest = max(filter(None, (latest, changed_at)), default=None)
    for name in ("home", "themes", "methods", "changes", "open_data"):
        text.write(_entry(reverse(name), latest))
    text.write("</urlset>\n")
    return HttpResponse(text.getvalue(), content_type="application/xml; charset=utf-8")


def _entry(path, changed_at):
    lastmod = changed_at and f"<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod>"
    return f"<url><loc>{escape(absolute(path))}</loc>{lastmod or ''}</url>\n"


def _plans():
    """Yield the plans and their actions; a plan's pages change with all that is or was in it.

    Of progress only the list of actions tells, and the page of each.
    """
    plans = {plan.pk: plan for plan in records.plans()}
    told = {key: plan.last_change for key, plan in plans.items()}
    actions = with_last_change(Action.objects.public().only("slug", "plan", "changed_at"))
    for action in actions.iterator(chunk_size=100):
        key = action.plan_id
        action.plan = plans[key]
        told[key] = max(told[key], action.last_change)
        yield action.get_absolute_url(), action.last_change
    for key, plan in plans.items():
        yield plan.get_absolute_url(), plan.last_change
        yield plan.full_url, plan.last_change
        yield plan.actions_url, told[key]


def _current():
    """Yield what changes with the current plan's actions: themes and their like, and progress."""
    # With what was withdrawn, which stood on those pages until then.
    actions = with_last_change(Action.objects.ever_public().of_plan(records.current_plan()))
    by_theme = _latest(actions, "theme")
    by_method = _latest(actions, "working_methods")
    by_subtopic = _latest(actions, "subtopics")
    for found, latest in (
        (Theme.objects.public(), by_theme),
        (WorkingMethod.objects.public(), by_method),
        (Subtopic.objects.public().in_order(), by_subtopic),
    ):
        for one in found:
            changed_at = max(one.changed_at, latest.get(one.pk) or one.changed_at)
            yield one.get_absolute_url(), changed_at
    reports = ProgressReport.objects.adopted().latest_first().with_last_change()
    moments = list(by_theme.values())
    for one in reports:
        moments.append(one.last_change)
        yield one.get_absolute_url(), one.last_change
    yield reverse("progress"), max(moments, default=None)


def _others():
    """Yield what belongs to no plan or theme alone."""
    for one in chain(*(model.objects.public() for model in (Development, Indicator, StandingPage))):
        yield one.get_absolute_url(), one.changed_at
    for name, model in (("developments", Development), ("figures", Indicator), ("terms", Term)):
        yield reverse(name), model.objects.ever_public().latest_change()
    yield reverse("follow"), None  # a form: nothing in it is news


def _latest(actions, relation):
    """Return the latest change of `actions` per object of `relation`, by primary key."""
    return dict(actions.order_by("last_change").values_list(relation, "last_change"))


def _plain_text(lines):
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
