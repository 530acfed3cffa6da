"""A part of the chain: chosen rows, all entries that tell of them with their seals, and what anchors them outside.

Lines as an export has them (`ecpd.audit.bundle`, docs/verify.md). Between the seals that are shown lie others: that each
is where it says, an export of the case proves (`manage.py export_audit`).
"""

import base64
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC
from typing import Any

from django.db import connection
from django.db.models import Model

from ecpd.audit.canonical import EVENT_SQL, MOMENT, OLD_EVENT_SQL, row_sql
from ecpd.audit.models import ChainSeal, RowShape, Stamp
from ecpd.audit.rowwalk import readable_shapes

Line = dict[str, Any]
ROWS = """
SELECT k.key, n.shape_id, CASE {texts} END FROM unnest(%s::text[]) k(key) JOIN {table} t ON t.{key}::text = k.key
LEFT JOIN LATERAL (SELECT e.shape_id FROM audit_auditevent e WHERE e.table_name = %s AND e.row_id = k.key
                   ORDER BY e.id DESC LIMIT 1) n ON true ORDER BY t.{key}
"""
ENTRIES = f"""
SELECT e.id, e.format, s.number, s.previous_hash, s.hash, {MOMENT.format("s.sealed_at")}, s.salt,
       CASE WHEN e.format = 1 AND s.event_id IS NOT NULL THEN {OLD_EVENT_SQL.format(seal="s", row="e")}
            ELSE {EVENT_SQL.format(row="e")} END
FROM unnest(%s::text[]) k(key) JOIN audit_auditevent e ON e.table_name = %s AND e.row_id = k.key
LEFT JOIN audit_chainseal s ON s.event_id = e.id ORDER BY e.id
"""


def part_of_the_chain(chosen: Mapping[type[Model], Collection[int]]) -> Iterator[Line]:
    """The lines of these rows, by their models. Inside a snapshot (`ecpd.audit.findings`)."""
    shapes = readable_shapes()
    used: set[int] = set()
    for model, keys in chosen.items():
        table = model._meta.db_table
        for key, shape, text in _asked(_of_table(model, shapes[table]), [sorted(map(str, keys)), table]):
            used.add(shape)
            yield {"t": "row", "table": table, "id": key, "row": text}
        yield from _entries(table, sorted(map(str, keys)))
    for one in RowShape.objects.filter(pk__in=used - {None}).order_by("pk"):
        yield {"t": "shape", "id": one.pk, "table": one.table_name, "columns": one.columns, "by_hash": one.by_hash}
    if head := ChainSeal.objects.order_by("-number").first():
        yield {"t": "head", "number": head.number, "hash": head.hash}
    yield from _newest_stamp()


def _of_table(model: type[Model], shapes: Mapping[Any, list[int]]) -> str:
    quote = connection.ops.quote_name
    texts = [
        f"WHEN n.shape_id IN ({', '.join(map(str, ids))}) THEN {row_sql('t', *shape)}" for shape, ids in shapes.items()
    ]
    key = quote(str(model._meta.pk.column))  # type: ignore[union-attr]  # not abstract: it has one
    return ROWS.format(key=key, table=quote(model._meta.db_table), texts=" ".join(texts) or "WHEN false THEN ''")


def _asked(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _entries(table: str, keys: list[str]) -> Iterator[Line]:
    for key, form, number, previous, seal, sealed_at, salt, text in _asked(ENTRIES, [keys, table]):
        if number is None:
            yield {"t": "waiting", "key": key, "entry": text}
        else:
            yield {"t": "link", "number": number, "previous": previous, "hash": seal, "sealed_at": sealed_at, "key": key,
                   "format": form, "salt": salt, "entry": text}  # fmt: skip


def _newest_stamp() -> Iterator[Line]:
    made = Stamp.objects.filter(result=Stamp.Result.STAMPED).order_by("pk").last()
    if made is not None and made.stamped_at is not None:
        yield {"t": "anchor", "number": made.number, "hash": made.hash, "authority": made.authority, "local": made.local,
               "response": base64.b64encode(made.token).decode(), "certificates": made.certificates,
               "stamped_at": made.stamped_at.astimezone(UTC).replace(tzinfo=None).isoformat()}  # fmt: skip
