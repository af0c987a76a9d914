"""The log of the mails in which owners are reminded of a round."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from plan.models.progress_report import ProgressReport


class Reminder(models.Model):
    """A mail to one person about one round; at most one a day."""

    report = models.ForeignKey(
        ProgressReport, models.CASCADE, verbose_name="rapportage", related_name="reminders"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="aan", related_name="+"
    )
    sent_on = models.DateField("verzonden op", default=timezone.localdate)
    sent_at = models.DateTimeField("verzonden om", default=timezone.now)
    address = models.EmailField("mailadres")
    missing = models.PositiveIntegerField("ontbrekende acties")

    kept_by_the_site = True

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = "herinnering"
        verbose_name_plural = "herinneringen"
        constraints = [
            models.UniqueConstraint(
                fields=["report", "recipient", "sent_on"], name="reminder_once_a_day"
            )
        ]

    def __str__(self):
        return f"{self.report}, {self.address}"
