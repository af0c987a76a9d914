"""Documents that editors upload: PDF files that do nothing but be read."""

import re
import secrets
import zlib

from django.core.exceptions import ValidationError
from django.utils import timezone

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024  # of all streams of a file together
FOLDER = "documenten"

# What makes a PDF do something: run a script, start a program, carry or send files.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|SubmitForm|ImportData|RichMedia|XFA|OpenAction|AA)"
    rb"(?![A-Za-z0-9])"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")


def document_path(instance, filename):
    """Return where an uploaded document is kept: under a name of ours that can't be guessed."""
    return f"{FOLDER}/{timezone.localdate():%Y}/{secrets.token_hex(12)}.pdf"


def check_pdf(file):
    """Raise ValidationError, in Dutch, unless the uploaded `file` is a PDF that only can be read.

    Names in a PDF may be written with #xx and stand in packed streams, so those are read too. What
    is protected with a password can't be looked into, and is refused.
    """
    if not file.name.lower().endswith(".pdf"):
        raise ValidationError("Kies een PDF-bestand: de naam moet op .pdf eindigen.")
    if file.size > MAX_BYTES:
        raise ValidationError("Dit bestand is te groot: een PDF mag hooguit 20 MB zijn.")
    file.seek(0)
    raw = file.read()
    file.seek(0)
    if not raw.startswith(b"%PDF-") or b"%%EOF" not in raw[-2048:]:
        raise ValidationError("Dit is geen PDF-bestand, of het is niet heel.")
    if _has_name(raw, rb"/Encrypt(?![A-Za-z0-9])"):
        raise ValidationError("Deze PDF is beveiligd. Bewaar hem zonder wachtwoord of beveiliging.")
    if _ACTIVE.search(_plain_names(raw)) or any(
        _ACTIVE.search(_plain_names(stream)) for stream in _unpacked(raw)
    ):
        raise ValidationError(
            "In deze PDF zit een script, een bijlage of een actie. Bewaar hem opnieuw als gewone "
            "PDF, bijvoorbeeld met “Afdrukken naar PDF”."
        )


def _has_name(raw, name):
    return re.search(name, _plain_names(raw)) is not None


def _plain_names(raw):
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), raw)


def _unpacked(raw):
    """Yield the packed streams of a PDF that hold objects, unpacked; refuse too much of them."""
    total = 0
    for match in _STREAM.finditer(raw):
        unpacker = zlib.decompressobj()
        try:
            stream = unpacker.decompress(raw[match.end() :], MAX_UNPACKED - total)
        except zlib.error:
            continue  # packed in another way: a picture, say
        total += len(stream)
        if total >= MAX_UNPACKED:
            raise ValidationError("In deze PDF zit te veel om hem na te kijken.")
        yield stream
