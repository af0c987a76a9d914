"""What is wrong in a form of the admin that was refused, with the way to each field."""

from typing import NamedTuple

from django import template
from django.forms import MultiWidget
from django.utils.text import capfirst

register = template.Library()


class Mistake(NamedTuple):
    """What is wrong: the `id` of what it is about on the page ("" for the form), its name, why."""

    id: str
    label: str
    message: str


@register.simple_tag
def mistakes(form, inline_formsets):
    """Return a Mistake for each field that is wrong in `form` and the rows below it, in order.

    `inline_formsets` are the admin's. What is wrong with a form as a whole comes before its fields.
    """
    found = _of_form(form)
    for one in inline_formsets or ():
        formset = one.formset
        name = capfirst(one.opts.verbose_name_plural)
        found += _as_a_whole(f"{formset.prefix}-group", name, formset.non_form_errors())
        for number, row in enumerate(formset.forms):
            name = f"{capfirst(one.opts.verbose_name)} {number + 1}"
            found += _of_form(row, f"{formset.prefix}-{number}", name)
    return found


def _of_form(form, row="", name=""):
    """Return the mistakes in one form; `row` is the id of its row and `name` what to call that."""
    before = f"{name}, " if name else ""
    return _as_a_whole(row, name, form.non_field_errors()) + [
        Mistake(_target(field), f"{before}{capfirst(field.label)}", " ".join(field.errors))
        for field in form
        if field.errors
    ]


def _as_a_whole(target, name, errors):
    return [Mistake(target, name, message) for message in errors]


def _target(field):
    """Return the id of what a link to `field` has to lead to.

    A label leads to one field; of tick boxes, what is around them has the id.
    """
    if isinstance(field.field.widget, MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id
