"""Annual plans (jaarplannen)."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce, Greatest

from veiligalmere.editorial.addresses import address
from veiligalmere.editorial.limits import is_limited
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet


class AnnualPlanQuerySet(PublishableQuerySet):
    """Selections of annual plans."""

    def choosable_by(self, user):
        """Plans that `user` may choose: what is public, and what holds something of their part."""
        if not is_limited(user):
            return self
        found = models.Q(pk__in=self.model.objects.public().order_by().values("pk"))
        for held in (self.model.actions, self.model.passages):
            within = held.rel.related_model.objects.editable_by(user)
            found |= models.Q(pk__in=within.order_by().values("plan"))
        return self.filter(found)

    def current(self):
        """Return the latest published plan, or None."""
        return self.public().order_by("-year").first()

    def with_last_change(self):
        """Plans, each with `last_change`: when it last changed, or anything in it.

        What was withdrawn counts: the plan changed by that.
        """
        own = models.F("changed_at")
        moments = (
            held.rel.related_model.objects.ever_public()
            .filter(plan=models.OuterRef("pk"))
            .order_by("-changed_at")
            .values("changed_at")[:1]
            for held in (self.model.actions, self.model.passages)
        )
        latest = Greatest(own, *(Coalesce(models.Subquery(one), own) for one in moments))
        return self.annotate(last_change=latest)

    def get_by_natural_key(self, year):
        """Return the plan of this year."""
        return self.get(year=year)


class AnnualPlan(Publishable):
    """The safety plan of one year, which works out a plan of several years."""

    grows_old = False

    year = models.PositiveSmallIntegerField(
        "jaar",
        unique=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text="Het nieuwste gepubliceerde jaar is het huidige plan.",
    )
    title = models.CharField("titel", max_length=120)
    multi_year_plan = models.CharField(
        "werkt uit", max_length=120, help_text="Het meerjarenplan waar dit jaarplan bij hoort."
    )

    objects = AnnualPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        verbose_name = "jaarplan"
        verbose_name_plural = "jaarplannen"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(year__gte=2000, year__lte=2100), name="plan_year_plausible"
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the plan's page."""
        return address("plan", self.year)

    @property
    def full_url(self):
        """The page with the whole plan."""
        return address("plan_full", self.year)

    @property
    def actions_url(self):
        """The list of this plan's actions."""
        return address("actions", self.year)

    def natural_key(self):
        """Return the year, by which fixtures name this."""
        return (self.year,)

    def clean(self):
        """Refuse another year once a report is adopted, which has the year in its address."""
        if self.pk is None or AnnualPlan.objects.filter(pk=self.pk, year=self.year).exists():
            return
        # Also of a plan that was withdrawn, whose reports come back with it.
        if self.reports.filter(adopted_at__isnull=False).exists():
            raise ValidationError(
                {
                    "year": "Het jaar kan niet meer veranderen: er is al een voortgangsrapportage "
                    "vastgesteld, en die heeft dit jaar in haar nummer en haar adres."
                }
            )
