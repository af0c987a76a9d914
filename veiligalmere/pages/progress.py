"""Progress: how the plan stands, the reports to the council, and what changed between them."""

from collections import Counter
from itertools import pairwise, zip_longest

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from plan.documents.making import report_key
from plan.models import Passage, ProgressReport, ReportEntry, Status, StoredPdf
from plan.progress.comparison import compare, predecessors_between
from plan.progress.tally import Tally
from veiligalmere.pages import records
from veiligalmere.pages.charts import status_chart, status_table
from veiligalmere.pages.errors import Gone, NotFound
from veiligalmere.pages.outline import outline_of
from veiligalmere.pages.progress_summary import summary
from veiligalmere.pages.tables import links

HOME = ("Home", "/")


@require_safe
def progress(request):
    """How the current plan stands now, its reports and those of earlier plans."""
    plan = records.current_plan()
    outline = outline_of(plan)
    themes = [(one.pk, one.name, one.colour) for one in records.themes().values()]
    context = {
        "plan": plan,
        "summary": summary(outline),
        "by_theme": status_table(
            outline.tally, themes, key="themas", title="Stand van de acties per thema"
        ),
        "reports": _with_previous(ProgressReport.objects.adopted().latest_first()),
        "promise": _promise(plan),
        "statuses": list(Status),
        "crumbs": [HOME, ("Voortgang", None)],
    }
    return render(request, "pages/progress.html", context)


@require_safe
def report(request, number):
    """One adopted report, as it was frozen."""
    found = report_or_404(number)
    entries = list(found.entries.urgent_first().with_pages().select_related("version", "theme"))
    tally = Tally.of_entries(found.entries.all())
    themes = [
        {"theme": theme, "name": theme_entries[0].theme_name, "entries": theme_entries}
        for theme, theme_entries in _by_theme(entries)
    ]
    rows = [(one["theme"].pk, one["name"], one["theme"].colour) for one in themes]
    errata = list(found.errata.all())
    adopted = ProgressReport.objects.adopted()
    previous = adopted.before(found).first()
    context = {
        "report": found,
        "files": links(found.get_absolute_url()),
        "pdf": StoredPdf.objects.facts_of(report_key(found)),
        "errata": errata,
        "modified": max([found.adopted_at, *(one.made_at for one in errata)]),
        "chart": status_chart(tally, key="stand", title="Stand van alle acties"),
        "by_theme": status_table(tally, rows, key="themas", title="Stand van de acties per thema"),
        "themes": themes,
        "previous": previous,
        "compare_url": compare_url(previous, found) if previous else None,
        "crumbs": [HOME, ("Voortgang", reverse("progress")), (found.title, None)],
    }
    return render(request, "pages/progress_report.html", context)


@require_safe
def comparison(request):
    """What changed by action between two adopted reports, named in the query string."""
    reports = list(ProgressReport.objects.adopted().oldest_first())
    crumbs = [HOME, ("Voortgang", reverse("progress")), ("Vergelijken", None)]
    before, after = _chosen(request.GET, reports)
    if before and reports.index(before) > reports.index(after):
        # For good: which of two adopted reports came first does not change any more.
        return redirect(compare_url(after, before), permanent=True)
    if before and before == after:
        context = {"before": before, "after": after, "reports": reports, "crumbs": crumbs}
        return render(request, "pages/progress_comparison.html", context)
    in_order = ReportEntry.objects.order_by("theme_number", "position", "pk")
    entries = in_order.with_pages().select_related("version", "theme")
    changes = []
    if before:
        between = reports[reports.index(before) + 1 : reports.index(after)]
        changes = compare(
            entries.filter(report=before),
            entries.filter(report=after),
            predecessors_between(before, after, between),
        )
    changed = [change for change in changes if change.any]
    context = {
        "before": before,
        "after": after,
        "compared": before is not None,
        "shown_url": compare_url(before, after) if before else "",
        "reports": reports,
        "themes": [
            {"theme": theme, "name": part[0].entry.theme_name, "changes": changes_in_it}
            # Of all changes, so that each theme has the number and the name of the later report.
            for theme, part in _by_theme(changes, of=lambda change: change.entry)
            if (changes_in_it := [change for change in part if change.any])
        ],
        "unchanged": [change for change in changes if not change.any],
        "moves": _moves(changed),
        "total": len(changed),
        "crumbs": crumbs,
    }
    return render(request, "pages/progress_comparison.html", context)


