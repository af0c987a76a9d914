"""The upload against hostile files: refused with a reason, in little memory, never a 500."""

import struct
import subprocess
import sys
import zlib
from contextlib import suppress
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageFile

from tests.editorial.pictures import picture, upload_of
from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.images.processing import (
    MAX_BYTES,
    MAX_PIXELS,
    WIDTHS,
    Refused,
    encoded,
    renditions,
)

UPLOAD = "/beheer/tekst/afbeelding/"
FAULT = timedelta(seconds=30)


@pytest.fixture
def media(settings, tmp_path):
    """A folder for uploads of each test's own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def png_of(width, height, colour=2):
    """Return a small PNG file that claims, and zipped up holds, this many pixels."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + width * (3 if colour == 2 else 1))
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def refusal_of(data, name="foto.jpg"):
    with pytest.raises(Refused) as refused:
        renditions(ContentFile(data, name))
    return str(refused.value)


@pytest.fixture
def no_decoding(monkeypatch):
    """Fail if any pixel is decoded."""

    def decode(*arguments):
        pytest.fail("it was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)


def test_enormous_png_is_refused_by_its_head(no_decoding):
    data = png_of(13_000, 13_000, colour=0)
    assert len(data) < 500_000
    assert "te veel beeldpunten" in refusal_of(data, "bom.png")


@pytest.mark.parametrize("size", [(5001, 5000), (9_600, 9_600), (60_000, 60_000)])
def test_too_many_pixels_are_refused_in_each_way_that_pillow_reports_them(no_decoding, size):
    width, height = size
    head = png_of(1, 1)
    data = head[:16] + struct.pack(">II", width, height) + head[24:]
    # The head has to be right, or it is refused for that.
    data = data[:29] + struct.pack(">I", zlib.crc32(data[12:29])) + data[33:]
    assert "te veel beeldpunten" in refusal_of(data, "bom.png")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "foto.jpg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "foto.svg"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "foto.gif"),
        (b"%PDF-1.7", "foto.jpg"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "foto.png"),
        (b"BM" + bytes(100), "foto.bmp"),
        (b"\x00", "foto.jpg"),
    ],
)
def test_what_is_no_image_of_ours_is_refused_whatever_it_is_called(data, name):
    assert "geen JPEG-, PNG- of WebP" in refusal_of(data, name)


def test_each_other_refusal_has_its_reason():
    assert "leeg" in refusal_of(b"")
    assert "HEIC" in refusal_of(b"\x00\x00\x00\x18ftypheic" + bytes(20))
    assert "te groot: 10 MB" in refusal_of(bytes(MAX_BYTES + 1))
    assert "langgerekt" in refusal_of(png_of(1000, 10))
    assert "beschadigd" in refusal_of(picture()[:2000])


def test_jpeg_of_a_thousand_scans_is_refused_without_decoding(no_decoding):
    data = picture(64, 64, progressive=True)
    start = data.index(b"\xff\xda")
    assert "beschadigd" in refusal_of(data[:start] + b"\xff\xda\x00\x08" * 1000 + data[start:])


def test_file_hidden_behind_an_image_is_not_kept():
    data = picture(64, 64, "PNG") + b"<script>alert(1)</script>PK\x03\x04"
    for kept in renditions(ContentFile(data, "x.png")).values():
        assert b"script" not in encoded(kept)


def test_metadata_bomb_in_a_png_is_refused():
    text = zlib.compress(bytes(100_000_000), 9)
    body = b"Comment\x00\x00" + text
    chunk = (
        struct.pack(">I", len(body))
        + b"zTXt"
        + body
        + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    )
    data = png_of(8, 8)
    assert refusal_of(data[:33] + chunk + data[33:], "x.png")


