"""Showing the draft in the form by reading alone: nobody who looks holds up who saves.

On SQLite a transaction that writes lets no other write, and rendering a form takes long. So the
form gets the draft as objects in memory, and writes nothing to be rolled back.
"""

from veiligalmere.editorial.snapshot import child_relations, children_in, fill


class ShowingMixin:
    """Gives a ModelAdmin of Publishable objects a form that shows a draft from memory."""

    def hold_draft(self, request, obj, draft):
        """Let the form on this request show version `draft` of `obj`; return what was skipped."""
        request.shown_draft = (obj, draft.content)
        return fill(obj, draft.content)

    def get_object(self, request, object_id, from_field=None):
        """Return the object; on a form that shows its draft, with the draft in it."""
        obj, _content = getattr(request, "shown_draft", (None, None))
        if obj is not None and str(obj.pk) == str(object_id):
            return obj
        return super().get_object(request, object_id, from_field)

    def get_formsets_with_inlines(self, request, obj=None):
        """Yield formsets and inlines; where a draft is shown, with the rows of the draft."""
        shown, content = getattr(request, "shown_draft", (None, None))
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            if shown is not None and obj is shown:
                yield _with_rows(formset, inline.get_ordering(request), obj, content), inline
            else:
                yield formset, inline


def _with_rows(formset, ordering, obj, content):
    """Return `formset` as a class that shows the children in `content`, if it keeps those."""
    names = [
        name
        for name, relation in child_relations(type(obj)).items()
        if relation.field == formset.fk
    ]
    if not names:
        return formset
    rows = children_in(obj, content, names[0])
    for name in reversed(ordering):
        rows.sort(key=lambda row: getattr(row, name.lstrip("-")), reverse=name.startswith("-"))
    return type(formset.__name__, (formset,), {"get_queryset": lambda self: rows})
