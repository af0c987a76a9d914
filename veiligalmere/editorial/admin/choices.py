"""Choices in forms that a keyboard and a screen reader handle as they are, without a script.

Django's own autocompletion and two-list selector have no names for screen readers (WCAG 4.1.2).
What a form or the filters beside a list offer names nothing that the account may not see.
"""

from contextlib import suppress

from django.contrib.admin import FieldListFilter, RelatedFieldListFilter
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet, MultipleObjectsReturned, ObjectDoesNotExist
from django.forms import CheckboxSelectMultiple, Script

from veiligalmere.editorial.limits import asks_limited
from veiligalmere.editorial.versions import name_of

OUTSIDE = "U mag dit alleen opslaan bij een thema waarvoor u rechten hebt."


class ReachableFilter(RelatedFieldListFilter):
    """A filter by a relation, of any list: it offers only what the account may choose."""

    def field_choices(self, field, request, model_admin):
        """Return the choices as (key, label)."""
        choices = field.related_model._default_manager.all()
        if not hasattr(choices, "choosable_by") or not asks_limited(request):
            return super().field_choices(field, request, model_admin)
        return field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to={"pk__in": choices.choosable_by(request.user).values("pk")},
        )


FieldListFilter.register(lambda field: field.remote_field, ReachableFilter, take_priority=True)


class TickBoxes(CheckboxSelectMultiple):
    """Boxes to tick; what is made with the link beside them comes among them."""

    class Media:
        js = [Script("js/admin/tick-boxes.js", defer=True)]


class GroupsMixin:
    """For a ModelAdmin: boxes to tick are a group with a name, also beside a link to add one."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return the field; what Django puts around its widget is a group if that widget is."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.use_fieldset = widget.widget.use_fieldset
        return field


class PlainChoicesMixin(GroupsMixin):
    """For a ModelAdmin: tick boxes where several can be chosen, and only choices that make sense.

    `tick_boxes` names many-to-many fields. `choices_for` gives the choices of a field. `told_as`
    has the function that tells a choice, by name of the field, where its own name doesn't tell it
    apart. `decided_by` names the relation that decides for which accounts an object is, if one
    does.
    """

    tick_boxes = ()
    told_as = {}
    decided_by = ""

    def choices_for(self, name, choices, get_obj):
        """Return those of the queryset `choices` that field `name` of an object may have.

        `get_obj` asks the database for that object; on the form for a new one it gives None.
        """
        return choices

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer only what makes sense and this account may see, in a list of the browser's own."""
        decides = db_field.name == self.decided_by and asks_limited(request)
        reach = _editable(db_field, request) if decides else _within_reach(db_field, request)
        kwargs.setdefault("queryset", reach)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if decides:
            field.error_messages["invalid_choice"] = OUTSIDE
            if not field.required:
                field.required = True
                field.error_messages["required"] = OUTSIDE
            with suppress(ObjectDoesNotExist, MultipleObjectsReturned):
                field.initial = reach.get().pk
        if db_field.related_model is get_user_model():
            field.label_from_instance = name_of
        return self._narrowed(field, request, db_field)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Offer only what makes sense and this account may see, as tick boxes."""
        kwargs.setdefault("queryset", _within_reach(db_field, request))
        if db_field.name in self.tick_boxes:
            kwargs["widget"] = TickBoxes
        return self._narrowed(
            super().formfield_for_manytomany(db_field, request, **kwargs), request, db_field
        )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Offer beside a choice to look at it or to make one, not to change or delete it there.

        A red cross beside "Jaarplan" reads as a way to empty the field.
        """
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_change_related = widget.can_delete_related = False
        return field

    def _narrowed(self, field, request, db_field):
        key = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None

        def get_obj():
            return self.get_object(request, unquote(key)) if key else None

        if db_field.name in self.told_as:
            field.label_from_instance = self.told_as[db_field.name]
        field.reach = field.queryset
        field.queryset = self.choices_for(db_field.name, field.queryset, get_obj)
        return field


class FieldsByObject:
    """The form fields of a PlainChoicesMixin, each with the choices of one object after another."""

    def __init__(self, model_admin, request):
        self.model_admin, self.request = model_admin, request
        self.fields = {}

    def field(self, db_field, obj):
        """Return the form field of `db_field` as the form of `obj` has it."""
        name = db_field.name
        if name not in self.fields:
            self.fields[name] = self.model_admin.formfield_for_dbfield(db_field, self.request)
        field = self.fields[name]
        if db_field.is_relation:
            field.queryset = self.model_admin.choices_for(name, field.reach, lambda: obj)
        return field


def key_of_choices(field):
    """Return what is the same, and hashable, whenever a form field offers the same choices."""
    try:
        return str(field.queryset.query)
    except EmptyResultSet:
        return ""


def out_of_reach(field, present):
    """Return those of the queryset `present` that form `field` may not offer to this account.

    Who fills in the form can't have meant to take those away. What is not offered because it makes
    no sense any more goes, as everyone saw.
    """
    return present.exclude(pk__in=field.reach.order_by().values("pk"))


def _editable(db_field, request):
    """Return what a relation may be set to so that this account can still open the object."""
    return db_field.related_model._default_manager.all().editable_by(request.user)


def _within_reach(db_field, request):
    """Return what a relation may be set to by this account."""
    model = db_field.related_model
    everything = model._default_manager.all()
    if model is get_user_model():
        return everything.filter(is_active=True, is_staff=True).order_by("username")
    if not hasattr(everything, "choosable_by"):
        return everything
    return everything.choosable_by(request.user)
