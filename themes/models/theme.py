"""The four themes."""

from django.db import models

from veiligalmere.editorial.addresses import address
from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.limits import is_limited
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet


class ThemeQuerySet(PublishableQuerySet):
    """Selections of themes."""

    def editable_by(self, user):
        """Themes that `user` may see in the back-office."""
        return self.filter(limits__user=user.pk) if is_limited(user) else self

    def get_by_natural_key(self, slug):
        """Return the theme with this slug."""
        return self.get(slug=slug)


class Theme(Publishable):
    """A theme of the multi-year plan, such as “Veilige wijken”."""

    class Hue(models.TextChoices):
        """The drawn icons and colours that there are; the stylesheet knows them by these keys."""

        NEIGHBOURHOODS = "wijken", "wijken"
        UNDERMINING = "ondermijning", "ondermijning"
        CARE = "zorg", "zorg"
        CRISIS = "crisis", "crisis"

    number = models.PositiveSmallIntegerField(
        "nummer", unique=True, help_text="Bepaalt de volgorde op alle pagina’s."
    )
    name = models.CharField("naam", max_length=120)
    slug = models.SlugField(
        "adres", unique=True, help_text="Een nieuw adres? Het oude blijft naar deze pagina leiden."
    )
    introduction = MarkdownField(
        "inleiding",
        blank=True,
        help_text="Staat boven aan de themapagina. Leeg: de woorden van het jaarplan staan er.",
    )
    icon = models.CharField("pictogram", max_length=20, choices=Hue)
    colour = models.CharField("kleur", max_length=20, choices=Hue)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = "thema"
        verbose_name_plural = "thema’s"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the theme's page."""
        return address("theme", self.slug)

    def natural_key(self):
        """Return the slug, by which fixtures name this."""
        return (self.slug,)
