"""Whether what is linked to a lead counts, or why not: the database says it once for rule, guard, page and packet (FR-10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import JSONField, QuerySet
from django.db.models.expressions import RawSQL

from leads.models import Corroboration, Lead

COUNTS, LINEUP, WAITS, FACE = "counts", "lineup", "waits", "face"
REJECTED, WITHDRAWN, OF_SEARCH, NOT_COMPARED = "rejected", "withdrawn", "search", "not compared"
_COLUMNS = "s.item, s.standing, s.kind, s.because, s.by_dates, s.secured, s.result"
_OF_LEAD = f"SELECT jsonb_agg(jsonb_build_array({_COLUMNS})) FROM public.ecpd_standing(leads_lead.id, '{{}}', '{{}}') s"


@dataclass(frozen=True)
class Standing:
    """Of one link: `secured` and `result` are the two days that stand side by side, the item's and the result's.

    `by_dates`: obtained after the result, by them; `because`: by them or by an answer of somebody who was asked.
    """

    standing: str
    kind: str
    because: bool
    by_dates: bool
    secured: str
    result: str

    @property
    def counts(self) -> bool:
        """Whether it counts, a line-up beside another item."""
        return self.standing in (COUNTS, LINEUP)

    @property
    def is_lineup(self) -> bool:
        """Whether its exhibit is a photo line-up, whatever its link is called (FR-11)."""
        return self.kind == LINEUP


def standings_of(
    lead: Lead, *, links: Iterable[int] = (), exhibits: Iterable[int] = (), now: bool = False
) -> dict[int, Standing]:
    """Of each link of a lead, by its key; `links` and `exhibits` are taken as withdrawn. `now`: not as read with it."""
    gone = list(links), list(exhibits)
    if "standings" in lead.__dict__ and _as_read(lead) and not (now or any(gone)):
        return standings_read_with(lead)
    with connection.cursor() as cursor:
        asked = f"SELECT {_COLUMNS} FROM public.ecpd_standing(%s, %s::bigint[], %s::bigint[]) s"
        cursor.execute(asked, [lead.pk, *gone])
        return _by_item(cursor.fetchall())


def standings_read_with(lead: Lead) -> dict[int, Standing]:
    """As they were when the lead was read (`with_standings`)."""
    return _by_item(lead.__dict__["standings"] or [])


def _as_read(lead: Lead) -> bool:
    """Whether the lead is as it was read with its links; a door that locks it reads it anew."""
    return "corroborations" in getattr(lead, "_prefetched_objects_cache", {})


def _by_item(rows: Iterable[Iterable[Any]]) -> dict[int, Standing]:
    return {item: Standing(*said) for item, *said in rows}


def with_standings(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Leads with what `standings_of` reads."""
    return leads.annotate(standings=RawSQL(f"({_OF_LEAD})", [], JSONField()))


def is_open(item: Corroboration, reader: Any = None) -> bool:
    """Whether a reader sees the linker's two answers: once somebody verified the item, who gave his own without them.

    Until then they are the linker's alone, and of those who verify nothing. Without a reader: whether anybody does.
    """
    if hasattr(item, "verification"):
        return True
    return reader is not None and (item.linked_by_id == reader.pk or not reader.may("corroboration.verify"))


def disagree(item: Corroboration) -> bool:
    """Whether linker and verifier answered otherwise; the stricter answer holds."""
    checked = getattr(item, "verification", None)
    if checked is None or not (checked.rests_on_face and item.rests_on_face):
        return False
    return (item.because_of, item.rests_on_face) != (checked.because_of, checked.rests_on_face)
