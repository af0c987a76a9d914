"""Words that mean one thing to the search."""

from django.core.exceptions import ValidationError
from django.db import models

from veiligalmere.editorial.immediate import Immediate, ImmediateQuerySet


class SynonymQuerySet(ImmediateQuerySet):
    """Selections of synonyms."""

    def get_by_natural_key(self, words):
        """Return the group with these words."""
        return self.get(words=words)


class Synonym(Immediate):
    """A group of words or short phrases; who searches for one of them finds the others too."""

    words = models.TextField(
        "woorden",
        unique=True,
        max_length=1000,
        help_text="Eén woord of korte woordgroep per regel, bijvoorbeeld “buren” en “buurt”. Wie "
        "op één ervan zoekt, vindt ook pagina’s met de andere. Enkelvoud en meervoud, "
        "accenten en samenstellingen vindt de zoekfunctie zelf al.",
    )

    objects = SynonymQuerySet.as_manager()

    class Meta:
        ordering = ["words"]
        verbose_name = "synoniem"
        verbose_name_plural = "synoniemen"

    def __str__(self):
        return " – ".join(self.phrases)

    def natural_key(self):
        """Return the words, by which fixtures name this."""
        return (self.words,)

    def clean(self):
        """Hold each phrase on a line of its own, once, and refuse a group of less than two."""
        self.words = "\n".join(dict.fromkeys(self.phrases))
        if len(self.phrases) < 2:
            raise ValidationError({"words": "Vul ten minste twee woorden in, elk op een regel."})

    @property
    def phrases(self):
        """The words and phrases, as a list."""
        return [" ".join(line.split()) for line in self.words.splitlines() if line.strip()]
