"""The CHECKs that stand in the database, asked about single values without any row."""

from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.db import connection, models

from ecpd.checks.derive import is_ours

# A cast so that a literal is what the column is; a choice that is a number stays one.
ASK = "SELECT {expression} FROM (SELECT %s::{type} AS {column}) AS tried"


def fields_of_ours() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column of every table that we describe."""
    for model in apps.get_models():
        if is_ours(model):
            yield from ((model, field) for field in model._meta.local_fields)


def label(pair: tuple[type[models.Model], models.Field]) -> str:
    """How a test of one field is called."""
    return f"{pair[0]._meta.label}.{pair[1].name}"


@cache
def expressions(table: str) -> dict[tuple[str, ...], dict[str, str]]:
    """The columns, sorted -> name -> expression, of one table's CHECKs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conname, pg_get_expr(c.conbin, c.conrelid), array(SELECT a.attname::text FROM pg_attribute a"
            " WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) ORDER BY 1)"
            " FROM pg_constraint c WHERE c.contype = 'c' AND c.conrelid = %s::regclass",
            [table],
        )
        found: dict[tuple[str, ...], dict[str, str]] = {}
        for name, expression, columns in cursor.fetchall():
            found.setdefault(tuple(columns), {})[name] = expression
    return found


def refusing(model: type[models.Model], field: models.Field, value: object) -> set[str]:
    """The names of the CHECKs on this one column that refuse the value."""
    column, kind = connection.ops.quote_name(field.column), field.db_type(connection)
    if isinstance(field, models.CharField):
        kind = "text"  # a cast to varchar(n) would cut what is too long
    refused = set()
    with connection.cursor() as cursor:
        for name, expression in expressions(model._meta.db_table).get((field.column,), {}).items():
            cursor.execute(ASK.format(expression=expression, type=kind, column=column), [value])
            if cursor.fetchone()[0] is False:
                refused.add(name)
    return refused
