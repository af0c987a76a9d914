"""Actions (acties): what the city does in a year."""

from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connections, models
from django.db.models import F, Prefetch, Q

from plan.models.anchors import is_of_the_page
from plan.models.annual_plan import AnnualPlan
from themes.models import Indicator, Place, Subtopic, Theme, WorkingMethod
from themes.models.theme_limit import within_limit
from themes.words import fold
from veiligalmere.editorial.addresses import address
from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.publishing import Publishable, PublishableQuerySet

TEXTS = ("body", "partners")  # fields that only the action's own page shows
TEXTS_OF = "SELECT body, partners FROM plan_action WHERE id = %s"


class Labels(NamedTuple):
    """What an action is labelled with, each a list in its own order."""

    subtopics: list
    working_methods: list
    places: list


class ActionQuerySet(PublishableQuerySet):
    """Selections of actions."""

    def editable_by(self, user):
        """What `user` may see in the back-office."""
        return within_limit(self, user, "theme")

    def public(self):
        """Published actions of published plans and themes."""
        return (
            super()
            .public()
            .filter(plan__in=AnnualPlan.objects.public(), theme__in=Theme.objects.public())
        )

    def of_plan(self, plan):
        """Actions of `plan` in the plan's order."""
        return self.filter(plan=plan).order_by("position", "pk")

    def about(self, subtopics):
        """Actions about any of `subtopics`, each once."""
        return self.filter(
            pk__in=Action.subtopics.through.objects.filter(subtopic__in=subtopics).values("action")
        )

    def with_labels(self):
        """Actions with all that a card shows: plan, theme, subtopics, methods and places."""
        return self.select_related("plan", "theme").prefetch_related(
            Prefetch("subtopics", Subtopic.objects.public().in_order()),
            Prefetch("working_methods", WorkingMethod.objects.public()),
            "places",
        )

    def without_texts(self):
        """Actions without what only their own pages show."""
        return self.defer(*TEXTS, "search_text")

    def texts_of(self, action):
        """Return what `without_texts` leaves out and the page of `action` shows, by field."""
        # Each page of an action that is made asks this, and nothing else. Django would take ten
        # times as long to make the SQL as the database to answer it.
        with connections[self.db].cursor() as cursor:
            cursor.execute(TEXTS_OF, [action.pk])
            return dict(zip(TEXTS, cursor.fetchone(), strict=True))

    def before(self, action):
        """Actions of the same plan that stand before `action`, the nearest first."""
        earlier = Q(position__lt=action.position) | Q(position=action.position, pk__lt=action.pk)
        return self.filter(earlier, plan=action.plan_id).order_by("-position", "-pk")

    def after(self, action):
        """Actions of the same plan that stand after `action`, the nearest first."""
        later = Q(position__gt=action.position) | Q(position=action.position, pk__gt=action.pk)
        return self.filter(later, plan=action.plan_id).order_by("position", "pk")

    def that_can_precede(self, year, chosen=None):
        """Actions of the last plan before that of `year`, and the one with key `chosen`.

        Without a year, as for a new action, they are of the plans before the latest and before the
        current one: a new action is most often of one of these, and can't continue one of its own.
        """
        plans = AnnualPlan.objects.order_by("-year")
        years = [year]
        if not year:
            years = [plan.year for plan in (plans.first(), AnnualPlan.objects.current()) if plan]
        earlier = {plans.filter(year__lt=one).first() for one in years} - {None}
        return self.filter(Q(plan__in=earlier) | Q(pk=chosen))

    def of_latest_plans(self, chosen=()):
        """Actions of the current plan and of the public plan before it, the latest plan first.

        With those with a key in `chosen`. Not all of a year is told when the next plan comes out.
        """
        latest = AnnualPlan.objects.public().order_by("-year").values("pk")[:2]
        return self.filter(Q(plan__in=latest) | Q(pk__in=chosen)).order_by(
            "-plan__year", "position", "pk"
        )

    def get_by_natural_key(self, year, slug):
        """Return the action with this slug in the plan of this year."""
        return self.get(plan__year=year, slug=slug)


