"""The screen of the round, at /beheer/voortgang/ronde/; saves per row, with and without script."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plan.models import Action, ProgressReport, ProgressUpdate
from plan.models.progress_status import NEED_ACCOUNT, REPORTABLE
from plan.progress.adoption import (
    AlreadyAdopted,
    NotReady,
    adopt,
    advice_before_adopting,
    problems_of,
)
from plan.progress.reminders import NoMail, remind
from plan.progress.round import (
    Overtaken,
    Row,
    add_earlier,
    row_of,
    rows_of,
    save_row,
    unchanged_values,
)
from veiligalmere.editorial.held_text import keeps_held
from veiligalmere.editorial.images.reach import why_refused
from veiligalmere.editorial.json_answers import answer
from veiligalmere.editorial.kept_form import KeptForm
from veiligalmere.editorial.limits import asks_limited
from veiligalmere.editorial.unsaved import (
    UnsavedText,
    forget_unsaved,
    keep_unsaved,
    unsaved_parts,
)
from veiligalmere.editorial.versions import name_of

MAY_ADOPT = "plan.adopt_progressreport"
PAGE_SIZE = 50  # rows on a page of all actions
BY_SCRIPT = "X-Row-Only"  # the header by which the script asks for less than the page
OVER = "De ronde is gesloten: de rapportage is al vastgesteld. Uw tekst is niet opgeslagen."
NOT_UNCHANGED = (
    "Niet opgeslagen: u hebt hier iets ingevuld dat anders is dan de vorige melding. "
    "Sla dat op, of gooi het weg en kies dan Ongewijzigd."
)


class RowForm(KeptForm):
    """What an editor fills in on one row; it may be incomplete, the row then says what lacks.

    `data` is judged; `typed`, posted fields too, are only shown.
    """

    revision = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value"), "Laad de pagina opnieuw en sla dan op."
        ),
    )
    status = forms.ChoiceField(
        label="Stand",
        choices=REPORTABLE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Kies een stand."),
    )

    # A plain field: the editor of texts, twelve times on a page, would be in the way.
    explanation = forms.CharField(
        label="Toelichting", required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    class Meta:
        model = ProgressUpdate
        fields = ["status", "explanation", *ProgressUpdate.ACCOUNT]
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ProgressUpdate.ACCOUNT}

    def __init__(self, row, editor, data=None, *, typed=None):
        self.editor = editor
        super().__init__(
            data,
            instance=row.update,
            initial={"revision": row.revision},
            prefix=_part(row.action.pk),
            use_required_attribute=False,
        )
        if typed is not None:
            self.initial |= {name: typed.get(self.add_prefix(name)) for name in self.fields}

    def check(self, cleaned):
        """Refuse an image in the explanation that the editor may not see."""
        text, before = cleaned.get("explanation", ""), self.initial.get("explanation") or ""
        if refusal := why_refused(text, before, self.editor):
            self.add_error("explanation", refusal)

    @property
    def values(self):
        """The fields to save, once the form is valid."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


@dataclass
class ShownRow:
    """A row as the screen shows it: with its form, and what has just happened to it.

    `unsaved` is what was typed before and not saved, where the form shows that; `problem` says why
    what is in the form was not saved now.
    """

    row: Row
    form: RowForm
    report: ProgressReport
    saved: bool = False
    overtaken_by: ProgressUpdate | None = None
    problem: str = ""
    unsaved: UnsavedText | None = None

    @property
    def account_is_open(self):
        """Whether cause, consequence and correction are to be seen at once."""
        wrong = any(self.form[name].errors for name in ProgressUpdate.ACCOUNT)
        return wrong or self.form["status"].value() in NEED_ACCOUNT


@require_safe
def current_round(request):
    """Lead to the round whose deadline comes first; without one, say so."""
    found = ProgressReport.objects.first_deadline_first().first()
    if found is None:
        return _page(
            request, "no-round", {"title": "Voortgangsronde", "may_open": _may_adopt(request)}
        )
    return redirect("progress_round", found.number)


@require_safe
def whole_round(request, number):
    """My rows, and for the chief editor the round as a whole, as far as their themes go."""
    return _round(request, _report(number))


@require_http_methods(["GET", "HEAD", "POST"])
def row(request, number, action):
    """Save one row. Answers the row and the overview to the script, and else the page."""
    report, found = _own_row(request, number, action)
    in_the_round = f"{reverse('progress_round', args=[number])}{_query(request, found)}"
    in_the_round += f"#actie-{found.pk}"
    if request.method != "POST":  # who had to log in first, comes here
        return redirect(in_the_round)
    if "weggooien" in request.POST:
        forget_unsaved(request.user, ProgressReport, report.pk, _part(found.pk))
        before = row_of(report, found)
        shown, status = ShownRow(before, RowForm(before, request.user), report), 200
    else:
        shown, status = _save(request, report, found)
        if not shown.saved:
            # At once: who closes the page that says why, would lose what is on it.
            keep_unsaved(request.user, ProgressReport, report.pk, request.POST, _part(found.pk))
    if BY_SCRIPT in request.headers:
        overview = _overview(request, report, rows_of(report, _actions(request)))
        context = {"shown": shown, **overview}
        name = "admin/progress/row_by_script.html"
        return TemplateResponse(request, name, context, status=status)
    if status != 200:
        return _round(request, report, shown=shown, status=status)
    if shown.saved:
        messages.success(request, f"Opgeslagen: {found.title}")
    return redirect(in_the_round)


