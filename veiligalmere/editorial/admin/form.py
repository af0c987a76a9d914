"""The form of a content object: what it shows, what it saves, and what it never overwrites."""

from functools import cached_property

from django.contrib.auth import get_user_model
from django.forms import ModelChoiceField, ModelMultipleChoiceField

from veiligalmere.editorial.admin.choices import out_of_reach
from veiligalmere.editorial.images.reach import why_refused
from veiligalmere.editorial.kept_form import KeptForm
from veiligalmere.editorial.publish import showing_draft
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.snapshot import take, with_temporary_keys, without_children
from veiligalmere.editorial.versions import Version, draft_of
from veiligalmere.editorial.widgets import MarkdownFormField

SEEN, BASE, ONCE = "_gezien", "_basis", "_eenmalig"


class NotSaved(Exception):
    """The form was not saved; `response` shows it with the reason."""

    def __init__(self, response):
        super().__init__()
        self.response = response


class ContentForm(KeptForm):
    """A form of content, whose texts hold no image that its editor may not see.

    What the object belongs to and its editor may not see is not offered, and stays.
    """

    editor = None  # the account that fills it in
    fills_in = ()  # names of fields that get a value by themselves if they are left empty

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if _is_choice_of_one(field) and field.queryset.model is get_user_model():
                # A colleague who left is no secret, and goes only when someone else is chosen.
                field.queryset |= get_user_model().objects.filter(pk=self.initial.get(name))
                field.reach = field.queryset

    def check(self, cleaned):
        """Keep what is not offered; refuse an image in a changed text that is out of reach."""
        for name, field in self.fields.items():
            if _is_choice_of_one(field) and not cleaned.get(name, True):
                present = field.queryset.model._base_manager.filter(pk=self.initial.get(name))
                cleaned[name] = out_of_reach(field, present).first()
        for name, value in list(cleaned.items()):
            if isinstance(self.fields.get(name), MarkdownFormField) and name in self.changed_data:
                refusal = why_refused(value, self.initial.get(name) or "", self.editor)
                if refusal:
                    self.add_error(name, refusal)

    def _save_m2m(self):
        for name, field in self.fields.items():
            if isinstance(field, ModelMultipleChoiceField) and name in self.cleaned_data:
                self.cleaned_data[name] = [*self.cleaned_data[name], *self.hidden(name)]
        super()._save_m2m()

    def hidden(self, name):
        """Return what relation `name` of the object keeps, as this account may not see it."""
        return out_of_reach(self.fields[name], getattr(self.instance, name))


class PlacedForm(ContentForm):
    """A form of what has a place in an order, and comes last in its theme if that is left empty."""

    fills_in = ("position",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if position := self.fields.get("position"):
            position.required = False
            position.help_text += " Leeg: als laatste van het thema."

    def check(self, cleaned):
        """Fill in the place."""
        super().check(cleaned)
        if cleaned.get("position", 0) is None:
            cleaned["position"] = self.last_place(cleaned)

    def last_place(self, cleaned):
        """Return the place, a whole number, after all others; None if `cleaned` is too little.

        None as well, with an error added, if there is no number left.
        """
        raise NotImplementedError


def _is_choice_of_one(field):
    return isinstance(field, ModelChoiceField) and not isinstance(field, ModelMultipleChoiceField)


class Standing:
    """How an object stands at this moment: its row, its versions, and what is newest of it.

    `number` is that of the newest version (0 if there is none), `draft` the draft that stands or
    None, `token` what changes with every save of the row or of a draft beside it, and when that is
    discarded.
    """

    def __init__(self, row):
        self.row = row
        self.versions = Version.objects.of(row)
        self.newest = self.versions.first()
        self.draft = draft_of(row)
        self.number = self.newest.number if self.newest else 0
        self.token = token_of(row, self.number, self.draft)

    @cached_property
    def basis(self):
        """The number of the version that says what an editor now sees; 0 if there is none.

        That need not be the newest: a withdrawal is newer than the draft that stays beside it, and
        a discarded draft is no longer seen.
        """
        seen = self.draft or self.newest
        if seen and seen.is_discarded:
            seen = self.versions.public_steps().first()
        return seen.number if seen else 0

    def is_discarded_since(self, seen):
        """Whether all that happened since token `seen` was given, is that the draft was discarded.

        Who did that is not kept with the versions.
        """
        saves, _, _draft = self.token.rpartition(".")
        return self.draft is None and seen != self.token and seen.rpartition(".")[0] == saves

    def is_withdrawn_since(self, seen):
        """Whether all that happened since token `seen` was given, is that it was withdrawn.

        That changes no word. Blacking out, which does, raises the revision once more.
        """
        if self.newest is None or self.newest.kind != Version.Kind.WITHDRAWN:
            return False
        return seen == _token(self.row.revision - 1, self.number - 1, self.draft)

    def changed_by(self, seen):
        """Return the name of who last changed it since token `seen` was given, as it's known."""
        unknown = self.newest is None or self.is_discarded_since(seen)
        return "een collega" if unknown else self.newest.who

    @property
    def content(self):
        """The snapshot of what an editor now sees: the draft, or else the row."""
        return self.draft.content if self.draft else take(self.row)

    def made_on(self, request):
        """Return the snapshot on which the posted form was made; None if that is what stands.

        The form by which the object was made itself, sent again from another tab, knew no children.
        """
        once, base = once_of(request), base_of(request)
        if made := once and self.versions.filter(once=once).first():
            return without_children(made.content)
        made_on = self.versions.filter(number=base).first() if base != self.basis else None
        return made_on and made_on.content

    def ground_for(self, made_on, seen):
        """Return the snapshot to which a form is applied that was made on snapshot `made_on`.

        None, as `made_on` may be, is what stands. With `seen`, the token that the form posts, it
        told what a colleague changed: then that stands, also what no form posts (a file, a relation
        that it can't offer), but for the children, which are numbered as in `made_on`.
        """
        if made_on and seen == self.token:
            return {**self.content, "children": made_on["children"]}
        return made_on


def token_of(row, number, draft):
    """Return what changes with every save of `row`, every version, and when a draft is discarded.

    `number` is that of the last version, `draft` the one that stands, or None.
    """
    return _token(row.revision, number, draft)


def _token(revision, number, draft):
    return f"{revision}.{number}.{draft.number if draft else 0}"


def state_of(row, draft):
    """Return in Dutch how `row` stands, with `draft` (or None) beside it."""
    state = State(row.state).label
    if draft is None or row.published_at is None:
        return state
    beside = "concept" if draft.draft_state == State.CONCEPT else "concept ter beoordeling"
    return f"{state}, {beside} ernaast"


def base_of(request):
    """Return the number of the version on which the posted form was made; 0 if there was none."""
    number = request.POST.get(BASE, "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0


def once_of(request):
    """Return what the posted form has to be saved by once only; "" if it is nothing of ours."""
    once = request.POST.get(ONCE, "")
    return once if once.isascii() and once.isalnum() and len(once) <= 32 else ""


def attempt(row, write, avoid=frozenset()):
    """Return the snapshot that `write` would make of `row`, leaving the database as it was.

    Children that it adds get no key that is in `avoid`.
    """
    with showing_draft(row) as shown:
        write(row)
        return with_temporary_keys(take(row), shown.existing_children, row.pk, avoid)
