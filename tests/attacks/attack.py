"""An attack as data, and how it is tried: as the application's role over its own login, then with the guard asleep.

An attack that cannot succeed proves nothing. So each is run twice: once as things are, where the database has to refuse
it by the named guard, and once in a transaction that is rolled back, with that one guard asleep, where the same
statement has to change a row.
"""

import re
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import psycopg
from psycopg import IsolationLevel, sql

from tests.attacks.guards import DENIED, Guard, by_words

# What waits for the commit is asked at once, after the attack. An earlier try in the same transaction may have had that.
DEFERRED, AT_ONCE = "SET CONSTRAINTS ALL DEFERRED", "SET CONSTRAINTS ALL IMMEDIATE"
WRITES = ("INSERT", "UPDATE", "DELETE")
TELLS = " RETURNING WITH (OLD AS was, NEW AS becomes) was.*, becomes.*"
IN_CATALOG: dict[Guard, str] = {}
MOST_GUARDS = 16  # that one statement runs into, one after the other


@dataclass(frozen=True)
class Attack:
    """`statement` must be refused by `guard`; `before` must be allowed. {name} is filled from the world's names.

    `shielded`: another guard may refuse first, because it fires earlier; the named one is next when that one sleeps.
    """

    title: str
    guard: Guard
    statement: str
    before: Sequence[str] = ()
    shielded: bool = False
    isolation: IsolationLevel | None = None

    @property
    def id(self) -> str:
        """The name of the test."""
        return f"{self.guard.table}-{self.guard.name}-{self.title}".replace(" ", "_")


@dataclass(frozen=True)
class Refusal:
    """What the database answered: SQLSTATE, the constraint's name and table if it gave them, and the sentence."""

    state: str
    constraint: str
    sentence: str
    table: str = ""
    function: str = ""  # the line of PL/pgSQL that said it

    @classmethod
    def of(cls, error: psycopg.Error) -> "Refusal":
        """From the driver's error."""
        return cls(
            error.sqlstate or "",
            error.diag.constraint_name or "",
            error.diag.message_primary or str(error),
            error.diag.table_name or "",
            (error.diag.context or "").partition("\n")[0],
        )

    def is_by(self, guard: Guard) -> bool:
        """Whether this guard, and no other, refused."""
        if guard.kind == "privilege":
            return self.state == "42501" and guard.table in self.sentence
        if guard.kind == "constraint":
            return self.state.startswith("23") and self.constraint == guard.name
        return self.state == "23514" and pattern(guard.sentence).fullmatch(self.sentence) is not None


@cache
def pattern(sentence: str) -> re.Pattern[str]:
    """What a sentence of PL/pgSQL looks like once it is said: % stands for anything, %% for a percent sign."""
    parts = (re.escape(part).replace("%", ".*") for part in sentence.split("%%"))
    return re.compile("%".join(parts), re.DOTALL)


@contextmanager
def rolled_back(connection: psycopg.Connection, isolation: IsolationLevel | None = None):
    """A transaction, or a savepoint inside one, of which nothing stays."""
    if isolation is not None:
        connection.isolation_level = isolation
    try:
        with connection.transaction(force_rollback=True), connection.cursor() as cursor:
            yield cursor
    finally:
        if isolation is not None:
            connection.isolation_level = None


def attempt(cursor: psycopg.Cursor, statements: Sequence[str], last: str) -> Refusal | None:
    """Run what leads up to it, then the attack; the refusal, or None when a row was changed. The caller rolls back.

    What the attack returns is the cursor's. Raises AssertionError when the attack ran and touched nothing: that is no
    refusal and no success.
    """
    cursor.execute(DEFERRED)
    for statement in statements:  # one by one: each has a moment of its own
        cursor.execute(statement)
    try:
        cursor.execute(f"{last}; {AT_ONCE}")
    except psycopg.Error as error:
        return Refusal.of(error)
    assert cursor.rowcount, f"The attack touched no row: {last}"
    return None


