"""Short addresses that editors choose, and old addresses of content whose slug changed."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from veiligalmere.editorial.immediate import Immediate, ImmediateQuerySet

BACK_OFFICE = "/beheer/"  # all that needs an account is below it


@lru_cache(maxsize=1024)
def address(name, *values):
    """Return the path of the page `name` with `values` in it: Django's `reverse`, remembered.

    A page with thirty links would otherwise spend more time on them than on its queries.
    """
    return reverse(name, args=values)


def absolute(address):
    """Return `address`, a path on this site, with the scheme and host visitors use."""
    return f"{settings.SITE_URL}{address}"


class ShortAddressQuerySet(ImmediateQuerySet):
    """Selections of short addresses."""

    def get_by_natural_key(self, path):
        """Return the short address with this path."""
        return self.get(path=path)


class ShortAddress(Immediate):
    """A short address on this site, for a poster or a text, that leads to a page of this site."""

    path = models.CharField(
        "kort adres",
        max_length=100,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*\Z",
                "Gebruik alleen kleine letters, cijfers, streepjes en schuine strepen, "
                "bijvoorbeeld “woninginbraken”.",
            )
        ],
        help_text="Wat er achter veiligalmere.nl/ komt, bijvoorbeeld “woninginbraken”. "
        "Bestaat er al een pagina op dit adres, dan gaat die pagina voor.",
    )
    target = models.CharField(
        "leidt naar",
        max_length=300,
        help_text="Het adres op deze site waar bezoekers terechtkomen, bijvoorbeeld "
        "“/themas/veilige-wijken/woninginbraken/”.",
    )

    addresses = ("path", "target")

    objects = ShortAddressQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = "kort adres"
        verbose_name_plural = "korte adressen"

    def __str__(self):
        return f"/{self.path}"

    def get_absolute_url(self):
        """Return the short address itself."""
        return f"/{self.path}"

    def natural_key(self):
        """Return the path, by which fixtures name this."""
        return (self.path,)

    def clean(self):
        """Refuse a target outside this site, which would make us an open redirect, and no page."""
        if not re.match(r"/(?![/\\])[^\s\\]*\Z", self.target or ""):
            raise ValidationError(
                {"target": "Begin met één schuine streep: alleen adressen op deze site kunnen."}
            )
        led_to = urlsplit(self.target).path.strip("/")
        if led_to == self.path:
            raise ValidationError({"target": "Dit adres zou naar zichzelf leiden."})
        # Two of those could lead to each other, without end.
        if ShortAddress.objects.exclude(pk=self.pk).filter(path=led_to).exists():
            raise ValidationError(
                {"target": "Dit is zelf een kort adres. Kies de pagina waar dat naar leidt."}
            )


class OldAddress(Immediate):
    """An address that content had before its slug changed; it leads to where the content is now."""

    path = models.CharField("oud adres", max_length=300, unique=True)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    content = GenericForeignKey("content_type", "object_id")

    addresses = ("path",)

    class Meta:
        ordering = ["path"]
        verbose_name = "oud adres"
        verbose_name_plural = "oude adressen"

    def __str__(self):
        return self.path


def remember_old_address(path, content):
    """Keep `path` leading to `content`, if that is no longer the address of `content`.

    A place on a page (`…#anchor`) is not kept: what is behind the `#` never reaches the site.
    """
    address_now = content.get_absolute_url()
    if path == address_now or "#" in path:
        return
    # It is no old address any more. Of two that exchanged theirs, each would lead to the other.
    OldAddress.objects.filter(path=address_now).delete()
    OldAddress.objects.update_or_create(
        path=path,
        defaults={
            "content_type": ContentType.objects.get_for_model(content),
            "object_id": content.pk,
        },
    )


def redirect_for(path):
    """Return where a path that has no page leads to, as (address, permanent), or None.

    `path` starts with a slash. A short address is matched whole, with or without a final slash;
    an old address also covers what lies below it, such as `…/wijzigingen/`.
    """
    if "\x00" in path or len(path) > 300:
        return None
    short = ShortAddress.objects.filter(path=path.strip("/")).first()
    if short:
        return short.target, False
    parts = path.strip("/").split("/")
    prefixes = ["/" + "/".join(parts[:count]) + "/" for count in range(1, len(parts) + 1)]
    old = OldAddress.objects.filter(path__in=prefixes).order_by("-path").first()
    if old and old.content and old.content.is_public:
        target = old.content.get_absolute_url()
        # Its theme or its plan may have got the old name back: then it would lead to itself.
        if target != old.path:
            rest = path.removeprefix(old.path) if path.startswith(old.path) else ""
            return target + rest, True
    return None


def formerly_at(model, ending):
    """Return the public object of `model` that had an address with this `ending`, or None."""
    content_type = ContentType.objects.get_for_model(model)
    old = OldAddress.objects.filter(content_type=content_type, path__endswith=ending)
    return model.objects.public().filter(pk__in=old.order_by().values("object_id")).first()
