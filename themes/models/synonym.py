"""Words that mean one thing to the search."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import Truncator

from themes.words import MAX_WORD_LENGTH as LONGEST
from themes.words import STOP_WORDS, fold
from veiligalmere.editorial.immediate import Immediate, ImmediateQuerySet

_WORD = re.compile(r"[^\W_]+")
SHOWN = 30  # characters of what is refused


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
        """Hold each phrase on a line of its own, once; refuse less than two, and what never works.

        The search knows no words that are too long, and leaves out those that stand everywhere.
        """
        self.words = "\n".join(dict.fromkeys(self.phrases))
        if len(self.phrases) < 2:
            raise ValidationError({"words": "Vul ten minste twee woorden in, elk op een regel."})
        if mistakes := list(self._mistakes()):
            raise ValidationError({"words": mistakes})

    @property
    def phrases(self):
        """The words and phrases, as a list."""
        return [" ".join(line.split()) for line in self.words.splitlines() if line.strip()]

    def _mistakes(self):
        """Yield what is wrong with phrases, each kind in a sentence."""
        words = {phrase: _WORD.findall(fold(phrase)) for phrase in self.phrases}
        if empty := [phrase for phrase, found in words.items() if not found]:
            yield f"Hierin staat geen woord: {_quoted(empty)}."
        long = [one for one, found in words.items() if max(map(len, found), default=0) > LONGEST]
        if long:
            yield (
                f"Een woord mag hooguit {LONGEST} letters hebben. Dit is te lang: {_quoted(long)}."
            )
        if common := [one for one, found in words.items() if found and set(found) <= STOP_WORDS]:
            yield (
                "De zoekfunctie slaat dit over, omdat het op bijna elke pagina staat: "
                f"{_quoted(common)}."
            )


def _quoted(phrases):
    return ", ".join(f"“{Truncator(phrase).chars(SHOWN)}”" for phrase in phrases)
