"""What visitors fill in to follow something."""

from django import forms

from plan.models import Subscription
from veiligalmere.editorial.mailing import LONGEST_ADDRESS, in_one_spelling, validate_can_be_mailed
from veiligalmere.pages.following.subjects import EVERYTHING, Subject


class FollowForm(forms.Form):
    """What to follow, how often to hear of it, and where."""

    subject = forms.CharField(required=False)
    frequency = forms.ChoiceField(
        choices=Subscription.Frequency,
        initial=Subscription.Frequency.WEEKLY,
        error_messages={
            "required": "Kies hoe vaak u mail wilt.",
            "invalid_choice": "Kies hoe vaak u mail wilt.",
        },
    )
    email = forms.EmailField(
        max_length=LONGEST_ADDRESS,
        validators=[validate_can_be_mailed],
        error_messages={
            "required": "Vul uw mailadres in.",
            "invalid": "Dit is geen mailadres. Een mailadres heeft een @, zoals in "
            "naam@voorbeeld.nl.",
            "max_length": "Dit mailadres is te lang.",
        },
    )
    # People don't see this field; programs that fill in forms do.
    website = forms.CharField(required=False)

    # The names of the fields on the page.
    names = {
        "subject": "wat",
        "frequency": "hoe-vaak",
        "email": "mailadres",
        "website": "website",
    }

    def add_prefix(self, field_name):
        """Return the Dutch name of a field."""
        return self.names.get(field_name, field_name)

    def clean_subject(self):
        """Return the Subject that was chosen."""
        subject = Subject.named(self.cleaned_data["subject"] or EVERYTHING)
        if subject is None:
            raise forms.ValidationError("Dit is er niet (meer). Kies iets anders om te volgen.")
        return subject

    def clean_email(self):
        """Return the address as it is kept, so that one mailbox has one."""
        return in_one_spelling(self.cleaned_data["email"])

    @property
    def is_by_a_program(self):
        """Whether the field was filled in that people don't see."""
        return bool(self.cleaned_data["website"])
