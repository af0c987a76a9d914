"""What an adopted report says of one action; it never changes again."""

from django.db import models
from django.db.models import Case, F, Q, When

from plan.models.action import TEXTS, Action
from plan.models.progress_report import ProgressReport
from plan.models.progress_status import NEED_ACCOUNT, Status
from plan.models.progress_update import ProgressUpdate
from themes.models import Theme
from veiligalmere.editorial.versions import Version


class ReportEntryQuerySet(models.QuerySet):
    """Selections of entries."""

    def of_public_reports(self):
        """Entries of reports that visitors may see."""
        return self.filter(report__in=ProgressReport.objects.adopted())

    def urgent_first(self):
        """Entries by theme: red first, then orange, then the rest in the plan's order."""
        urgency = Case(
            *(When(status=status, then=status.urgency) for status in NEED_ACCOUNT),
            default=Status.ON_TRACK.urgency,
        )
        return self.annotate(urgency=urgency).order_by("theme_number", "urgency", "position", "pk")

    def first_told(self):
        """Entries of which the update became public by the adoption of their report."""
        return self.filter(in_round=True, update__published_at__gte=F("report__adopted_at"))

    def with_pages(self):
        """Entries with what their `page_address` needs, and none of the action's texts."""
        unread = (f"action__{name}" for name in (*TEXTS, "search_text"))
        return self.select_related("action__plan").defer(*unread)

    def of_action(self, action):
        """Entries about `action`, the oldest report first, with their report at hand."""
        return (
            self.filter(action=action)
            .select_related("report__plan")
            .order_by("report__plan__year", "report__half")
        )


class ReportEntry(models.Model):
    """One action in an adopted report, as it was on that day.

    All that the report's page shows stands here or in the version, so that neither an edit, a
    withdrawal nor a deletion of the action, its theme or its update changes the report.
    """

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, verbose_name="rapportage", related_name="entries"
    )
    version = models.ForeignKey(
        Version, models.PROTECT, verbose_name="versie van de actie", related_name="+"
    )
    action = models.ForeignKey(
        Action,
        models.SET_NULL,
        verbose_name="actie",
        related_name="report_entries",
        null=True,
        help_text="Leeg als de actie sindsdien verwijderd is.",
    )
    update = models.ForeignKey(
        ProgressUpdate, models.SET_NULL, verbose_name="melding", related_name="+", null=True
    )
    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name="thema", related_name="+")
    theme_number = models.PositiveSmallIntegerField("nummer van het thema")
    theme_name = models.CharField("naam van het thema", max_length=120)
    action_key = models.PositiveBigIntegerField("sleutel van de actie")
    predecessor_key = models.PositiveBigIntegerField("sleutel van de voorganger", null=True)
    title = models.CharField("titel", max_length=160)
    address = models.CharField("adres", max_length=300)
    position = models.IntegerField("volgorde")
    status = models.CharField("stand", max_length=20, choices=Status)
    explanation = models.TextField("toelichting", blank=True)
    cause = models.TextField("oorzaak", blank=True)
    consequence = models.TextField("gevolg", blank=True)
    correction = models.TextField("bijsturing", blank=True)
    reported_on = models.DateField("peildatum", null=True)
    in_round = models.BooleanField("gemeld in deze ronde")

    kept_by_the_site = True
    is_frozen = True
    addresses = ("address",)

    objects = ReportEntryQuerySet.as_manager()

    class Meta:
        ordering = ["report", "theme_number", "position", "pk"]
        verbose_name = "regel van een rapportage"
        verbose_name_plural = "regels van rapportages"
        constraints = [
            models.UniqueConstraint(fields=["report", "action_key"], name="entry_once_a_report"),
            models.CheckConstraint(
                condition=Q(
                    status=Status.NOT_REPORTED.value, reported_on__isnull=True, in_round=False
                )
                | (~Q(status=Status.NOT_REPORTED.value) & Q(reported_on__isnull=False)),
                name="entry_reported_or_not",
            ),
        ]
        indexes = [models.Index(fields=["action", "report"], name="entry_line_of_action")]

    def __str__(self):
        return f"{self.report}: {self.title}"

    @property
    def status_word(self):
        """The status as a member of `Status`, with its label, icon and urgency."""
        return Status(self.status)

    @property
    def has_account(self):
        """Whether cause, consequence and correction belong to it."""
        return self.status in NEED_ACCOUNT

    @property
    def present_address(self):
        """The address of the action by now; empty if the action has gone."""
        return self.action.get_absolute_url() if self.action else ""

    @property
    def page_address(self):
        """Where the action's page is by now, or once was if the action has gone.

        What was its address then may by now be that of another action.
        """
        return self.present_address or self.address

    @property
    def body(self):
        """The plan's text of the action, as it was published at that moment."""
        return self.version.content["fields"]["body"]

    @property
    def texts(self):
        """All that was reported, as {name of the field: text}."""
        names = ("explanation", "cause", "consequence", "correction")
        return {name: getattr(self, name) for name in names}
