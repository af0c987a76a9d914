"""Carrying out changes to many objects: all or none, and first as a rehearsal that leaves no trace.

A rehearsal does exactly what will be done, and rolls it back: so what an editor is shown is what
the functions for a single object make of it, with their rights, rules and refusals.
"""

import json
from dataclasses import asdict, dataclass, field

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.text import capfirst

from veiligalmere.editorial.admin.choices import FieldsByObject, key_of_choices, out_of_reach
from veiligalmere.editorial.admin.form import Standing, state_of
from veiligalmere.editorial.advice import advice_on, texts_in
from veiligalmere.editorial.differences import differences
from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.images.reach import why_refused
from veiligalmere.editorial.kept_form import as_saved
from veiligalmere.editorial.publish import publish, save_draft, submit, withdraw
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.refusals import told

SET, ADD, REMOVE = "zet", "erbij", "eraf"
DRAFT, SUBMIT, PUBLISH, WITHDRAW = "concept", "indienen", "publiceren", "intrekken"
FOR_CHIEFS = {PUBLISH, WITHDRAW}

UNREACHABLE = "Dit bestaat niet, of u mag het niet zien."
NOT_YOURS = "U mag dit niet wijzigen."
NO_CHIEF = "U mag dit niet publiceren of intrekken."
NOTHING = "Hier verandert niets."


@dataclass
class Wish:
    """What should become of one object.

    `seen` is the token of what the editor saw, empty before anything was shown. `fields` has by
    name a way (SET, ADD, REMOVE) and a value as a form posts it. `where` tells where it was read.
    """

    pk: int
    seen: str = ""
    fields: dict = field(default_factory=dict)
    where: str = ""


@dataclass
class Order:
    """Wishes, and the step that follows each: DRAFT, SUBMIT, PUBLISH or WITHDRAW.

    Of an order that is `whole` nothing is offered unless all of it can be done.
    """

    wishes: list[Wish]
    step: str = DRAFT
    note: str = ""
    minor: bool = False
    whole: bool = False

    def as_json(self):
        """Return this as plain dicts and lists."""
        return asdict(self)

    @classmethod
    def from_json(cls, data):
        """Return the Order that `as_json` gave."""
        return cls(**{**data, "wishes": [Wish(**wish) for wish in data["wishes"]]})


@dataclass
class Outcome:
    """What became of one wish: nothing if there are `problems`, as (name of the field, sentence).

    `before` and `after` tell its state, `remarks` what else an editor would want to know.
    `published` is the snapshot that the public gets, if it gets one; `advice` what a reader of it
    would stumble over, as (name of the field, Advice).
    """

    wish: Wish
    label: str
    address: str = ""
    seen: str = ""
    problems: list = field(default_factory=list)
    differences: list = field(default_factory=list)
    before: str = ""
    after: str = ""
    remarks: list = field(default_factory=list)
    published: dict | None = None
    advice: list = field(default_factory=list)


def rehearse(model_admin, request, order):
    """Return an Outcome for each wish of `order`, leaving the database as it was."""
    with transaction.atomic():
        outcomes = _Work(model_admin, request, order).outcomes()
        transaction.set_rollback(True)
    # Only now: advice is not for what is about to be rolled back.
    for outcome in outcomes:
        if outcome.published:
            outcome.advice = advice_on(texts_in(outcome.published, model_admin.model))
    return outcomes


def carry_out(model_admin, request, order):
    """Do what `order` says and return its Outcomes; do none of it if any has problems."""
    with transaction.atomic():
        outcomes = _Work(model_admin, request, order).outcomes()
        if any(outcome.problems for outcome in outcomes):
            transaction.set_rollback(True)
    return outcomes


