"""When documents are made: after publishing, adopting or an erratum, and every few minutes."""

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
    """Make what is behind: after a blacking out, or who withdrew something and was cut off."""
    make_all()


def on_blacked_out(sender, **kwargs):
    """Throw every document away at once.

    They are made anew with the next that is due: all of them take longer than a request may.
    """
    forget_all()
