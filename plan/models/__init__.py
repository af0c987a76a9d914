"""The tables of the plan floor; each concept has a module of its own."""

from plan.models.action import Action, Labels
from plan.models.annual_plan import AnnualPlan
from plan.models.development import Development
from plan.models.passage import Passage
from plan.models.progress_report import Erratum, ProgressReport
from plan.models.progress_status import Status
from plan.models.progress_update import ProgressUpdate
from plan.models.reminder import Reminder
from plan.models.report_entry import ReportEntry
from plan.models.stored_pdf import StoredPdf
from plan.models.subscription import FormUse, Subscription

__all__ = [
    "Action",
    "AnnualPlan",
    "Development",
    "Erratum",
    "FormUse",
    "Labels",
    "Passage",
    "ProgressReport",
    "ProgressUpdate",
    "Reminder",
    "ReportEntry",
    "Status",
    "StoredPdf",
    "Subscription",
]
