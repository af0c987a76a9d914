"""Documents that hide what they do, or that never end; and the ordinary ones, which are taken."""

import io
import random
import zlib
from base64 import a85encode
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from plan.documents.contents import plan_contents
from plan.documents.typesetting import compile_pdf
from plan.uploads import MAX_BYTES, check_pdf
from tests.tooling.deadline import ended_within

HEAD, END = b"%PDF-1.7\n", b"\n%%EOF\n"
CATALOG = b"1 0 obj\n<< /Type /Catalog >>\nendobj\n"
SCRIPT = b"9 0 << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
FLATE = b"/Filter /FlateDecode"
SURE_OF_NOTHING = "niet helemaal kunnen nakijken"
ACTS = "een script, een bijlage of een actie"
FAULT = timedelta(seconds=120)  # the slowest takes some seconds; what takes this long does not end


def check(content):
    check_pdf(SimpleUploadedFile("onderzoek.pdf", content))


def refuse(content, sentence):
    with pytest.raises(ValidationError, match=sentence):
        check(content)


def pdf(*objects):
    return HEAD + CATALOG + b"\n".join(objects) + END


def stream(entries, content, *, between=b">>\nstream\n"):
    return b"5 0 obj\n<< " + entries + b" " + between + content + b"\nendstream\nendobj\n"


def objects(content=SCRIPT, how=FLATE, *, pack=zlib.compress, **kwargs):
    """Return an object stream of `content`, packed with `pack` and said to be packed `how`."""
    return stream(b"/Type /ObjStm /N 1 /First 4 " + how, pack(content), **kwargs)


def without_sum(content):
    return zlib.compress(content)[:-4] + b"\0\0\0\0"


def in_hex(content):
    return zlib.compress(content).hex().encode() + b">"


