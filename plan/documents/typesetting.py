"""Setting contents as PDF/UA-1, whatever signs and headings editors wrote in them."""

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

from plan.documents.headings import in_order

TEMPLATE = Path(__file__).parent / "document.typ"
PROGRAM = Path(__file__).with_name("typst_process.py")
LONGEST = 60  # seconds; a plan of a thousand actions takes six
STANDARD = "ua-1"  # PDF/UA-1, ISO 14289-1: tagged, with a title and a language

NOT_SHOWN = re.compile(r'the text (?:contains the disallowed codepoint )?`"(.+?)"`')
ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")  # as typst quotes: \u{f0b7}, \", \\
BREAKS = "\v\f\r\x85\u2028\u2029"
CONTROLS = dict.fromkeys([*range(32), *range(127, 160)]) | dict.fromkeys(map(ord, BREAKS), " ")
del CONTROLS[ord("\n")], CONTROLS[ord("\t")]
# Signs of one font's own (a bullet of Word), and what only joins or colours its neighbours: without
# it, these may well be shown.
DROPPED = {"Cf", "Co", "Mc", "Me", "Mn", "Sk"}
STRANGE = "[?]"


class TypesettingError(Exception):
    """A document could not be set; the message is what typst said of it."""


def compile_pdf(contents):
    """Return `contents` (see `contents.py`) as PDF/UA-1: the same bytes for the same contents.

    Signs that the letters do not have, such as emoji, are set as “[?]”: the standard refuses a
    document with a sign that can't be shown. Raises TypesettingError if there is no document.
    """
    contents = _changed(contents, lambda text: text.translate(CONTROLS))
    while True:
        how, body = _set_apart(as_json(contents | {"blocks": in_order(contents["blocks"])}))
        if how == "made":
            return body
        problem = body.decode()
        # It panics of loose accents, or signs without a meaning, in lines from right to left.
        # Ordinary Hebrew and Arabic do not come here, and are set as they are.
        panicked = how == "panicked"
        signs = _right_to_left_in(as_json(contents)) if panicked else _signs_in(problem)
        showable = _without(contents, signs)
        if showable == contents:
            raise TypesettingError(f"typst: {problem}")
        contents = showable


def _set_apart(data):
    """Let a process of its own set `data`, JSON; return how it went, and the PDF or a reason."""
    try:
        done = subprocess.run(  # noqa: S603 -- a program of ours, with words of ours
            # Without this folder among those of modules: it has some by the names of others.
            [sys.executable, "-P", PROGRAM, TEMPLATE, STANDARD],
            input=data.encode(),
            capture_output=True,
            timeout=LONGEST,
            check=True,
            env={},  # it needs no secret of ours
        )
    except subprocess.TimeoutExpired as error:
        raise TypesettingError(f"typst took more than {LONGEST} seconds") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace")[-1500:]
        raise TypesettingError(f"typst ended with {error.returncode}. {said}") from error
    how, _, body = done.stdout.partition(b"\n")
    return how.decode(), body


def as_json(contents):
    """Return `contents` as JSON, always in the same order."""
    return json.dumps(contents, ensure_ascii=False, sort_keys=True)


def _signs_in(diagnostic):
    """Return the signs that typst says it can't show: all of the document, in one message."""
    quoted = "".join(NOT_SHOWN.findall(diagnostic))
    return set(ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], quoted))


def _right_to_left_in(text):
    """Return the signs in `text` of scripts from right to left, with all accents."""
    return {
        sign
        for sign in text
        if unicodedata.category(sign) in {"Cn", "Mc", "Me", "Mn"}
        or unicodedata.bidirectional(sign) in {"R", "AL"}
    }


def _without(contents, signs):
    """Return `contents` without some of `signs`: those that join others, or else all.

    Of what is joined, typst names each sign: also the 1 in a 1 within a box. So what joins goes
    first, and letters of ASCII, which can always be shown, stay.
    """
    dropped = {sign for sign in signs if unicodedata.category(sign) in DROPPED}
    if dropped:
        table = dict.fromkeys(map(ord, dropped))
        return _changed(contents, lambda text: text.translate(table))
    strange = "".join(sign for sign in signs if not sign.isascii())
    if strange:
        pattern = re.compile(f"[{re.escape(strange)}]+")
        return _changed(contents, lambda text: pattern.sub(STRANGE, text))
    return contents


def _changed(part, change):
    """Return a part of contents with each of its texts changed."""
    if isinstance(part, str):
        return change(part)
    if isinstance(part, list):
        return [_changed(one, change) for one in part]
    if isinstance(part, dict):
        return {key: _changed(value, change) for key, value in part.items()}
    return part
