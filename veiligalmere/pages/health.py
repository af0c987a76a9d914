"""Whether the site lives, and whether all that it needs is in order; for machines that watch it."""

import os
import shutil
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from veiligalmere.editorial.content_version import current_content_version
from veiligalmere.editorial.jobs import punctuality
from veiligalmere.page_cache.application import PAGE_CACHE
from veiligalmere.page_cache.hanging import database_within

PATIENCE = 5  # seconds
NO_STORE = {"Cache-Control": "no-store"}


class Finding(NamedTuple):
    """The outcome of one check, with a few Dutch words for who has to mend it."""

    in_order: bool
    words: str


@require_safe
def alive(request):
    """Answer that this process answers, whatever is the matter with the rest."""
    return HttpResponse("leeft\n", content_type="text/plain; charset=utf-8", headers=NO_STORE)


@require_safe
def ready(request):
    """Answer 200 if all that the site needs is in order, 503 otherwise, with each finding."""
    findings = {"database": _database(request)}
    if findings["database"].in_order:
        findings["migraties"] = _migrations()
        findings["paginacache"] = _page_cache(request)
        findings["taken"] = _timers()
    findings["schijf"] = _disk()
    in_order = all(finding.in_order for finding in findings.values())
    return JsonResponse(
        {
            "gereed": in_order,
            "onderdelen": {
                name: {"in_orde": finding.in_order, "uitleg": finding.words}
                for name, finding in findings.items()
            },
        },
        status=200 if in_order else 503,
        headers=NO_STORE,
    )


def _database(request):
    page_cache = request.environ.get(PAGE_CACHE)
    try:
        if page_cache is not None and page_cache.versions.database_is_away:
            raise OperationalError
        # If it hangs, who asks for our health must not hang with it.
        with database_within(PATIENCE):
            current_content_version()
    except DatabaseError:
        return Finding(False, "geeft geen antwoord, of heeft de tabellen niet")
    return Finding(True, "geeft antwoord")


def _migrations():
    missing = _missing_migrations()
    if missing:
        # What is missing may be there a moment later; what is there stays.
        _missing_migrations.cache_clear()
        return Finding(False, f"{missing} nog uit te voeren: manage.py migrate")
    return Finding(True, "alle uitgevoerd")


@cache
def _missing_migrations():
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _page_cache(request):
    page_cache = request.environ.get(PAGE_CACHE)
    if page_cache is None:
        return Finding(True, "staat uit")
    known = page_cache.versions.current()
    if known is None or page_cache.versions.database_is_away:
        return Finding(False, "weet niet of de pagina’s nog kloppen")
    count = len(page_cache.pages) + len(page_cache.pages_with_query)
    return Finding(True, f"{count} pagina’s, versie {known.number}")


def _timers():
    if not settings.EXPECT_TIMERS:
        return Finding(True, "niet gecontroleerd (EXPECT_TIMERS)")
    late = [row.name for row in punctuality() if row.late]
    if late:
        return Finding(False, f"te laat: {', '.join(late)}")
    return Finding(True, "op tijd")


def _disk():
    own, uploads = settings.VAR_DIR, settings.MEDIA_ROOT
    # Below a folder of ours it is made with the first upload; elsewhere a disk may be missing.
    if not uploads.exists() and own not in uploads.parents:
        return Finding(False, "de map voor uploads (MEDIA_ROOT) is er niet")
    written = [folder for folder in (own, uploads) if folder.exists()]
    if not all(os.access(folder, os.W_OK) for folder in written):
        return Finding(False, "in een van de mappen kan niet worden geschreven")
    # Only the task that makes backups may write there; see deploy/systemd/.
    backups = [Path(settings.BACKUP_DIR)] if settings.BACKUP_DIR else []
    if not all(folder.exists() for folder in backups):
        return Finding(False, "de map voor reservekopieën (BACKUP_DIR) is er niet")
    free = min((shutil.disk_usage(one).free for one in [*written, *backups]), default=0) // 2**20
    return Finding(free >= settings.DISK_FREE_MB, f"{free} MiB vrij")
