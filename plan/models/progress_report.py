"""Half-yearly progress reports (voortgangsrapportages) to the council."""

import re
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from plan.models.annual_plan import AnnualPlan
from veiligalmere.editorial.advice import blocking
from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.limits import is_limited


class ProgressReportQuerySet(models.QuerySet):
    """Selections of progress reports."""

    def adopted(self):
        """Reports that are adopted, and so public, of public plans."""
        return self.filter(adopted_at__isnull=False, plan__in=AnnualPlan.objects.public())

    def open(self):
        """Reports whose round is going on."""
        return self.filter(adopted_at__isnull=True)

    def first_deadline_first(self):
        """Open reports, the one that is due first in front, with their plan at hand."""
        return self.open().select_related("plan").order_by("deadline", "pk")

    def readable_by(self, user):
        """What `user` may read in the back-office: until it is adopted, not who has a limit."""
        return self.adopted() if is_limited(user) else self

    def choosable_by(self, user):
        """Reports that `user` may filter by: of the plans that they may choose."""
        if not is_limited(user):
            return self
        return self.filter(plan__in=AnnualPlan.objects.choosable_by(user))

    def oldest_first(self):
        """Reports in the order of their half-years, with their plan at hand."""
        return self.select_related("plan").order_by("plan__year", "half")

    def latest_first(self):
        """Reports with the latest half-year first, with their plan at hand."""
        return self.select_related("plan").order_by("-plan__year", "-half")

    def before(self, report):
        """Reports of earlier half-years than `report`, the nearest first."""
        earlier = Q(plan__year__lt=report.plan.year) | Q(
            plan__year=report.plan.year, half__lt=report.half
        )
        return self.filter(earlier).latest_first()

    def after(self, report):
        """Reports of later half-years than `report`, the nearest first."""
        later = Q(plan__year__gt=report.plan.year) | Q(
            plan__year=report.plan.year, half__gt=report.half
        )
        return self.filter(later).oldest_first()

    def with_last_change(self):
        """Adopted reports, each with `last_change`: when it was adopted, or last corrected."""
        corrected_at = models.Max("errata__made_at")
        return self.annotate(last_change=Coalesce(corrected_at, "adopted_at"))

    def numbered(self, number):
        """Reports with this number, such as "2020-1"; none if it is not written as one."""
        match = re.fullmatch(r"([0-9]{4})-([12])", number, re.ASCII)
        if not match:
            return self.none()
        return self.filter(plan__year=int(match[1]), half=int(match[2]))


class ProgressReport(models.Model):
    """The report on one half-year: a round while it is open, frozen once it is adopted."""

    class Half(models.IntegerChoices):
        """The half-years of a plan's year."""

        FIRST = 1, "eerste halfjaar"
        SECOND = 2, "tweede halfjaar"

    plan = models.ForeignKey(
        AnnualPlan, models.PROTECT, verbose_name="jaarplan", related_name="reports"
    )
    half = models.PositiveSmallIntegerField("halfjaar", choices=Half)
    deadline = models.DateField(
        "uiterste datum",
        help_text="Tot en met deze dag melden de eigenaren hun acties. Ervoor en erna krijgen zij "
        "een herinnering.",
    )
    summary = MarkdownField(
        "samenvatting",
        level=3,
        blank=True,
        help_text="Staat boven aan de rapportage. Nodig om vast te stellen.",
    )
    council_document = models.URLField(
        "adres van het raadsstuk",
        max_length=500,
        blank=True,
        validators=[URLValidator(["https", "http"])],
        help_text="Waar de raad het stuk vindt. Kan ook na het vaststellen nog worden ingevuld.",
    )
    offered_on = models.DateField(
        "aangeboden aan de raad op",
        null=True,
        blank=True,
        help_text="Zolang de ronde loopt: de dag waarop u dat verwacht. Die staat dan op de site "
        "als datum van de volgende rapportage.",
    )
    adopted_at = models.DateTimeField("vastgesteld op", null=True, editable=False)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="vastgesteld door",
        related_name="+",
        null=True,
        editable=False,
    )

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        ordering = ["-plan__year", "-half"]
        verbose_name = "voortgangsrapportage"
        verbose_name_plural = "voortgangsrapportages"
        permissions = [("adopt_progressreport", "Mag een voortgangsrapportage vaststellen")]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "half"],
                name="report_once_a_half_year",
                violation_error_message="Van dit halfjaar is er al een voortgangsrapportage.",
            ),
            models.CheckConstraint(condition=Q(half__in=[1, 2]), name="report_half_is_1_or_2"),
            models.CheckConstraint(
                condition=Q(adopted_at__isnull=True) | ~Q(summary=""),
                name="report_adopted_with_summary",
            ),
        ]

    def __str__(self):
        return f"Voortgangsrapportage {self.number}"

    def get_absolute_url(self):
        """Return the report's permanent page."""
        return reverse("progress_report", args=[self.number])

    @property
    def number(self):
        """Year and half-year, such as "2020-1": the report's number and its address."""
        return f"{self.plan.year}-{self.half}"

    @property
    def title(self):
        """The report's name, as its page has it."""
        return f"Voortgangsrapportage {self.get_half_display()} {self.plan.year}"

    @property
    def begins_on(self):
        """The first day of its half-year."""
        return date(self.plan.year, 1 if self.half == self.Half.FIRST else 7, 1)

    @property
    def is_open(self):
        """Whether its round is still going on."""
        return self.adopted_at is None

    @property
    def is_frozen(self):
        """Whether what it says can no longer change."""
        return not self.is_open

    def withdrawn_with(self):
        """Return what an adopted report went with when that was withdrawn: its plan; or None."""
        return None if self.is_open else self.plan.withdrawn_with()

    @property
    def is_to_be_offered(self):
        """Whether the day for the council has not passed yet, in Amsterdam: it is expected then."""
        return bool(self.offered_on and self.offered_on >= timezone.localdate())

    @property
    def expected_on(self):
        """The day on which the report is expected, as far as it is known."""
        return self.offered_on or self.deadline

    @property
    def is_overdue(self):
        """Whether the day on which the report is expected has passed, in Amsterdam."""
        return self.expected_on < timezone.localdate()

    def clean(self):
        """Refuse an adopted report without a summary."""
        if self.adopted_at and not self.summary.strip():
            raise ValidationError(
                {"summary": "Een vastgestelde rapportage heeft een samenvatting."}
            )


class Erratum(models.Model):
    """A public correction to an adopted report, which itself stays as it was."""

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, verbose_name="rapportage", related_name="errata"
    )
    text = MarkdownField(
        "correctie",
        level=3,
        help_text="Wat er niet klopt en wat er had moeten staan. Staat meteen boven aan de "
        "rapportage en is niet meer te wijzigen.",
    )
    made_at = models.DateTimeField("gemaakt op", auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="gemaakt door",
        related_name="+",
        null=True,
        editable=False,
    )

    is_frozen = True

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = "erratum"
        verbose_name_plural = "errata"

    def __str__(self):
        return f"Erratum bij {self.report}"

    def clean(self):
        """Refuse what would be public at once: the same words twice, an image without any."""
        if Erratum.objects.filter(report=self.report_id, text=self.text).exclude(pk=self.pk):
            raise ValidationError({"text": "Dit erratum staat al bij de rapportage."})
        found = [one.message for _name, one in blocking(self)]
        if found:
            raise ValidationError({"text": found})
