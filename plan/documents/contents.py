"""What is in each document, as data for its template.

A heading's level says what it is above or below; `headings.py` closes up those that are skipped.
"""

from django.utils.formats import date_format
from django.utils.timezone import localtime

from plan.documents.blocks import blocks_of
from plan.models import Action, Passage, Status
from plan.progress.tally import Tally
from veiligalmere.editorial.addresses import absolute


def plan_contents(plan):
    """Return the whole of `plan`, in its own order, for `document.typ`."""
    passages = Passage.objects.public().of_plan(plan)
    actions = Action.objects.public().of_plan(plan).select_related("plan", "theme")
    pieces = sorted([*passages, *actions], key=lambda piece: (piece.position, piece.pk))
    blocks, theme, level = [], None, 1
    for piece in pieces:
        if piece.theme != theme:
            theme, level = piece.theme, 1
            if theme:
                title = f"Thema {theme.number}: {theme.name}"
                blocks.append(_heading(1, title, colour=theme.colour))
        if isinstance(piece, Action):
            blocks += _action(piece, level + 1)
        elif piece.kind == Passage.Kind.FRAME:
            blocks.append(_frame(piece, level + 1))
        else:
            if piece.heading:
                level = min(level + 1, max(1, piece.heading_level - 1))
                blocks.append(_heading(level, piece.heading, colour=_colour(theme)))
            blocks += _body(piece.body, level)
    return {
        "title": plan.title,
        "subtitle": f"Uitwerking van het {plan.multi_year_plan}",
        "address": absolute(plan.get_absolute_url()),
        "lines": ["Gemeente Almere"],
        "blocks": blocks,
    }


def report_contents(report):
    """Return an adopted report, for `document.typ`."""
    entries = list(report.entries.urgent_first().with_pages().select_related("version", "theme"))
    tally = Tally.of_entries(report.entries.all())
    blocks = []
    for erratum in report.errata.all():
        day = date_format(localtime(erratum.made_at), "j F Y")
        inner = [_heading(2, f"Erratum van {day}"), *_body(erratum.text, 2)]
        blocks.append({"kind": "frame", "colour": "", "blocks": inner})
    blocks = [_heading(1, "Erratum"), *blocks] if blocks else []
    blocks += [_heading(1, "Samenvatting"), *_body(report.summary, 1)]
    blocks += [_heading(1, "Hoe de acties ervoor stonden"), _paragraph(tally.sentence)]
    blocks.append(_counts(tally, entries))
    theme = None
    for entry in entries:
        if entry.theme_number != theme:
            theme = entry.theme_number
            blocks.append(_heading(1, entry.theme_name, colour=entry.theme.colour))
        blocks += _entry(entry)
    lines = [f"Nummer {report.number}", f"Over het {report.plan.title}"]
    lines.append(f"Vastgesteld op {date_format(localtime(report.adopted_at), 'j F Y')}")
    if report.offered_on:
        # Words that are true before that day and after it: who has the document keeps it.
        lines.append(f"Datum voor de raad: {date_format(report.offered_on, 'j F Y')}")
    return {
        "title": report.title,
        "subtitle": "Rapportage aan de raad van de gemeente Almere",
        "address": absolute(report.get_absolute_url()),
        "lines": lines,
        "blocks": blocks,
    }


def _action(action, level):
    colour = action.theme.colour
    heading = _heading(level, action.heading or action.title, colour=colour)
    address = absolute(action.get_absolute_url())
    ours = "" if action.heading else "De titel van deze actie is van de redactie. "
    return [heading, *_body(action.body, level), _address(address, before=ours)]


def _frame(passage, level):
    blocks = [_heading(level, passage.heading)] if passage.heading else []
    colour = _colour(passage.theme)
    return {"kind": "frame", "colour": colour, "blocks": blocks + _body(passage.body, level)}


def _entry(entry):
    said = Status(entry.status).label
    if entry.in_round:
        said += f", gemeld op {date_format(entry.reported_on, 'j F Y')}"
    elif entry.reported_on:
        said += f", niet opnieuw gemeld; de stand is van {date_format(entry.reported_on, 'j F Y')}"
    blocks = [_heading(2, entry.title, colour=entry.theme.colour)]
    blocks.append({"kind": "paragraph", "runs": [{"text": f"Stand: {said}.", "strong": True}]})
    blocks += _body(entry.explanation, 2)
    for label, text in (
        ("Oorzaak", entry.cause),
        ("Gevolg", entry.consequence),
        ("Bijsturing", entry.correction),
    ):
        if text:
            runs = [{"text": f"{label}: ", "strong": True}, {"text": text}]
            blocks.append({"kind": "paragraph", "runs": runs})
    return [*blocks, _address(absolute(entry.page_address))]


def _counts(tally, entries):
    names = {entry.theme_id: entry.theme_name for entry in entries}
    head = ["Thema", *(status.label.capitalize() for status in Status), "Alle acties"]
    rows = [
        [name, *(count for _status, count in part.statuses), part.total]
        for pk, name in names.items()
        for part in [tally.of_theme(pk)]
    ]
    rows.append(["Alle thema’s", *(count for _status, count in tally.statuses), tally.total])
    return {
        "kind": "table",
        "head": [[{"text": cell}] for cell in head],
        "rows": [[[{"text": str(cell)}] for cell in row] for row in rows],
    }


def _body(text, level):
    """Return markdown as blocks, its headings below a heading of `level`."""
    return _lowered(blocks_of(text), level)


def _lowered(blocks, level):
    for block in blocks:
        if block["kind"] == "heading":
            block["level"] += level
        for inner in (block.get("blocks", []), *block.get("items", [])):
            _lowered(inner, level)
    return blocks


def _heading(level, text, colour=""):
    return {"kind": "heading", "level": level, "runs": [{"text": text}], "colour": colour}


def _paragraph(text):
    return {"kind": "paragraph", "runs": [{"text": text}]}


def _address(address, before=""):
    return {"kind": "address", "runs": [{"text": before}, {"text": address, "url": address}]}


def _colour(theme):
    return theme.colour if theme else ""
