"""The actions of a plan and the lines of a report, as files for a spreadsheet or a program."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from plan.documents.making import plan_key, report_key
from plan.models import Action, ProgressUpdate, Status, StoredPdf
from veiligalmere.editorial.addresses import absolute
from veiligalmere.editorial.tables import Column, Table
from veiligalmere.pages.actions import filters_of, words_of
from veiligalmere.pages.errors import NotFound
from veiligalmere.pages.plan import plan_or_404
from veiligalmere.pages.progress import report_or_404
from veiligalmere.pages.tables import answer

WORDS = (
    ("toelichting", "Wat erover gemeld is, in markdown.", "explanation"),
    ("oorzaak", "Waardoor de actie vertraagd is of vastloopt.", "cause"),
    ("gevolg", "Wat dat betekent voor de actie.", "consequence"),
    ("bijsturing", "Wat de gemeente eraan doet.", "correction"),
)


def _names(relation):
    return lambda one: "; ".join(label.name for label in getattr(one.labels, relation))


def _said(name, default=None):
    return lambda action: getattr(action.said, name) if action.said else default


ACTION_COLUMNS = (
    Column("jaar", "Het jaar van het jaarplan.", lambda one: one.plan.year, "integer"),
    Column("actie", "De titel van de actie.", lambda one: one.title),
    Column(
        "adres",
        "De pagina van de actie op deze site.",
        lambda one: absolute(one.get_absolute_url()),
        "anyURI",
    ),
    Column("thema", "Het thema waar de actie onder valt.", lambda one: one.theme.name),
    Column("onderwerpen", "De onderwerpen, gescheiden door een puntkomma.", _names("subtopics")),
    Column("werkwijzen", "De werkwijzen die het plan noemt.", _names("working_methods")),
    Column("plaatsen", "De delen van de stad die het plan noemt.", _names("places")),
    Column("periode", "Wanneer, in de woorden van het plan.", lambda one: one.period),
    Column(
        "begindatum", "De begindatum, als het plan die noemt.", lambda one: one.start_date, "date"
    ),
    Column("einddatum", "De einddatum, als het plan die noemt.", lambda one: one.end_date, "date"),
    Column("partners", "Met wie, één per regel.", lambda one: one.partners),
    Column("tekst", "De tekst van het plan, in markdown.", lambda one: one.body),
    Column(
        "stand",
        "De laatst gepubliceerde stand; “nog niet gemeld” als er nog geen melding is.",
        lambda one: Status(one.said.status if one.said else Status.NOT_REPORTED).label,
    ),
    Column("gemeld_op", "De dag waarop het zo stond.", _said("reported_on"), "date"),
    *(Column(name, meaning, _said(field, "")) for name, meaning, field in WORDS),
)

REPORT_COLUMNS = (
    Column("rapportage", "Het nummer van de rapportage.", lambda one: one.report.number),
    Column("thema", "Het thema, zoals het toen heette.", lambda one: one.theme_name),
    Column("actie", "De titel van de actie, zoals die toen was.", lambda one: one.title),
    Column(
        "adres",
        "De pagina van de actie op deze site.",
        lambda one: absolute(one.page_address),
        "anyURI",
    ),
    Column(
        "stand",
        "De stand in deze rapportage; “nog niet gemeld” als er nooit iets gemeld was.",
        lambda one: one.status_word.label,
    ),
    Column("gemeld_op", "De dag waarop het zo stond.", lambda one: one.reported_on, "date"),
    Column(
        "in_deze_ronde",
        "Of er voor deze rapportage opnieuw gemeld is.",
        lambda one: one.in_round,
        "boolean",
    ),
    *(
        Column(name, meaning, lambda one, field=field: getattr(one, field))
        for name, meaning, field in WORDS
    ),
    Column(
        "tekst", "De tekst van het plan, zoals die toen was, in markdown.", lambda one: one.body
    ),
)


@require_safe
def actions_file(request, year, kind):
    """The actions of one plan, narrowed by the same filters as the list."""
    plan = plan_or_404(year)
    found = _in_full(filters_of(request.GET, plan, words_of(request.GET)).passing())
    table = Table(f"acties-{plan.year}", f"Acties van het {plan.title}", ACTION_COLUMNS, found)
    return answer(table, kind, reverse("actions", args=[year]).rstrip("/"))


@require_safe
def report_file(request, number, kind):
    """The lines of one adopted report."""
    report = report_or_404(number)
    entries = report.entries.urgent_first().with_pages().select_related("report__plan", "version")
    table = Table(f"voortgangsrapportage-{number}", report.title, REPORT_COLUMNS, entries)
    return answer(table, kind, report.get_absolute_url().rstrip("/"))


@require_safe
def plan_pdf(request, year, file):
    """The whole of a plan as PDF."""
    plan = plan_or_404(year)
    return _pdf(plan_key(plan), file, plan.title, plan.full_url)


@require_safe
def report_pdf(request, number, file):
    """An adopted report as PDF."""
    report = report_or_404(number)
    return _pdf(report_key(report), file, report.title, report.get_absolute_url())


def _pdf(key, file, title, page):
    stored = StoredPdf.objects.of(key) if file == key else None
    if stored is None or stored.made_at is None:
        raise NotFound(f"Van {title} is hier nu geen pdf.", [(f"{title} op de site", page)])
    response = HttpResponse(bytes(stored.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{key}.pdf"'
    response["Last-Modified"] = http_date(stored.made_at.timestamp())
    return response


def _in_full(outlined):
    """Return actions of an outline with their texts, and `said`: the latest update, or None."""
    selection = Action.objects.filter(pk__in=[action.pk for action in outlined])
    latest = ProgressUpdate.objects.latest_by_action(selection)
    texts = {action.pk: action for action in selection}
    found = []
    for one in outlined:
        action = texts[one.pk]
        action.plan, action.theme, action.labels = one.plan, one.theme, one.labels
        action.said = latest.get(one.pk)
        found.append(action)
    return found
