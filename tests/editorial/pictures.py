"""Image files for tests, made in memory."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from veiligalmere.editorial.images.forms import NewImageForm


def picture(width=1600, height=900, kind="JPEG", mode="RGB", **options):
    """Return an image file as bytes: left half red, right half blue."""
    image = Image.new(mode, (width, height), (200, 30, 30) if mode == "RGB" else 0)
    if mode == "RGB":
        image.paste((30, 30, 200), (width // 2, 0, width, height))
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def upload_of(data, name="foto.jpg", kind="image/jpeg"):
    """Return `data` as a form receives an uploaded file."""
    return SimpleUploadedFile(name, data, kind)


def stored_image(**words):
    """Store an image as an editor would, and return it."""
    words = {"alternative_text": "Een wijkagent op de fiets", **words}
    form = NewImageForm(words, {"file": upload_of(picture())})
    assert form.is_valid(), form.errors
    return form.save()
