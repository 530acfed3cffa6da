"""The exact scan: every active template of one model, compared with one."""

from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

TABLE = "leads_facevector"
SCAN = """
SELECT face_id, -(embedding <#> %(probe)s::halfvec(512)) AS cosine
FROM {table} WHERE active AND model_id = %(model)s AND face_id + 0 <= %(watermark)s
ORDER BY embedding <#> %(probe)s::halfvec(512), face_id LIMIT %(limit)s
"""
SIZE = """
SELECT source_id, count(*), max(face_id) FROM {table} WHERE active AND model_id = %(model)s GROUP BY source_id
"""
# Who brings photos in, takes a source out or records an opt-out holds a source: either waits for the other.
HOLD = "SELECT id FROM leads_gallerysource ORDER BY id FOR SHARE"
PARALLEL = """
SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 10;
SET LOCAL parallel_tuple_cost = 0.001; SET LOCAL min_parallel_table_scan_size = '1MB'
"""


@dataclass(frozen=True)
class ScanResult:
    """`hits`: (face id, cosine), most similar first. `size` templates were compared, none newer than `watermark`, of
    these `sources` (ids).
    """

    hits: list[tuple[int, float]]
    size: int
    watermark: int
    sources: list[int]


def exact(template: np.ndarray, *, model_id: str, limit: int, watermark: int | None = None, table: str = TABLE):
    """Compare one template with all of the gallery. A `watermark` repeats a scan as of that face.

    In SCAN, `face_id + 0` keeps the planner from going through the primary key's index: every row is wanted.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PARALLEL)
        cursor.execute(SIZE.format(table=table), {"model": model_id})
        held = cursor.fetchall()
        upto = max((newest for _, _, newest in held), default=0) if watermark is None else watermark
        values = {"probe": literal(template), "model": model_id, "watermark": upto, "limit": limit}
        cursor.execute(SCAN.format(table=table), values)
        hits = [(face, float(cosine)) for face, cosine in cursor.fetchall()]
    return ScanResult(hits, sum(count for _, count, _ in held), upto, [source for source, _, _ in held])


def held_as_found(found: ScanResult, *, model_id: str) -> bool:
    """Hold the gallery until the transaction ends; whether it is still the one that was compared."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD)
        cursor.execute(SIZE.format(table=TABLE), {"model": model_id})
        held = cursor.fetchall()
    size, newest = sum(count for _, count, _ in held), max((newest for _, _, newest in held), default=0)
    return (size, newest, [source for source, _, _ in held]) == (found.size, found.watermark, found.sources)


def literal(template: np.ndarray) -> str:
    """The template as pgvector reads it."""
    return "[" + ",".join(f"{value:.6f}" for value in template) + "]"