class Action(Publishable):
    """One action of an annual plan."""

    grows_old = False

    plan = models.ForeignKey(
        AnnualPlan, models.PROTECT, verbose_name="jaarplan", related_name="actions"
    )
    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name="thema", related_name="+")
    subtopics = models.ManyToManyField(
        Subtopic, verbose_name="onderwerpen", related_name="+", blank=True
    )
    working_methods = models.ManyToManyField(
        WorkingMethod,
        verbose_name="werkwijzen",
        related_name="+",
        blank=True,
        help_text="Alleen wat de tekst van de actie zelf noemt.",
    )
    places = models.ManyToManyField(
        Place,
        verbose_name="plaatsen",
        related_name="+",
        blank=True,
        help_text="Alleen wat de tekst van de actie zelf noemt.",
    )
    title = models.CharField("titel", max_length=160)
    slug = models.SlugField(
        "adres",
        max_length=100,
        help_text="Een nieuw adres? Het oude blijft naar deze pagina leiden.",
    )
    heading = models.CharField(
        "kop in het plan",
        max_length=200,
        blank=True,
        help_text="De kop zoals het plan hem heeft. Leeg als het plan er geen kop boven zet: op "
        "de pagina met het hele plan staat dan dat de titel van de redactie is.",
    )
    summary = models.TextField(
        "in het kort",
        blank=True,
        help_text="Twee of drie zinnen in eenvoudige taal. Leeg: het plan staat er alleen zelf.",
    )
    body = MarkdownField("tekst van het plan", level=3)
    indicators = models.ManyToManyField(
        Indicator,
        verbose_name="cijfers",
        related_name="+",
        blank=True,
        help_text="Staan op de pagina van de actie.",
    )
    period = models.CharField(
        "periode", max_length=120, blank=True, help_text="In de woorden van het plan."
    )
    start_date = models.DateField("begindatum", null=True, blank=True)
    end_date = models.DateField("einddatum", null=True, blank=True)
    partners = models.TextField("partners", blank=True, help_text="Eén per regel.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="eigenaar",
        related_name="owned_actions",
        null=True,
        blank=True,
        help_text="De collega die de voortgang meldt. Nooit op de site te zien.",
    )
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="vervolg op",
        related_name="successors",
        null=True,
        blank=True,
        help_text="Dezelfde actie in een eerder jaarplan.",
    )
    position = models.IntegerField(
        "volgorde",
        help_text="Gedeeld met de passages: zo staat het hele plan in zijn eigen volgorde.",
    )
    # Nothing reads it any more. The version before does, and runs while the next one migrates, so
    # it goes in a later one.
    search_text = models.TextField(editable=False, default="")

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position", "pk"]
        verbose_name = "actie"
        verbose_name_plural = "acties"
        constraints = [
            models.UniqueConstraint(fields=["plan", "slug"], name="action_slug_once_a_plan"),
            models.CheckConstraint(
                condition=Q(start_date__isnull=True)
                | Q(end_date__isnull=True)
                | Q(start_date__lte=F("end_date")),
                name="action_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(predecessor__isnull=True) | ~Q(predecessor=F("pk")),
                name="action_not_its_own_predecessor",
            ),
        ]
        indexes = [models.Index(fields=["plan", "state", "position"], name="action_plan_order")]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Save, with the folded text kept up to date."""
        self.search_text = fold(" ".join([self.title, self.heading, self.summary, self.body]))
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        """Return the action's page."""
        return address("action", self.plan.year, self.slug)

    def title_with_year(self):
        """Return the title with the year of its plan: an action that goes on keeps its title."""
        return f"{self} ({self.plan.year})"

    @cached_property
    def labels(self):
        """The Labels; of an action that was read `with_labels()` at no cost."""
        return Labels(
            list(self.subtopics.all()), list(self.working_methods.all()), list(self.places.all())
        )

    @property
    def full_page_url(self):
        """The action's place on the page with the whole plan."""
        return f"{self.plan.full_url}#{self.slug}"

    @property
    def title_is_ours(self):
        """Whether the plan itself gives this action no heading."""
        return not self.heading

    def natural_key(self):
        """Return year and slug, by which fixtures name this."""
        return (self.plan.year, self.slug)

    def clean(self):
        """Refuse wrong dates, a predecessor that is no earlier action and a taken address."""
        errors = {}
        if self.start_date and self.end_date and self.end_date < self.start_date:
            errors["end_date"] = "De einddatum ligt voor de begindatum."
        if self.predecessor_id and (
            self.predecessor_id == self.pk
            or (self.plan_id and self.predecessor.plan.year >= self.plan.year)
        ):
            errors["predecessor"] = "Kies een actie uit een eerder jaarplan."
        # All of these are places on the page with the whole plan.
        if is_of_the_page(self.slug):
            errors["slug"] = (
                "Dit adres gebruikt de site zelf op de pagina’s van het plan. Kies een ander adres."
            )
        elif self.plan_id and self.plan.passages.filter(slug=self.slug).exists():
            errors["slug"] = (
                "Een passage van dit jaarplan heeft dit anker al. Kies een ander adres."
            )
        if errors:
            raise ValidationError(errors)

    def clean_relations(self, changed):
        """Refuse another plan than that of the passages about it."""
        if "plan" not in changed:
            return
        passages = [f"“{one}”" for one in self.governing_passages.exclude(plan=self.plan_id)]
        if passages:
            raise ValidationError(
                {
                    "plan": "Over deze actie gaan passages van een ander jaarplan: "
                    f"{', '.join(passages)}. Haal de actie daar eerst weg."
                }
            )
