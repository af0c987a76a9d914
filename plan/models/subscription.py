"""Following by e-mail, without an account: who follows what, and how often the form was used.

An address is kept for this alone. It goes when its owner stops, and when it is not confirmed in
time (AVG, article 5, first paragraph, e).
"""

import secrets
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from plan.models.action import Action
from themes.models import Subtopic, Theme

UNCONFIRMED = timedelta(days=30)  # after which an address that was never confirmed is erased


def new_key():
    """Return an unguessable key for the links in mails: 160 bits.

    Without hyphens, so that the logs know it for a key and leave it out.
    """
    return secrets.token_hex(20)


class SubscriptionQuerySet(models.QuerySet):
    """Selections of subscriptions."""

    def confirmed(self):
        """Those whose owner has confirmed the address."""
        return self.filter(confirmed_at__isnull=False)

    def never_confirmed(self, now=None):
        """Those that waited too long for it."""
        limit = (now or timezone.now()) - UNCONFIRMED
        return self.filter(confirmed_at__isnull=True, asked_at__lt=limit)

    def of_same_address(self, subscription):
        """Confirmed ones of the address of `subscription`, in a fixed order."""
        return (
            self.confirmed()
            .filter(email=subscription.email)
            .select_related("theme", "subtopic__theme", "action__plan")
            .order_by("pk")
        )


class Subscription(models.Model):
    """That an address follows a theme, a subtopic, an action, or everything."""

    class Frequency(models.TextChoices):
        """When mails are sent."""

        AT_ONCE = "meteen", "meteen"
        WEEKLY = "wekelijks", "elke week op maandag"

    email = models.EmailField("mailadres")
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="+", null=True, blank=True)
    subtopic = models.ForeignKey(Subtopic, models.CASCADE, related_name="+", null=True, blank=True)
    action = models.ForeignKey(Action, models.CASCADE, related_name="+", null=True, blank=True)
    frequency = models.CharField("hoe vaak", max_length=20, choices=Frequency)
    key = models.CharField("sleutel in de links", max_length=40, unique=True, default=new_key)
    asked_at = models.DateTimeField("gevraagd op", default=timezone.now)
    confirmed_at = models.DateTimeField("bevestigd op", null=True)
    told_until = models.DateTimeField(
        "verteld tot en met", null=True, help_text="Wat later verscheen, komt in de volgende mail."
    )
    # The mail that is being sent. It outlives a crash, so that no mail goes out a second time.
    telling_until = models.DateTimeField("bezig te vertellen tot en met", null=True)
    attempts = models.PositiveSmallIntegerField("mislukte pogingen", default=0)
    retry_at = models.DateTimeField("niet opnieuw proberen voor", null=True)

    kept_by_the_site = True
    shown_to_nobody = True

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "volger per mail"
        verbose_name_plural = "volgers per mail"
        constraints = [
            models.UniqueConstraint(
                "email",
                Coalesce("theme", 0),
                Coalesce("subtopic", 0),
                Coalesce("action", 0),
                name="subscription_once_an_address",
            ),
            models.CheckConstraint(
                condition=Q(theme=None, subtopic=None)
                | Q(theme=None, action=None)
                | Q(subtopic=None, action=None),
                name="subscription_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, told_until=None)
                | Q(confirmed_at__isnull=False, told_until__isnull=False),
                name="subscription_confirmed_is_told",
            ),
        ]

    def __str__(self):
        return f"volger {self.pk}"

    @property
    def subject(self):
        """The theme, subtopic or action that is followed; None for everything."""
        return self.theme or self.subtopic or self.action

    def confirm(self, now=None):
        """Start with what appears from now on; nothing happens if that was done before."""
        now = now or timezone.now()
        Subscription.objects.filter(pk=self.pk, confirmed_at=None).update(
            confirmed_at=now, told_until=now
        )


class FormUse(models.Model):
    """That the form was used: by which network or for which address, as a keyed digest.

    Only to limit how often that may be; gone after a day.
    """

    digest = models.CharField("vingerafdruk", max_length=64, db_index=True)
    used_at = models.DateTimeField("gebruikt op", default=timezone.now, db_index=True)

    kept_by_the_site = True
    shown_to_nobody = True

    class Meta:
        ordering = ["-used_at"]
        verbose_name = "gebruik van het formulier"
        verbose_name_plural = "gebruik van het formulier"

    def __str__(self):
        return f"{timezone.localtime(self.used_at):%d-%m-%Y %H:%M}"
