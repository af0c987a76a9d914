"""Words and abbreviations of the plan, explained."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet


class TermQuerySet(PublishableQuerySet):
    """Selections of terms."""

    def latest_change(self):
        """Return the moment at which one of these was last changed, or None."""
        return self.aggregate(last=models.Max("changed_at"))["last"]

    def get_by_natural_key(self, slug):
        """Return the term with this slug."""
        return self.get(slug=slug)


class Term(Publishable):
    """A word or abbreviation that many readers don't know, with what it means and who says so."""

    name = models.CharField(
        "begrip",
        max_length=80,
        unique=True,
        help_text="Zoals het in de teksten staat. Waar het op een pagina voor het eerst in lopende "
        "tekst voorkomt, wordt het een link hierheen.",
    )
    other_names = models.TextField(
        "andere schrijfwijzen",
        blank=True,
        help_text="Eén per regel. Ook deze worden een link. Met een hoofdletter erin telt "
        "alleen precies deze schrijfwijze.",
    )
    slug = models.SlugField(
        "anker", unique=True, help_text="Komt achter het hekje in het adres van dit begrip."
    )
    meaning = models.CharField(
        "voluit", max_length=200, blank=True, help_text="Waar de letters voor staan."
    )
    explanation = MarkdownField(
        "uitleg",
        level=3,
        blank=True,
        help_text="Kort, in eenvoudige woorden of in die van de bron.",
    )
    source = models.CharField(
        "bron",
        max_length=200,
        help_text="Wie dit zo zegt, bijvoorbeeld “Jaarplan Veiligheid 2020”.",
    )
    source_url = models.CharField(
        "adres van de bron",
        max_length=300,
        help_text="Een adres dat met https:// begint, of een adres op deze site.",
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "begrip"
        verbose_name_plural = "begrippen"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(meaning="") | ~models.Q(explanation=""),
                name="term_says_something",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the term's place among the terms."""
        return f"{reverse('terms')}#{self.slug}"

    def natural_key(self):
        """Return the slug, by which fixtures name this."""
        return (self.slug,)

    def clean(self):
        """Refuse a term that explains nothing, and a source that is no address."""
        errors = {}
        if not self.meaning and not self.explanation:
            errors["explanation"] = "Vul in waar de letters voor staan, of geef een uitleg."
        if self.source_url and not self.source_url.startswith(("https://", "http://", "/")):
            errors["source_url"] = "Begin met https://, of met een schuine streep voor deze site."
        if self.source_url.startswith("//"):
            errors["source_url"] = "Begin met één schuine streep voor een adres op deze site."
        if errors:
            raise ValidationError(errors)

    @property
    def spellings(self):
        """The name and the other names, as a list."""
        others = (line.strip() for line in self.other_names.splitlines())
        return list(dict.fromkeys([self.name, *(line for line in others if line)]))
