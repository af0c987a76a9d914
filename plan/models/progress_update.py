"""Updates (voortgangsmeldingen): how one action stands on one day."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from plan.models.action import Action
from plan.models.progress_report import ProgressReport
from plan.models.progress_status import NEED_ACCOUNT, REPORTABLE, Status
from themes.models.theme_limit import within_limit
from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet, State


class ProgressUpdateQuerySet(PublishableQuerySet):
    """Selections of updates."""

    def editable_by(self, user):
        """What `user` may see in the back-office."""
        return within_limit(self, user, "action__theme")

    def for_desk(self, user):
        """Leave out the updates of a round: those are written and adopted there."""
        return super().for_desk(user).between_reports()

    def latest_first(self):
        """Updates with the latest reporting date first."""
        return self.order_by("-reported_on", "-pk")

    def of_round(self, report):
        """Updates that were made in the round of `report`."""
        return self.filter(report=report)

    def until(self, report):
        """Leave out what was reported in rounds after that of `report`."""
        return self.exclude(report__in=ProgressReport.objects.after(report))

    def of_public_actions(self):
        """Published updates about actions that are public themselves."""
        return self.public().filter(action__in=Action.objects.public())

    def between_reports(self):
        """Updates that belong to no report."""
        return self.filter(report__isnull=True)

    def changes_in(self, actions):
        """Published updates about `actions`, the latest first, with all that a list shows."""
        return (
            self.public()
            .filter(action__in=actions.order_by().values("pk"))
            .select_related("action__plan", "action__theme", "report__plan")
            .latest_first()
        )

    def newest_for(self, action):
        """The latest published update of the action that `action`, an OuterRef, names."""
        return self.public().filter(action=action).latest_first()[:1]

    def latest_by_action(self, actions):
        """Return the latest published update of each of `actions` as {action pk: update}."""
        newest = actions.order_by().annotate(
            newest=Subquery(self.newest_for(OuterRef("pk")).values("pk"))
        )
        return {one.action_id: one for one in self.filter(pk__in=newest.values("newest"))}

    def with_status(self, actions):
        """Return `actions`, a queryset, with the `status` published last, or NOT_REPORTED."""
        newest = Subquery(self.newest_for(OuterRef("pk")).values("status"))
        return actions.annotate(status=Coalesce(newest, models.Value(Status.NOT_REPORTED.value)))

    def with_last_change(self, actions):
        """Return `actions`, a queryset, with `last_change`: of each, or of how it stands.

        An update that was withdrawn counts: how its action stands changed by that.
        """
        ever_told = self.ever_public().filter(action=OuterRef("pk")).order_by("-changed_at")
        own = models.F("changed_at")
        latest = Coalesce(Subquery(ever_told.values("changed_at")[:1]), own)
        return actions.annotate(last_change=Greatest(own, latest))


class ProgressUpdate(Publishable):
    """How an action stands, in a status and in words, as it was reported on one day."""

    grows_old = False
    ACCOUNT = ("cause", "consequence", "correction")

    action = models.ForeignKey(
        Action, models.CASCADE, verbose_name="actie", related_name="progress_updates"
    )
    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        verbose_name="voortgangsrapportage",
        related_name="updates",
        null=True,
        blank=True,
        help_text="De ronde waarin dit gemeld is. Leeg: een melding tussendoor.",
    )
    reported_on = models.DateField(
        "peildatum",
        default=timezone.localdate,
        help_text="De dag waarop het zo stond. Bepaalt de plaats in de tijdlijn van de actie.",
    )
    status = models.CharField(
        "stand",
        max_length=20,
        choices=REPORTABLE,
        help_text="Bij “vertraagd” en “loopt vast” zijn oorzaak, gevolg en bijsturing nodig om te "
        "publiceren.",
    )
    explanation = MarkdownField(
        "toelichting",
        level=4,
        blank=True,
        help_text="Wat is er gedaan, en wat volgt? Nodig om te publiceren.",
    )
    cause = models.TextField("oorzaak", blank=True, help_text="Waardoor loopt het anders?")
    consequence = models.TextField(
        "gevolg", blank=True, help_text="Wat betekent dat voor de actie?"
    )
    correction = models.TextField("bijsturing", blank=True, help_text="Wat doet de gemeente eraan?")

    objects = ProgressUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_on", "-pk"]
        verbose_name = "voortgangsmelding"
        verbose_name_plural = "voortgangsmeldingen"
        constraints = [
            models.UniqueConstraint(
                fields=["report", "action"],
                name="update_once_a_round",
                violation_error_message="Deze actie is in deze ronde al gemeld.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[value for value, _label in REPORTABLE]),
                name="update_has_a_status",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | ~Q(explanation=""),
                name="update_published_with_explanation",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED)
                | ~Q(status__in=[status.value for status in NEED_ACCOUNT])
                | (~Q(cause="") & ~Q(consequence="") & ~Q(correction="")),
                name="update_off_course_with_account",
            ),
        ]
        indexes = [
            models.Index(fields=["action", "state", "-reported_on", "-id"], name="update_latest"),
            models.Index(fields=["state", "-reported_on", "-id"], name="update_changes"),
        ]

    def __str__(self):
        return f"{self.action}: {self.get_status_display()}, {self.reported_on:%d-%m-%Y}"

    def save(self, *args, **kwargs):
        """Save; refuse, in words, to publish what lacks an explanation or an account."""
        if self.state == State.PUBLISHED and (missing := self.missing()):
            raise ValidationError(list(missing.values()))
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        """Return the place of progress on the action's page."""
        return f"{self.action.get_absolute_url()}#voortgang"

    @property
    def status_word(self):
        """The status as a member of `Status`, with its label, icon and urgency."""
        return Status(self.status)

    def missing(self):
        """Return {field: Dutch message} of what it still lacks to be published."""
        errors = {}
        if not self.explanation.strip():
            errors["explanation"] = "Vul een toelichting in."
        if self.status in NEED_ACCOUNT:
            label = Status(self.status).label
            for name in self.ACCOUNT:
                if not getattr(self, name).strip():
                    field = self._meta.get_field(name).verbose_name
                    errors[name] = f"Bij “{label}” is ook {field} nodig."
        return errors

    def clean(self):
        """Refuse a day to come, another plan's report, and publishing what is not complete."""
        errors = {}
        if self.reported_on and self.reported_on > timezone.localdate():
            errors["reported_on"] = "De peildatum ligt in de toekomst."
        if self.report_id and self.action_id and self.report.plan_id != self.action.plan_id:
            errors["report"] = "Deze rapportage hoort bij een ander jaarplan."
        if self.state == State.PUBLISHED:
            errors |= self.missing()
        if errors:
            raise ValidationError(errors)
