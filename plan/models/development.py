"""Developments: news on what the plan is about, new projects and published studies."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Max, Prefetch, Q

from plan.models.action import Action
from plan.uploads import check_pdf, document_path
from themes.models import Subtopic, Theme
from veiligalmere.editorial.addresses import address
from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.files import size_of
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet


class DevelopmentQuerySet(PublishableQuerySet):
    """Selections of developments."""

    def newest_first(self):
        """Developments from the newest; of one year those without a day come last."""
        return self.order_by("-year", models.F("date").desc(nulls_last=True), "-pk")

    def with_labels(self):
        """Developments with what they are about: themes, subtopics and actions, if public."""
        return self.prefetch_related(
            Prefetch("themes", Theme.objects.public()),
            Prefetch("subtopics", Subtopic.objects.public().in_order()),
            Prefetch("actions", Action.objects.public().select_related("plan", "theme")),
        )

    def about_theme(self, theme):
        """Developments on `theme` or any of its subtopics and actions, each once."""
        return self._about(
            (Development.themes.through, {"theme": theme}),
            (Development.subtopics.through, {"subtopic__theme": theme}),
            (Development.actions.through, {"action__theme": theme}),
        )

    def about_subtopics(self, subtopics):
        """Developments on any of `subtopics` or an action about them, each once."""
        return self._about(
            (Development.subtopics.through, {"subtopic__in": subtopics}),
            (Development.actions.through, {"action__in": Action.objects.about(subtopics)}),
        )

    def latest_change(self):
        """Return the moment at which one of these was last changed, or None."""
        return self.aggregate(last=Max("changed_at"))["last"]

    def get_by_natural_key(self, year, slug):
        """Return the development of this year and slug."""
        return self.get(year=year, slug=slug)

    def _about(self, *relations):
        condition = Q()
        for through, lookup in relations:
            condition |= Q(pk__in=through.objects.filter(**lookup).values("development"))
        return self.filter(condition)


class Development(Publishable):
    """Something that happened or was published, with what it is about."""

    grows_old = False

    class Kind(models.TextChoices):
        """What it is."""

        NEWS = "ontwikkeling", "ontwikkeling"
        PROJECT = "nieuw-project", "nieuw project"
        PUBLICATION = "publicatie", "publicatie"

    kind = models.CharField("soort", max_length=20, choices=Kind, default=Kind.NEWS)
    title = models.CharField("titel", max_length=200)
    slug = models.SlugField(
        "adres",
        max_length=80,
        help_text="Een nieuw adres? Het oude blijft naar deze pagina leiden.",
    )
    year = models.PositiveSmallIntegerField(
        "jaar",
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text="Het jaar waarin het gebeurde of verscheen. Staat in het adres.",
    )
    date = models.DateField(
        "datum", null=True, blank=True, help_text="Alleen als de dag bekend is."
    )
    lead = models.TextField(
        "in het kort", max_length=400, help_text="Eén of twee zinnen; die staan ook in overzichten."
    )
    body = MarkdownField("tekst", blank=True)
    document = models.FileField(
        "document",
        upload_to=document_path,
        max_length=200,
        blank=True,
        help_text="Een PDF van hooguit 20 MB, zonder scripts of bijlagen. Let op dat de PDF zelf "
        "toegankelijk is.",
    )
    document_title = models.CharField(
        "titel van het document", max_length=200, blank=True, help_text="Staat in de link."
    )
    themes = models.ManyToManyField(Theme, verbose_name="thema’s", related_name="+", blank=True)
    subtopics = models.ManyToManyField(
        Subtopic, verbose_name="onderwerpen", related_name="+", blank=True
    )
    actions = models.ManyToManyField(
        Action, verbose_name="acties", related_name="developments", blank=True
    )

    objects = DevelopmentQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-date", "-pk"]
        verbose_name = "ontwikkeling"
        verbose_name_plural = "ontwikkelingen"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "slug"],
                name="development_slug_once_a_year",
                violation_error_message="In dit jaar is er al een ontwikkeling met dit adres.",
            ),
            models.CheckConstraint(
                condition=Q(document="") | ~Q(document_title=""),
                name="development_document_has_title",
                violation_error_message="Geef het document een titel.",
            ),
        ]
        indexes = [models.Index(fields=["state", "-year", "-date"], name="development_newest")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the development's page."""
        return address("development", self.year, self.slug)

    def natural_key(self):
        """Return year and slug, by which fixtures name this."""
        return (self.year, self.slug)

    def clean(self):
        """Refuse a date in another year, a document without a title, and an unsafe document."""
        errors = {}
        if self.date and self.year and self.date.year != self.year:
            errors["date"] = (
                f"Deze datum valt in {self.date.year}, maar bij Jaar staat {self.year}. Verbeter "
                "een van de twee."
            )
        if self.document:
            if not self.document_title:
                errors["document_title"] = "Geef het document een titel: die staat in de link."
            if not self.document._committed:
                try:
                    check_pdf(self.document.file)
                except ValidationError as error:
                    errors["document"] = error
        if errors:
            raise ValidationError(errors)

    @property
    def document_size(self):
        """How large the document is, in words, or that its file is gone."""
        return size_of(self.document.storage, self.document.name)

    @property
    def document_url(self):
        """Where the document is downloaded."""
        return address("development_document", self.year, self.slug)
