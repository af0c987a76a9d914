"""A form of the back-office that can be shown again with what was written in it."""

from django import forms


class KeptForm(forms.ModelForm):
    """A form whose texts have one kind of newline, so that an unchanged form changes nothing.

    With `held_back`, a Dutch sentence that says why, it is only shown again and not saved.
    """

    held_back = ""

    def clean(self):
        """Return the cleaned data; refuse it if the form is only to be shown again."""
        cleaned = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = value.replace("\r\n", "\n")
        self.check(cleaned)
        if self.held_back:
            raise forms.ValidationError(self.held_back, code="held-back")
        return cleaned

    def check(self, cleaned):
        """Add errors about several fields; does nothing unless a form has its own rules."""


def ask_files_again(form):
    """Say at each field of `form`, which was not saved, that the file sent for it has to be chosen.

    A browser does not fill in a file again, so that the field is empty without a word. Where the
    file itself was refused, the reason says enough.
    """
    for name, field in form.fields.items():
        sent = form.files.get(form.add_prefix(name))
        if isinstance(field, forms.FileField) and sent and name not in form.errors:
            form.add_error(name, f"Kies “{sent.name}” opnieuw: dit bestand is nog niet opgeslagen.")
