"""Forms of the back-office: how texts are saved, and what was written in one shown again."""

from django import forms

from veiligalmere.editorial.unseen import is_blank
from veiligalmere.editorial.xml_text import for_xml


class CleanTextsMixin:
    """For a form: its texts are saved as `as_saved` gives them."""

    def clean(self):
        """Return the cleaned data, which is `cleaned_data` itself."""
        cleaned = super().clean() or self.cleaned_data
        for name, value in list(cleaned.items()):
            try:
                cleaned[name] = as_saved(value, self.fields[name])
            except forms.ValidationError as error:
                self.add_error(name, error)
        return cleaned


class KeptForm(CleanTextsMixin, forms.ModelForm):
    """A form of an object.

    With `held_back`, a Dutch sentence that says why, it is only shown again and not saved.
    """

    held_back = ""

    def clean(self):
        """Return the cleaned data; refuse it if the form is only to be shown again."""
        cleaned = super().clean()
        self.check(cleaned)
        if self.held_back:
            raise forms.ValidationError(self.held_back, code="held-back")
        return cleaned

    def check(self, cleaned):
        """Add errors about several fields; does nothing unless a form has its own rules."""


def as_saved(value, field):
    """Return `value`, which the form field `field` gave, as it is saved.

    A text gets one kind of newline, so that an unchanged form changes nothing. Characters that
    nobody sees and no file holds go: a PDF has some at the end of a broken line, and they come
    along when its text is pasted. Where Word ends a line, a field of one line gets a space.

    A text in which nothing is seen is an empty one; raises ValidationError if it may not be empty.
    """
    if not isinstance(value, str):
        return value
    line_end = "\n" if isinstance(field.widget, forms.Textarea) else " "
    text = for_xml(value.replace("\r\n", "\n"), line_end=line_end)
    if not is_blank(text):
        return text
    if field.required:
        raise forms.ValidationError(field.error_messages["required"], code="required")
    return ""


def ask_files_again(form):
    """Say at each field of `form`, which was not saved, that the file sent for it has to be chosen.

    A browser does not fill in a file again, so that the field is empty without a word. Where the
    file itself was refused, the reason says enough.
    """
    for name, field in form.fields.items():
        sent = form.files.get(form.add_prefix(name))
        if isinstance(field, forms.FileField) and sent and name not in form.errors:
            form.add_error(name, f"Kies “{sent.name}” opnieuw: dit bestand is nog niet opgeslagen.")


def show_first_mistake(context):
    """Let the cursor begin in the first field that is wrong in a form in `context`, if any is.

    Return whether there are mistakes: the page's title says so too. With any, a file that was sent
    is asked for again.
    """
    wrong = [one for one in context.values() if isinstance(one, forms.BaseForm) and one.errors]
    for form in wrong:
        ask_files_again(form)
    for form in wrong[:1]:
        for field in form:
            field.field.widget.attrs.pop("autofocus", None)
        for field in [one for one in form if one.errors][:1]:
            field.field.widget.attrs["autofocus"] = True
    return bool(wrong)
