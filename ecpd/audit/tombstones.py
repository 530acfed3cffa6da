"""What was erased on the record: each tombstone against the entry and the opt-out that it names (FR-06)."""

from collections import Counter

from django.db.models import Model
from django.utils.text import capfirst

from ecpd.audit.findings import Findings, stream
from ecpd.audit.sealed import Seal, seal_of, sealed_models

TOMBSTONES = """
SELECT t."{key}"::text, t.erased_under_id, e.detail ->> 'opt_out', COALESCE({founded}, false)
FROM "{table}" t LEFT JOIN LATERAL (
    SELECT a.detail FROM audit_auditevent a WHERE a.table_name = '{table}' AND a.row_id = t."{key}"::text
    ORDER BY a.id DESC LIMIT 1) e ON true
WHERE t."{erased}" IS NULL ORDER BY 1
"""


def walk_tombstones(findings: Findings, *, only: type[Model] | None = None) -> Counter[int]:
    """How many rows were erased under each opt-out (by its key); an erasure without one is a break."""
    under: Counter[int] = Counter()
    for model in [only] if only else sealed_models():
        if (seal := seal_of(model)) is not None and seal.erased:
            under += _of(model, seal, findings)
    return under


def _of(model: type[Model], seal: Seal, findings: Findings) -> Counter[int]:
    under: Counter[int] = Counter()
    table, key = model._meta.db_table, model._meta.pk.column  # type: ignore[union-attr]  # not abstract: it has one
    sql = TOMBSTONES.format(table=table, key=key, erased=seal.erased, founded=seal.founded or "true")
    for row_id, opt_out, said, founded in stream(sql):
        name = f"{capfirst(model._meta.verbose_name)} {row_id} ({table})"
        if opt_out is None:
            findings.add(0, "row erased", f"{name} was erased without an opt-out.")
        elif said != str(opt_out) or not founded:
            findings.add(0, "row erased", f"{name} was erased, and opt-out {opt_out}, which it names, does not say so.")
        else:
            under[opt_out] += 1
    return under
