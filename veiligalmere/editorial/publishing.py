"""States of content and the base of every model that is published."""

from django.db import models
from django.utils import timezone

from veiligalmere.editorial.addresses import remember_old_address
from veiligalmere.editorial.limits import is_limited


class State(models.TextChoices):
    """Where a piece of content stands between a first idea and its withdrawal."""

    CONCEPT = "concept", "concept"
    REVIEW = "ter-beoordeling", "ter beoordeling"
    PUBLISHED = "gepubliceerd", "gepubliceerd"
    WITHDRAWN = "ingetrokken", "ingetrokken"


PUBLISHED_ONCE = (
    "Wat ooit gepubliceerd is, kunt u niet verwijderen: bezoekers en raadsleden moeten kunnen "
    "nagaan wat er stond. Trek het in; op de pagina staat dan dat het ingetrokken is."
)


class PublishableQuerySet(models.QuerySet):
    """Selections by state."""

    def editable_by(self, user):
        """What `user` may see in the back-office: all of it, or nothing for a limited account.

        Content that belongs to a part of the whole gives a narrower answer of its own.
        """
        return self.none() if is_limited(user) else self

    def choosable_by(self, user):
        """What `user` may choose in a form or filter by: what they may see, and what is public."""
        if not is_limited(user):
            return self
        seen = self.editable_by(user).order_by().values("pk")
        return self.filter(models.Q(pk__in=seen) | models.Q(state=State.PUBLISHED))

    def for_desk(self, user):
        """What the desk of `user` may list: what they may see, and have something to do with."""
        return self.editable_by(user)

    def delete(self):
        """Delete what was never published; refuse all if any of it ever was."""
        refuse_to_delete(self.filter(published_at__isnull=False))
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def public(self):
        """What every visitor may see."""
        return self.filter(state=State.PUBLISHED)

    def ever_public(self):
        """What every visitor may see, or could see until it was withdrawn."""
        return self.filter(state__in=(State.PUBLISHED, State.WITHDRAWN))


class Publishable(models.Model):
    """Base of all content with a state; keeps the address that it had when its slug changes.

    `snapshot_children` names the reverse foreign keys whose objects belong to the content and are
    kept in its versions: those that are edited as inlines. `needs` names the foreign keys that may
    be empty, but whose object, if there is one, has to be public before this is. `grows_old` tells
    whether the content is to hold for years, and so should be looked at now and then.
    """

    snapshot_children = ()
    needs = ()
    grows_old = True

    state = models.CharField(
        "status",
        max_length=20,
        choices=State,
        default=State.CONCEPT,
        db_index=True,
        help_text="Alleen wat gepubliceerd is, staat op de site.",
    )
    revision = models.PositiveIntegerField("versie", default=0, editable=False)
    published_at = models.DateTimeField("eerst gepubliceerd op", null=True, editable=False)
    changed_at = models.DateTimeField("laatst gewijzigd op", default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Save, with the moments kept and the former public address remembered."""
        before = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        self.changed_at = timezone.now()
        self.revision += 1
        if self.state == State.PUBLISHED and self.published_at is None:
            self.published_at = self.changed_at
        super().save(*args, **kwargs)
        if before is not None and before.published_at and hasattr(self, "get_absolute_url"):
            remember_old_address(before.get_absolute_url(), self)

    def delete(self, *args, **kwargs):
        """Delete what was never published; what ever was can only be withdrawn."""
        if self.published_at is not None:
            refuse_to_delete([self])
        return super().delete(*args, **kwargs)

    def clean_relations(self, changed):
        """Refuse relations, as they are written by now, that do not fit the rest.

        Asked when all else of a change is written, of which `changed` are the names of the fields:
        what was wrong before is no reason to refuse another change.
        """

    @property
    def is_public(self):
        """Whether every visitor may see this."""
        return self.state == State.PUBLISHED

    @classmethod
    def stands_in(cls):
        """Return the foreign keys whose object has to be public before one of these is."""
        return [
            field
            for field in cls._meta.concrete_fields
            if isinstance(field, models.ForeignKey)
            and (not field.null or field.name in cls.needs)
            and issubclass(field.related_model, Publishable)
        ]

    def withdrawn_with(self):
        """Return what was withdrawn: this, or else what it stands in and went with; or None."""
        if self.state == State.WITHDRAWN:
            return self
        if not self.is_public:
            return None
        holders = (getattr(self, field.name) for field in self.stands_in())
        return next(filter(None, (one.withdrawn_with() for one in holders if one)), None)


def refuse_to_delete(objects):
    """Raise ProtectedError, with a Dutch explanation, if there is anything in `objects`."""
    objects = list(objects)
    if objects:
        raise models.ProtectedError(PUBLISHED_ONCE, set(objects))
