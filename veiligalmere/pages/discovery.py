"""What programs look for: robots.txt, the sitemap and security.txt."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_safe

from plan.models import Action, AnnualPlan, Development, Passage
from themes.models import Indicator, Subtopic, Term, Theme, WorkingMethod
from veiligalmere.editorial.addresses import BACK_OFFICE
from veiligalmere.editorial.standing_pages import StandingPage
from veiligalmere.pages.context import absolute

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
    pages = {}
    _add_plans(pages)
    _add_themes(pages)
    for development in Development.objects.public():
        pages[development.get_absolute_url()] = development.changed_at
    pages[reverse("developments")] = Development.objects.public().latest_change()
    for indicator in Indicator.objects.public():
        pages[indicator.get_absolute_url()] = indicator.changed_at
    pages[reverse("figures")] = Indicator.objects.public().latest_change()
    pages[reverse("terms")] = Term.objects.public().latest_change()
    for page in StandingPage.objects.public():
        pages[page.get_absolute_url()] = page.changed_at
    everything = max(filter(None, pages.values()), default=None)
    for name in ("home", "themes", "methods", "open_data"):
        pages[reverse(name)] = everything
    # No template: it would make fifty thousand pieces of ten thousand entries.
    entries = "".join(_entry(path, when) for path, when in sorted(pages.items()))
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="{NAMESPACE}">\n{entries}</urlset>\n',
        content_type="application/xml; charset=utf-8",
    )


def _entry(path, changed_at):
    lastmod = changed_at and f"<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod>"
    return f"<url><loc>{escape(absolute(path))}</loc>{lastmod or ''}</url>\n"


def _add_plans(pages):
    """Add the plans and their actions; a plan's pages change with all that is in it."""
    plans = {plan.pk: plan for plan in AnnualPlan.objects.public()}
    changed = {key: plan.changed_at for key, plan in plans.items()}
    # There may be ten thousand, of which no more is needed than a line each.
    for action in Action.objects.public().only("slug", "plan", "changed_at").iterator():
        action.plan = plans[action.plan_id]
        pages[action.get_absolute_url()] = action.changed_at
        changed[action.plan_id] = max(changed[action.plan_id], action.changed_at)
    passages = Passage.objects.public().filter(plan__in=plans)
    for key, changed_at in passages.order_by().values_list("plan", "changed_at"):
        changed[key] = max(changed[key], changed_at)
    for key, plan in plans.items():
        for path in (plan.get_absolute_url(), plan.full_url, plan.actions_url):
            pages[path] = changed[key]


def _add_themes(pages):
    """Add themes, subtopics and working methods, which change with the current plan's actions."""
    plan = AnnualPlan.objects.current()
    actions = Action.objects.public().of_plan(plan)
    by_theme = _latest(actions, "theme")
    by_method = _latest(actions, "working_methods")
    by_subtopic = _latest(actions, "subtopics")
    for found, latest in (
        (Theme.objects.public(), by_theme),
        (WorkingMethod.objects.public(), by_method),
        (Subtopic.objects.public().in_order(), by_subtopic),
    ):
        for one in found:
            pages[one.get_absolute_url()] = max(
                one.changed_at, latest.get(one.pk) or one.changed_at
            )


def _latest(actions, relation):
    """Return the latest change of `actions` per object of `relation`, by primary key."""
    return dict(actions.order_by("changed_at").values_list(relation, "changed_at"))


def _plain_text(lines):
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
