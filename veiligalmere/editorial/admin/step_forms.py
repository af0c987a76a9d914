"""What a chief editor says at each step between draft and public."""

from datetime import UTC

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from veiligalmere.editorial.kept_form import CleanTextsMixin

NO_SUCH_MOMENT = (
    "Dit tijdstip bestaat niet: de klok gaat in deze nacht een uur vooruit. Kies een tijd daarna."
)
TWO_SUCH_MOMENTS = (
    "Dit tijdstip komt twee keer voor: de klok gaat in deze nacht een uur terug. Kies een andere "
    "tijd."
)


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a date and a time."""

    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A moment in Dutch time, that says what the clock does in the night that it is changed."""

    def to_python(self, value):
        """Return the moment; raise ValidationError if there is none, or if there are two."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            zone = timezone.get_current_timezone()
            moment = error.params["datetime"].replace(tzinfo=zone)
            if moment.astimezone(UTC).astimezone(zone) != moment:
                raise ValidationError(NO_SUCH_MOMENT) from error
            raise ValidationError(TWO_SUCH_MOMENTS) from error


class PublishForm(CleanTextsMixin, forms.Form):
    """What a chief editor says when publishing; now, or with the button to plan at `moment`.

    The button says what is meant. A browser sends a moment that is half filled in as an empty one,
    which must not publish what was to wait.
    """

    prefix = "publiceren"
    plans = False  # whether the button to plan was pressed
    note = forms.CharField(
        label="Wat is er veranderd?",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        required=False,
        max_length=2000,
        help_text="Iedereen kan dit lezen, op de pagina met wijzigingen.",
    )
    minor = forms.BooleanField(
        label="Kleine wijziging",
        required=False,
        help_text="Een spelfout of iets in de opmaak: dan hoeft er geen toelichting bij.",
    )
    moment = MomentField(
        label="Plannen op",
        widget=MomentInput(),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M"],
        help_text="Alleen om het later te publiceren: een datum en een tijd, in Nederlandse tijd.",
    )

    def clean_moment(self):
        """Refuse a moment that does not fit the button, and one that has been."""
        moment = self.cleaned_data["moment"]
        if self.plans and moment is None:
            raise ValidationError("Vul een datum en een tijd in.")
        if self.plans and moment <= timezone.now():
            raise ValidationError("Dit moment is al voorbij. Kies een later moment.")
        if moment and not self.plans and "moment" in self.changed_data:
            raise ValidationError("U vulde een moment in. Kies “Plannen”, of maak dit veld leeg.")
        return moment if self.plans else None

    def clean(self):
        """Ask for a note, unless the change is a small one."""
        cleaned = super().clean()
        cleaned["note"] = cleaned.get("note", "").strip()
        if not cleaned["note"] and not cleaned.get("minor"):
            self.add_error(
                "note", "Schrijf wat er veranderd is, of vink aan dat het een kleine wijziging is."
            )
        return cleaned


class ReturnForm(CleanTextsMixin, forms.Form):
    """What a chief editor says when returning a draft."""

    prefix = "terugsturen"
    remark = forms.CharField(
        label="Opmerking",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        max_length=2000,
        help_text="Alleen collega’s lezen dit, boven het formulier.",
        error_messages={"required": "Schrijf wat er nog moet gebeuren."},
    )


class WithdrawForm(CleanTextsMixin, forms.Form):
    """What a chief editor says when withdrawing."""

    prefix = "intrekken"
    note = forms.CharField(
        label="Waarom trekt u dit in?",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        max_length=2000,
        help_text="Iedereen kan dit lezen, op de pagina met wijzigingen.",
        error_messages={"required": "Schrijf waarom u dit intrekt."},
    )
