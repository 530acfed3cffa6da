"""The database in which races are run: what one commits is taken back before the next, row by row."""

from collections.abc import Collection

import psycopg
from psycopg import sql

TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.oid
"""
SEQUENCES = """
SELECT format('SELECT setval(%L, %s, %L)', c.oid::regclass, coalesce(pg_sequence_last_value(c.oid), s.seqstart),
              pg_sequence_last_value(c.oid) IS NOT NULL)
FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace
"""
Mark = tuple[int, int]  # how many rows a table has, and which transaction wrote the newest


class Arena:
    """Remembers every row as it is when it is made. Nobody else writes there but who races."""

    def __init__(self, owner_url: str) -> None:
        self.owner = psycopg.connect(owner_url, autocommit=True)
        self.owner.execute("SET session_replication_role = replica")
        self.tables: dict[str, sql.Composed] = {
            name: sql.SQL(", ").join(map(sql.Identifier, columns)) for name, columns in self.owner.execute(TABLES)
        }
        self.rows = {table: self._copied(table) for table in self.tables}
        self.sequences = "; ".join(call for (call,) in self.owner.execute(SEQUENCES))
        self.marks = self._marks(self.tables)

    def put_back(self) -> None:
        """Every table that was written to has its rows again, and every sequence its place."""
        written = [table for table, mark in self._marks(self.tables).items() if mark != self.marks[table]]
        for table in written:
            name, columns = sql.Identifier(table), self.tables[table]
            with self.owner.transaction(), self.owner.cursor() as cursor:
                cursor.execute(sql.SQL("DELETE FROM {}").format(name))
                into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(name, columns)
                with cursor.copy(into) as copy:
                    copy.write(self.rows[table])
        self.owner.execute(self.sequences)
        self.marks |= self._marks(written)

    def close(self) -> None:
        """End its session."""
        self.owner.close()

    def _copied(self, table: str) -> bytes:
        out = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT binary)").format(sql.Identifier(table), self.tables[table])
        with self.owner.cursor() as cursor, cursor.copy(out) as copy:
            return b"".join(bytes(block) for block in copy)

    def _marks(self, tables: Collection[str]) -> dict[str, Mark]:
        each = sql.SQL("SELECT {}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {}")
        asked = sql.SQL(" UNION ALL ").join(each.format(sql.Literal(table), sql.Identifier(table)) for table in tables)
        return {table: (many, newest) for table, many, newest in self.owner.execute(asked)} if tables else {}
