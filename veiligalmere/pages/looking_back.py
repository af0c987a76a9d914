"""/jaarplan/2020/op/<datum>/: the whole plan as it was published on a day."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from plan.looking_back import differences_between, end_of, first_day, plan_at
from veiligalmere.pages.errors import NotFound
from veiligalmere.pages.plan import plan_or_404


@require_safe
def choose_day(request, year):
    """Lead to the day that was filled in on the plan's page."""
    plan = plan_or_404(year)
    return redirect("plan_at", year, _day(request.GET.get("dag", ""), plan).isoformat())


@require_safe
def plan_on_day(request, year, day):
    """The plan as it was at the end of that day, and what is otherwise now."""
    plan = plan_or_404(year)
    found_day = _day(day, plan)
    then = plan_at(plan, end_of(found_day))
    if then is None:
        first = first_day(plan)
        reason = f"Op {date_format(found_day, 'j F Y')} stond {plan.title} niet op deze site."
        if first and found_day < first:
            reason += f" De eerste publicatie hier was op {date_format(first, 'j F Y')}."
        raise NotFound(reason, _choices(plan, first))
    now = plan_at(plan, timezone.now())
    context = {
        "plan": plan,
        "day": found_day,
        "then": then,
        "is_today": found_day == timezone.localdate(),
        "differences": differences_between(then, now) if now else [],
        "crumbs": [
            ("Home", "/"),
            (plan.title, plan.get_absolute_url()),
            (f"Op {date_format(found_day, 'j F Y')}", None),
        ],
    }
    return render(request, "pages/plan_at.html", context)


def _day(text, plan):
    """Return the date that `text` writes as 2020-04-14; raise NotFound with a way on."""
    try:
        day = parse_date(text) if len(text) == len("2020-04-14") else None
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2100:
        raise NotFound(
            "Schrijf de datum als jaar-maand-dag, bijvoorbeeld 2020-04-14.",
            _choices(plan, first_day(plan)),
        )
    if day > timezone.localdate():
        raise NotFound("Deze datum ligt in de toekomst.", _choices(plan, first_day(plan)))
    return day


def _choices(plan, first):
    choices = [(f"{plan.title} zoals het nu is", plan.full_url)]
    if first:
        address = f"{plan.get_absolute_url()}op/{first.isoformat()}/"
        choices.append((f"Zoals het was op {date_format(first, 'j F Y')}", address))
    return choices
