"""Versions: the whole content of an object at a moment, kept for good.

One model serves the draft beside the live page, the history, comparing, putting back, the preview
and the public changes. What a version holds never changes; the one exception is blacking out.
"""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, Exists, Max, OuterRef, Q, When
from django.utils import timezone

from veiligalmere.editorial.publishing import State

STEPS_OF = """
SELECT id, number, kind, created_at, note, minor, content FROM editorial_version
WHERE content_type_id = %s AND object_id = %s AND kind IN (%s, %s) ORDER BY number DESC
"""


class VersionQuerySet(models.QuerySet):
    """Selections of versions."""

    def of(self, obj):
        """Versions of `obj`, the newest first."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk
        ).order_by("-number")

    def of_model(self, model):
        """Versions of all objects of `model`."""
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def published(self):
        """What was public, or still is."""
        return self.filter(kind=Version.Kind.PUBLISHED)

    def concepts(self):
        """What was saved and not published by that."""
        return self.filter(kind=Version.Kind.CONCEPT)

    def withdrawn_since(self, moment, selections):
        """Withdrawals of objects in any of `selections` (querysets), from `moment` on."""
        any_of_them = Q(pk__in=[])
        for one in selections:
            kind = ContentType.objects.get_for_model(one.model)
            any_of_them |= Q(content_type=kind, object_id__in=one.order_by().values("pk"))
        return self.filter(any_of_them, kind=Version.Kind.WITHDRAWN, created_at__gte=moment)

    def public_steps(self):
        """Publications and withdrawals: the history that the public may know."""
        return self.filter(kind__in=Version.PUBLIC_STEPS)

    def ends_of_drafts(self):
        """Publications and withdrawals, and drafts that were discarded."""
        return self.filter(Q(kind__in=Version.PUBLIC_STEPS) | Q(draft_state=State.WITHDRAWN))

    def steps_of(self, obj):
        """Return the public steps of `obj` as a list, the newest first, with what pages tell."""
        # Each page of an action's changes asks this, and nothing else. Django would take five times
        # as long to make the SQL as all the rest takes.
        kind = ContentType.objects.get_for_model(obj).pk
        return list(self.raw(STEPS_OF, [kind, obj.pk, *Version.PUBLIC_STEPS]))

    def published_by_people(self):
        """Publications, but not of what the site was filled with at its beginning.

        That was never a draft, and it has no author.
        """
        return self.published().exclude(number=1, author_name="")

    def marked_first(self):
        """The same, with on each `is_first`: that nothing of its object was public before."""
        earlier = Version.objects.public_steps().filter(
            content_type=OuterRef("content_type"),
            object_id=OuterRef("object_id"),
            number__lt=OuterRef("number"),
        )
        return self.annotate(is_first=~Exists(earlier))

    def worth_telling(self):
        """Publications of what is new or changed, but for minor ones; with `is_first`."""
        return self.published_by_people().filter(minor=False).marked_first()

    def temporary_keys(self):
        """Return the keys below zero that children have in these: those of rows of drafts."""
        return {
            child["pk"]
            for content in self.values_list("content", flat=True)
            for rows in content["children"].values()
            for child in rows
            if child["pk"] < 0
        }

    def drafts(self):
        """The drafts as they now stand, at most one an object."""
        return self.filter(is_draft=True)

    def awaiting_judgement(self):
        """Drafts that were submitted to a chief editor, who has not planned them yet."""
        return self.drafts().filter(draft_state=State.REVIEW, publish_at=None)

    def scheduled(self):
        """Drafts that will be published at a set moment, the first one first."""
        return self.drafts().filter(publish_at__isnull=False).order_by("publish_at", "pk")

    def worked_on_by(self, user):
        """Versions of objects that `user` wrote on since they were published or discarded last."""
        same = {"content_type": OuterRef("content_type"), "object_id": OuterRef("object_id")}
        later = Version.objects.filter(
            Q(kind=Version.Kind.PUBLISHED, number__gt=OuterRef("number"))
            | Q(draft_state=State.WITHDRAWN, number__gte=OuterRef("number")),
            **same,
        )
        written = Version.objects.concepts().filter(**same, author=user).exclude(Exists(later))
        return self.filter(Exists(written))

    def returned_first(self):
        """Drafts: those that a chief editor returned, then the others, the newest first."""
        returned = Q(draft_state=State.CONCEPT) & ~Q(remark="")
        rank = Case(When(returned, then=0), default=1)
        return self.order_by(rank, "-created_at", "-pk")

    def newest(self):
        """The last version of each object."""
        later = Version.objects.filter(
            content_type=OuterRef("content_type"),
            object_id=OuterRef("object_id"),
            number__gt=OuterRef("number"),
        )
        return self.exclude(Exists(later))

    def by_people(self):
        """Versions that a person made, not the site itself."""
        return self.exclude(author_name="")


class Version(models.Model):
    """One version of one object."""

    class Kind(models.TextChoices):
        """What was done when this version was kept."""

        CONCEPT = "concept", "concept"
        PUBLISHED = "gepubliceerd", "gepubliceerd"
        WITHDRAWN = "ingetrokken", "ingetrokken"

    PUBLIC_STEPS = Kind.PUBLISHED, Kind.WITHDRAWN

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    object = GenericForeignKey("content_type", "object_id")
    label = models.CharField("naam", max_length=300, help_text="Hoe het object toen heette.")
    number = models.PositiveIntegerField("nummer")
    kind = models.CharField("soort", max_length=20, choices=Kind)
    content = models.JSONField("inhoud", encoder=DjangoJSONEncoder)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="door",
        related_name="+",
        null=True,
        blank=True,
    )
    author_name = models.CharField("naam van de auteur", max_length=200, blank=True)
    created_at = models.DateTimeField("op", default=timezone.now)
    note = models.TextField("wijzigingsnotitie", blank=True)
    minor = models.BooleanField("kleine wijziging", default=False)
    once = models.CharField(
        "eenmalig kenmerk",
        max_length=32,
        blank=True,
        help_text="Van het formulier dat dit object maakte: twee keer drukken maakt er één.",
    )
    # The rest is about a draft that still stands: where it is on its way to publication. Of what
    # was a draft, only that it was thrown away: "ingetrokken".
    is_draft = models.BooleanField("concept dat nu geldt", default=False)
    draft_state = models.CharField(
        "status van het concept", max_length=20, choices=State, default=State.CONCEPT
    )
    remark = models.TextField("opmerking van de eindredactie", blank=True)
    remark_by = models.CharField("opmerking door", max_length=200, blank=True)
    publish_at = models.DateTimeField("publiceren op", null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True
    )

    codes = ("once",)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "versie"
        verbose_name_plural = "versies"
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "number"], name="version_number_once"
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(is_draft=True),
                name="version_one_draft_an_object",
            ),
            models.UniqueConstraint(
                fields=["once"], condition=~Q(once=""), name="version_made_once"
            ),
            models.CheckConstraint(
                condition=Q(is_draft=False) | Q(kind="concept"), name="version_draft_is_concept"
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | Q(is_draft=True),
                name="version_only_draft_is_scheduled",
            ),
        ]
        permissions = [
            ("publish_content", "Mag publiceren, terugsturen en intrekken"),
            ("black_out", "Mag woorden zwartlakken in alles wat openbaar is of was"),
        ]
        indexes = [
            models.Index(fields=["kind", "-created_at"], name="version_kind_moment"),
            models.Index(fields=["is_draft", "publish_at"], name="version_draft_schedule"),
        ]

    def __str__(self):
        return f"{self.label}, versie {self.number}"

    @property
    def is_discarded(self):
        """Whether a draft ended with this: what was written after it, began without it."""
        return self.draft_state == State.WITHDRAWN

    @property
    def who(self):
        """The author's name as it was, or what made the version if that was no person."""
        return self.author_name or "het systeem"


