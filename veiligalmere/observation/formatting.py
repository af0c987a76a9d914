"""Log lines without secrets: as JSON, with the id of the request that they belong to, or as text.

Imports nothing of Django: gunicorn's configuration needs it, and is read before Django is set up.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from random import getrandbits

# What a proxy calls the request that is being answered; None outside any.
given_id = ContextVar("given_id", default=None)

# What stands between two slashes and is long enough for a token; in a token there are capitals,
# or a run of letters and digits, as no slug of ours has them.
_SEGMENT = re.compile(r"(?<=/)[^/\s]{20,}")
_NO_SLUG = re.compile(r"[A-Z_:=]")
_RUN = re.compile(r"[\w=]{20,}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9-]{8,64}\Z")


def request_id():
    """Return the id of the request that is being answered; "" outside any.

    That is what a proxy gave, if it looks like an id, or else a new one. It is made when something
    is first said of the request: of a page from memory mostly nothing is.
    """
    given = given_id.get()
    if given is None or _ID.match(given):
        return given or ""
    # It need not be secret; and asking the system for secrets would let other threads go first.
    made = f"{getrandbits(64):016x}"
    given_id.set(made)
    return made


def without_secrets(text):
    """Return `text` with “…” for parts of paths that may be a token, not to give it away."""
    return _SEGMENT.sub(_hide, text)


def _without_secrets_in_lines(text):
    """Return several lines without secrets; those of a traceback that name our files stay whole."""
    return "\n".join(
        line if line.startswith('  File "') else without_secrets(line) for line in text.split("\n")
    )


def _hide(match):
    if _NO_SLUG.search(match[0]):
        return "…"
    runs = _RUN.findall(match[0])
    return "…" if any(not (run.islower() and run.isalpha()) for run in runs) else match[0]


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, request id, traceback."""

    def format(self, record):
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if identity := request_id():
            line["request"] = identity
        if hasattr(record, "milliseconds"):
            line["ms"] = record.milliseconds
        if record.exc_info:
            line["traceback"] = _without_secrets_in_lines(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """Lines for people, as the logging module makes them."""

    def format(self, record):
        """Return the line, and those of the traceback."""
        return _without_secrets_in_lines(super().format(record))


# For logging.config.dictConfig: everything that matters, to standard error.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "veiligalmere.observation.formatting.JsonFormatter"},
        "text": {"()": "veiligalmere.observation.formatting.TextFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Who logged in and whose rights changed is no warning, and has to be there all the same.
    "loggers": {"veiligalmere.access": {"level": "INFO"}},
}
