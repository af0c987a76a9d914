"""Adopting a report: the round ends, its updates become public and every action is frozen."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from plan.models import Action, Erratum, ProgressReport, ProgressUpdate, ReportEntry, Status
from plan.progress.signals import report_adopted
from veiligalmere.editorial.advice import advice_on, blocking, texts_of
from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.editorial.publish import publish
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.snapshot import take
from veiligalmere.editorial.versions import Version, keep_version


class AlreadyAdopted(Exception):
    """The report was adopted before; nothing was done."""

    def __init__(self, report):
        super().__init__(f"{report} is al vastgesteld.")
        self.report = report


class NotReady(Exception):
    """The report can't be adopted yet; `problems` are Dutch sentences that say why."""

    def __init__(self, problems):
        super().__init__(" ".join(problems))
        self.problems = problems


def lock_open(report):
    """Return the row of `report`, locked; raise AlreadyAdopted if its round is over.

    Every write of a round locks this row first. So an adoption has all that was saved before it,
    and what comes after it is refused.
    """
    locked = ProgressReport.objects.select_for_update(of=("self",)).select_related("plan")
    locked = locked.get(pk=report.pk)
    if not locked.is_open:
        raise AlreadyAdopted(locked)
    return locked


def open_round(report):
    """Store a new report, with which its round begins and its date is public; return it."""
    with transaction.atomic():
        report.full_clean()
        report.save()
        raise_content_version()
    return report


def adopt(report, *, by=None):
    """Adopt `report` for good, in one transaction; return it as it then is.

    The updates of its round are published, and every published action of its plan gets an entry.
    An action of which nothing was reported in this round keeps what was published of it before,
    with that day; without any update it is "nog niet gemeld". Raises NotReady or AlreadyAdopted.
    """
    with transaction.atomic():
        locked = lock_open(report)
        problems = problems_of(locked)
        if problems:
            raise NotReady(problems)
        locked.adopted_at = timezone.now()
        locked.adopted_by = by
        locked.save(update_fields=["adopted_at", "adopted_by"])
        _publish_updates(locked, by)
        ReportEntry.objects.bulk_create(_entries(locked))
        raise_content_version()
        tell_changed(locked)
    return locked


def add_erratum(report, text, *, by=None):
    """Add a public correction to an adopted report; return it."""
    with transaction.atomic():
        if report.is_open:
            raise ValidationError(
                "Deze rapportage is nog niet vastgesteld: u kunt hem nog wijzigen."
            )
        erratum = Erratum(report=report, text=text, made_by=by)
        erratum.full_clean()
        erratum.save()
        raise_content_version()
        tell_changed(report)
    return erratum


def tell_changed(report):
    """Let those who listen know, once this transaction is committed, that a report changed."""
    transaction.on_commit(lambda: report_adopted.send_robust(sender=ProgressReport, report=report))


def problems_of(report):
    """Return what keeps an open report from being adopted, as Dutch sentences."""
    problems = []
    if not report.summary.strip():
        problems.append("Er is nog geen samenvatting.")
    if report.plan.state != State.PUBLISHED:
        problems.append("Het jaarplan is niet gepubliceerd.")
    # It was an expectation, and would be told as a fact that nobody can change any more.
    if report.offered_on and not report.is_to_be_offered:
        day = date_format(report.offered_on, "j F Y")
        problems.append(
            f"De rapportage zou op {day} naar de raad gaan. Die dag is voorbij. Vul de nieuwe dag "
            "in, of maak het veld leeg: dan kunt u de dag na het vaststellen nog invullen."
        )
    problems += [_sentence(name, one) for name, one in blocking(report)]
    for update in _updates_to_publish(report):
        missing = list(update.missing().values())
        missing += [_sentence(name, one) for name, one in blocking(update)]
        if missing:
            problems.append(f"{update.action}: {' '.join(missing)}")
    return problems


def advice_before_adopting(report):
    """Return what a reader of an open report would stumble over, as (where, advice).

    `where` is the title of an action, or of the report for its summary; the advice is a list as
    `advice_on` gives it.
    """
    found = [(str(report), advice_on(texts_of(report)))]
    found += [(str(one.action), advice_on(texts_of(one))) for one in _updates_to_publish(report)]
    return [(where, advice) for where, advice in found if advice]


def _sentence(name, advice):
    return f"{capfirst(name)}, regel {advice.line}: {advice.message}"


def _updates_to_publish(report):
    """Updates of the round about actions that are in the report."""
    return (
        ProgressUpdate.objects.of_round(report)
        .filter(action__in=Action.objects.public().of_plan(report.plan))
        .exclude(state=State.WITHDRAWN)
        .select_related("action__plan", "report__plan")
        .order_by("action__position", "pk")
    )


def _publish_updates(report, by):
    refused = []
    for update in _updates_to_publish(report):
        try:
            publish(update, by=by, note=f"Gemeld in {report}", minor=True)
        except ValidationError as error:
            refused.append(f"{update.action}: {' '.join(error.messages)}")
    if refused:
        raise NotReady(refused)


def _entries(report):
    """Yield an unsaved entry for every published action of the report's plan."""
    actions = Action.objects.public().of_plan(report.plan).select_related("plan", "theme")
    versions = _published_versions(actions)
    updates = _updates_in(report, actions)
    for action in actions:
        update = updates.get(action.pk)
        entry = ReportEntry(
            report=report,
            version=versions.get(action.pk) or _version_now(action),
            action=action,
            update=update,
            theme=action.theme,
            theme_number=action.theme.number,
            theme_name=action.theme.name,
            action_key=action.pk,
            predecessor_key=action.predecessor_id,
            title=action.title,
            address=action.get_absolute_url(),
            position=action.position,
            status=update.status if update else Status.NOT_REPORTED,
            reported_on=update and update.reported_on,
            in_round=bool(update and update.report_id == report.pk),
        )
        if update:
            for name in ("explanation", *ProgressUpdate.ACCOUNT):
                setattr(entry, name, getattr(update, name))
        yield entry


def _updates_in(report, actions):
    """Return {action pk: the update that the report tells}; two queries, whatever the number."""
    # What was reported in the round goes into its report, also when there is newer news by now.
    # A next report may be adopted already: what it tells was not known in this half-year.
    told = ProgressUpdate.objects.until(report).latest_by_action(actions)
    return told | {one.action_id: one for one in ProgressUpdate.objects.public().of_round(report)}


def _published_versions(actions):
    """Return {action pk: its last published version}; two queries, whatever the number."""
    published = Version.objects.of_model(Action).published()
    newest = published.filter(object_id__in=actions.order_by().values("pk")).order_by()
    keys = newest.values("object_id").annotate(newest=Max("pk")).values("newest")
    return {version.object_id: version for version in published.filter(pk__in=keys)}


def _version_now(action):
    """Keep a version of an action that was made public without one, as in a restored database."""
    return keep_version(action, take(action), kind=Version.Kind.PUBLISHED, by=None, minor=True)
