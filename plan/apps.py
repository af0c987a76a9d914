"""Configuration of the plan floor."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Annual plans, passages and actions."""

    name = "plan"
    verbose_name = "Jaarplan"