def put_asleep(cursor: psycopg.Cursor, guard: Guard, role: str) -> None:
    """As the owner, inside a transaction: this guard no longer holds."""
    table, name = sql.Identifier(guard.table), sql.Identifier(_installed(cursor, guard))
    if guard.kind == "privilege":
        cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(guard.name), table, sql.Identifier(role)))
    elif guard.kind == "constraint":
        cursor.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {} CASCADE").format(table, name))
        cursor.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(name))
    else:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER {}").format(table, name))


def _installed(cursor: psycopg.Cursor, guard: Guard) -> str:
    """The name a guard has in the catalog: a trigger's is longer than the one in the model. Asked once for each."""
    if guard.kind in {"constraint", "privilege"}:
        return guard.name
    if guard not in IN_CATALOG:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
            [f'public."{guard.table}"', f"pgtrigger_{guard.name.replace('_', chr(92) + '_')}\\_%"],
        )
        found = [row[0] for row in cursor.fetchall() if len(row[0]) == len(f"pgtrigger_{guard.name}_") + 5]
        assert len(found) == 1, f"{guard} is {len(found)} triggers in the catalog."
        IN_CATALOG[guard] = found[0]
    return IN_CATALOG[guard]


def named(refusal: Refusal, table: str, verb: str = "", asleep: Sequence[Guard] = ()) -> Guard | None:
    """The guard that gave this refusal, preferably one of this table; None when it was none of ours.

    A key that is there already and a privilege that is withheld are guards as well, which no model lists.
    """
    by = [guard for guard in _speakers(refusal.sentence, refusal.constraint) if refusal.is_by(guard)]
    by = [guard for guard in by if guard not in asleep]
    by = [guard for guard in by if f"pgtrigger_{guard.name}_" in refusal.function] or by
    if by:
        return next((guard for guard in by if guard.table == table), by[0])
    if refusal.state in {"23505", "23503"}:
        return Guard(refusal.table, refusal.constraint, kind="constraint")
    if denied := DENIED.match(refusal.sentence):
        return Guard(denied[1], verb, kind="privilege")
    return None


@cache
def _speakers(sentence: str, constraint: str) -> list[Guard]:
    """Whose words these are: triggers that say this sentence, constraints of this name."""
    every = by_words()
    said = (guards for words, guards in every.items() if guards[0].sentence and pattern(words).fullmatch(sentence))
    return [guard for guards in (*said, every.get(constraint, ())) for guard in guards]


@dataclass
class Peeled:
    """The guards that stood in the way, in their order, and the row that was written when none did any more."""

    stood: list[Guard]
    columns: list[str]  # the row's before and after, one after the other; none where the statement tells no row
    rows: list[tuple]


def peel(cursor: psycopg.Cursor, role: str, table: str, before: Sequence[str], last: str) -> Peeled:
    """The guards that stand in the way of a statement, in the order in which they refuse it, as the owner sees it.

    Each that refuses is put to sleep before the next try, until the statement changes a row. Raises AssertionError when
    something that is no guard stops it: a NOT NULL or a typo is no refusal.
    """
    stood: list[Guard] = []
    verb = last.split(None, 1)[0].upper()
    lead_up = (f'SET LOCAL ROLE "{role}"', *before)
    for _ in range(MOST_GUARDS):
        with rolled_back(cursor.connection) as inside:  # the role as well
            refusal = attempt(inside, lead_up, last + TELLS if verb in WRITES else last)
            if refusal is None:
                told = verb in WRITES
                return Peeled(stood, [one.name for one in inside.description or ()] if told else [],
                              inside.fetchall() if told else [])  # fmt: skip
        guard = named(refusal, table, verb, stood)
        assert guard is not None, f"Stopped by what is no guard, after {[str(one) for one in stood]}: {refusal}"
        stood.append(guard)
        put_asleep(cursor, guard, role)
    raise AssertionError(f"More than {MOST_GUARDS} guards: {[str(one) for one in stood]}")
