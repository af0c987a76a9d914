"""Every step of content on its way to the public: the only functions that change a state.

Each is one transaction that first locks the object's row, so that two people who press a button at
the same time get one outcome. `obj` is any saved Publishable; it is refreshed afterwards. `by` is
the account that does it, None for the system. A step that is refused raises ValidationError with a
Dutch sentence, and nothing has changed.
"""

from contextlib import contextmanager
from copy import copy

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from veiligalmere.editorial import signals
from veiligalmere.editorial.advice import blocking
from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.refusals import told
from veiligalmere.editorial.snapshot import fill, keys_of_children, put, take, with_temporary_keys
from veiligalmere.editorial.versions import (
    Version,
    draft_of,
    keep_version,
    name_of,
)


def lock(obj):
    """Return the row of `obj` as it now is, locked until the transaction ends."""
    return type(obj)._base_manager.select_for_update().get(pk=obj.pk)


def publish(obj, *, by=None, note="", minor=False):
    """Make the draft of `obj`, or what its row holds if there is none, what the public sees.

    `note` tells the public what changed; `minor` marks a change that is not worth telling. Returns
    the published Version. With the setting FOUR_EYES, who wrote it is refused.
    """
    with transaction.atomic():
        row = lock(obj)
        draft = draft_of(row)
        _demand_four_eyes(row, by)
        row.state = State.PUBLISHED
        _demand_rules(row, draft)
        if draft and row.published_at:
            _replace(row, draft.content)
        else:
            row.save()
        _demand_described_images(row)
        version = keep_version(
            row, take(row), kind=Version.Kind.PUBLISHED, by=by, note=note, minor=minor
        )
        _announce(row, version)
    obj.refresh_from_db()
    return version


def withdraw(obj, *, by=None, note=""):
    """Take `obj` away from the public; its page then answers 410. Returns the Version.

    A draft beside it stays, and is planned no longer: the timer would bring the page back.
    """
    with transaction.atomic():
        row = lock(obj)
        if row.state != State.PUBLISHED:
            raise ValidationError("Alleen wat gepubliceerd is, kunt u intrekken.")
        row.state = State.WITHDRAWN
        row.save()
        Version.objects.of(row).drafts().update(publish_at=None, scheduled_by=None)
        version = keep_version(row, take(row), kind=Version.Kind.WITHDRAWN, by=by, note=note)
        _announce(row, version)
    obj.refresh_from_db()
    return version


def save_draft(obj, write, *, by=None):
    """Keep what `write` makes of the draft of `obj` as its new draft; return the Version.

    `write` gets the row, holding the draft as it stood, and changes it and what belongs to it with
    ordinary saves. For what was ever published all of that is then rolled back, so that the public
    goes on seeing what it saw; what was never published is its own draft and keeps the changes.
    If nothing changed, no version is made: the draft that stands is returned, or None.
    """
    with transaction.atomic():
        row = lock(obj)
        draft = draft_of(row)
        if row.published_at is None:
            before = take(row)
            write(row)
            label, content = str(row), take(row)
        else:
            before, label, content = _written_aside(row, write)
        if content == before and (draft or row.published_at):
            return draft
        if row.published_at is None:
            type(row)._base_manager.filter(pk=row.pk).update(state=State.CONCEPT)
        version = keep_version(
            row, content, kind=Version.Kind.CONCEPT, by=by, is_draft=True, label=label
        )
    obj.refresh_from_db()
    return version


def _written_aside(row, write):
    """Return the draft before and after `write`, with its label, leaving the database as it was."""
    with showing_draft(row) as shown:
        before = with_temporary_keys(take(row), shown.existing_children, row.pk)
        write(row)
        # No key that a row had in a version before: it would be taken for that row.
        avoid = Version.objects.of(row).temporary_keys() if shown.existing_children else frozenset()
        content = with_temporary_keys(take(row), shown.existing_children, row.pk, avoid)
        return before, str(row), content


def submit(obj, *, by=None):
    """Offer the draft of `obj` to a chief editor; return the Version that is offered."""
    with transaction.atomic():
        row = lock(obj)
        draft = draft_of(row) or row_as_draft(row, by)
        _move_draft(row, draft, State.REVIEW)
    obj.refresh_from_db()
    return draft


def return_to_editor(obj, *, by=None, remark):
    """Give a submitted draft of `obj` back to its editor with a remark; return the Version.

    It is planned no longer.
    """
    with transaction.atomic():
        row = lock(obj)
        draft = draft_of(row)
        if draft is None or draft.draft_state != State.REVIEW:
            raise ValidationError("Er is hier niets ter beoordeling.")
        if not remark.strip():
            raise ValidationError("Schrijf in een opmerking wat er nog moet gebeuren.")
        draft.publish_at = draft.scheduled_by = None
        _move_draft(row, draft, State.CONCEPT, remark=remark.strip(), by=by)
    obj.refresh_from_db()
    return draft


