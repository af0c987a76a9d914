"""From an uploaded file that may hold anything to pictures that hold nothing but pixels.

Every picture is pasted into a fresh one and encoded anew, so that no metadata (where a photo was
taken, by whom) and nothing hidden in the file survives.
"""

import struct
import zlib
from io import BytesIO
from threading import Lock

from django.utils.formats import number_format
from PIL import Image, ImageOps

from veiligalmere.editorial.images.limits import MAX_BYTES, Refused, megabytes

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 25_000_000  # 6,000 × 4,000 of a camera fits; decoded it takes some 100 MB
MAX_RATIO = 8  # of the long side to the short one; WebP holds no more than 16,383 pixels
MAX_SCANS = 30  # of a progressive JPEG; encoders make about ten, an attack makes thousands
WIDTHS = (480, 960, 1440)  # pixels; a column of text is 672 wide, on a sharp screen twice that
QUALITY = 80

NOT_AN_IMAGE = "Dit bestand is geen JPEG-, PNG- of WebP-afbeelding."
BROKEN = "Dit bestand is beschadigd: de afbeelding is niet te lezen."

# What Pillow's readers raise on damaged and hostile files.
_FAULTS = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, OSError, SyntaxError, TypeError),
    *(ValueError, RuntimeError, Image.DecompressionBombError, Image.DecompressionBombWarning),
    *(struct.error, zlib.error),
)

# One at a time in each process: ten uploads at once must not take a gigabyte.
_one_at_a_time = Lock()


def renditions(file):
    """Return the widths that an uploaded file is shown in, as {width: PIL image}, widest last.

    `file` is a Django file. Nothing is ever enlarged. Raises Refused.
    """
    if file.size > MAX_BYTES:
        raise Refused(
            f"Dit bestand is te groot: {megabytes(file.size)}. "
            f"Een afbeelding mag hoogstens {megabytes(MAX_BYTES)} zijn."
        )
    data = file.read()
    if not data:
        raise Refused("Dit bestand is leeg.")
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"heif"}:
        raise Refused(
            "Dit is een HEIC-foto, zoals iPhones die maken. Bewaar de foto als JPEG en plaats die."
        )
    with _one_at_a_time:
        return _scaled(_opened(data))


def encoded(picture):
    """Return a picture as the bytes of a WebP file."""
    stream = BytesIO()
    picture.save(stream, "WEBP", quality=QUALITY, method=4)
    return stream.getvalue()


def _opened(data):
    """Return the image that `data` holds, not yet decoded; raise Refused by what its head says."""
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Refused(_too_many_pixels()) from bomb
    except _FAULTS as fault:
        raise Refused(NOT_AN_IMAGE) from fault
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise Refused(_too_many_pixels(width, height))
    if max(width, height) > MAX_RATIO * min(width, height):
        raise Refused(
            "Deze afbeelding is te langgerekt: de lange kant mag hoogstens "
            f"{MAX_RATIO} keer de korte zijn."
        )
    if image.format == "JPEG" and data.count(b"\xff\xda") > MAX_SCANS:
        raise Refused(BROKEN)
    return image


def _too_many_pixels(width=0, height=0):
    size = f" ({number_format(width)} bij {number_format(height)})" if width else ""
    return (
        f"Deze afbeelding heeft te veel beeldpunten{size}. Maak haar kleiner: "
        f"hoogstens {number_format(MAX_PIXELS // 1_000_000)} miljoen, bijvoorbeeld 6.000 bij 4.000."
    )


def _scaled(image):
    """Decode `image` once and return it in each width that it is large enough for."""
    try:
        _read_small(image)
        image.load()
        whole = ImageOps.exif_transpose(_in_colours(image))
        widths = [width for width in WIDTHS if width < whole.width]
        widths.append(min(whole.width, WIDTHS[-1]))
        return {width: _fresh(whole, width) for width in dict.fromkeys(widths)}
    except _FAULTS as fault:
        raise Refused(BROKEN) from fault


def _read_small(image):
    """Let a JPEG be decoded at a fraction of its size where that is enough; others can't."""
    # Which side is the width is known after turning it, so the shorter one decides.
    scale = min(1, WIDTHS[-1] / min(image.size))
    image.draft("RGB", (int(image.width * scale), int(image.height * scale)))


def _in_colours(image):
    """Return `image` as RGB, or as RGBA if any of it is transparent."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey; Pillow's own conversion makes all of it white.
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _fresh(whole, width):
    """Return a new picture of this width that holds the pixels of `whole` and nothing else."""
    height = max(1, round(whole.height * width / whole.width))
    small = whole.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture = Image.new(small.mode, small.size)
    picture.paste(small)
    return picture