def typed_in_row(request, number, action):
    """Keep what is typed in one row until that is saved, for its script; answer JSON."""
    report, found = _own_row(request, number, action)
    part = _part(found.pk)
    return answer(kept=keep_unsaved(request.user, ProgressReport, report.pk, request.POST, part))


@keeps_held("progress_row")
def keep_held_row(user, fields, number, action):
    """Keep a row that came in after its session had ended, for the round to show."""
    if report := ProgressReport.objects.numbered(number).first():
        keep_unsaved(user, ProgressReport, report.pk, fields, _part(action))


@require_POST
def remind_owner(request, number):
    """Send one person a mail about what is missing, at the chief editor's wish."""
    report = _report(number)
    if not _chief(request):
        raise PermissionDenied
    if report.is_open:
        _remind(request, report, request.POST.get("eigenaar", ""))
    else:
        messages.info(request, "De rapportage is al vastgesteld.")
    return redirect("progress_round", number)


def _remind(request, report, key):
    """Mail the owner with this key what is missing, or say why not."""
    rows = [one for one in rows_of(report, _actions(request)) if not one.is_ready]
    rows = [one for one in rows if str(one.action.owner_id) == key]
    if not rows:
        messages.info(request, "Van deze collega ontbreekt niets meer.")
        return
    owner = rows[0].action.owner
    asked = [one for one in rows if one.owner_can_report]
    if not asked:
        messages.error(
            request,
            f"{name_of(owner)} kan dit niet melden: het account wordt niet meer gebruikt, of mag "
            "deze acties niet zien. Vul het zelf in, of kies een andere eigenaar.",
        )
        return
    try:
        if remind(owner, [(report, asked)]):
            messages.success(request, f"{name_of(owner)} krijgt een mail.")
        else:
            messages.info(request, f"{name_of(owner)} kreeg vandaag al een mail.")
    except NoMail as error:
        messages.error(request, str(error))


@require_http_methods(["GET", "HEAD", "POST"])
def adopt_report(request, number):
    """Ask whether the report is to be adopted, with what speaks against it; then adopt it."""
    report = _report(number)
    if not _may_adopt(request):
        raise PermissionDenied
    problems = []
    if request.method == "POST":
        try:
            adopted = adopt(report, by=request.user)
        except NotReady as error:
            problems = error.problems
        except AlreadyAdopted as error:
            messages.info(request, f"{error.report} was al vastgesteld.")
            return redirect(error.report)
        else:
            messages.success(request, f"{adopted} is vastgesteld en staat op de site.")
            return redirect("admin:plan_progressreport_change", adopted.pk)
    rows = rows_of(report)
    context = {
        "title": f"{report} vaststellen",
        "report": report,
        "problems": problems or problems_of(report),
        "advice": advice_before_adopting(report) if report.is_open else [],
        "total": len(rows),
        "silent": [one for one in rows if not one.is_reported],
    }
    return _page(request, "adopt", context, status=409 if problems else 200)


def _round(request, report, *, shown=None, status=200):
    chief = _chief(request)
    rows = rows_of(report, _actions(request))
    mine = [one for one in rows if one.action.owner_id == request.user.pk]
    everything = chief and ("alles" in request.GET or (shown and shown.row not in mine))
    kept = unsaved_parts(request.user, ProgressReport, report.pk)
    begun = [one for one in rows if chief and _part(one.action.pk) in kept]
    listed = rows if everything else [one for one in rows if one in mine or one in begun]
    if not report.is_open:
        asked = shown and shown.row.action
        listed = [one for one in listed if one.action == asked or _part(one.action.pk) in kept]
    page = None
    if everything:
        key = str(shown.row.action.pk) if shown else request.GET.get("actie")
        page = _page_of(listed, key, request.GET.get("pagina"))
        listed = page.object_list
    add_earlier(listed)
    showing = [
        shown
        if shown and shown.row.action == one.action
        else _shown_row(request, report, one, kept.get(_part(one.action.pk)))
        for one in listed
    ]
    context = {
        "title": report.title,
        "days_left": (report.deadline - timezone.localdate()).days,
        "rows": showing,
        "everything": everything,
        "page": page,
        "wrong": status != 200,
        **_overview(request, report, rows),
    }
    return _page(request, "round", context, status=status)


def _page_of(rows, key, number):
    """Return the page of rows that has the action with this key; without one, that number."""
    place = next((place for place, one in enumerate(rows) if str(one.action.pk) == key), None)
    found = number if place is None else place // PAGE_SIZE + 1
    return Paginator(rows, PAGE_SIZE).get_page(found)


