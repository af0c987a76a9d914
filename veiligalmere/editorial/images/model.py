"""An uploaded image, as the texts name it."""

import re
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils import timezone

# What cameras and hurried people call an image; it tells a blind reader nothing.
FILE_NAME = re.compile(
    r"\S+\.(jpe?g|png|webp|gif|heic)|(img|dsc|dscn|pict?|image|foto|afbeelding|plaatje)[-_ ]?\d*",
    re.IGNORECASE,
)

# What visitors read of an image; its name is for colleagues alone.
WORDS = ("alternative_text", "decorative", "credit")


class ImageQuerySet(models.QuerySet):
    """Selections of images."""

    def in_blocks(self, blocks, size):
        """Images whose primary key, divided by `size`, is one of `blocks`."""
        ranges = [Q(pk__gte=block * size, pk__lt=(block + 1) * size) for block in sorted(blocks)]
        return self.filter(reduce(or_, ranges))

    def with_words(self, text):
        """Images that have each word of `text` in their name, alternative text or credit."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(alternative_text__icontains=word)
                | Q(credit__icontains=word)
            )
        return found


class Image(models.Model):
    """An image in several widths, without anything of the file that was uploaded."""

    name = models.CharField(
        "naam",
        max_length=120,
        help_text="Alleen voor collega’s, om de afbeelding terug te vinden.",
    )
    folder = models.CharField("map", max_length=80, unique=True, editable=False)
    widths = models.JSONField("breedtes", editable=False)
    width = models.PositiveIntegerField("breedte", editable=False)
    height = models.PositiveIntegerField("hoogte", editable=False)
    alternative_text = models.CharField(
        "alternatieve tekst",
        max_length=250,
        blank=True,
        help_text="Wat ziet iemand op deze afbeelding die voor de tekst van belang is? "
        "Wie de afbeelding niet kan zien, krijgt deze woorden.",
    )
    decorative = models.BooleanField(
        "decoratief",
        default=False,
        help_text="De afbeelding vertelt niets dat niet in de tekst staat. "
        "Wie haar niet kan zien, mist dan niets.",
    )
    credit = models.CharField(
        "maker of bron",
        max_length=120,
        blank=True,
        help_text="Komt onder de afbeelding te staan als “Beeld: …”.",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="geplaatst door",
        related_name="+",
        null=True,
        editable=False,
    )
    uploaded_at = models.DateTimeField("geplaatst op", default=timezone.now, editable=False)

    codes = ("folder", "widths")

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = "afbeelding"
        verbose_name_plural = "afbeeldingen"
        constraints = [
            models.CheckConstraint(
                condition=(Q(decorative=True) & Q(alternative_text=""))
                | (Q(decorative=False) & ~Q(alternative_text="")),
                name="image_alternative_text_or_decorative",
                violation_error_message="Geef een alternatieve tekst, of kies “decoratief”.",
            ),
            models.CheckConstraint(
                condition=Q(width__gt=0) & Q(height__gt=0), name="image_has_a_size"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def markdown(self):
        """What one writes in a text to show this image."""
        return f"![](afbeelding:{self.pk})"

    def file_name(self, width):
        """Return the name in the storage of the file that is `width` pixels wide."""
        return f"{self.folder}/{width}.webp"

    def url(self, width=None):
        """Return the address of the file of this width; of the widest without one."""
        return default_storage.url(self.file_name(width or self.width))

    def clean(self):
        """Demand either words or the choice for none, and words that say something."""
        self.alternative_text = " ".join(self.alternative_text.split())
        if self.decorative and self.alternative_text:
            message = "Kies een van beide: een alternatieve tekst, of “decoratief”."
        elif not self.decorative and not self.alternative_text:
            message = "Beschrijf wat er te zien is, of kies “decoratief”."
        elif FILE_NAME.fullmatch(self.alternative_text):
            message = "Dit is een bestandsnaam. Beschrijf wat er te zien is."
        else:
            return
        raise ValidationError({"alternative_text": message})