def test_largest_image_that_is_taken_fits_in_bounded_memory(tmp_path):
    """Measured in a process of its own: Pillow's memory is not Python's."""
    side = int(MAX_PIXELS**0.5)
    file = tmp_path / "groot.png"
    Pillow.new("LA", (side, side), (90, 40)).save(file, compress_level=1)
    program = (
        "import resource, sys\n"
        "from django.core.files import File\n"
        "from veiligalmere.editorial.images.processing import renditions\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "with open(sys.argv[1], 'rb') as file:\n"
        "    print(*renditions(File(file)))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, file], capture_output=True, text=True, check=True
    )
    widths, kilobytes = result.stdout.splitlines()
    assert widths == " ".join(map(str, WIDTHS))
    if sys.platform == "linux":  # elsewhere the number counts bytes
        assert int(kilobytes) < 400_000


def good_files():
    """Return small image files of every kind that is taken."""
    exif = Pillow.Exif()
    exif[0x0112] = 6
    palette = BytesIO()
    Pillow.new("P", (20, 20)).save(palette, "PNG", transparency=0)
    moving = BytesIO()
    frames = [Pillow.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 99, 200)]
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    return [
        picture(40, 30, exif=exif),
        picture(40, 30, progressive=True),
        picture(40, 30, mode="CMYK"),
        picture(40, 30, mode="L"),
        picture(40, 30, "PNG"),
        picture(40, 30, "PNG", mode="1"),
        picture(40, 30, "PNG", mode="I;16"),
        palette.getvalue(),
        picture(40, 30, "WEBP"),
        picture(40, 30, "WEBP", mode="RGBA", lossless=True),
        moving.getvalue(),
    ]


GOOD = good_files()


@pytest.mark.parametrize("data", GOOD)
def test_every_kind_of_good_image_is_taken(data):
    (kept,) = renditions(ContentFile(data, "x")).values()
    assert Pillow.open(BytesIO(encoded(kept))).format == "WEBP"


@st.composite
def damaged(draw):
    """Return a good file with bytes changed, cut out or put in, or none at all of it."""
    data = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        size = draw(st.integers(0, 8))
        data[at : at + size] = draw(st.binary(max_size=8))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


files = st.one_of(damaged(), st.binary(max_size=200))


@given(files)
@settings(max_examples=300, deadline=FAULT, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_file_is_an_image_or_a_refusal_and_nothing_else(data):
    kept = {}
    with suppress(Refused):
        kept = renditions(ContentFile(data, "x"))
    assert all(encoded(one).startswith(b"RIFF") for one in kept.values())


@pytest.mark.django_db
@given(data=files, name=st.text(max_size=60), words=st.text(max_size=300), flag=st.booleans())
@settings(
    max_examples=60,
    deadline=FAULT,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.slow
def test_whatever_is_sent_is_stored_or_refused(beheerder, media, data, name, words, flag):
    fields = {"alternative_text": words, "credit": words[:50], "name": name}
    if flag:
        fields["decorative"] = "on"
    answer = beheerder.post(UPLOAD, {"file": upload_of(data, f"{name}.jpg"), **fields})
    assert answer.status_code in {201, 400}
    if answer.status_code == 201:
        image = Image.objects.get(pk=answer.json()["id"])
        assert image.folder.startswith("afbeeldingen/")
    else:
        assert answer.json()["errors"]


@pytest.mark.django_db
def test_request_that_is_too_large_is_refused_before_it_is_read(beheerder, media):
    answer = beheerder.generic(
        "POST", UPLOAD, b"x" * (MAX_BYTES + 200_000), "multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413
    assert "te groot" in answer.json()["errors"]["file"][0]
    assert not answer.wsgi_request._read_started


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (b"--x", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--x--", "text/plain"),
        (b"{}", "application/json"),
    ],
)
def test_request_that_holds_no_file_is_a_bad_one(beheerder, media, body, kind):
    assert beheerder.generic("POST", UPLOAD, body, kind).status_code == 400


@pytest.mark.django_db
def test_stored_image_goes_out_as_an_image_and_can_do_nothing_else(beheerder, media, bezoeker):
    answer = beheerder.post(
        UPLOAD,
        {"file": upload_of(picture(40, 30), "x.html", "text/html"), "decorative": "on"},
    )
    image = Image.objects.get(pk=answer.json()["id"])
    shown = bezoeker.get(image.url())
    assert shown["Content-Type"] == "image/webp"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert "sandbox" in shown["Content-Security-Policy"]
    shown.close()
