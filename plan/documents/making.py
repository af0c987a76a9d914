"""Making a document and keeping it; nothing that goes wrong here undoes a publication."""

import hashlib
import logging
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from plan.documents.contents import plan_contents, report_contents
from plan.documents.typesetting import TEMPLATE, as_json, compile_pdf
from plan.models import Action, AnnualPlan, Passage, ProgressReport, StoredPdf
from themes.models import Theme
from veiligalmere.editorial.content_version import (
    current_content_version,
    raise_content_version,
)
from veiligalmere.editorial.versions import Version

MOST_ATTEMPTS = 10
GONE = {"pdf": b"", "size": 0, "digest": "", "made_at": None, "content_version": 0}

log = logging.getLogger(__name__)


class ChangedMeanwhile(Exception):
    """The content was changed while a document was made of it."""


def plan_key(plan):
    """Return the key, and the name of the file, of a plan's document."""
    return f"jaarplan-veiligheid-{plan.year}"


def report_key(report):
    """Return the key, and the name of the file, of a report's document."""
    return f"voortgangsrapportage-{report.number}"


def make_plan(plan):
    """Make the document of `plan` anew if it would differ; return the StoredPdf."""
    parts = Action.objects.filter(plan=plan), Passage.objects.filter(plan=plan), Theme.objects.all()
    return _make(plan_key(plan), plan_contents, plan, parts)


def make_report(report):
    """Make the document of an adopted report anew if it would differ; return the StoredPdf."""
    return _make(report_key(report), report_contents, report)


def make_all():
    """Make each document that is missing or would differ; return the StoredPdfs."""
    stored = [make_plan(plan) for plan in AnnualPlan.objects.public()]
    return stored + [make_report(one) for one in ProgressReport.objects.adopted().oldest_first()]


def forget_all():
    """Throw every document away: their words may not be read any more."""
    StoredPdf.objects.update(**GONE)


def _make(key, build, subject, parts=()):
    """Build and keep; a failure keeps the former document, with the reason beside it.

    If one of its `parts` (querysets) was withdrawn since, the former document goes all the same.
    If something changed meanwhile, what was built may hold words that are now blacked out: it is
    not kept, and built again.
    """
    for _attempt in range(MOST_ATTEMPTS):
        with suppress(ChangedMeanwhile):
            return _make_once(key, build, subject, parts)
    log.error("The document %s could not be made: the content kept changing", key)
    return StoredPdf.objects.defer("pdf").get_or_create(key=key)[0]


def _make_once(key, build, subject, parts):
    number = current_content_version()
    stored = StoredPdf.objects.filter(key=key).defer("pdf").first()
    if stored and stored.content_version == number and not stored.failure:
        return stored
    try:
        contents = build(subject)
        digest = _digest(contents)
        changed = {"content_version": number, "failure": ""}
        if not (stored and stored.digest == digest):
            pdf = compile_pdf(contents)
            changed |= {"pdf": pdf, "size": len(pdf), "digest": digest, "made_at": timezone.now()}
    except Exception as error:
        log.exception("The document %s could not be made", key)
        changed = {"failure": str(error)[:2000] or type(error).__name__}
        made_at = stored and stored.made_at
        if made_at and Version.objects.withdrawn_since(made_at, parts).exists():
            changed |= GONE
    with transaction.atomic():
        if "pdf" in changed:
            raise_content_version()  # pages tell whether there is a document, and how large
            changed["content_version"] = current_content_version()
            if changed["content_version"] != number + 1:
                raise ChangedMeanwhile
        StoredPdf.objects.update_or_create(key=key, defaults=changed)
    return StoredPdf.objects.defer("pdf").get(key=key)


def _digest(contents):
    return hashlib.sha256(TEMPLATE.read_bytes() + as_json(contents).encode()).hexdigest()
