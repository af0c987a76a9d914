"""The six working methods (werkwijzen)."""

from django.db import models

from veiligalmere.editorial.addresses import address
from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet


class WorkingMethodQuerySet(PublishableQuerySet):
    """Selections of working methods."""

    def get_by_natural_key(self, slug):
        """Return the working method with this slug."""
        return self.get(slug=slug)


class WorkingMethod(Publishable):
    """A way of working that runs through all of the safety policy."""

    number = models.PositiveSmallIntegerField(
        "nummer", unique=True, help_text="Bepaalt de volgorde op alle pagina’s."
    )
    name = models.CharField("naam", max_length=120)
    short_name = models.CharField(
        "korte naam", max_length=80, help_text="Staat waar weinig ruimte is, zoals in tabellen."
    )
    slug = models.SlugField(
        "adres", unique=True, help_text="Een nieuw adres? Het oude blijft naar deze pagina leiden."
    )
    description = MarkdownField("beschrijving", blank=True)

    objects = WorkingMethodQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = "werkwijze"
        verbose_name_plural = "werkwijzen"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the working method's page."""
        return address("method", self.slug)

    def natural_key(self):
        """Return the slug, by which fixtures name this."""
        return (self.slug,)