def discard_draft(obj):
    """End the draft beside a published `obj`; it stays among the versions."""
    with transaction.atomic():
        row = lock(obj)
        draft = draft_of(row)
        if draft is None or row.published_at is None:
            raise ValidationError("Er is hier geen concept om weg te gooien.")
        draft.is_draft, draft.publish_at, draft.scheduled_by = False, None, None
        draft.draft_state = State.WITHDRAWN
        draft.save(update_fields=["is_draft", "publish_at", "scheduled_by", "draft_state"])
    return draft


def put_back(obj, version, *, by=None, check=None):
    """Make `version` of `obj` its draft again; return the new draft and what had to be skipped.

    `check` is given the row that holds `version`, and may refuse it with a ValidationError.
    """
    skipped = []

    def write(row):
        skipped.extend(put(row, version.content, temporary=row.published_at is not None))
        if check:
            check(row)

    return save_draft(obj, write, by=by), skipped


def schedule(obj, moment, *, by=None, note="", minor=False):
    """Have the draft of `obj` published at `moment` (aware); None takes the plan back."""
    with transaction.atomic():
        row = lock(obj)
        # Who plans what it already says has not written it.
        draft = draft_of(row) or (row_as_draft(row, None) if moment else None)
        if draft is None:
            raise ValidationError("Er is hier geen concept om te publiceren.")
        if moment:
            if moment <= timezone.now():
                raise ValidationError("Kies een moment in de toekomst.")
            _demand_four_eyes(row, by)
            # Told now: at the planned moment there may be nobody to mend it.
            _demand_rules(row, draft)
            with showing_draft(row):
                _demand_described_images(row)
        draft.publish_at = moment
        draft.scheduled_by = by if moment else None
        draft.note, draft.minor = note, minor
        draft.save(update_fields=["publish_at", "scheduled_by", "note", "minor"])
    return draft


def row_as_draft(row, by):
    """Keep what `row`, locked or made in this transaction, holds as its draft; return the Version.

    For what has no draft. A row that is made has it in fewer queries than `save_draft` would take.
    """
    return keep_version(row, take(row), kind=Version.Kind.CONCEPT, by=by, is_draft=True)


class Shown:
    """What `showing_draft` gives: the children that are live."""

    def __init__(self, existing_children):
        self.existing_children = existing_children


@contextmanager
def showing_draft(row, content=None):
    """Let the database hold the draft of `row`, or snapshot `content`, inside the block only.

    Everything in the block, rendering a page or saving a form, sees the draft as if it were live;
    afterwards it is all rolled back. Call it inside no transaction that has to keep writes made in
    the block. On SQLite nobody else can write meanwhile: so it is for what has to find the draft by
    queries of its own, such as the preview of a page, and a form shows its draft from memory.
    """
    with transaction.atomic():
        existing = keys_of_children(row)
        if content is None:
            draft = draft_of(row)
            content = draft.content if draft else None
        if content:
            put(row, content, temporary=True)
        try:
            yield Shown(existing)
        finally:
            transaction.set_rollback(True)


def _move_draft(row, draft, state, *, remark="", by=None):
    draft.draft_state, draft.remark, draft.remark_by = state, remark, name_of(by)[:200]
    draft.save(update_fields=["draft_state", "remark", "remark_by", "publish_at", "scheduled_by"])
    if row.published_at is None:
        type(row)._base_manager.filter(pk=row.pk).update(state=state)


def _replace(row, content):
    """Write a draft over the live row; refuse what can't be written whole."""
    skipped = put(row, content)
    if skipped:
        raise ValidationError(
            ["Dit concept kan zo niet worden gepubliceerd: sla het eerst opnieuw op.", *skipped]
        )


def _demand_rules(row, draft):
    """Refuse a draft that breaks a rule by now: its form asked when other content was different.

    Asked before anything is written, for rules that compare with the row as it stands.
    """
    meant = copy(row)
    meant.state = State.PUBLISHED
    if draft and row.published_at and fill(meant, draft.content):
        return  # what is gone is told when it is written
    try:
        meant.clean()
    except ValidationError as error:
        found = told(error, type(row))
        raise ValidationError([f"{name}: {one}" if name else one for name, one in found]) from error


def _demand_described_images(row):
    found = blocking(row)
    if found:
        raise ValidationError([f"{name}: {one.message}" for name, one in found])


def _demand_four_eyes(row, by):
    """Refuse who wrote any of what is about to be published, if the setting asks for it."""
    if not settings.FOUR_EYES or by is None:
        return
    if Version.objects.of(row).worked_on_by(by).exists():
        raise ValidationError("U schreef zelf mee aan dit concept. Een ander moet het publiceren.")


def _announce(row, version):
    raise_content_version()
    transaction.on_commit(
        lambda: signals.published.send_robust(sender=type(row), instance=row, version=version)
    )
