"""When documents are made: after a publication, an adoption, an erratum or a blacking out."""

from django.db import transaction

from plan.documents.making import forget_all, make_all, make_plan, make_report
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


def on_due_published(sender, **kwargs):
    """Make what is behind: who withdrew something may have been cut off before its document."""
    make_all()


def on_blacked_out(sender, **kwargs):
    """Throw every document away at once, and make them anew after the commit."""
    forget_all()
    transaction.on_commit(make_all, robust=True)