@pytest.mark.parametrize(
    ("how", "pack"),
    [
        (FLATE, without_sum),
        (FLATE, lambda content: zlib.compress(content)[:-6]),
        (FLATE, lambda content: zlib.compress(content, wbits=-15)),
        (b"/Filter [/ASCIIHexDecode /FlateDecode]", in_hex),
        (b"/Filter [ /AHx /Fl ]", in_hex),
        (b"/Filter /ASCIIHexDecode", lambda content: content.hex().encode() + b">"),
        (b"/Filter /ASCII85Decode", lambda content: a85encode(content) + b"~>"),
        (b"/Filter /LZWDecode", bytes),
        (b"/Filter [/Crypt /FlateDecode] /DecodeParms [<< /Name /X >> null]", zlib.compress),
        (b"/Filter /Fl", zlib.compress),
        (b"/Filter /#46lateDecode", zlib.compress),
        (b"/Filter 7 0 R", zlib.compress),
        (b"/Filter /FlateDecode /Filter /LZWDecode", zlib.compress),
        (b"/F#69lter /ASCIIHexDecode", in_hex),
        (b"/F /AHx", in_hex),
        (b"/Filter /FlateDecode /F (elders.pdf)", zlib.compress),
        (b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >>", zlib.compress),
    ],
)
def test_object_stream_that_is_packed_in_another_way_is_refused(how, pack):
    refuse(pdf(objects(how=how, pack=pack)), SURE_OF_NOTHING)


@pytest.mark.parametrize(
    "hidden",
    [
        objects(),
        objects(how=b"", pack=bytes),
        objects(how=b"/Filter [ /FlateDecode ]"),
        objects(b"9 0 << /S /J#61vaScript >>"),
        stream(b"/N 1 /First 4 " + FLATE, zlib.compress(SCRIPT)),
        stream(b"/N 1 " + FLATE, zlib.compress(SCRIPT)),
        stream(b"/Typ#65 /Obj#53tm /N 1 " + FLATE.replace(b" /", b"/"), zlib.compress(SCRIPT)),
    ],
)
def test_script_in_an_object_stream_is_found(hidden):
    refuse(pdf(hidden), f"{ACTS}|{SURE_OF_NOTHING}")


@pytest.mark.parametrize(
    "hidden",
    [
        objects(between=b">>% een opmerking\nstream\n"),
        objects(between=b">>\n%%EOF\nstream\n"),
        objects(between=b">>\nstream \n"),
        objects(between=b">>stream\r"),
        # Its dictionary seems to be another's: of what stands in a string, or behind a comment.
        objects(how=b"/Filter /LZWDecode /X (9 0 obj << /Subtype /Image)"),
        objects(how=b"/Filter /LZWDecode /X (9 0 obj << /Y \\()"),
        objects(how=b"/Filter /LZWDecode /X < 9 0 obj << /Subtype /Image >"),
        objects(how=b"/Filter /LZWDecode %9 0 obj << /Subtype /Image\n"),
        objects(how=b"/Filter /LZWDecode (% 9 0 obj <<", between=b") >> >>\nstream\n"),
        # It seems to stand in the bytes of a picture.
        stream(b"/Subtype /Image", objects(how=b"/Filter /LZWDecode")),
        b"% 4 0 obj << >>stream\n" + objects(how=b"/Filter /LZWDecode"),
        b"4 0 obj\n( 3 0 obj << >>stream\n)\nendobj\n" + objects(how=b"/Filter /LZWDecode"),
        b"4 0 obj\n<< >>\nstream\n" + objects(how=b"/Filter /LZWDecode"),
        b"4 0 obj\n<< >>\nstream\ntrailer << /Root << /AA 1 0 R >> >>\n",
    ],
)
def test_stream_that_readers_may_see_in_two_ways_is_refused(hidden):
    refuse(pdf(hidden), SURE_OF_NOTHING)


@pytest.mark.parametrize(
    "action",
    [
        b"<< /S /GoToE >>",
        b"<< /S /GoToR /F (//kwaad/deel) >>",
        b"<< /S /SubmitForm >>",
        b"<< /S /ImportData >>",
        b"<< /S /Rendition >>",
        b"<< /Subtype /RichMedia >>",
        b"<< /Type /F /EF << /F 6 0 R >> >>",
        b"<< /XFA 6 0 R >>",
        b"<< /AA << /O 6 0 R >> >>",
        b"<< /#41#41 << /O 6 0 R >> >>",
        b"<< /#4caunch 1 >>",
        b"<< /OpenAction 3 0 R >>",
        b"<< /Open#41ction [3 0 R /Fit] >>",
        b"<< /OpenAction << /S /URI /URI (https://elders.example) >> >>",
        b"<< /OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 6 0 R >> >>",
        b"<< /OpenAction << /S /GoTo /S /URI >> >>",
        b"<< /OpenAction 6 0 R >>\nendobj\n6 0 obj\n<< /S /URI /URI (https://elders.example) >>",
        b"<< /OpenAction 6 0 R >>\nendobj\n6 0 obj\n[3 0 R /Fit]\nendobj\n6 0 obj << /S /URI >>",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_each_kind_of_action_is_refused(action, packed):
    if packed:
        refuse(pdf(objects(b"9 0 " + action)), ACTS)
    else:
        refuse(pdf(b"4 0 obj\n" + action + b"\nendobj"), ACTS)


def test_later_version_in_the_same_file_is_looked_at_too():
    refuse(pdf() + b"4 0 obj\n<< /S /Launch >>\nendobj\n" + END, ACTS)


def test_protected_document_is_called_that_also_with_its_objects_packed():
    trailer = b"\ntrailer\n<< /Encrypt 8 0 R >>"
    refuse(pdf(objects(pack=lambda content: content[::-1]), trailer), "zonder wachtwoord")


def test_document_that_unpacks_to_too_much_is_refused():
    refuse(pdf(objects(b"\0" * 110_000_000)), "te veel")
    refuse(pdf(*[objects(b"\0" * 15_000_000)] * 3), "te veel")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        b"stream\n",
        b">>stream\n",
        b"1 0 obj<<>>stream\n",
        b"1 0 obj<<>>stream\nendstream ",
        b"1 0 obj<</N 1/First 4>>stream\nendstream ",
        b"1 0 obj<<" + b"<<>>" * 24_000 + b">>stream\nendstream",
        b"1 0 obj<<(" + b"\\(" * 24_000 + b">>stream\nendstream",
        b">>" + b" " * 5_000,
        b"/",
        b"/J#41",
        b"(",
        b"1 ",
        b"/OpenAction 1 0 R 1 0 obj[",
        b"/OpenAction<<" + b"/S/GoTo" * 1_000,
    ],
    ids=lambda piece: repr(piece[:20]),
)
def test_document_of_the_greatest_size_is_judged_in_the_end(piece):
    content = HEAD + piece * ((MAX_BYTES - 100) // len(piece)) + END
    with ended_within(FAULT), suppress(ValidationError):
        check(content)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", [b"/", b"/J#41", b"1 1 ", b"/OpenAction 1 0 R 1 0 obj["], ids=repr
)
def test_document_that_unpacks_to_what_is_allowed_is_judged_in_the_end(piece):
    packed = objects(piece * (39_900 // len(piece)))
    opening = b"4 0 obj\n<< /OpenAction 1 0 R >>\nendobj\n"
    with ended_within(FAULT), suppress(ValidationError):
        check(pdf(opening, *[packed] * 1_000))
        check(pdf(opening, objects(piece * (39_900_000 // len(piece)))))


def test_document_of_the_site_itself_is_taken(jaarplan):
    check(compile_pdf(plan_contents(jaarplan)))


def test_document_with_its_objects_packed_is_taken():
    """As LaTeX and Acrobat write it: with a page to open at, and pictures packed in other ways."""
    page = b"6 0 7 40 " + b"<< /OpenAction 7 0 R /First 3 0 R >>".ljust(40)
    goes = b"<< /S /GoTo /D [3 0 R /Fit] >>"
    picture = random.Random(1).randbytes(3_000_000)  # noqa: S311 -- it keeps no secret
    check(
        pdf(
            stream(
                b"/Type /ObjStm /N 2 /First 9 /Length 9 0 R " + FLATE, zlib.compress(page + goes)
            ),
            stream(b"/Subtype /Image /Filter /DCTDecode", picture + b"/AA /JS /EF "),
            stream(b"/Subtype /Image /Filter [/ASCII85Decode /LZWDecode]", a85encode(b"x") + b"~>"),
            stream(b"/N 3 /Alternate /DeviceRGB " + FLATE, zlib.compress(b"\0\0\0\0acsp")),
            stream(
                b"/Type /XRef /W [1 2 1] /DecodeParms << /Columns 4 /Predictor 12 >> " + FLATE,
                zlib.compress(b"\0" * 50),
            ),
        )
    )


@pytest.mark.parametrize(
    "opening",
    [
        b"/OpenAction[3 0 R /XYZ null null 0]",  # LibreOffice
        b"/OpenAction<</D[3 0 R/XYZ null null null]/S/GoTo>>",
        b"/OpenAction << /Type /Action /S /GoTo /D (begin) >>",
    ],
)
def test_document_that_opens_at_a_page_is_taken(opening):
    check(pdf(b"4 0 obj\n<< " + opening + b" >>\nendobj"))


def test_document_that_speaks_of_scripts_and_streams_is_taken():
    info = b"4 0 obj\n<< /Title (JavaScript, a stream of bytes) /URI (https://x.nl/a#41) >>\nendobj"
    check(pdf(info, stream(b"", b"BT (The stream, the obj and the /JavaScript) Tj ET")))


def test_document_that_was_written_again_by_a_program_is_taken(jaarplan):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(compile_pdf(plan_contents(jaarplan)))))
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(
        ArrayObject([writer.pages[0].indirect_reference, NameObject("/Fit")])
    )
    writer.compress_identical_objects()
    for page in writer.pages:
        page.compress_content_streams()
    written = io.BytesIO()
    writer.write(written)
    check(written.getvalue())
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(
        DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})
    )
    writer.write(written := io.BytesIO())
    refuse(written.getvalue(), ACTS)