def _overview(request, report, rows):
    """Return what stands above the rows: who is ready with `rows`, all that the account sees."""
    mine = [one for one in rows if one.action.owner_id == request.user.pk]
    colleagues = _by_owner(rows)
    return {
        "report": report,
        "done": sum(one.is_ready for one in mine),
        "mine": len(mine),
        "total_done": sum(one.is_ready for one in rows),
        "total": len(rows),
        "colleagues": colleagues,
        "waited_for": [one for one in colleagues if one["missing"]],
        "is_chief": _chief(request),
        "is_limited": asks_limited(request),
        "may_adopt": _may_adopt(request),
        "change_url": _change_url(request, report),
    }


def _shown_row(request, report, row, unsaved):
    """Return the row as it was saved, or with what this account typed in it and did not save."""
    if unsaved is None:
        return ShownRow(row, RowForm(row, request.user), report)
    form = RowForm(row, request.user, typed=unsaved.fields)
    return ShownRow(row, form, report, unsaved=unsaved)


def _own_row(request, number, action):
    """Return the report and the action of a row that this account may fill in."""
    report = _report(number)
    found = get_object_or_404(_actions(request).of_plan(report.plan), pk=action)
    if not (_chief(request) or found.owner_id == request.user.pk):
        raise PermissionDenied
    return report, found


def _part(key):
    """Return how the fields of the row of the action with this key begin; also what keeps them."""
    return f"rij{key}"


def _query(request, action):
    return f"?alles=1&actie={action.pk}" if action.owner_id != request.user.pk else ""


def _save(request, report, action):
    """Save what was posted of one row; return the row to show, and the status of the answer."""
    before = row_of(report, action)
    form = RowForm(before, request.user, request.POST)
    again = RowForm(before, request.user, typed=request.POST)
    if "ongewijzigd" in request.POST and before.previous:
        revision = str(form["revision"].value())
        values = unchanged_values(before.previous)
        if _has_other_words(form, values):
            return ShownRow(before, again, report, problem=NOT_UNCHANGED), 422
        valid = revision.isascii() and revision.isdigit() and len(revision) < 10
        revision = int(revision) if valid else 0
    else:
        valid = form.is_valid()
        values, revision = (form.values, form.cleaned_data["revision"]) if valid else ({}, 0)
    if not valid:
        return ShownRow(before, form, report), 422
    try:
        save_row(report, action, values, revision=revision, by=request.user)
    except Overtaken as error:
        return _overtaken(request, before, report, error.update), 409
    except AlreadyAdopted:
        return ShownRow(before, again, report, problem=OVER), 409
    forget_unsaved(request.user, ProgressReport, report.pk, _part(action.pk))
    after = row_of(report, action)
    return ShownRow(after, RowForm(after, request.user), report, saved=True), 200


def _has_other_words(form, values):
    """Whether `form` was filled in with what neither its row has nor `values` has."""

    def lines(value):  # a browser sends ends of lines of its own
        return (value or "").strip().splitlines()

    return any(
        lines(form[name].value()) not in ([], lines(form.initial.get(name)), lines(value))
        for name, value in values.items()
    )


def _overtaken(request, before, report, theirs):
    """Show what the colleague saved beside the text of this editor, which stays in the form."""
    form = RowForm(before, request.user, typed=request.POST)
    form.initial["revision"] = theirs.revision if theirs else 0
    return ShownRow(before, form, report, overtaken_by=theirs)


def _by_owner(rows):
    """Return who still has to report what, and whether a mail to that owner can help."""
    groups = {}
    for one in rows:
        groups.setdefault(one.action.owner_id, []).append(one)
    return [
        {
            "owner": theirs[0].action.owner,
            "name": name_of(theirs[0].action.owner) or "Zonder eigenaar",
            "total": len(theirs),
            "ready": sum(one.is_ready for one in theirs),
            "missing": [one for one in theirs if not one.is_ready],
            "can_be_reminded": any(one.owner_can_report and not one.is_ready for one in theirs),
        }
        for theirs in groups.values()
    ]


def _actions(request):
    """Return the actions whose rows this account may see: of its own themes, if it has a limit."""
    actions = Action.objects.public()
    return actions.editable_by(request.user) if asks_limited(request) else actions


def _chief(request):
    return request.user.has_perm(MAY_ADOPT)


def _may_adopt(request):
    """Whether this account decides about the round as a whole: nobody who sees a part of it."""
    return _chief(request) and not asks_limited(request)


def _change_url(request, report):
    model_admin = admin.site.get_model_admin(ProgressReport)
    if not model_admin.has_change_permission(request, report):
        return ""
    return reverse("admin:plan_progressreport_change", args=[report.pk])


def _report(number):
    found = ProgressReport.objects.numbered(number).select_related("plan").first()
    if found is None:
        raise Http404(f"Er is geen voortgangsrapportage {number}.")
    return found


def _page(request, name, context, status=200):
    request.current_app = admin.site.name
    return TemplateResponse(
        request,
        f"admin/progress/{name}.html",
        {**admin.site.each_context(request), **context},
        status=status,
    )
