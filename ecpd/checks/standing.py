"""CHECKs that arrived NOT VALID: which of the rows that were there before break them, and asking all of them.

New rows and changed ones are held to a CHECK from the day it arrives; it is validated when no old row breaks it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import IntegrityError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

NAMED = 10  # rows that one line names of each table and check; the rest is counted
SMALL = 100_000  # rows up to which `migrate` itself asks all of them

WAITING = """
SELECT t.relname::text, c.conname::text, pg_get_expr(c.conbin, c.conrelid), t.reltuples::bigint,
       (SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = t.oid AND i.indisprimary),
       array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE c.contype = 'c' AND NOT c.convalidated AND c.connamespace = 'public'::regnamespace ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Waiting:
    """A CHECK that not every row is known to meet; `key` is the table's primary key."""

    table: str
    name: str
    expression: str
    rows: int
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Breach:
    """Rows of one table that break one CHECK, by their primary keys."""

    check: Waiting
    keys: tuple[str, ...]

    def __str__(self) -> str:
        more = f" and {len(self.keys) - NAMED} more" if len(self.keys) > NAMED else ""
        return f"{self.check.table} {', '.join(self.keys[:NAMED])}{more}: {self.check.name}"


def waiting(using: str = "default") -> list[Waiting]:
    """Every CHECK that is not validated yet, by table."""
    with connections[using].cursor() as cursor:
        cursor.execute(WAITING)
        rows = cursor.fetchall()
    return [Waiting(table, name, said, count, key, tuple(columns)) for table, name, said, count, key, columns in rows]


def breaches(checks: list[Waiting], using: str = "default") -> Iterator[Breach]:
    """The rows that break them."""
    for check in checks:
        if (found := _breach(connections[using], check)).keys:
            yield found


def validate(checks: list[Waiting], using: str = "default") -> list[Waiting]:
    """Validate those that no row breaks, one look through each table; returns what still waits. Needs the owner."""
    left: list[Waiting] = []
    for _, group in groupby(checks, key=lambda check: check.table):
        together = list(group)
        if not _validated(together, using):
            broken = {breach.check for breach in breaches(together, using)}
            _validated([check for check in together if check not in broken], using)
            left += broken
    return left


def _validated(checks: list[Waiting], using: str) -> bool:
    """All of one table's checks at once; False when a row breaks one of them."""
    quote = connections[using].ops.quote_name
    steps = ", ".join(f"VALIDATE CONSTRAINT {quote(check.name)}" for check in checks)
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            if steps:
                cursor.execute(f"ALTER TABLE public.{quote(checks[0].table)} {steps}")
    except IntegrityError:
        return False
    return True


def validate_small(sender, using: str = "default", **kwargs) -> None:
    """After the migrations: ask the rows of tables small enough that nobody waits for it."""
    if connections[using].vendor == "postgresql":
        validate([check for check in waiting(using) if check.rows < SMALL], using)


def _breach(connection: BaseDatabaseWrapper, check: Waiting) -> Breach:
    quote = connection.ops.quote_name
    broken = f"FROM public.{quote(check.table)} WHERE ({check.expression}) IS FALSE"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quote(check.key)}::text {broken} ORDER BY {quote(check.key)}")
        return Breach(check, tuple(row[0] for row in cursor.fetchall()))
