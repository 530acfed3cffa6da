"""Mending a value that a CHECK would not take any more, on the record; the owner's work, since guards fix such rows."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from ecpd.audit import labels
from ecpd.audit.services import record
from ecpd.checks import standing

GUARDS = """
SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgtype & 2 = 2 AND c.relname = %s AND c.relnamespace = 'public'::regnamespace
"""  # what runs before a row is written


def mend_value(*, table: str, key: str, column: str, value: str, reason: str, using: str = "default") -> None:
    """Put `value` in one column of a row that breaks a waiting CHECK; the log keeps both values and the reason.

    The table's guards sleep for this one statement, behind a lock that keeps everybody else from writing to it; its
    seal does not, so that the log has the row as it became.
    Raises ValidationError when the row breaks no CHECK on that column, and when it would still break one.
    """
    checks = [check for check in standing.waiting(using) if check.table == table and column in check.columns]
    if not any(key in breach.keys for breach in standing.breaches(checks, using)):
        raise ValidationError(f"{table} {key} breaks no check on {column}; only such a value is mended here.")
    quote = connections[using].ops.quote_name
    name, where = f"public.{quote(table)}", f"WHERE {quote(checks[0].key)}::text = %s"
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(GUARDS, [table])
            guards = [quote(guard) for (guard,) in cursor.fetchall()]
            _switch(cursor, name, "DISABLE", guards)
            cursor.execute(f"SELECT {quote(column)}::text FROM {name} {where}", [key])
            before = cursor.fetchone()[0]
            cursor.execute(f"UPDATE {name} SET {quote(column)} = %s {where}", [value, key])
            _switch(cursor, name, "ENABLE", guards)
            record(actor=None, action="row.mended", actor_label=labels.OWNER, table=table, row=key,
                   column=column, before=before, after=value, reason=reason)  # fmt: skip
    except IntegrityError as error:
        raise ValidationError(f"The row would still break a check: {str(error).splitlines()[0]}") from error


def _switch(cursor, table: str, how: str, guards: list[str]) -> None:
    for guard in guards:
        cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {guard}")
