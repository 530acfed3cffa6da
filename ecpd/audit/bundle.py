"""One file with the whole chain, for somebody outside who verifies it without ECPD (contrib/verify_bundle.py).

Lines of JSON, in the order of `manifest, table, shape, head, check, anchor, link, stray, waiting, row, elsewhere, end`;
docs/verify.md says what each holds. Of one case: an entry of another case is a digest, and no row of another is there.
"""

import base64
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any, TextIO

from django.db import connection
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst

from ecpd.audit.canonical import EVENT_SQL, MOMENT, OLD_EVENT_SQL, commitment
from ecpd.audit.chainwalk import STRAY
from ecpd.audit.findings import Progress, silent, snapshot, stream
from ecpd.audit.histories import refused
from ecpd.audit.matters import rows_of
from ecpd.audit.models import ChainCheck, ChainHead, RowShape, Stamp
from ecpd.audit.rowwalk import readable_shapes, rows
from ecpd.audit.sealed import seal_of, sealed_models

FORMAT = 1
Line = dict[str, Any]
OF = "e.case_number, e.table_name, e.row_id"
LINKS = f"""
SELECT {OF}, s.number, s.previous_hash, s.hash, {MOMENT.format("s.sealed_at")}, s.salt, s.event_id, e.format,
       CASE WHEN e.format = 1 THEN {OLD_EVENT_SQL.format(seal="s", row="e")} ELSE {EVENT_SQL.format(row="e")} END
FROM audit_chainseal s LEFT JOIN audit_auditevent e ON e.id = s.event_id ORDER BY s.number, s.event_id
"""
WAITING = f"""
SELECT {OF}, e.id, {EVENT_SQL.format(row="e")}
FROM audit_unsealed u JOIN audit_auditevent e ON e.id = u.event_id ORDER BY e.id
"""
TOLD = "SELECT DISTINCT table_name, row_id FROM audit_auditevent WHERE case_number = %s AND table_name <> ''"


def write_bundle(path: Path, *, case: str = "", progress: Progress = silent) -> Counter[str]:
    """Write the export of everything, or of one case by its number; returns how many lines of each kind there are.

    One snapshot, in streams. The file is whole or not there. Raises FileExistsError, OSError.
    """
    counts: Counter[str] = Counter()
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with path.open("xb"):  # nothing that is there is written over
        path.chmod(0o600)
    try:
        with unfinished.open("xb") as file:
            unfinished.chmod(0o600)
            with gzip.open(file, "wt", compresslevel=4, encoding="utf-8") as text, snapshot():
                _write(text, lines(case), counts, progress)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise
    return counts


def _write(text: TextIO, made: Iterator[Line], counts: Counter[str], progress: Progress) -> None:
    for line in made:
        counts[line["t"]] += 1
        text.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        if counts[line["t"]] % 20_000 == 0:
            progress("entries" if line["t"] == "link" else "rows", counts[line["t"]])
    text.write(json.dumps({"t": "end", "counts": counts}, separators=(",", ":")) + "\n")


def lines(case: str) -> Iterator[Line]:
    """Every line but the last, inside a snapshot."""
    chosen = Chosen(case)
    yield {"t": "manifest", "format": FORMAT, "product": "ECPD", "made_at": timezone.now().isoformat(), "case": case}
    for model in sealed_models():
        yield {"t": "table", "name": model._meta.db_table, "refused": refused(model), "erased": _erased(model),
               "label": capfirst(str(model._meta.verbose_name))}  # fmt: skip
    for shape in RowShape.objects.order_by("pk"):
        yield {
            "t": "shape",
            "id": shape.pk,
            "table": shape.table_name,
            "columns": shape.columns,
            "by_hash": shape.by_hash,
        }
    yield from _noted(case)
    yield from _links(chosen)
    if not case:
        for key, action in stream(STRAY):
            yield {"t": "stray", "key": key, "action": action}
    yield from _waiting(chosen)
    yield from _rows(chosen)


def _erased(model: type[Model]) -> str:
    """The column that may be emptied under an opt-out, or nothing."""
    seal = seal_of(model)
    return seal.erased if seal else ""


class Chosen:
    """Which rows are shown: all, or those of one case, with those that its entries tell of and that are gone."""

    def __init__(self, case: str) -> None:
        self.case = case
        self.shown = rows_of(case) if case else {}
        self.elsewhere: list[tuple[str, str]] = []
        for table, key in stream(TOLD, [case]) if case else ():
            if key not in self.shown.get(table, ()):
                self._told(table, key)

    def _told(self, table: str, key: str) -> None:
        """A row that an entry of the case tells of and that is not the case's: gone, or of no case or another."""
        model = next((each for each in sealed_models() if each._meta.db_table == table), None)
        if model is not None and model._base_manager.filter(pk=key).exists():
            self.elsewhere.append((table, key))
        else:
            self.shown.setdefault(table, set()).add(key)

    def shows(self, case: str | None, table: str | None, key: str | None) -> bool:
        """Whether an entry is shown."""
        return not self.case or case == self.case or key in self.shown.get(table or "", ())


def _links(chosen: Chosen) -> Iterator[Line]:
    for of_case, table, key, number, previous, seal, sealed_at, salt, event, form, text in stream(LINKS):
        line = {"t": "link", "number": number, "previous": previous, "hash": seal, "sealed_at": sealed_at}
        if form is None:
            yield line | {"key": event, "gone": True}
        elif chosen.shows(of_case, table, key):
            yield line | {"key": event, "format": form, "salt": salt, "entry": text}
        elif salt:
            yield line | {"entry_digest": commitment(salt, text)}
        else:  # sealed before format 3: no digest stands for its text
            yield line | {"withheld": True}


def _waiting(chosen: Chosen) -> Iterator[Line]:
    for of_case, table, key, event, text in stream(WAITING):
        if chosen.shows(of_case, table, key):
            yield {"t": "waiting", "key": event, "entry": text}


def _rows(chosen: Chosen) -> Iterator[Line]:
    shapes = readable_shapes()
    for model in sealed_models():
        table = model._meta.db_table
        wanted = chosen.shown.get(table, set()) if chosen.case else None
        if wanted is not None and not wanted:
            continue
        for _, _, _, _, key, text in rows(model, shapes[table], only=wanted):
            if key is not None:
                yield {"t": "row", "table": table, "id": key, "row": text}
    for table, key in chosen.elsewhere:
        yield {"t": "elsewhere", "table": table, "id": key}


def _noted(case: str) -> Iterator[Line]:
    """Heads, checks and time stamps. What a check found speaks of rows of any case: only of the whole it is told."""
    for head in ChainHead.objects.order_by("pk").iterator():
        yield {"t": "head", "number": head.number, "hash": head.hash, "noted_at": head.noted_at.isoformat()}
    for check in ChainCheck.objects.order_by("pk").iterator():
        yield {"t": "check", "at": check.checked_at.isoformat(), "entries": check.entries, "rows": check.rows,
               "result": check.result, "findings": [] if case else check.findings}  # fmt: skip
    for made in Stamp.objects.filter(result=Stamp.Result.STAMPED).order_by("pk").iterator():
        yield {"t": "anchor", "number": made.number, "hash": made.hash, "authority": made.authority,
               "local": made.local, "response": base64.b64encode(made.token).decode(),
               "certificates": made.certificates,
               "stamped_at": made.stamped_at.astimezone(UTC).replace(tzinfo=None).isoformat()}  # fmt: skip


def may_export_everything() -> bool:
    """Whether the database's session is the owner's: who can read and change everything anyway."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = 'audit_auditevent'::regclass")
        return cursor.fetchone()[0]
