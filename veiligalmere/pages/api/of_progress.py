"""Updates, progress reports and their lines in the API."""

from plan.models import ProgressReport, ProgressUpdate, ReportEntry, Status
from themes.models import Theme
from veiligalmere.editorial.addresses import absolute
from veiligalmere.pages.api.answers import Problem
from veiligalmere.pages.api.filters import Chosen, Filter, Named, Numbered
from veiligalmere.pages.api.kind import (
    ADDRESS,
    BOOLEAN,
    CHANGED,
    DAY,
    ID,
    INTEGER,
    MARKDOWN,
    MOMENT,
    NUMBER_KEY,
    PAGE,
    REFERENCE,
    TEXT,
    Field,
    Key,
    Kind,
    day,
    many,
    optional,
    reference,
    utc,
)
from veiligalmere.pages.api.of_plans import FIRST_YEAR, LAST_YEAR, STATUS

REPORT_NUMBER = {"type": "string", "pattern": "^[0-9]{4}-[12]$"}
ERRATUM = {"$ref": "#/components/schemas/Correctie"}
MAX_ID = 10**18 - 1
ACCOUNT = (
    Field("oorzaak", "Waardoor het anders loopt.", TEXT, lambda one: one.cause),
    Field("gevolg", "Wat dat betekent voor de actie.", TEXT, lambda one: one.consequence),
    Field("bijsturing", "Wat de gemeente eraan doet.", TEXT, lambda one: one.correction),
)
EXPLANATION = Field(
    "toelichting", "Wat erover gemeld is, in markdown.", MARKDOWN, lambda one: one.explanation
)


class OfReport(Filter):
    """A filter by the number of an adopted report."""

    def read(self, texts):
        """Return the reports with these numbers."""
        reports = {one.number: one for one in ProgressReport.objects.adopted().oldest_first()}
        unknown = next((text for text in texts if text not in reports), None)
        if unknown is not None:
            raise Problem(400, f"Er is geen vastgestelde rapportage “{unknown[:60]}”.")
        return [reports[text] for text in texts]

    @property
    def schema(self):
        """The number of a report."""
        return REPORT_NUMBER


def _updates():
    return (
        ProgressUpdate.objects.of_public_actions()
        .select_related("action__plan", "report__plan")
        .latest_first()
    )


def _reports():
    return ProgressReport.objects.adopted().latest_first().prefetch_related("errata")


def _report_key(text):
    found = ProgressReport.objects.numbered(text).values_list("pk", flat=True).first()
    return None if found is None else {"pk": found}


def _entries():
    return (
        ReportEntry.objects.of_public_reports()
        .with_pages()
        .select_related("report__plan", "version")
        .order_by("-report__plan__year", "-report__half", "theme_number", "position", "pk")
    )


def _of_adopted_report(update):
    """Return the number of the report that an update belongs to, once that is public."""
    report = update.report
    if report is None or report.is_open or not report.plan.is_public:
        return None
    return report.number


UPDATES = Kind(
    "voortgangsmeldingen",
    "Voortgangsmelding",
    "Voortgangsmeldingen",
    "Wat er over de voortgang van acties gemeld is, het nieuwste eerst.",
    (
        ID,
        Field("actie", "De actie.", REFERENCE, lambda one: reference("acties", one.action)),
        Field("jaar", "Het jaar van het jaarplan.", INTEGER, lambda one: one.action.plan.year),
        Field(
            "rapportage",
            "De vastgestelde rapportage waarvoor dit gemeld is.",
            optional(TEXT),
            _of_adopted_report,
        ),
        Field("gemeldOp", "De dag waarop het zo stond.", DAY, lambda one: day(one.reported_on)),
        Field("stand", "De stand.", STATUS, lambda one: one.status),
        EXPLANATION,
        *ACCOUNT,
        PAGE,
        CHANGED,
    ),
    _updates,
    filters=(
        Numbered(
            "actie",
            "Meldingen over de actie met dit nummer.",
            lambda selection, keys: selection.filter(action__in=keys),
            1,
            MAX_ID,
        ),
        Numbered(
            "jaar",
            "Meldingen over acties van het jaarplan van dit jaar.",
            lambda selection, years: selection.filter(action__plan__year__in=years),
            FIRST_YEAR,
            LAST_YEAR,
        ),
        Named(
            "thema",
            "Meldingen over acties van dit thema.",
            lambda selection, themes: selection.filter(action__theme__in=themes),
            Theme.objects.public,
        ),
        Chosen(
            "stand",
            "Meldingen met deze stand.",
            lambda selection, statuses: selection.filter(status__in=statuses),
            {status.value: status.label for status in Status if status != Status.NOT_REPORTED},
        ),
    ),
    key=NUMBER_KEY,
)

