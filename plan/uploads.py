"""Documents that editors upload: PDF files that do nothing but be read."""

import re
import secrets

from django.core.exceptions import ValidationError
from django.utils import timezone

from plan.pdf_parts import TooMuch, Unreadable, parts_of, unescaped

MAX_BYTES = 20 * 1024 * 1024
MAX_HEADERS = 4 * 1024 * 1024  # bytes, of all object streams together
MAX_HASHES = 100_000  # signs that may begin an escape: more than the addresses in a document have
FOLDER = "documenten"

# What makes a PDF do something: run a script, start a program, open, carry or send files.
_ACTIVE = (
    *("JavaScript", "JS", "OnInstantiate", "Launch", "AA", "OpenAction", "GoToR", "GoToE"),
    *("EmbeddedFile", "EmbeddedFiles", "EF", "FileAttachment", "SubmitForm", "ImportData", "XFA"),
    *("RichMedia", "Rendition", "Movie", "Sound"),
)
_NAMES = frozenset(name.encode() for name in (*_ACTIVE, "Encrypt"))
_PLAIN = re.compile(rb"/(" + b"|".join(sorted(_NAMES)) + rb")(?![A-Za-z0-9])")
_PROTECTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
# A letter or digit of a name written as #xx, as in /J#61vaScript. Many addresses have one too.
_ESCAPE = re.compile(rb"#(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])")
_LONGEST = 3 * max(map(len, _NAMES))  # with all of it escaped

# What opening a document may do: show a page. So say LibreOffice, LaTeX and Acrobat.
_GOES_TO = re.compile(
    rb"""[\0\s]* (?: \[ | << (?: [\0\s]* (?:
        /Type [\0\s]* /Action
        | /S [\0\s]* /GoTo
        | /D [\0\s]* (?: \[ [^\[\]<>()]* \] | \( [^()\\]* \) | [0-9]+ [ ] [0-9]+ [ ] R )
    ) )*+ [\0\s]* >> )""",
    re.VERBOSE,
)
_OPENS = re.compile(rb"/OpenAction")
_REFERS_TO = re.compile(rb"[\0\s]*0*([1-9][0-9]{0,8}) [0-9]+ R")


def document_path(instance, filename):
    """Return where an uploaded document is kept: under a name of ours that can't be guessed."""
    return f"{FOLDER}/{timezone.localdate():%Y}/{secrets.token_hex(12)}.pdf"


def check_pdf(file):
    """Raise ValidationError, in Dutch, unless the uploaded `file` is a PDF that only can be read.

    Names in a PDF may be written with #xx and stand in packed streams, so those are read too. What
    can't be looked into, such as what is protected with a password, is refused.
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
    if _PROTECTED.search(raw):
        raise ValidationError("Deze PDF is beveiligd. Bewaar hem zonder wachtwoord of beveiliging.")
    try:
        _refuse_what_acts(parts_of(raw))
    except TooMuch as error:
        raise ValidationError(
            "In deze PDF zit te veel om hem na te kijken. Splits hem in delen, of maak hem opnieuw "
            "met “Afdrukken naar PDF”."
        ) from error
    except Unreadable as error:
        raise ValidationError(
            "Deze PDF is zo opgeslagen dat we hem niet helemaal kunnen nakijken. Sla hem opnieuw "
            "op als PDF in het programma waarin hij is gemaakt. Lukt dat niet? Open hem dan en "
            "kies “Afdrukken naar PDF”."
        ) from error


def _refuse_what_acts(parts):
    """Raise ValidationError if `parts` name what makes a PDF do something."""
    if (
        sum(part.text.count(b"#") for part in parts) > MAX_HASHES
        or sum(part.header for part in parts) > MAX_HEADERS
    ):
        raise TooMuch
    if any(_acts(part.text) for part in parts) or not _opens_at_a_page(parts):
        raise ValidationError(
            "In deze PDF zit een script, een bijlage of een actie. Bewaar hem opnieuw als gewone "
            "PDF, bijvoorbeeld met “Afdrukken naar PDF”."
        )


def _acts(text):
    """Whether `text` names what makes a PDF do something, other than /OpenAction itself."""
    return any(match[1] != b"OpenAction" for match in _PLAIN.finditer(text)) or any(
        _PLAIN.match(name) for name in _escaped_names(text)
    )


def _escaped_names(text):
    for match in _ESCAPE.finditer(text):
        begin = text.rfind(b"/", max(match.start() - _LONGEST, 0), match.start())
        if begin >= 0:
            yield unescaped(text[begin : match.end() + _LONGEST])


def _opens_at_a_page(parts):
    """Whether opening the document does nothing but show a page."""
    numbers = set()
    for part in parts:
        for match in _OPENS.finditer(part.text):
            if not _GOES_TO.match(part.text, match.end()):
                refers = _REFERS_TO.match(part.text, match.end())
                numbers.add(refers and refers[1])
    if not numbers or None in numbers:
        return not numbers
    # An object may stand in a file more than once; which one counts, readers settle differently.
    found = {number: [] for number in numbers}
    for part in parts:
        for number, at in part.objects(numbers):
            found[number].append(_GOES_TO.match(part.text, at))
    return all(pages and all(pages) for pages in found.values())
