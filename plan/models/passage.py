"""Passages: pieces of the plan that are no action."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from plan.models.action import Action
from plan.models.anchors import is_of_the_page
from plan.models.annual_plan import AnnualPlan
from themes.models import Subtopic, Theme
from themes.models.theme_limit import within_limit
from veiligalmere.editorial.addresses import address
from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet


class PassageQuerySet(PublishableQuerySet):
    """Selections of passages."""

    def editable_by(self, user):
        """What `user` may see in the back-office."""
        return within_limit(self, user, "theme")

    def public(self):
        """Published passages of published plans, and of published themes if they have one."""
        return (
            super()
            .public()
            .filter(
                Q(theme=None) | Q(theme__in=Theme.objects.public()),
                plan__in=AnnualPlan.objects.public(),
            )
        )

    def of_plan(self, plan):
        """Passages of `plan` in the plan's order, with theme and subtopic at hand."""
        return (
            self.filter(plan=plan)
            .select_related("plan", "theme", "subtopic__theme")
            .order_by("position", "pk")
        )

    def running_text(self):
        """All but the kaders."""
        return self.exclude(kind=Passage.Kind.FRAME)

    def with_body(self):
        """Without those that are a heading alone."""
        return self.exclude(body="")

    def about_progress(self):
        """Passages in which the plan promises reports on its progress."""
        return self.filter(body__contains=Passage.ABOUT_PROGRESS)

    def get_by_natural_key(self, year, slug):
        """Return the passage with this anchor in the plan of this year."""
        return self.get(plan__year=year, slug=slug)


class Passage(Publishable):
    """A heading, text or kader of the plan, in its place among the actions."""

    class Kind(models.TextChoices):
        """What the passage is in the plan."""

        INTRODUCTION = "inleiding", "inleiding"
        TEXT = "tekst", "tekst"
        OVERVIEW = "overzicht", "overzicht"
        FRAME = "kader", "kader"
        COLOPHON = "colofon", "colofon"

    grows_old = False
    needs = ("theme",)
    ABOUT_PROGRESS = "voortgangsrapportage"  # the plan's own word

    plan = models.ForeignKey(
        AnnualPlan, models.PROTECT, verbose_name="jaarplan", related_name="passages"
    )
    kind = models.CharField("soort", max_length=20, choices=Kind, default=Kind.TEXT)
    heading = models.CharField("kop", max_length=160, blank=True)
    heading_level = models.PositiveSmallIntegerField(
        "niveau van de kop",
        default=3,
        choices=[(2, "2: hoofdstuk"), (3, "3: paragraaf"), (4, "4: subparagraaf"), (5, "5: kop")],
        help_text="Bepaalt waar de kop in de inhoudsopgave staat.",
    )
    slug = models.SlugField(
        "anker",
        max_length=80,
        help_text="Komt achter het hekje in het adres van het hele plan. Verander het liever niet: "
        "links van anderen naar deze plaats werken dan niet meer.",
    )
    body = MarkdownField("tekst", level=4, blank=True)
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        verbose_name="thema",
        related_name="+",
        null=True,
        blank=True,
    )
    subtopic = models.ForeignKey(
        Subtopic,
        models.PROTECT,
        verbose_name="onderwerp",
        related_name="+",
        null=True,
        blank=True,
    )
    position = models.IntegerField(
        "volgorde",
        help_text="Gedeeld met de acties: zo staat het hele plan in zijn eigen volgorde.",
    )
    actions = models.ManyToManyField(
        Action,
        verbose_name="gaat over de acties",
        related_name="governing_passages",
        blank=True,
        help_text="Op de pagina’s van deze acties staat deze passage erbij.",
    )

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position", "pk"]
        verbose_name = "passage"
        verbose_name_plural = "passages"
        constraints = [
            models.UniqueConstraint(fields=["plan", "slug"], name="passage_anchor_once_a_plan")
        ]

    def __str__(self):
        return self.heading or " ".join(self.body.split()[:8]) or self.slug

    def get_absolute_url(self):
        """Return the passage's place on the page with the whole plan."""
        return f"{address('plan_full', self.plan.year)}#{self.slug}"

    def natural_key(self):
        """Return year and anchor, by which fixtures name this."""
        return (self.plan.year, self.slug)

    def clean(self):
        """Refuse an empty passage, a subtopic of another theme and an anchor that is taken."""
        if not self.heading and not self.body:
            raise ValidationError("Vul een kop of een tekst in.")
        errors = {}
        if self.subtopic_id and self.subtopic.theme_id != self.theme_id:
            errors["subtopic"] = "Dit onderwerp hoort bij een ander thema."
        # All of these are places on the page with the whole plan.
        if is_of_the_page(self.slug):
            errors["slug"] = (
                "Dit anker gebruikt de site zelf op de pagina’s van het plan. Kies een ander anker."
            )
        elif self.plan_id and self.plan.actions.filter(slug=self.slug).exists():
            errors["slug"] = "Een actie van dit jaarplan heeft dit adres al. Kies een ander anker."
        if errors:
            raise ValidationError(errors)

    def clean_relations(self, changed):
        """Refuse actions of another plan: their pages would show what is not of their year."""
        concerned = not {"plan", "actions"}.isdisjoint(changed)
        if concerned and self.actions.exclude(plan=self.plan_id).exists():
            raise ValidationError(
                {
                    "actions": "Deze passage gaat over acties van een ander jaarplan. Kies haar "
                    "jaarplan en haar acties samen, in het formulier."
                }
            )
