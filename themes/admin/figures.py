"""Admin of figures: their form, and the page on which measurements are pasted or uploaded."""

import hashlib
from decimal import Decimal

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast, Concat
from django.urls import path

from themes.measuring import Unreadable, compare, decoded, read_number, read_table, write
from themes.models import Indicator, Measurement
from themes.periods import read_written
from themes.statline import columns, read_statline_table
from veiligalmere.editorial.admin import PUBLICATION, ContentAdmin
from veiligalmere.editorial.held_text import held_fields
from veiligalmere.editorial.kept_form import CleanTextsMixin, KeptForm
from veiligalmere.editorial.menu import Group
from veiligalmere.editorial.numbers import written
from veiligalmere.editorial.publish import save_draft, showing_draft
from veiligalmere.editorial.unseen import without_unseen
from veiligalmere.editorial.versions import draft_of

MAX_BYTES = 1_000_000
NO_NUMBER = "Schrijf een getal als 8.000 of 3,5, met hoogstens vier cijfers achter de komma."
MOST_OF_AREA = 80  # characters of its name
PLAIN, STATLINE = "tabel", "statline"
LONGEST_PERIOD = 40  # characters, as a person writes it: "eerste kwartaal van 2020"
MOST_ROWS = 1_000  # eight fields each, of what DATA_UPLOAD_MAX_NUMBER_FIELDS lets through


class NumberInput(AdminTextInputWidget):
    """A number as the pages write it, "8.000,5"; what was typed stays as it is."""

    def __init__(self, attrs=None):
        super().__init__({"class": "", "inputmode": "decimal", "size": 14, **(attrs or {})})

    def format_value(self, value):
        """Return the text in the field."""
        return written(value) if isinstance(value, Decimal) else super().format_value(value)


class NumberField(forms.DecimalField):
    """A number that is written as in Dutch, or with a point; Django's own takes "8.000" for 8."""

    widget = NumberInput

    def __init__(self, *, widget=None, **kwargs):
        # The admin's own widget would be of type number, which takes no "8.000".
        super().__init__(widget=self.widget, **kwargs)

    def to_python(self, value):
        """Return the Decimal, or None for a field that is empty or says that there is none.

        Raises ValidationError, in Dutch, for what `read_number` does not read.
        """
        if value in self.empty_values or isinstance(value, Decimal):
            return super().to_python(value)
        try:
            return read_number(without_unseen(str(value)))
        except ValueError:
            raise ValidationError(NO_NUMBER) from None


class CellField(forms.BoundField):
    """A field in a table. Its help is in the head of the column, so that no id leads to it."""

    @property
    def aria_describedby(self):
        """The id of what is wrong with it, if anything is."""
        return f"{self.auto_id}_error" if self.errors else ""


class MeasurementForm(KeptForm):
    """A measurement, with its period as a person writes it."""

    bound_field_class = CellField

    period = forms.CharField(
        label="Periode",
        max_length=LONGEST_PERIOD,
        help_text=Measurement._meta.get_field("period").help_text,
        widget=AdminTextInputWidget,
    )

    def clean_period(self):
        """Return the code of the period."""
        try:
            return read_written(without_unseen(self.cleaned_data["period"])).code
        except ValueError:
            raise ValidationError(Measurement.NO_PERIOD) from None


class MeasurementFormSet(forms.BaseInlineFormSet):
    """Measurements in a table. Its heads are no labels, so each field says itself what it is."""

    def add_fields(self, form, index):
        """Add Django's own fields to a row; name all by column and row, with the column's help."""
        super().add_fields(form, index)
        row = [str(form.instance)] if form.instance.pk else []
        for name, field in form.fields.items():
            field.widget.attrs["aria-label"] = ", ".join([str(form[name].label), *row])
            if field.help_text:
                field.widget.attrs["aria-description"] = field.help_text

    def save_existing_objects(self, commit=True):
        """Save the rows; of those that moved up, the first would meet the next where that was."""
        moved = [
            form.instance.pk
            for form in self.initial_forms
            if form in self.deleted_forms or {"area", "period"} & set(form.changed_data)
        ]
        if commit and moved:
            nowhere = Concat(Value("~"), Cast("pk", models.CharField()))
            self.model.objects.filter(pk__in=moved).update(area=nowhere)
        return super().save_existing_objects(commit)

    def get_unique_error_message(self, unique_check):
        """Return the sentence of the rule itself: Django's names the fields as the code does."""
        (rule,) = Measurement._meta.constraints
        return rule.violation_error_message


