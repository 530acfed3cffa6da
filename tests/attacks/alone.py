"""Each column that may change, changed without the step that it belongs to, and without anybody's decision.

A column of a step (when, by whom, what came of it) that changes by itself leaves a row that says what nobody did, or
burns what is set once, so that the lawful step is refused for ever. Which columns there are is read from the models'
lists; what goes through all the same stands in `FREE`, each with its reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import psycopg
from django.db import models

from ecpd.audit.fixed import Fixed, first_value, has_value
from ecpd.checks.together import steps_of
from tests.attacks.attack import AT_ONCE, rolled_back
from tests.attacks.by_default import another, lists
from tests.attacks.late import new_key
from tests.attacks.made import clone

MOST_ROWS = 12
STATES = {"state", "status", "outcome"}
WHEN = "It says when or how far, no act; the column is left out of the seal (docs/threats.md)."
BY_NOBODY = "A step by nobody (docs/threats.md); its entry shows it."
TALLY = "A tally that the software keeps (docs/threats.md)."
WORKER = (
    "A worker takes this step under no decision (docs/threats.md); its moment and its result come with its end alone."
)
COUNTED = "A worker counts as it goes; the photos and rejects are rows of their own."
READS = "Plate data and its deliveries, which no seal holds (docs/threats.md)."
FREE = {
    "accounts.ApiToken.last_used_at": WHEN,
    "accounts.ApiToken.last_used_from": WHEN,
    "accounts.ApiToken.revoked_at": BY_NOBODY,
    "accounts.FactorState.enrol_tries": TALLY,
    "accounts.FactorState.enrol_until": "Of an account without a code, where nothing reads it (ac_01_enrolment_code).",
    "accounts.FactorState.failures": TALLY,
    "accounts.FactorState.first_at": BY_NOBODY,
    "accounts.FactorState.last_step": TALLY,
    "accounts.PasswordLock.released_at": BY_NOBODY,
    "accounts.Rescue.tries": BY_NOBODY,
    "accounts.Rescue.used_at": BY_NOBODY,
    "accounts.User.email": "Changed without a decision (docs/threats.md).",
    "accounts.User.is_staff": "A guard of its own says what it is: it goes where no role opens the admin.",
    "accounts.User.last_login": WHEN,
    "accounts.User.session_epoch": "It only moves forward, by two at most (docs/threats.md).",
    "cases.Case.last_event_at": WHEN,
    "cases.Evidence.location": BY_NOBODY,
    "cases.Evidence.phash": "The application computes the hash; it is kept once (docs/threats.md).",
    "leads.ExaminationRequest.state": "Done where its examination is on record (FR-08); no such request is left open.",
    "leads.ImportBatch.attempts": COUNTED,
    "leads.ImportBatch.duplicates": COUNTED,
    "leads.ImportBatch.heartbeat_at": WHEN,
    "leads.ImportBatch.imported": COUNTED,
    "leads.ImportBatch.rejected": COUNTED,
    "leads.ImportBatch.state": WORKER,
    "leads.ImportBatch.total": COUNTED,
    "leads.SearchRequest.attempts": WORKER,
    "leads.SearchRequest.heartbeat_at": WHEN,
    "leads.SearchRequest.state": WORKER,
    "parking.Device.last_seen_at": WHEN,
    "parking.Device.skew_seconds": WHEN,
    "parking.GuestCode.revoked_at": "Its holder ends a code without an account (docs/threats.md).",
    "parking.HotlistHit.read": "Plate data leaves after its time (PK-05).",
    "parking.HotlistHit.state": WORKER,
    "parking.IngestBatch.accepted": READS,
    "parking.IngestBatch.duplicates": READS,
    "parking.IngestBatch.raw": READS,
    "parking.PermitPlate.ends": "Its holder ends a plate without an account; an end only comes earlier (docs/threats.md).",
    "parking.Read.state": READS,
    "parking.Zone.updated_at": "When the row was last saved, which Django writes; what changed in it wants a decision.",
}


def add_early_rows(cursor: psycopg.Cursor) -> list[str]:
    """A row of each table at its beginning, put there by the owner, triggers asleep; the tables that have none and take none."""
    left = []
    for table, model, trigger in lists():
        if not trigger.once and not trigger.may_change:
            continue
        cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE {_early(model, trigger)})')
        if not cursor.fetchone()[0] and not _add(cursor, table, model, trigger):
            left.append(table)
    return left


def _add(cursor: psycopg.Cursor, table: str, model: type[models.Model], trigger: Fixed) -> bool:
    """A copy of a row, or the newest row itself, with nothing in what is set once or changes."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    listed = {
        name: first_value(fields[name], once=name in trigger.once) for name in (*trigger.once, *trigger.may_change)
    }
    first = {name: value for name, value in listed.items() if value is not None}
    for how in (clone(table, **(first | new_key(model))), _young_again(table, model, first)):
        try:
            with cursor.connection.transaction():
                cursor.execute(f"{how} RETURNING 1")
                cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE {_early(model, trigger)})')
                if not cursor.fetchone()[0]:
                    raise psycopg.DataError
            return True
        except psycopg.Error:
            continue
    return False


