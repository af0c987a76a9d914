"""Pages that are always there: contact, accessibility, privacy, colophon."""

from django.db import models
from django.urls import reverse

from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet


class StandingPageQuerySet(PublishableQuerySet):
    """Selections of standing pages."""

    def get_by_natural_key(self, slug):
        """Return the page with this slug."""
        return self.get(slug=slug)


class StandingPage(Publishable):
    """A page with a fixed address whose text editors keep."""

    class Slug(models.TextChoices):
        """The pages that there are; each has its own address."""

        CONTACT = "contact", "contact"
        ACCESSIBILITY = "toegankelijkheid", "toegankelijkheid"
        PRIVACY = "privacy", "privacy"
        COLOPHON = "colofon", "colofon"

    slug = models.CharField("pagina", max_length=40, choices=Slug, unique=True)
    title = models.CharField("titel", max_length=120)
    description = models.CharField(
        "omschrijving",
        max_length=200,
        help_text="Eén zin die zoekmachines onder de titel tonen.",
    )
    body = MarkdownField("tekst")

    objects = StandingPageQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = "vaste pagina"
        verbose_name_plural = "vaste pagina’s"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the page's fixed address."""
        return reverse("standing", args=[self.slug])

    def natural_key(self):
        """Return the slug, by which fixtures name this."""
        return (self.slug,)