class MeasurementInline(admin.TabularInline):
    """The measurements of a figure, each on a row."""

    model = Measurement
    form = MeasurementForm
    formset = MeasurementFormSet
    extra = 1
    formfield_overrides = {models.DecimalField: {"form_class": NumberField}}
    fields = ["area", "period", "value", "provisional", "note"]
    ordering = ["area", "period"]

    def get_formset(self, request, obj=None, **kwargs):
        """Return Django's formset, which draws no more rows than it could take back.

        How many is in the posted form, where it can be any number.
        """
        limits = {"max_num": MOST_ROWS, "absolute_max": MOST_ROWS}
        return super().get_formset(request, obj, **limits | kwargs)


class TableForm(CleanTextsMixin, forms.Form):
    """A table of measurements, pasted or uploaded."""

    kind = forms.ChoiceField(
        label="Wat plakt of kiest u?",
        choices=[
            (PLAIN, "Een kolom of tabel uit een rekenblad, of CSV"),
            (STATLINE, "Een CSV-bestand van CBS StatLine"),
        ],
        initial=PLAIN,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="Plak hier de cijfers",
        widget=forms.Textarea(attrs={"rows": 10, "cols": 80}),
        required=False,
        strip=False,
        help_text="Met kolommen “periode” en “waarde”, en als u wilt “gebied”, “voorlopig” en "
        "“toelichting”; zonder die laatste twee blijft wat er stond. Een periode is 2020, "
        "2020-H1, 2020-K3 of 2020-06; “1e kwartaal 2020” of “juni 2020” mag ook. Een getal "
        "schrijft u als 1.234,5; laat de waarde leeg, of zet er een punt, als die niet "
        "beschikbaar is.",
    )
    file = forms.FileField(
        label="Of kies een CSV-bestand", required=False, help_text="Hooguit 1 MB."
    )
    area = forms.CharField(
        label="Gebied",
        initial=Measurement.HOME,
        max_length=80,
        help_text="Voor regels die zelf geen gebied noemen.",
    )
    first_period = forms.CharField(
        label="Eerste periode",
        required=False,
        max_length=LONGEST_PERIOD,
        help_text="Alleen als u één kolom met waarden plakt: de periode van de eerste regel. Een "
        "lege regel telt mee: dat is een periode waarvan de waarde niet beschikbaar is.",
    )
    column = forms.CharField(
        label="StatLine: kolom met de waarden",
        required=False,
        max_length=200,
        help_text="Zoals die boven aan het bestand heet. Leeg: u krijgt te zien welke er zijn.",
    )
    where = forms.CharField(
        label="StatLine: alleen regels met",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text="Eén per regel, bijvoorbeeld “SoortMisdrijf=0.0.0”.",
    )
    regions = forms.CharField(
        label="StatLine: regio’s",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text="Eén per regel, als code=naam: “NL01=Nederland”. Leeg: alleen Almere "
        "(GM0034=Almere).",
    )

    def clean_file(self):
        """Return the file's text; refuse what is too large or no text."""
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > MAX_BYTES:
            raise ValidationError("Dit bestand is te groot: hooguit 1 MB.")
        try:
            return decoded(file.read())
        except ValueError:
            raise ValidationError("Dit is geen tekstbestand. Bewaar het als CSV.") from None

    def clean_first_period(self):
        """Return the Period, or None."""
        text = without_unseen(self.cleaned_data["first_period"]).strip()
        if not text:
            return None
        try:
            return read_written(text)
        except ValueError:
            raise ValidationError(Measurement.NO_PERIOD) from None

    def clean_where(self):
        """Return pairs of a column and the code that it must have."""
        return _pairs(self.cleaned_data["where"], "kolom=code")

    def clean_regions(self):
        """Return pairs of a region's code and what it is called here."""
        pairs = _pairs(self.cleaned_data["regions"], "code=naam")
        if any(len(name) > MOST_OF_AREA for _code, name in pairs):
            raise ValidationError(f"De naam van een gebied heeft hooguit {MOST_OF_AREA} tekens.")
        return pairs

    def clean(self):
        """Read the table into `rows`; say what is wrong by line."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        text = without_unseen(cleaned["file"] or cleaned["text"])
        if not text.strip():
            self.add_error("text", "Plak hier cijfers, of kies een bestand.")
            return cleaned
        cleaned["read"] = text
        try:
            cleaned["rows"] = self._rows(text)
        except Unreadable as error:
            self.add_error("file" if cleaned["file"] else "text", error.errors)
        return cleaned

    def _rows(self, text):
        data = self.cleaned_data
        if data["kind"] == PLAIN:
            return read_table(text, area=data["area"], first_period=data["first_period"])
        if not data["column"]:
            self.add_error("column", f"Kies uit: {', '.join(columns(text))}.")
            return []
        return read_statline_table(
            text, column=data["column"], where=data["where"], regions=dict(data["regions"])
        )


@admin.register(Indicator)
class IndicatorAdmin(ContentAdmin):
    """Figures, by theme."""

    menu = (Group.FIGURES, 1)
    change_form_template = "admin/content/figure_form.html"
    decided_by = "theme"
    list_display = ["name", "theme", "unit", "next_update", "state", "changed_at"]
    list_filter = ["theme", "state"]
    list_select_related = ["theme"]
    search_fields = ["name", "definition", "source"]
    ordering = ["theme__number", "position"]
    prepopulated_fields = {"slug": ["name"]}
    tick_boxes = ["subtopics"]
    bulk_fields = ["theme", "next_update"]
    formfield_overrides = {
        **ContentAdmin.formfield_overrides,
        models.DecimalField: {"form_class": NumberField},
    }
    inlines = [MeasurementInline]
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "slug", "theme", "subtopics", "position"],
                "description": "Op welke pagina’s het cijfer staat.",
            },
        ),
        (
            "Wat er gemeten is",
            {
                "fields": ["unit", "decimals", "better", "definition", "source", "source_url"],
                "description": "Neem over wat de bron zegt. Zonder bron kan een cijfer niet op de "
                "site.",
            },
        ),
        (
            "Vergelijken en bijhouden",
            {
                "fields": ["base_year", "target", "next_update"],
                "description": "Bepaalt de zin boven de grafiek, de lijn erin, en wanneer er “te "
                "laat” bij staat.",
            },
        ),
        PUBLICATION,
    ]

    def get_urls(self):
        """Return the address of the page for measurements, before those of the admin."""
        view = self.admin_site.admin_view(self.measurements_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_measurements"
        return [path("<path:object_id>/cijfers-invoeren/", view, name=name), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show or save the form, with the way to the page for measurements."""
        extra_context = {**(extra_context or {}), "measurements_url": "../cijfers-invoeren/"}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def measurements_view(self, request, object_id):
        """Read a table, show what it would change, and keep that in the draft when told to."""
        obj = self._object_for_step(request, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        held = held_fields(request)
        form = TableForm(
            request.POST or None, request.FILES or None, initial=held.dict() if held else None
        )
        context = {"title": "Cijfers invoeren", "form": form}
        if request.method == "POST" and form.is_valid():
            rows = form.cleaned_data["rows"]
            with showing_draft(obj):
                changes = compare(obj, rows)
                total = obj.measurements.count() + sum(one.is_new for one in changes)
            if total > MOST_ROWS:
                form.add_error(
                    "file" if form.cleaned_data["file"] else "text",
                    f"Zo krijgt dit cijfer {written(total)} metingen. Het formulier kan er "
                    f"{written(MOST_ROWS)} aan. Maak bijvoorbeeld een cijfer voor elk gebied.",
                )
                return self._page(request, obj, "measurements", context)
            digest = _digest(changes)
            if request.POST.get("gezien") == digest:
                before = draft_of(obj)
                draft = save_draft(obj, lambda row: write(row, rows), by=request.user)
                noun = "cijfer" if len(rows) == 1 else "cijfers"
                self.log_step(request, obj, f"{len(rows)} {noun} ingevoerd.")
                if draft != before:
                    self.tell_what_lapsed(request, obj, before)
                return self._back(
                    request, obj, "De cijfers staan in het concept. Dien het in, of publiceer het."
                )
            new = [one for one in changes if one.is_new]
            different = [one for one in changes if one.is_different]
            told = [*different, *new]
            context |= {
                "new": new,
                "different": different,
                "told": told,
                "unsure": [one for one in told if one.row.unsure],
                "ahead": [one for one in told if one.is_ahead],
                "no_share": [one for one in told if one.is_no_share],
                "below_nought": [one for one in told if one.is_below_nought],
                "same": len(changes) - len(told),
                "has_notes": any(one.note_shown for one in told),
                "digest": digest,
                "read": form.cleaned_data["read"],
                "overtaken": "gezien" in request.POST,
            }
        return self._page(request, obj, "measurements", context)


def _pairs(text, form):
    """Return the pairs that stand on the lines of `text`; `form` is how to write one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    pairs = [tuple(part.strip() for part in line.split("=", 1)) for line in lines]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):
        raise ValidationError(f"Schrijf elke regel als {form}.")
    return pairs


def _digest(changes):
    """Return a mark of what the editor was shown, so that nothing else is written."""
    shown = [
        (repr(one.row), one.is_new, one.is_different, one.was, one.mark_shown, one.note_shown)
        for one in changes
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]
