"""How often one unknown person was searched for: each try is another chance of a false alarm (FR-07)."""

from collections.abc import Sequence

from django.db import connection

from leads.models import SearchRequest
from leads.models.history_v1 import NEAR_COPY_COSINE

# Each search with the first one for the face of its probe: what `ecpd_one_probe` says of two, asked of all at once.
_FIRST = f"""
WITH s AS MATERIALIZED (SELECT r.id, r.model_id, r.probe_embedding, r.probe_id, r.face -> 'box' AS box
        FROM public.leads_searchrequest r WHERE r.id = ANY (%s::bigint[])),
    kin AS MATERIALIZED (SELECT p.probe_id, k.id FROM (SELECT DISTINCT s.probe_id FROM s) p
        CROSS JOIN LATERAL public.ecpd_kin(ARRAY[p.probe_id]) k(id)),
    bar AS MATERIALIZED (SELECT public.ecpd_parameter_number('same_face_cosine') AS same)
SELECT s.id, min(o.id) FROM bar, s JOIN s o ON o.id <= s.id
    LEFT JOIN kin ON kin.probe_id = s.probe_id AND kin.id = o.probe_id
    CROSS JOIN LATERAL (SELECT CASE WHEN s.model_id = o.model_id THEN -(s.probe_embedding <#> o.probe_embedding) END) c(alike)
WHERE s.id = o.id OR c.alike >= {NEAR_COPY_COSINE}
    OR kin.id IS NOT NULL AND (c.alike >= bar.same OR public.ecpd_same_face(s.box, o.box))
GROUP BY s.id
"""


def tries(searches: Sequence[SearchRequest]) -> dict[int, tuple[int, int]]:
    """Search to its place and how many there are, of those for one face of one picture, a copy or an edit of it."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [[search.pk for search in searches]])
        first: dict[int, int] = dict(cursor.fetchall())
    together: dict[int, list[int]] = {}
    for key in sorted(first):
        together.setdefault(_head(first, key), []).append(key)
    return {key: (place, len(them)) for them in together.values() for place, key in enumerate(them, start=1)}


def _head(first: dict[int, int], key: int) -> int:
    """The first of all that hang together with a search."""
    while first[key] != key:
        key = first[key]
    return key
