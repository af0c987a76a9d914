"""The form that takes an image in: in the editor and on the admin's own page."""

from pathlib import PurePath

from django import forms

from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.images.processing import MAX_BYTES, Refused, megabytes, renditions
from veiligalmere.editorial.images.store import store


class NewImageForm(forms.ModelForm):
    """A file with its alternative text, or the choice for none, and who made it."""

    file = forms.FileField(
        label="bestand",
        help_text=f"JPEG, PNG of WebP, hoogstens {megabytes(MAX_BYTES)}.",
        error_messages={
            "required": "Kies een bestand.",
            "empty": "Dit bestand is leeg.",
            "missing": "Kies een bestand.",
        },
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        model = Image
        fields = ["name", "alternative_text", "decorative", "credit"]

    def __init__(self, *args, by=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.pictures = {}
        # Without a name of its own an image is called after its file.
        self.fields["name"].required = False

    def clean_file(self):
        """Decode the file; say in Dutch why if that can't be."""
        file = self.cleaned_data["file"]
        try:
            self.pictures = renditions(file)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file

    def clean(self):
        """Name the image after its file if the editor did not name it, and give it a size."""
        cleaned = super().clean()
        if not cleaned.get("name") and cleaned.get("file"):
            stem = PurePath(cleaned["file"].name).stem.replace("\x00", "")
            cleaned["name"] = stem[:120].strip() or "afbeelding"
        if self.pictures:
            self.instance.width, self.instance.height = self.pictures[max(self.pictures)].size
        return cleaned

    def save(self, commit=True):
        """Store the image with its files; the admin calls this with `commit=False` first."""
        super().save(commit=False)
        if commit:
            store(self.instance, self.pictures, by=self.by)
        return self.instance


class ImageWordsForm(forms.ModelForm):
    """The words that go with an image that is there already."""

    class Meta:
        model = Image
        fields = ["name", "alternative_text", "decorative", "credit"]
