"""Keeping images: the only functions that write or remove one."""

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.editorial.images.processing import encoded


def store(image, pictures, *, by=None):
    """Save new `image` with its files and return it.

    `pictures` is {width: PIL image}. The files get a name of ours that can't be guessed, so that
    an image in a draft is seen by nobody who was not shown it. Without a row no file stays.
    """
    widths = sorted(pictures)
    image.folder = f"afbeeldingen/{timezone.localdate():%Y}/{secrets.token_hex(12)}"
    image.widths = widths
    image.width, image.height = pictures[widths[-1]].size
    image.uploaded_by = by
    try:
        for width in widths:
            default_storage.save(image.file_name(width), ContentFile(encoded(pictures[width])))
        with transaction.atomic():
            image.save(force_insert=True)
    except BaseException:
        # Of a full disk the last file may be there in part.
        for width in widths:
            default_storage.delete(image.file_name(width))
        raise
    return image


def save_words(image):
    """Save what was changed in the words of `image`; every page that shows it has them at once."""
    with transaction.atomic():
        image.save()
        raise_content_version()


def remove_files(image):
    """Remove the files of `image`, which has just been deleted, once that is certain."""
    names = [image.file_name(width) for width in image.widths]
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names])
