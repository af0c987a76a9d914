"""Annual plans and their actions in the API."""

from django.db.models import Prefetch

from plan.models import Action, AnnualPlan, ProgressUpdate, Status
from themes.models import Indicator, Place, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.addresses import absolute
from veiligalmere.pages.api.filters import Chosen, Named, Numbered
from veiligalmere.pages.api.kind import (
    ADDRESS,
    CHANGED,
    DAY,
    ID,
    INTEGER,
    MARKDOWN,
    MOMENT,
    NUMBER_KEY,
    PAGE,
    REFERENCE,
    SLUG,
    TEXT,
    Field,
    Key,
    Kind,
    day,
    lines,
    many,
    number_key,
    optional,
    reference,
    references,
    utc,
)
from veiligalmere.pages.api.of_themes import ABOUT, THEME, about_family

FIRST_YEAR, LAST_YEAR = 2000, 2100
PLACE = {"$ref": "#/components/schemas/Plaats"}
STATUS = {"type": "string", "enum": list(Status.values)}


def _year_key(text):
    found = number_key(text)
    return {"year": found["pk"]} if found and found["pk"] <= LAST_YEAR else None


def _through(relation, target, keys):
    """Return the keys of the actions that are tied by `relation` to any of `keys`, a list."""
    through = getattr(Action, relation).through
    return through.objects.filter(**{f"{target}__in": keys}).values("action")


def _actions():
    return (
        ProgressUpdate.objects.with_last_change(Action.objects.public())
        .with_labels()
        .prefetch_related(
            Prefetch("indicators", Indicator.objects.public()),
        )
        .order_by("-plan__year", "position", "pk")
    )


def _read_actions(selection):
    """Return the actions, each with `said`: its latest published update, or None."""
    found = list(selection)
    if found:
        keys = Action.objects.filter(pk__in=[one.pk for one in found])
        latest = ProgressUpdate.objects.latest_by_action(keys)
        # Not prefetched: Django asks for those with an OR for each, and SQLite takes a thousand.
        earlier = (
            Action.objects.public()
            .select_related("plan")
            .in_bulk({one.predecessor_id for one in found if one.predecessor_id})
        )
        for one in found:
            one.said = latest.get(one.pk)
            one.predecessor = earlier.get(one.predecessor_id)
    return found


PLANS = Kind(
    "jaarplannen",
    "Jaarplan",
    "Jaarplannen",
    "De jaarplannen, het nieuwste eerst.",
    (
        Field("jaar", "Het jaar. Dat is ook de sleutel.", INTEGER, lambda one: one.year),
        Field("titel", "De titel.", TEXT, lambda one: one.title),
        Field(
            "werktUit",
            "Het meerjarenplan dat dit jaarplan uitwerkt.",
            TEXT,
            lambda one: one.multi_year_plan,
        ),
        PAGE,
        Field(
            "volledigeTekst",
            "De pagina met het hele plan.",
            ADDRESS,
            lambda one: absolute(one.full_url),
        ),
        CHANGED,
    ),
    lambda: AnnualPlan.objects.public().order_by("-year"),
    key=Key(
        {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
        lambda one: one.year,
        _year_key,
    ),
)

ACTIONS = Kind(
    "acties",
    "Actie",
    "Acties",
    "Wat de stad in een jaar doet, met hoe het ermee staat. In de volgorde van het plan, het "
    "nieuwste plan eerst.",
    (
        ID,
        Field("jaar", "Het jaar van het jaarplan.", INTEGER, lambda one: one.plan.year),
        Field("titel", "De titel.", TEXT, lambda one: one.title),
        SLUG,
        Field(
            "kopInPlan",
            "De kop in het plan; leeg als het plan er geen kop boven zet.",
            TEXT,
            lambda one: one.heading,
        ),
        Field(
            "inHetKort",
            "Een samenvatting door de redactie; vaak leeg.",
            TEXT,
            lambda one: one.summary,
        ),
        Field("tekst", "De tekst van het plan, in markdown.", MARKDOWN, lambda one: one.body),
        THEME,
        ABOUT,
        Field(
            "werkwijzen",
            "De werkwijzen die het plan noemt.",
            many(REFERENCE),
            lambda one: references("werkwijzen", one.working_methods.all()),
        ),
        Field(
            "plaatsen",
            "De delen van de stad die het plan noemt.",
            many(PLACE),
            lambda one: [{"slug": place.slug, "naam": place.name} for place in one.places.all()],
        ),
        Field(
            "cijfers",
            "De cijfers die bij de actie staan.",
            many(REFERENCE),
            lambda one: references("cijfers", one.indicators.all()),
        ),
        Field("periode", "Wanneer, in de woorden van het plan.", TEXT, lambda one: one.period),
        Field(
            "begindatum",
            "De begindatum, als het plan die noemt.",
            optional(DAY),
            lambda one: day(one.start_date),
        ),
        Field(
            "einddatum",
            "De einddatum, als het plan die noemt.",
            optional(DAY),
            lambda one: day(one.end_date),
        ),
        Field("partners", "Met wie.", many(TEXT), lambda one: lines(one.partners)),
        Field(
            "vervolgOp",
            "Dezelfde actie in een eerder jaarplan.",
            optional(REFERENCE),
            lambda one: reference("acties", one.predecessor),
        ),
        Field(
            "stand",
            "De laatst gemelde stand. “niet-gemeld” zegt niet hoe het met de actie gaat.",
            STATUS,
            lambda one: one.said.status if one.said else Status.NOT_REPORTED.value,
        ),
        Field(
            "standGemeldOp",
            "De dag waarop het zo stond.",
            optional(DAY),
            lambda one: day(one.said.reported_on) if one.said else None,
        ),
        PAGE,
        Field(
            "gewijzigdOp",
            "Wanneer de actie of haar stand voor het laatst is gewijzigd, in UTC.",
            MOMENT,
            lambda one: utc(one.last_change),
        ),
    ),
    _actions,
    filters=(
        Numbered(
            "jaar",
            "Acties van het jaarplan van dit jaar.",
            lambda selection, years: selection.filter(plan__year__in=years),
            FIRST_YEAR,
            LAST_YEAR,
        ),
        Named(
            "thema",
            "Acties van dit thema.",
            lambda selection, themes: selection.filter(theme__in=themes),
            Theme.objects.public,
        ),
        Named(
            "onderwerp",
            "Acties over dit onderwerp of over wat eronder valt.",
            about_family,
            Subtopic.objects.public,
        ),
        Named(
            "werkwijze",
            "Acties met deze werkwijze.",
            lambda selection, methods: selection.filter(
                pk__in=_through("working_methods", "workingmethod", methods)
            ),
            WorkingMethod.objects.public,
        ),
        Named(
            "plaats",
            "Acties in dit deel van de stad.",
            lambda selection, places: selection.filter(pk__in=_through("places", "place", places)),
            Place.objects.all,
        ),
        Chosen(
            "stand",
            "Acties met deze stand.",
            lambda selection, statuses: ProgressUpdate.objects.with_status(selection).filter(
                status__in=statuses
            ),
            dict(Status.choices),
        ),
    ),
    key=NUMBER_KEY,
    read=_read_actions,
)
