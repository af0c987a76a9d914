"""What the log of the back-office tells of limits to themes: they are rights too."""

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from themes.models import ThemeLimit
from veiligalmere.editorial.login.log import note_change


@receiver(post_save, sender=ThemeLimit)
def note_limit(sender, instance, created, **kwargs):
    """Note that an account got a limit; which themes it has follows in a line of its own."""
    if created:
        note_change("rights changed: account %s got a limit to themes", instance.user_id)


@receiver(post_delete, sender=ThemeLimit)
def note_end_of_limit(sender, instance, **kwargs):
    """Note that an account may work on all themes again."""
    note_change("rights changed: account %s lost its limit to themes", instance.user_id)


@receiver(m2m_changed, sender=ThemeLimit.themes.through)
def note_themes(sender, instance, action, pk_set, **kwargs):
    """Note to which themes an account is limited now."""
    if action not in {"post_add", "post_remove", "post_clear"}:
        return
    # From the side of a theme, `instance` is the theme and the keys are those of limits.
    by_theme = not isinstance(instance, ThemeLimit)
    limits = ThemeLimit.objects.filter(pk__in=pk_set or ()) if by_theme else [instance]
    for limit in limits:
        themes = sorted(limit.themes.values_list("pk", flat=True))
        note_change("rights changed: account %s limited to themes %s", limit.user_id, themes)
