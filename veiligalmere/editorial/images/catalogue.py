"""What the renderer needs to know of images, in a number of queries that does not grow.

A page renders many texts. Within one request, the first text that names an image brings all those
whose number is near, so that a page with a hundred images asks once. Nothing is kept from one
request to the next: several web machines share the database and nothing else.
"""

import re
from dataclasses import dataclass

from asgiref.local import Local
from django.core.signals import request_finished, request_started

from veiligalmere.editorial.images.model import Image

REFERENCE = re.compile(r"afbeelding:([0-9]{1,9})(?![0-9])")
BLOCK = 500  # images whose numbers lie together and that are read at once
MAX_BLOCKS = 8  # in one query

_request = Local()


@dataclass(frozen=True)
class Picture:
    """An image as it is shown."""

    pk: int
    src: str
    srcset: str
    width: int
    height: int
    alternative_text: str
    credit: str


def pictures_in(text):
    """Return the images that `text` names and that exist, as a tuple of Pictures; one query.

    Of more than BLOCK different names in one text, those with the highest numbers are not looked
    up.
    """
    wanted = sorted({int(number) for number in REFERENCE.findall(text)})[:BLOCK]
    if not wanted:
        return ()
    blocks = getattr(_request, "blocks", None)
    needed = {number // BLOCK for number in wanted}
    if blocks is None or len(needed) > MAX_BLOCKS:
        found = {one.pk: _picture(one) for one in Image.objects.filter(pk__in=wanted)}
    else:
        _read(blocks, needed - blocks.keys())
        found = {pk: picture for block in needed for pk, picture in blocks[block].items()}
    return tuple(found[number] for number in wanted if number in found)


def _read(blocks, missing):
    """Add the images of the `missing` blocks to `blocks`, in one query."""
    if not missing:
        return
    blocks |= {block: {} for block in missing}
    for one in Image.objects.in_blocks(missing, BLOCK):
        blocks[one.pk // BLOCK][one.pk] = _picture(one)


def _picture(image):
    return Picture(
        pk=image.pk,
        src=image.url(),
        srcset=", ".join(f"{image.url(width)} {width}w" for width in image.widths),
        width=image.width,
        height=image.height,
        alternative_text=image.alternative_text,
        credit=image.credit,
    )


def open_catalogue(**kwargs):
    """Start with an empty catalogue (`request_started`)."""
    _request.blocks = {}


def close_catalogue(**kwargs):
    """Forget the catalogue (`request_finished`, and every change of an image)."""
    _request.blocks = None


request_started.connect(open_catalogue)
request_finished.connect(close_catalogue)
