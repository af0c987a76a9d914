"""What PostgreSQL has to know of a database that was filled just now."""

from django.db import connection


def gather_statistics():
    """Let PostgreSQL know how much there is in each table; SQLite does without.

    By itself it finds out in a minute or so, and of what a transaction has not committed not at
    all. Till then it plans as for empty tables, and a query over thousands of rows may take
    minutes: https://www.postgresql.org/docs/current/populate.html#POPULATE-ANALYZE
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            tables = map(connection.ops.quote_name, connection.introspection.table_names(cursor))
            cursor.execute(f"ANALYZE {', '.join(tables)}")
