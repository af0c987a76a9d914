"""Choices in forms that a keyboard and a screen reader handle as they are, without a script.

Django's own autocompletion and two-list selector have no names for screen readers (WCAG 4.1.2).
"""

from django.contrib.admin.utils import unquote
from django.forms import CheckboxSelectMultiple


class PlainChoicesMixin:
    """For a ModelAdmin: tick boxes where several can be chosen, and only choices that make sense.

    `tick_boxes` names many-to-many fields. `choices_for` gives the choices of a field.
    """

    tick_boxes = ()

    def choices_for(self, name, choices, obj):
        """Return those of the queryset `choices` that field `name` of `obj` may have.

        `obj` is None on the form for a new object.
        """
        return choices

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer only what makes sense, in a list of the browser's own."""
        return self._narrowed(
            super().formfield_for_foreignkey(db_field, request, **kwargs), request, db_field
        )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offer only what makes sense, as tick boxes."""
        if db_field.name in self.tick_boxes:
            kwargs["widget"] = CheckboxSelectMultiple
        return self._narrowed(
            super().formfield_for_manytomany(db_field, request, **kwargs), request, db_field
        )

    def _narrowed(self, field, request, db_field):
        key = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        obj = self.get_object(request, unquote(key)) if key else None
        field.queryset = self.choices_for(db_field.name, field.queryset, obj)
        return field
