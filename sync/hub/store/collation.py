"""How a PostgreSQL database orders texts: by code point, as SQLite does, whatever language it was made for.

Times and ids are texts here, so their order must be the plain one: that of a language may pass over signs, and an index
in it serves no search for a beginning.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from sqlalchemy import Connection, text

_OTHERS: Final = text(
    """
    SELECT c.relname AS "table", a.attname AS "column"
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation o ON o.oid = a.attcollation
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version'
        AND NOT a.attisdropped AND o.collname <> 'C'
    ORDER BY 1, a.attnum
    """
)


def by_code_point(db: Connection) -> None:
    """See to it that every column of every table is so, after whatever a migration made; nothing for SQLite."""
    if db.dialect.name != "postgresql":
        return
    quoted = db.dialect.identifier_preparer.quote
    for table, rows in groupby(db.execute(_OTHERS).all(), lambda row: row.table):
        changes = ", ".join(f'ALTER COLUMN {quoted(row.column)} TYPE VARCHAR COLLATE "C"' for row in rows)
        db.execute(text(f"ALTER TABLE {quoted(table)} {changes}"))
