"""The exact scan: every active template of one model, compared with one (DESIGN 7)."""

from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

TABLE = "leads_facevector"
SCAN = """
SELECT face_id, -(embedding <#> %(probe)s::halfvec(512)) AS cosine
FROM {table} WHERE active AND model_id = %(model)s AND face_id <= %(watermark)s
ORDER BY embedding <#> %(probe)s::halfvec(512), face_id LIMIT %(limit)s
"""
SIZE = "SELECT count(*), max(face_id) FROM {table} WHERE active AND model_id = %(model)s"
PARALLEL = """
SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL parallel_setup_cost = 10;
SET LOCAL parallel_tuple_cost = 0.001; SET LOCAL min_parallel_table_scan_size = '1MB'
"""


@dataclass(frozen=True)
class ScanResult:
    """`hits`: (face id, cosine), most similar first. `size` templates were compared, none newer than `watermark`."""

    hits: list[tuple[int, float]]
    size: int
    watermark: int


def exact(template: np.ndarray, *, model_id: str, limit: int, watermark: int | None = None, table: str = TABLE):
    """Compare one template with all of the gallery. A `watermark` repeats a scan as of that face."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PARALLEL)
        cursor.execute(SIZE.format(table=table), {"model": model_id})
        size, newest = cursor.fetchone()
        upto = newest or 0 if watermark is None else watermark
        values = {"probe": literal(template), "model": model_id, "watermark": upto, "limit": limit}
        cursor.execute(SCAN.format(table=table), values)
        return ScanResult([(face, float(cosine)) for face, cosine in cursor.fetchall()], size, upto)


def literal(template: np.ndarray) -> str:
    """The template as pgvector reads it."""
    return "[" + ",".join(f"{value:.6f}" for value in template) + "]"
