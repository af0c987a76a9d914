"""Sets one document as PDF, as a program of its own: `typesetting.py` starts it.

typst keeps the parts of the last ten documents or so, in memory that it never gives back: tens of
megabytes each. They go with this process.

Takes the template and the standard as arguments and the contents as JSON on its standard input.
Answers with a line that says how it went (MADE, REFUSED or PANICKED), and then the PDF or what
typst said.
"""

import sys
from pathlib import Path

import typst

MADE, REFUSED, PANICKED = "made", "refused", "panicked"


def main():
    """Set the document."""
    template, standard = sys.argv[1:]
    try:
        pdf = typst.compile(
            template,
            root=str(Path(template).parent),
            sys_inputs={"data": sys.stdin.buffer.read().decode()},
            ignore_system_fonts=True,
            pdf_standards=[standard],
            timestamp=0,
        )
    except typst.TypstError as error:
        answer(REFUSED, error.diagnostic.encode())
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # no Exception, and in no module
            raise
        answer(PANICKED, str(error).encode())
    else:
        answer(MADE, pdf)


def answer(how, body):
    """Write the answer."""
    sys.stdout.buffer.write(how.encode() + b"\n" + body)


if __name__ == "__main__":
    main()
