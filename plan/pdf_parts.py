"""The parts of a PDF in which its objects stand, read with certainty or not at all.

Objects stand between the streams of a file, and packed in its object streams. Readers differ in
what they forgive, so this forgives nothing: where two readers could see two things, it refuses.
Everything is read once, from front to back.
"""

import re
import zlib
from typing import NamedTuple

MAX_UNPACKED = 40 * 1024 * 1024  # of all object streams of a file together
MAX_STREAMS = 50_000
MAX_DICTIONARIES = 8 * 1024 * 1024  # bytes, of all streams together

_WHITE = b"\0\t\n\f\r "
_SPACE = rb"[\0\t\n\f\r ]"

# Where a stream begins. A comment could stand between, and hide where: only the end of the file (or
# of a version in it) is said there.
_STREAM = re.compile(
    rb">>" + _SPACE + rb"*(?:(stream)(\r?\n)?|%(?!%EOF" + _SPACE + rb"*+(?:\Z|[0-9])))"
)
_TOKEN = re.compile(
    _SPACE
    + rb"*(<<|>>|[\[\]]|<[\0\t\n\f\r 0-9A-Fa-f]*>|\([^()\\]*(?:\\.[^()\\]*)*\)"
    + rb"|/[^\0\t\n\f\r ()<>\[\]{}/%\\]*|[^\0\t\n\f\r ()<>\[\]{}/%\\]+)",
    re.DOTALL,
)
# What can't stand in the bytes of a stream, unless these are not really the bytes of a stream.
_OBJECT = re.compile(rb"(?:[\0\t\n\f\r 0-9]obj|trailer)" + _SPACE + rb"*[<\[%]")

_NUMBERED = re.compile(rb"(?<![0-9])0*([1-9][0-9]{0,8})" + _SPACE + rb"+[0-9]+" + _SPACE + rb"*obj")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")

# Not every reader asks for /Type /ObjStm; each asks for one of the others.
_HOLDS_OBJECTS = re.compile(rb"/(?:ObjStm|First|N) ")
_FLATE = re.compile(rb"/Filter (?:/FlateDecode|\[ /FlateDecode \]) ")
_OTHERWISE = re.compile(rb"/(?:F|Filter|FFilter|DecodeParms|FDecodeParms|DP) |#")
_FIRST = re.compile(rb"/First ([0-9]{1,6}) (?:/|>>)")


class Unreadable(Exception):
    """What is in the PDF can't be said with certainty."""


class TooMuch(Exception):
    """There is more in the PDF than is looked at."""


class Part(NamedTuple):
    """A piece of a PDF that holds objects; `header` numbers them if it was an object stream."""

    text: bytes
    header: int = 0  # how many bytes of `text`

    def objects(self, numbers):
        """Yield which of `numbers` (digits, as bytes) stand in this text, and where each begins."""
        if not self.header:
            for match in _NUMBERED.finditer(self.text):
                if match[1] in numbers:
                    yield match[1], match.end()
            return
        header = self.text[: self.header].split()
        for number, offset in zip(header[::2], header[1::2], strict=False):
            if number.lstrip(b"0") in numbers and offset.isdigit() and len(offset) < 10:
                yield number.lstrip(b"0"), self.header + int(offset)


def unescaped(text):
    """Return `text` with what was written as #xx in the names of a PDF written out."""
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), text)


def parts_of(raw):
    """Return each Part of the PDF `raw`; raise Unreadable or TooMuch."""
    parts, at, room, dictionaries = [], 0, MAX_UNPACKED, 0
    for _stream in range(MAX_STREAMS):
        found = _STREAM.search(raw, at)
        if not found:
            return [*parts, Part(raw[at:])]
        if not found[1]:
            raise Unreadable
        parts.append(Part(raw[at : found.end()]))
        dictionary = _dictionary(raw, at, found.start() + len(b">>"))
        dictionaries += len(dictionary)
        if dictionaries > MAX_DICTIONARIES:
            raise TooMuch
        entries = _entries(dictionary)
        begin, at = found.end(), _end(raw, found.end())
        if _HOLDS_OBJECTS.search(unescaped(entries)):
            if not found[2]:
                raise Unreadable
            parts.append(_objects(entries, memoryview(raw)[begin:at], room))
            room -= len(parts[-1].text)
    raise TooMuch


def _dictionary(raw, at, end):
    """Return the dictionary of the stream that ends at `end`, in text that begins at `at`."""
    begin = raw.rfind(b"obj", at, end)
    line = max(raw.rfind(b"\n", at, begin), raw.rfind(b"\r", at, begin), at)
    if begin < 0 or b"%" in raw[line:begin]:
        raise Unreadable
    return raw[begin + len(b"obj") : end]


def _entries(dictionary):
    """Return the top of a dictionary with one space behind each token; refuse what is no such."""
    depth, at, top = 0, 0, []
    while at < len(dictionary):
        token = _TOKEN.match(dictionary, at)
        if not token or (at and not depth):
            raise Unreadable
        at = token.end()
        depth += (token[1] == b"<<") - (token[1] == b">>")
        if depth <= 1:
            top.append(token[1])
    if depth:
        raise Unreadable
    return b" ".join([*top, b""])


def _end(raw, begin):
    """Return where the bytes of the stream that begins at `begin` end."""
    end = raw.find(b"endstream", begin)
    if end < 0:
        end = len(raw)
    if _OBJECT.search(raw, begin, end):
        raise Unreadable
    return end


def _objects(entries, packed, room):
    """Return the Part that an object stream holds, at most `room` bytes unpacked."""
    rest, is_packed = _FLATE.subn(b"", entries, count=1)
    if _OTHERWISE.search(rest):
        raise Unreadable
    text = _inflated(packed, room) if is_packed else bytes(packed)
    first = _FIRST.findall(entries)
    if len(first) != entries.count(b"/First ") or len(first) > 1:
        raise Unreadable
    return Part(text, int(first[0]) if first else 0)


def _inflated(packed, room):
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, room + 1)
    except zlib.error as error:
        raise Unreadable from error
    if len(text) > room:
        raise TooMuch
    if not unpacker.eof:
        raise Unreadable
    return text
