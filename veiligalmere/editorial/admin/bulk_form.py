"""The form that says what should become of all the objects that were selected."""

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.utils.text import capfirst

from veiligalmere.editorial.admin.carrying_out import (
    ADD,
    DRAFT,
    PUBLISH,
    REMOVE,
    SET,
    SUBMIT,
    WITHDRAW,
    Order,
    Wish,
)
from veiligalmere.editorial.kept_form import CleanTextsMixin

LEAVE, EMPTY = "", "leeg"
ONE = ((LEAVE, "Niet wijzigen"), (SET, "Wijzigen in"))
MANY = (
    (LEAVE, "Niet wijzigen"),
    (ADD, "Toevoegen aan wat er staat"),
    (REMOVE, "Weghalen uit wat er staat"),
    (SET, "Vervangen wat er staat"),
)
STEPS = (
    (DRAFT, "Als concept bewaren"),
    (SUBMIT, "Indienen ter beoordeling"),
)
CHIEF_STEPS = ((PUBLISH, "Publiceren"), (WITHDRAW, "Intrekken"))


class BulkForm(CleanTextsMixin, forms.Form):
    """For each field of `model_admin.bulk_fields` what to do and a value, and then the step.

    `may_publish` says whether publishing and withdrawing are offered.
    """

    step = forms.ChoiceField(
        label="Wat gebeurt er daarna?", widget=forms.RadioSelect, initial=DRAFT
    )
    note = forms.CharField(
        label="Toelichting",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        required=False,
        max_length=2000,
        help_text="Bij publiceren: wat er veranderd is. Bij intrekken: waarom. Iedereen kan dit "
        "lezen, bij elk van de gekozen pagina’s.",
    )
    minor = forms.BooleanField(
        label="Kleine wijziging",
        required=False,
        help_text="Dan hoeft er bij publiceren geen toelichting bij.",
    )

    def __init__(self, *args, model_admin, request, may_publish, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.model_fields = [model_admin.opts.get_field(name) for name in model_admin.bulk_fields]
        self.fields["step"].choices = STEPS + (CHIEF_STEPS if may_publish else ())
        if not may_publish:
            del self.fields["note"], self.fields["minor"]
        for field in self.model_fields:
            value = model_admin.formfield_for_dbfield(field, request)
            value.required = False
            value.initial = None  # nothing is changed of which nothing was chosen
            value.label = "Waarde"
            value.help_text = ""
            if isinstance(value.widget, RelatedFieldWidgetWrapper):
                value.widget = value.widget.widget
            self.fields[field.name] = value
            self.fields[_way(field.name)] = forms.ChoiceField(
                label="Wat doet u ermee?",
                choices=MANY if field.many_to_many else self._ways(field),
                required=False,
            )

    def groups(self):
        """Return for each field its name and its two fields of this form."""
        return [
            (capfirst(field.verbose_name), self[_way(field.name)], self[field.name])
            for field in self.model_fields
        ]

    def rest(self):
        """Return the fields of the step."""
        return [self[name] for name in ("step", "note", "minor") if name in self.fields]

    def clean(self):
        """Refuse what is half said, and a publication without a note."""
        cleaned = super().clean()
        ways = [(field, cleaned.get(_way(field.name), LEAVE)) for field in self.model_fields]
        for field, way in ways:
            self._check(field, way, self[field.name].data)
        step = cleaned.get("step")
        changes = any(way for _field, way in ways)
        cleaned["note"] = cleaned.get("note", "").strip()
        if step == DRAFT and not changes:
            raise ValidationError("Kies ten minste één ding dat u wilt wijzigen of doen.")
        if step == WITHDRAW and changes:
            raise ValidationError(
                "Trek in zonder iets te wijzigen, of wijzig zonder in te trekken."
            )
        if step == PUBLISH and not cleaned["note"] and not cleaned.get("minor"):
            self.add_error(
                "note", "Schrijf wat er veranderd is, of vink aan dat het een kleine wijziging is."
            )
        if step == WITHDRAW and not cleaned["note"]:
            self.add_error("note", "Schrijf waarom u dit intrekt.")
        return cleaned

    def order(self, pks):
        """Return the Order of this valid form for the objects with these keys."""
        fields = {}
        for field in self.model_fields:
            way = self.cleaned_data[_way(field.name)]
            if way:
                empty = [] if field.many_to_many else ""
                value = empty if way == EMPTY else self[field.name].data
                fields[field.name] = (SET if way == EMPTY else way, value)
        return Order(
            [Wish(pk, fields=fields) for pk in pks],
            step=self.cleaned_data["step"],
            note=self.cleaned_data["note"],
            minor=self.cleaned_data.get("minor", False),
        )

    @staticmethod
    def _ways(field):
        return (*ONE, (EMPTY, "Leegmaken")) if field.blank or field.null else ONE

    def _check(self, field, way, raw):
        if not way and raw:
            self.add_error(_way(field.name), "Kies wat u met deze waarde wilt doen.")
        elif way in {ADD, REMOVE} and not raw:
            self.add_error(field.name, "Kies er ten minste één.")
        elif way == SET and not field.many_to_many and self._is_empty(field.name):
            self.add_error(field.name, "Vul een waarde in.")
        elif way == EMPTY and raw:
            self.add_error(_way(field.name), "Kies “Wijzigen in”, of haal de waarde weg.")

    def _is_empty(self, name):
        return name in self.cleaned_data and self.cleaned_data[name] in EMPTY_VALUES


def _way(name):
    return f"{name}_doen"
