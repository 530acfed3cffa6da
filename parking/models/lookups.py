"""A lookup for the deletion keys of plates: those of a whole delivery at once, a thousand or so."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import Lookup

# An array made once, key by key: as a join, the planner may go through the table and ask for each of its rows instead.
FOUND = """{table}.{pk} = ANY(ARRAY(SELECT found.{pk} FROM unnest(%s::{type}) AS wanted(key)
CROSS JOIN LATERAL (SELECT {pk} FROM {bare} WHERE {column} @> ARRAY[wanted.key]::{type} OFFSET 0) AS found))"""


@ArrayField.register_lookup
class AnyOf(Lookup):
    """`keys__any_of=[...]`: rows that hold one of these keys, each looked up in the column's GIN index.

    It says what Django's `overlap` says. PostgreSQL takes an overlap with a thousand keys for true of nearly every
    row, and compares each row with each key instead of using the index; Django makes an expression of every key.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def __init__(self, lhs, rhs: Iterable[str]) -> None:
        super().__init__(lhs, list(rhs))

    def as_sql(self, compiler, connection):
        """The condition; only for a column of a table, not for an expression."""
        meta, quote = self.lhs.target.model._meta, connection.ops.quote_name
        names = {"table": self.lhs.alias, "bare": meta.db_table, "pk": meta.pk.column, "column": self.lhs.target.column}
        quoted = {name: quote(value) for name, value in names.items()}
        return FOUND.format(type=self.lhs.target.db_type(connection), **quoted), [self.rhs]
