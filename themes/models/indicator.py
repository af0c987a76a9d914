"""Figures (cijfers) that are followed over the years, and their measurements."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, URLValidator
from django.db import models

from themes.models.subtopic import Subtopic
from themes.models.theme import Theme
from themes.models.theme_limit import within_limit
from themes.periods import read_code
from veiligalmere.editorial.addresses import address
from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet


class IndicatorQuerySet(PublishableQuerySet):
    """Selections of indicators."""

    def editable_by(self, user):
        """What `user` may see in the back-office."""
        return within_limit(self, user, "theme")

    def public(self):
        """Published indicators of published themes."""
        return super().public().filter(theme__in=Theme.objects.public())

    def in_order(self):
        """Indicators by theme, with what a card shows: theme and measurements."""
        return (
            self.select_related("theme")
            .prefetch_related("measurements")
            .order_by("theme__number", "position", "pk")
        )

    def about(self, subtopics):
        """Indicators about any of `subtopics`, each once."""
        through = Indicator.subtopics.through.objects.filter(subtopic__in=subtopics)
        return self.filter(pk__in=through.values("indicator"))

    def latest_change(self):
        """Return the moment at which one of these was last changed, or None."""
        return self.aggregate(last=models.Max("changed_at"))["last"]

    def get_by_natural_key(self, slug):
        """Return the indicator with this slug."""
        return self.get(slug=slug)


class Indicator(Publishable):
    """A figure with a definition and a source, such as “Geregistreerde misdrijven”."""

    snapshot_children = ("measurements",)

    class Better(models.TextChoices):
        """Which way the city wants it to go."""

        LOWER = "lager", "lager is beter"
        HIGHER = "hoger", "hoger is beter"
        NONE = "geen", "geen van beide"

    theme = models.ForeignKey(
        Theme, models.PROTECT, verbose_name="thema", related_name="indicators"
    )
    subtopics = models.ManyToManyField(
        Subtopic,
        verbose_name="onderwerpen",
        related_name="indicators",
        blank=True,
        help_text="Op de pagina’s van deze onderwerpen staat het cijfer ook.",
    )
    name = models.CharField("naam", max_length=160, unique=True)
    slug = models.SlugField(
        "adres",
        max_length=80,
        unique=True,
        help_text="Een nieuw adres? Het oude blijft naar deze pagina leiden.",
    )
    position = models.IntegerField("volgorde", default=0, help_text="Lage getallen staan vooraan.")
    unit = models.CharField(
        "eenheid",
        max_length=60,
        help_text="“%”, “aantal”, of wat er achter het getal hoort: “per 1.000 inwoners”.",
    )
    decimals = models.PositiveSmallIntegerField(
        "cijfers achter de komma", default=0, validators=[MaxValueValidator(4)]
    )
    better = models.CharField(
        "welke kant is beter",
        max_length=10,
        choices=Better,
        default=Better.NONE,
        help_text="Staat in woorden onder het cijfer. Laat leeg wat niet vaststaat: kies dan "
        "“geen van beide”.",
    )
    definition = MarkdownField(
        "definitie",
        level=3,
        blank=True,
        help_text="Wat er precies geteld is, in de woorden van de bron.",
    )
    source = models.CharField("bron", max_length=200)
    source_url = models.CharField(
        "adres van de bron", max_length=300, validators=[URLValidator(schemes=["https", "http"])]
    )
    base_year = models.PositiveSmallIntegerField(
        "basisjaar",
        null=True,
        blank=True,
        help_text="Het jaar waarmee het nieuwste cijfer wordt vergeleken. Leeg: het eerste.",
    )
    target = models.DecimalField(
        "streefwaarde",
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Alleen een waarde die de raad of het college heeft vastgesteld.",
    )
    next_update = models.DateField(
        "volgende cijfer verwacht op",
        null=True,
        blank=True,
        help_text="Na deze dag staat er “te laat” bij, tot u de datum verzet.",
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["theme__number", "position", "pk"]
        verbose_name = "cijfer"
        verbose_name_plural = "cijfers"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decimals__lte=4), name="indicator_at_most_four_decimals"
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the figure's page."""
        return address("figure", self.slug)

    def natural_key(self):
        """Return the slug, by which fixtures name this."""
        return (self.slug,)


class MeasurementQuerySet(models.QuerySet):
    """Selections of measurements."""

    def get_by_natural_key(self, slug, area, period):
        """Return the measurement of this indicator, area and period."""
        return self.get(indicator__slug=slug, area=area, period=period)


class Measurement(models.Model):
    """What was measured in an area over a period; without a value it is not available."""

    HOME = "Almere"
    NO_PERIOD = "Schrijf een periode als 2020, 2020-H1, 2020-K3 of 2020-06."

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="measurements")
    area = models.CharField(
        "gebied", max_length=80, default=HOME, help_text="Bijvoorbeeld “Almere” of een stadsdeel."
    )
    period = models.CharField(
        "periode",
        max_length=8,
        help_text="2020, 2020-H1 (halfjaar), 2020-K3 (kwartaal) of 2020-06 (maand).",
    )
    value = models.DecimalField(
        "waarde",
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Leeg: niet beschikbaar.",
    )
    provisional = models.BooleanField("voorlopig", default=False)
    note = models.CharField("toelichting", max_length=200, blank=True)

    codes = ("period",)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ["area", "period"]
        verbose_name = "meting"
        verbose_name_plural = "metingen"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "period"],
                name="measurement_once_an_area_and_period",
                violation_error_message="Voor dit gebied en deze periode is er al een meting.",
            )
        ]

    def __str__(self):
        return f"{self.area}, {self.period}"

    def natural_key(self):
        """Return indicator, area and period, by which fixtures name this."""
        return (self.indicator.slug, self.area, self.period)

    natural_key.dependencies = ["themes.indicator"]

    def clean(self):
        """Hold the period to one of its four forms."""
        try:
            read_code(self.period)
        except ValueError:
            raise ValidationError({"period": self.NO_PERIOD}) from None

    @property
    def when(self):
        """The Period."""
        return read_code(self.period)
