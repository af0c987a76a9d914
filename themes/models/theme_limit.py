"""The themes that an editor is limited to."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from themes.models.theme import Theme
from veiligalmere.editorial.limits import register_limiter


class ThemeLimit(models.Model):
    """Limits an account to the content of some themes; without one it may work on all."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name="account",
        related_name="theme_limit",
    )
    themes = models.ManyToManyField(
        Theme,
        verbose_name="thema’s",
        related_name="limits",
        help_text="Dit account ziet in het beheer alleen wat bij deze thema’s hoort.",
    )

    class Meta:
        verbose_name = "beperking tot thema’s"
        verbose_name_plural = "beperking tot thema’s"

    def __str__(self):
        return f"Beperking van {self.user}"


@register_limiter
def is_limited_to_themes(user):
    """Whether `user` is limited to some themes.

    It is asked of the database once for each object of an account, as Django does for its rights.
    """
    if not hasattr(user, "_is_limited_to_themes"):
        user._is_limited_to_themes = ThemeLimit.objects.filter(user=user.pk).exists()
    return user._is_limited_to_themes


def within_limit(selection, user, lookup):
    """Return what of `selection` belongs to the themes of `user`; all of it if there is no limit.

    `lookup` leads from the selection to its theme, such as "theme" or "action__theme".
    """
    if not is_limited_to_themes(user):
        return selection
    themes = ThemeLimit.objects.filter(user=user.pk).values("themes")
    return selection.filter(**{f"{lookup}__in": themes})


def is_within_limit_of(relation, lookup):
    """Return the condition for a query that a row belongs to the themes of an account of its own.

    `relation` leads to the account and `lookup` to the theme. It holds too if that account has no
    limit, or if there is none.
    """
    limits = ThemeLimit.objects.filter(user=OuterRef(relation))
    return ~Exists(limits) | Exists(limits.filter(themes=OuterRef(lookup)))
