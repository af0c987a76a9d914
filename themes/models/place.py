"""Parts of the city that actions name."""

from django.db import models

from veiligalmere.editorial.immediate import Immediate, ImmediateQuerySet
from veiligalmere.editorial.naming import first_that_names


class PlaceQuerySet(ImmediateQuerySet):
    """Selections of places."""

    def get_by_natural_key(self, slug):
        """Return the place with this slug."""
        return self.get(slug=slug)


class Place(Immediate):
    """A part of the city, such as “Almere Poort”; it has no page, actions are filtered by it."""

    name = models.CharField("naam", max_length=80, unique=True)
    slug = models.SlugField("adres", unique=True, help_text="Staat in het adres van het filter.")
    position = models.IntegerField(
        "volgorde", default=0, help_text="Lage getallen staan vooraan in het filter."
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "plaats"
        verbose_name_plural = "plaatsen"

    def __str__(self):
        return self.name

    def natural_key(self):
        """Return the slug, by which fixtures name this."""
        return (self.slug,)

    def why_in_use(self):
        """Return in Dutch what names this place, now or in an old version; "" if nothing does."""
        name = first_that_names(self)
        if not name:
            return ""
        return (
            f"De plaats “{self}” kunt u niet verwijderen: zij staat bij “{name}”, of stond daar in "
            "een eerdere versie. Bezoekers en raadsleden moeten kunnen nagaan wat er stond."
        )
