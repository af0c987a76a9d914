"""The forms of an image: to take it in, in the editor or the admin, and of its words after that."""

import hashlib
import json
from pathlib import PurePath

from django import forms

from veiligalmere.editorial.images.limits import MAX_BYTES, Refused, megabytes
from veiligalmere.editorial.images.model import WORDS, Image
from veiligalmere.editorial.images.store import store
from veiligalmere.editorial.kept_form import KeptForm
from veiligalmere.editorial.snapshot import take
from veiligalmere.editorial.versions import Version

SEEN = "_gezien"  # the words that the form showed, so that nobody overwrites newer ones
# Of a line of the usual width a description shows only its first words.
WIDGETS = {"alternative_text": forms.Textarea(attrs={"rows": 3, "cols": 60})}


class NewImageForm(KeptForm):
    """A file with its alternative text, or the choice for none, and who made it."""

    file = forms.FileField(
        label="Bestand",
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
        fields = ["name", *WORDS]
        widgets = WIDGETS

    def __init__(self, *args, by=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.pictures = {}
        # Without a name of its own an image is called after its file.
        self.fields["name"].required = False

    def clean_file(self):
        """Decode the file; say in Dutch why if that can't be."""
        from veiligalmere.editorial.images.processing import (  # noqa: PLC0415 -- Pillow
            renditions,
        )

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


class ImageWordsForm(KeptForm):
    """The words that go with an image that is there already."""

    fixed = ""  # Dutch sentences: why the words, which are then no fields, can't be changed

    class Meta:
        model = Image
        fields = ["name", *WORDS]
        widgets = WIDGETS

    def clean(self):
        """Refuse words that may not be changed, or that a colleague changed meanwhile."""
        cleaned = super().clean()
        # Locked until the admin's transaction ends, or a change between this and saving was lost.
        self.instance.refresh_from_db(from_queryset=Image.objects.select_for_update())
        if self.fixed and (written := self._words_beside_the_form()):
            raise forms.ValidationError(f"{self.fixed} Niet opgeslagen: {written}.")
        now = self.instance
        same = all(value == getattr(now, name) for name, value in cleaned.items())
        if not same and self.data.get(SEEN, state_of(now)) != state_of(now):
            raise forms.ValidationError(self._changed_meanwhile(now))
        return cleaned

    def _words_beside_the_form(self):
        """Return the words that were posted for what is no field any more, and differ."""
        written = [
            f"“{self.data[name]}”"
            for name in ("alternative_text", "credit")
            if name in self.data and self.data[name].strip() != getattr(self.instance, name)
        ]
        if "decorative" in self.data and not self.instance.decorative:
            written.append("decoratief")
        return ", ".join(written)

    def _changed_meanwhile(self, now):
        newest = Version.objects.of(now).first()
        seen, _, _ = self.data[SEEN].partition(".")
        by_someone = newest and str(newest.number) != seen
        who = f"{newest.who} heeft deze woorden" if by_someone else "Deze woorden zijn"
        words = [f"naam “{now.name}”"]
        words.append(
            "decoratief" if now.decorative else f"alternatieve tekst “{now.alternative_text}”"
        )
        if now.credit:
            words.append(f"maker of bron “{now.credit}”")
        return (
            f"{who} intussen gewijzigd. Nu geldt: {', '.join(words)}. Wat u schreef, staat nog in "
            "het formulier. Sla nog eens op als dat moet gelden."
        )


def state_of(image):
    """Return what differs after every change of the words of `image`, also by blacking out."""
    newest = Version.objects.of(image).first()
    words = json.dumps(take(image), sort_keys=True).encode()
    return f"{newest.number if newest else 0}.{hashlib.sha256(words).hexdigest()[:16]}"
