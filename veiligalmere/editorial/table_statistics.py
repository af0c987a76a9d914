"""What the database has to know of how much there is in its tables, to choose how to read them."""

from django.db import connection


def gather_statistics():
    """Let the database know how much there is in each table; for after it was filled.

    PostgreSQL finds out by itself in a minute or so, and of what a transaction has not committed
    not at all. Till then it plans as for empty tables, and a query over thousands of rows may take
    minutes: https://www.postgresql.org/docs/current/populate.html#POPULATE-ANALYZE
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # By name: those of the server itself are not ours to read.
            names = connection.introspection.table_names(cursor)
            tables = f" {', '.join(map(connection.ops.quote_name, names))}"
        else:
            tables = ""
        cursor.execute(f"ANALYZE{tables}")


def renew_statistics():
    """Gather them anew where the database never does so by itself, that is SQLite; once a day.

    Without them it may walk all versions for the few that are drafts.
    """
    if connection.vendor == "sqlite":
        gather_statistics()
