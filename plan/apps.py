"""Configuration of the plan floor."""

from importlib import import_module

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """Annual plans, passages and actions."""

    name = "plan"
    verbose_name = "Jaarplan"

    def ready(self):
        """Listen to publications; the models can be imported only from here on."""
        listening = import_module("plan.documents.listening")
        signals = import_module("veiligalmere.editorial.signals")
        progress = import_module("plan.progress.signals")
        signals.published.connect(listening.on_published)
        signals.due_published.connect(listening.on_due_published)
        signals.blacked_out.connect(listening.on_blacked_out)
        progress.report_adopted.connect(listening.on_report_adopted)