class _Work:
    """Does the wishes of one order, one by one, in a transaction of who calls."""

    def __init__(self, model_admin, request, order):
        self.model_admin, self.request, self.order = model_admin, request, order
        self.model = model_admin.model
        self.form_fields = FieldsByObject(model_admin, request)
        self.cleaned = {}

    def outcomes(self):
        pks = [wish.pk for wish in self.order.wishes]
        # All rows first and in one order, before anything else is locked: so two of these, or one
        # and somebody who publishes, wait for each other and never both.
        rows = self.model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk")
        rows = {row.pk: row for row in rows}
        within = self.model_admin.get_queryset(self.request).filter(pk__in=pks)
        within = set(within.order_by().values_list("pk", flat=True))
        return [
            self._outcome(wish, rows.get(wish.pk) if wish.pk in within else None)
            for wish in self.order.wishes
        ]

    def _outcome(self, wish, row):
        if row is None:
            return Outcome(wish, f"Nummer {wish.pk}", problems=[("", UNREACHABLE)])
        standing = Standing(row)
        outcome = Outcome(
            wish,
            standing.draft.label if standing.draft else str(row),
            address=self.model_admin.address(row, "change"),
            seen=standing.token,
            before=state_of(row, standing.draft),
        )
        refusal = self._refusal(wish, row, standing)
        if refusal:
            outcome.problems.append(("", refusal))
            return outcome
        try:
            with transaction.atomic():
                self._do(wish, row, standing, outcome)
        except ValidationError as error:
            outcome.problems += told(error, self.model)
        except (IntegrityError, DataError):
            outcome.problems.append(("", "Dit past niet bij wat er al staat."))
        return outcome

    def _refusal(self, wish, row, standing):
        """Return a Dutch sentence that says why this may not be done at all, or ""."""
        if wish.seen and wish.seen != standing.token:
            return f"{capfirst(standing.changed_by(wish.seen))} heeft dit intussen gewijzigd."
        if not self.model_admin.has_change_permission(self.request, row):
            return NOT_YOURS
        if self.order.step in FOR_CHIEFS and not self.model_admin.may_publish(self.request, row):
            return NO_CHIEF
        return ""

    def _do(self, wish, row, standing, outcome):
        old = standing.content
        if wish.fields:
            values = self._clean(wish.fields, row)
            save_draft(row, lambda target: self._write(target, values), by=self.request.user)
        now = Standing(row)
        changed = now.number != standing.number
        new = now.content
        if self.order.step == PUBLISH:
            live = now.versions.published().first()
            old = live.content if live else None
            if standing.draft and standing.draft.author_id != self.request.user.pk:
                outcome.remarks.append(f"Het concept van {standing.draft.who} gaat mee.")
            outcome.published = new
        self._step(row, now, changed)
        draft = Standing(row).draft
        if _is_planned(standing.draft) and not _is_planned(draft):
            outcome.remarks.append("De geplande publicatie vervalt.")
        if self.order.step != WITHDRAW:
            outcome.differences = differences(old, new, self.model)
        outcome.after = state_of(row, draft)

    def _step(self, row, standing, changed):
        """Take the step of the order with `row`, whose draft was `changed` just now or not."""
        step, user = self.order.step, self.request.user
        if step == WITHDRAW:
            withdraw(row, by=user, note=self.order.note)
        elif step == PUBLISH:
            if row.is_public and standing.draft is None:
                raise ValidationError("Dit staat al zo op de site.")
            publish(row, by=user, note=self.order.note, minor=self.order.minor)
        elif step == SUBMIT:
            if row.published_at and standing.draft is None:
                raise ValidationError("Er is geen concept om in te dienen.")
            if standing.draft and standing.draft.draft_state == State.REVIEW:
                raise ValidationError("Dit is al ingediend.")
            submit(row, by=user)
        elif not changed:
            raise ValidationError(NOTHING)

    def _clean(self, fields, row):
        """Return {name: (way, value)} with values as this account may choose them for `row`."""
        values, errors = {}, {}
        for name, (way, raw) in fields.items():
            try:
                values[name] = (way, self._clean_one(name, raw, row))
            except ValidationError as error:
                errors[name] = error.messages
        if errors:
            raise ValidationError(errors)
        return values

    def _clean_one(self, name, raw, row):
        field = self._form_field(name, row)
        choices = key_of_choices(field) if hasattr(field, "queryset") else None
        key = (name, json.dumps(raw), choices)
        if key not in self.cleaned:
            self.cleaned[key] = as_saved(field.clean(raw), field)
        return self.cleaned[key]

    def _form_field(self, name, row):
        return self.form_fields.field(self.model._meta.get_field(name), row)

    def _write(self, target, values):
        """Write `values` into `target`, which holds its draft."""
        single = {name for name in values if not target._meta.get_field(name).many_to_many}
        for name in single:
            value = values[name][1]
            if isinstance(target._meta.get_field(name), MarkdownField):
                refusal = why_refused(value, getattr(target, name), self.request.user)
                if refusal:
                    raise ValidationError({name: refusal})
            setattr(target, name, value)
        others = {field.name for field in target._meta.fields} - single
        target.clean_fields(exclude=others)
        target.clean()
        target.validate_unique()
        target.validate_constraints()
        target.save()
        for name in values.keys() - single:
            way, chosen = values[name]
            relation = getattr(target, name)
            if way == SET:
                hidden = out_of_reach(self._form_field(name, target), relation)
                relation.set([*chosen, *hidden])
            else:
                (relation.add if way == ADD else relation.remove)(*chosen)
        target.clean_relations(values.keys())
        if not self.model_admin.get_queryset(self.request).filter(pk=target.pk).exists():
            raise ValidationError(NOT_YOURS)  # no field should have offered what leads to this


def _is_planned(draft):
    return draft is not None and draft.publish_at is not None