def _early(model: type[models.Model], trigger: Fixed) -> str:
    """What a row is like before any step: SQL."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    unset = [f"NOT ({has_value(fields[column])})" for column in trigger.once]
    waits = [when.partition(" AND NEW.")[0] for when in trigger.may_change.values()]
    asked = [*unset, *(when for when in waits if when and "NEW." not in when)]
    return " AND ".join(one.replace("OLD.", "t.") for one in asked) or "true"


def _young_again(table: str, model: type[models.Model], first: Mapping[str, str]) -> str:
    """The newest row as a new one, where a second one like it cannot be."""
    pk = model._meta.pk.column
    sets = ", ".join(f'"{column}" = {value}' for column, value in first.items())
    return f'UPDATE "{table}" SET {sets} WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" ORDER BY "{pk}" DESC LIMIT 1)'


def changeable() -> Iterator[tuple[str, type[models.Model], list[models.Field]]]:
    """Each table with its columns that get their value once or change."""
    for table, model, trigger in lists():
        listed = {*trigger.once, *trigger.may_change}
        if fields := [field for field in model._meta.concrete_fields if field.column in listed]:
            yield table, model, fields


def values(field: models.Field) -> list[str]:
    """SQL for what a column could be given: nothing, now, each choice, another value."""
    nothing = ["NULL"] if field.null else []
    if isinstance(field, models.DateTimeField):
        return ["now()", *nothing]
    if isinstance(field, models.CharField | models.TextField):
        words = [f"left(repeat('Because ', 3), {field.max_length or 24})", "''"]
        return [*([repr(str(value)) for value, _ in field.flatchoices] or words), *nothing]
    if isinstance(field, models.ForeignKey):
        to = field.related_model._meta
        newest = f'(SELECT x."{field.target_field.column}" FROM "{to.db_table}" x ORDER BY 1 DESC LIMIT 1)'
        return [another(field), newest, *nothing]
    return ["true", "false"] if isinstance(field, models.BooleanField) else [another(field), *nothing]


def single(fields: Sequence[models.Field]) -> Iterator[dict[str, str]]:
    """One column at a time."""
    yield from ({field.column: value} for field in fields for value in values(field))


def pairs(fields: Sequence[models.Field]) -> Iterator[dict[str, str]]:
    """Two at a time, neither of them the state nor free."""
    held = [one for one in fields if one.name not in STATES and name_of(one) not in FREE]
    for one, other in combinations(held, 2):
        for first, then in product(values(one), values(other)):
            yield {one.column: first, other.column: then}


def steps(model: type[models.Model]) -> Iterator[dict[str, str]]:
    """All that comes in one step but its state, and all of it taken away."""
    for moment, with_it in steps_of(model):
        for which in (0, -1):
            yield {field.column: values(field)[which] for field in (moment, *with_it)}
        for field in with_it:  # by nobody
            if field.null:
                yield {one.column: "NULL" if one is field else values(one)[0] for one in (moment, *with_it)}


def name_of(field: models.Field) -> str:
    """How lists of columns name it."""
    return f"{field.model._meta.label}.{field.name}"


def rows_of(cursor: psycopg.Cursor, table: str, model: type[models.Model], fields: Sequence[models.Field]) -> list:
    """Keys of rows that differ in their state and in which of these columns have a value."""
    key = f't."{model._meta.pk.column}"'
    differ = ", ".join(f't."{one.column}"' + ("" if one.name in STATES else " IS NULL") for one in fields)
    cursor.execute(f'SELECT DISTINCT ON ({differ}) {key} FROM "{table}" t ORDER BY {differ}, {key} LIMIT {MOST_ROWS}')
    return [key for (key,) in cursor.fetchall()]


def goes_through(cursor: psycopg.Cursor, table: str, pk: str, key: object, sets: Mapping[str, str]) -> str:
    """What the row says then and said before, in words; "" where it was refused or not each of the columns changed."""
    made = ", ".join(f'"{column}" = {value}' for column, value in sets.items())
    told = ", ".join(f'o."{column}"::text, n."{column}"::text' for column in sets)
    change = f'UPDATE "{table}" t SET {made} WHERE t."{pk}" = %s RETURNING WITH (OLD AS o, NEW AS n) {told}'
    try:
        with rolled_back(cursor.connection):
            cursor.execute(change, [key])
            (row,) = cursor.fetchall()
            cursor.execute(AT_ONCE)
    except psycopg.errors.IntegrityError:
        return ""
    except psycopg.errors.InsufficientPrivilege:
        return ""
    changed = [f"{was} -> {becomes}" for was, becomes in zip(row[::2], row[1::2], strict=True) if was != becomes]
    return f"{', '.join(sets)} of {key}: {'; '.join(changed)}"[:200] if len(changed) == len(sets) else ""
