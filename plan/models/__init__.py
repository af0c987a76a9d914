"""The tables of the plan floor; each concept has a module of its own."""

from plan.models.action import Action
from plan.models.annual_plan import AnnualPlan
from plan.models.passage import Passage

__all__ = ["Action", "AnnualPlan", "Passage"]
