"""When documents are made: after the commit of a publication, an adoption or an erratum."""

from plan.documents.making import make_plan, make_report
from plan.models import Action, AnnualPlan, Passage
from themes.models import Theme


def on_published(sender, instance, **kwargs):
    """Make the document of the plan that the published object is in."""
    if sender in {Action, Passage}:
        plans = AnnualPlan.objects.public().filter(pk=instance.plan_id)
    elif sender is AnnualPlan:
        plans = AnnualPlan.objects.public().filter(pk=instance.pk)
    elif sender is Theme:
        plans = AnnualPlan.objects.public()
    else:
        return
    for plan in plans:
        make_plan(plan)


def on_report_adopted(sender, report, **kwargs):
    """Make the document of the report."""
    make_report(report)