def compare_url(before, after):
    """Return the address of the comparison of two reports."""
    return f"{reverse('progress_comparison')}?van={before.number}&naar={after.number}"


def _promise(plan):
    """Return the paragraphs in which the plan promises reports, with their address; or None."""
    for passage in Passage.objects.public().of_plan(plan).about_progress():
        paragraphs = passage.body.split("\n\n")
        words = [one for one in paragraphs if Passage.ABOUT_PROGRESS in one]
        if words:  # SQLite finds the word in capitals too
            return {"words": "\n\n".join(words), "url": passage.get_absolute_url()}
    return None


def report_or_404(number):
    """Return the adopted report with this number; raise NotFound with the reports there are.

    Raises Gone if it went with its plan.
    """
    adopted = ProgressReport.objects.adopted().latest_first()
    found = adopted.numbered(number).first()
    if found is not None:
        return found
    hidden = ProgressReport.objects.numbered(number).first()
    withdrawn = hidden and hidden.withdrawn_with()
    if withdrawn:
        raise Gone(withdrawn)
    reports = [(one.title, one.get_absolute_url()) for one in adopted]
    choices = [*reports, ("Hoe het plan er nu voor staat", reverse("progress"))]
    if hidden and hidden.is_open:
        reason = f"Voortgangsrapportage {number} is nog niet vastgesteld."
    else:
        reason = f"Er is geen voortgangsrapportage “{number[:20]}”."
    raise NotFound(reason, choices, "U kunt hier verder:")


def _chosen(query, reports):
    """Return the two reports that the query names; without any, the last two.

    They may be in the wrong order, or the same one. Both are None if there are no two reports yet
    and none that is unknown was asked for. Raises NotFound with the choices for an unknown number.
    """
    numbers = query.get("van", ""), query.get("naar", "")
    if not any(numbers):
        return tuple(reports[-2:]) if len(reports) > 1 else (None, None)
    by_number = {report.number: report for report in reports}
    before, after = (by_number.get(number) for number in numbers)
    if before and after:
        return (before, after) if len(reports) > 1 else (None, None)
    unknown = next(n for n, one in zip(numbers, (before, after), strict=True) if one is None)
    reason = (
        f"Er is geen vastgestelde voortgangsrapportage “{unknown[:20]}”."
        if unknown
        else "Kies twee rapportages om te vergelijken."
    )
    raise NotFound(reason, _comparisons(reports), "Wat u kunt vergelijken:")


def _comparisons(reports):
    """The choices that there are: each report with the one before it."""
    pairs = [
        (f"Van {before.title} naar {after.title}", compare_url(before, after))
        for before, after in reversed(list(pairwise(reports)))
    ]
    return pairs or [("Hoe het plan er nu voor staat", reverse("progress"))]


def _with_previous(reports):
    """Return reports, the latest first, each with the `compare_url` to the one before it."""
    reports = list(reports)
    for report, previous in zip_longest(reports, reports[1:]):
        report.compare_url = compare_url(previous, report) if previous else None
    return reports


def _by_theme(items, of=lambda entry: entry):
    """Group items by the theme of their entry, in the order of the themes' numbers.

    A theme may have had another number in another report: that of its first item counts.
    """
    groups = {}
    for item in items:
        groups.setdefault(of(item).theme_id, []).append(item)
    ordered = sorted(groups.values(), key=lambda part: of(part[0]).theme_number)
    return [(of(part[0]).theme, part) for part in ordered]


def _moves(changes):
    """Return (from, to, count) of each change of status, the most frequent first."""
    moves = Counter(
        (change.before.status_word, change.after.status_word)
        for change in changes
        if change.status_changed
    )
    return [(before, after, count) for (before, after), count in moves.most_common()]
