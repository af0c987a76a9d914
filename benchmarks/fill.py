"""Fills a database with 10 plans of 1,000 actions, copies of those of 2020."""

import django

django.setup()

from django.db import transaction  # noqa: E402 -- models exist only after setup

from plan.models import Action, AnnualPlan  # noqa: E402
from veiligalmere.editorial.content_version import raise_content_version  # noqa: E402
from veiligalmere.editorial.table_statistics import gather_statistics  # noqa: E402

YEARS = range(2010, 2020)
EACH = 1000
RELATIONS = ("subtopics", "working_methods", "places")


def fill():
    """Make them, all published, all older than the plan of 2020, which stays the current one."""
    models = list(Action.objects.filter(plan__year=2020).prefetch_related(*RELATIONS))
    for year in YEARS:
        plan = AnnualPlan.objects.get(year=2020)
        plan.pk, plan.year, plan.title = None, year, f"Jaarplan Veiligheid {year}"
        plan.save()
        copies = []
        for number in range(EACH):
            action = Action.objects.get(pk=models[number % len(models)].pk)
            action.pk, action.plan, action.position = None, plan, number
            action._state.adding = True
            action.slug = f"{action.slug[:80]}-{number}"
            copies.append(action)
        Action.objects.bulk_create(copies)
        made = {one.slug: one.pk for one in Action.objects.filter(plan=plan)}
        for relation in RELATIONS:
            field = Action._meta.get_field(relation)
            through = field.remote_field.through
            source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
            through.objects.bulk_create(
                through(
                    **{
                        f"{source}_id": made[copy.slug],
                        f"{target}_id": related.pk,
                    }
                )
                for number, copy in enumerate(copies)
                for related in getattr(models[number % len(models)], relation).all()
            )
    raise_content_version()


with transaction.atomic():
    fill()
gather_statistics()
