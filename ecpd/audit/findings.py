"""What a verification found, and how it reads the database: one snapshot, in streams, whatever the size."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from psycopg import DataError
from psycopg.types.datetime import TimestamptzLoader

MAX_FINDINGS = 50
FETCHED_AT_ONCE = 2_000
Progress = Callable[[str, int], None]


class PossibleMoment(TimestamptzLoader):
    """A moment, or None where no calendar of this language has it: before our era, after the year 9999, infinity."""

    def load(self, data):
        """The moment, with UTC's offset."""
        try:
            return super().load(data)
        except DataError:
            return None


@dataclass(frozen=True)
class Finding:
    """One break: the entry's number (0: none), its kind and a sentence.

    Kinds of the chain: changed, missing, reordered, inserted, cut, backdated, empty, token. Kinds of rows: row changed, row
    missing, row inserted, row erased, row unreadable.
    """

    number: int
    kind: str
    sentence: str


@dataclass
class Findings:
    """The first 50 breaks, and how many there are; `tell` is called with each as it is found."""

    tell: Callable[[Finding], None] = lambda found: None
    kept: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, number: int, kind: str, sentence: str) -> None:
        """Note one."""
        found = Finding(number, kind, sentence)
        self.count += 1
        self.tell(found)
        if len(self.kept) < MAX_FINDINGS:
            self.kept.append(found)


@contextmanager
def snapshot() -> Iterator[None]:
    """See the chain and the rows of one moment; numbers and times are printed as when they were sealed."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1")
        yield


def stream(sql: str, parameters: list[Any] | None = None) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, some thousand at a time, read inside `snapshot()`; an impossible moment is None."""
    with connection.chunked_cursor() as cursor:
        cursor.adapters.register_loader("timestamptz", PossibleMoment)
        cursor.execute(sql, parameters or None)
        while rows := cursor.fetchmany(FETCHED_AT_ONCE):
            yield from rows


def silent(what: str, done: int) -> None:
    """Nobody wants to know how far it is."""
