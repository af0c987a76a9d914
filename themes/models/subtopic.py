"""Subtopics (onderwerpen) of a theme, in at most two levels."""

from django.core.exceptions import ValidationError
from django.db import models

from themes.models.theme import Theme
from themes.models.theme_limit import within_limit
from veiligalmere.editorial.addresses import address
from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet


class SubtopicQuerySet(PublishableQuerySet):
    """Selections of subtopics."""

    def editable_by(self, user):
        """What `user` may see in the back-office."""
        return within_limit(self, user, "theme")

    def public(self):
        """Published subtopics of published themes."""
        return super().public().filter(theme__in=Theme.objects.public())

    def in_order(self):
        """Subtopics in the plan's order, with their theme and parent at hand."""
        return self.select_related("theme", "parent").order_by("theme__number", "position", "pk")

    def get_by_natural_key(self, slug):
        """Return the subtopic with this slug."""
        return self.get(slug=slug)


class Subtopic(Publishable):
    """What a theme is about, such as “Woninginbraken” under “High impact crimes”."""

    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name="thema", related_name="subtopics")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="valt onder",
        related_name="children",
        null=True,
        blank=True,
        help_text="Alleen een onderwerp van hetzelfde thema dat zelf nergens onder valt.",
    )
    name = models.CharField("naam", max_length=120)
    other_names = models.TextField(
        "andere namen",
        blank=True,
        help_text="Eén per regel. Bezoekers vinden het onderwerp ook met deze woorden.",
    )
    slug = models.SlugField(
        "adres", unique=True, help_text="Een nieuw adres? Het oude blijft naar deze pagina leiden."
    )
    position = models.IntegerField("volgorde", help_text="Lage getallen staan vooraan.")
    introduction = MarkdownField("inleiding", blank=True)
    remark = models.TextField(
        "opmerking", blank=True, help_text="De opmerking die het plan zelf bij dit onderwerp maakt."
    )
    help = MarkdownField(
        "hulp en melden",
        level=4,
        blank=True,
        help_text="Waar kan een bewoner dit melden, en wie helpt? Noem bij elk nummer de bron.",
    )

    objects = SubtopicQuerySet.as_manager()

    class Meta:
        ordering = ["theme__number", "position", "pk"]
        verbose_name = "onderwerp"
        verbose_name_plural = "onderwerpen"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("pk")),
                name="subtopic_not_its_own_parent",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the subtopic's page, below that of its theme."""
        return address("subtopic", self.theme.slug, self.slug)

    def natural_key(self):
        """Return the slug, by which fixtures name this."""
        return (self.slug,)

    def clean(self):
        """Hold the tree to one theme and two levels."""
        if self.parent_id is None:
            if self.pk and self.children.exclude(theme=self.theme_id).exists():
                message = "Hieronder vallen onderwerpen van een ander thema. Zet die eerst los."
                raise ValidationError({"theme": message})
            return
        if self.parent_id == self.pk:
            message = "Een onderwerp kan niet onder zichzelf vallen."
        elif self.parent.theme_id != self.theme_id:
            message = "Dit onderwerp hoort bij een ander thema."
        elif self.parent.parent_id is not None:
            message = "Dit onderwerp valt zelf al onder een ander; er zijn twee niveaus."
        elif self.pk and self.children.exists():
            message = "Onder dit onderwerp vallen zelf onderwerpen; er zijn twee niveaus."
        else:
            return
        raise ValidationError({"parent": message})
