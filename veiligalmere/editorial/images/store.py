"""Keeping images: the only functions that write or remove one."""

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.snapshot import content_fields, take
from veiligalmere.editorial.versions import Version, keep_version


def store(image, pictures, *, by=None):
    """Save new `image` with its files and return it.

    `pictures` is {width: PIL image}. The files get a name of ours that can't be guessed, so that
    an image in a draft is seen by nobody who was not shown it. Without a row no file stays.
    """
    from veiligalmere.editorial.images.processing import encoded  # noqa: PLC0415 -- Pillow

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
            _keep(image, by=by)
    except BaseException:
        # Of a full disk the last file may be there in part.
        for width in widths:
            default_storage.delete(image.file_name(width))
        raise
    return image


def save_words(image, *, by=None):
    """Save what was changed in the words of `image`, and keep them as a version.

    Every page that shows the image has them at once. Returns whether anything changed.
    """
    with transaction.atomic():
        before = Image.objects.select_for_update().get(pk=image.pk)
        content = take(before)
        if not Version.objects.of(before).exists():
            # An image from before words had versions: what it was placed with is the first.
            _keep(before, by=before.uploaded_by, created_at=before.uploaded_at)
        image.save()
        if take(image) == content:
            return False
        _keep(image, by=by)
        raise_content_version()
    return True


def put_words_back(image, version, *, by=None):
    """Let the words of `version` of `image` hold again; return whether that changed anything."""
    with transaction.atomic():
        image.refresh_from_db(from_queryset=Image.objects.select_for_update())
        # Words may have been blacked out in the version since it was read.
        fields = Version.objects.select_for_update().get(pk=version.pk).content["fields"]
        for field in content_fields(Image):
            setattr(image, field.attname, fields.get(field.name, getattr(image, field.attname)))
        return save_words(image, by=by)


def _keep(image, *, by, **more):
    """Keep the words of `image` as a version; call it while its row is locked or new."""
    keep_version(image, take(image), kind=Version.Kind.CONCEPT, by=by, **more)


def remove_files(image):
    """Remove the files of `image`, which has just been deleted, once that is certain."""
    names = [image.file_name(width) for width in image.widths]
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names])