REPORTS = Kind(
    "voortgangsrapportages",
    "Voortgangsrapportage",
    "Voortgangsrapportages",
    "De vastgestelde halfjaarlijkse rapportages aan de raad, de nieuwste eerst.",
    (
        Field(
            "nummer",
            "Jaar en halfjaar, zoals “2020-1”. Dat is ook de sleutel.",
            REPORT_NUMBER,
            lambda one: one.number,
        ),
        Field("titel", "De titel.", TEXT, lambda one: one.title),
        Field("jaar", "Het jaar van het jaarplan.", INTEGER, lambda one: one.plan.year),
        Field("halfjaar", "Het eerste of het tweede: 1 of 2.", INTEGER, lambda one: one.half),
        Field("samenvatting", "De samenvatting, in markdown.", MARKDOWN, lambda one: one.summary),
        Field("vastgesteldOp", "Wanneer, in UTC.", MOMENT, lambda one: utc(one.adopted_at)),
        Field(
            "aangebodenOp",
            "De dag waarop de raad het stuk kreeg, of naar verwachting krijgt.",
            optional(DAY),
            lambda one: day(one.offered_on),
        ),
        Field(
            "raadsstuk",
            "Waar de raad het stuk vindt.",
            optional(ADDRESS),
            lambda one: one.council_document or None,
        ),
        Field(
            "correcties",
            "Wat er na het vaststellen gecorrigeerd is.",
            many(ERRATUM),
            lambda one: [
                {"tekst": erratum.text, "gemaaktOp": utc(erratum.made_at)}
                for erratum in one.errata.all()
            ],
        ),
        PAGE,
    ),
    _reports,
    filters=(
        Numbered(
            "jaar",
            "Rapportages over het jaarplan van dit jaar.",
            lambda selection, years: selection.filter(plan__year__in=years),
            FIRST_YEAR,
            LAST_YEAR,
        ),
    ),
    key=Key(REPORT_NUMBER, lambda one: one.number, _report_key),
)

ENTRIES = Kind(
    "rapportageregels",
    "Rapportageregel",
    "Regels van rapportages",
    "Wat een vastgestelde rapportage van elke actie zegt. Dat verandert niet meer.",
    (
        ID,
        Field("rapportage", "Het nummer van de rapportage.", TEXT, lambda one: one.report.number),
        Field(
            "actieId",
            "Het nummer van de actie. Die kan inmiddels ingetrokken zijn.",
            INTEGER,
            lambda one: one.action_key,
        ),
        Field("titel", "De titel van de actie, zoals die toen was.", TEXT, lambda one: one.title),
        Field("thema", "Het thema, zoals het toen heette.", TEXT, lambda one: one.theme_name),
        Field("stand", "De stand in deze rapportage.", STATUS, lambda one: one.status),
        Field(
            "gemeldOp",
            "De dag waarop het zo stond.",
            optional(DAY),
            lambda one: day(one.reported_on),
        ),
        Field(
            "inDezeRonde",
            "Of er voor deze rapportage opnieuw gemeld is.",
            BOOLEAN,
            lambda one: one.in_round,
        ),
        EXPLANATION,
        *ACCOUNT,
        Field(
            "tekst",
            "De tekst van het plan, zoals die toen was, in markdown.",
            MARKDOWN,
            lambda one: one.body,
        ),
        Field(
            "webpagina",
            "De pagina van de actie op deze site.",
            ADDRESS,
            lambda one: absolute(one.page_address),
        ),
    ),
    _entries,
    filters=(
        OfReport(
            "rapportage",
            "Regels van deze rapportage.",
            lambda selection, reports: selection.filter(report__in=reports),
        ),
        Chosen(
            "stand",
            "Regels met deze stand.",
            lambda selection, statuses: selection.filter(status__in=statuses),
            dict(Status.choices),
        ),
    ),
)
