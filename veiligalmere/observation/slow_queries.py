"""Queries that take long, in the log."""

import logging
from time import perf_counter

from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created

from veiligalmere.observation.metrics import METRICS

logger = logging.getLogger("veiligalmere.slow_queries")


def watch_queries(**of_signal):
    """From now on, log each query that takes SLOW_QUERY_MS or longer; a receiver of signals too."""
    connection_created.connect(_watch, dispatch_uid="slow queries")
    for open_one in connections.all(initialized_only=True):
        _watch(open_one)


def _watch(connection, **kwargs):
    if _timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(_timed)


def _timed(execute, sql, params, many, context):
    started = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = round((perf_counter() - started) * 1000, 1)
        if milliseconds >= settings.SLOW_QUERY_MS:
            METRICS.add("slow_queries")
            # Without its parameters, which may be a person's.
            logger.warning("%s", str(sql)[:2000], extra={"milliseconds": milliseconds})