def name_of(user):
    """Return the name by which colleagues know `user`; empty for None."""
    return (user.get_full_name() or user.get_username()) if user else ""


def draft_of(obj):
    """Return the draft of `obj` that now stands, or None."""
    return Version.objects.of(obj).drafts().first()


def end_draft(sender, instance, **kwargs):
    """End the draft of an object that was deleted: another must not be taken for it, by its key."""
    drafts = Version.objects.of(instance).drafts()
    drafts.update(is_draft=False, publish_at=None, scheduled_by=None)


def latest_published(obj):
    """Return the last published version of `obj`, or None."""
    return Version.objects.of(obj).published().first()


def withdrawal_of(obj):
    """Return the version with which `obj`, withdrawn now, was withdrawn; None if it is not told."""
    last = Version.objects.of(obj).public_steps().first()
    return last if last and last.kind == Version.Kind.WITHDRAWN else None


def keep_version(obj, content, *, kind, by, label="", **more):
    """Store a version of `obj` with the next number; call it while the row of `obj` is locked.

    A draft (`is_draft` among `more`) takes the place of the former one; a publication ends it.
    `label` is what the version calls the object, where that is not what its row now says.
    """
    versions = Version.objects.of(obj)
    if more.get("is_draft") or kind == Version.Kind.PUBLISHED:
        versions.drafts().update(is_draft=False, publish_at=None, scheduled_by=None)
    last = versions.order_by().aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        label=(label or str(obj))[:300],
        number=last + 1,
        kind=kind,
        content=content,
        author=by,
        author_name=name_of(by)[:200],
        **more,
    )
