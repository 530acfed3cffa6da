"""Exempt plates: added, ended, taken in as a list with a trial run and a report of what was left out."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row, seen
from ecpd.problem import StaleState
from parking.models import Exemption, ExemptionImport
from parking.permits.exempt_list import Line, Reject, read_list
from parking.plates.likeness import deletion_keys, normalise


@dataclass
class Outcome:
    """What a list would do, or did. `ended`: exemptions of the same plate and kind that a new one takes over from."""

    taken: list[Line] = field(default_factory=list)
    known: list[Line] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    ended: list[Exemption] = field(default_factory=list)
    done: ExemptionImport | None = None


def add_exemption(
    *, actor: User, kind: str, plate: str, state: str, source: str, last_day: date, words: str = ""
) -> Exemption:
    """Exempt one plate from now to the end of a day. Raises PolicyDenied, ValidationError."""
    row = _row(Line(0, normalise(plate), state, kind, last_day, words.strip()), source.strip(), actor)
    with policy.door(actor, "exemption.change", row, exemption=row):
        row.full_clean()
        row.save()
    return row


def end_exemption(*, exemption: Exemption, actor: User, reason: str) -> Exemption:
    """End an exemption now. Raises PolicyDenied, StaleState."""
    facts = {"exemption": exemption, "ends": True, "shown": seen(None, lambda: of_row(exemption))}
    with policy.door(actor, "exemption.change", exemption, justification=reason, **facts):
        if exemption.ended_at is not None:
            raise StaleState("This exemption was ended already.")
        _end(exemption, actor, reason)
    return exemption


def look_at_list(*, content: bytes, today: date | None = None) -> Outcome:
    """What a list would do; nothing is written. Raises UnreadableList."""
    today = today or timezone.localdate()
    lines, rejected = read_list(content, kinds=Exemption.Kind.values, today=today)
    outcome = Outcome(rejected=list(rejected))
    live = Exemption.objects.filter(
        plate__in=[line.plate for line in lines], ended_at__isnull=True, ends__gt=timezone.now()
    )
    held = {(row.plate, row.plate_state, row.kind): row for row in live.order_by("ends")}
    for line in lines:
        old = held.get((line.plate, line.state, line.kind))
        if old is not None and old.ends >= _midnight_after(line.expires):
            outcome.known.append(line)
            continue
        outcome.taken.append(line)
        if old is not None:
            outcome.ended.append(old)
    return outcome


def import_list(*, content: bytes, file_name: str, source: str, actor: User) -> Outcome:
    """Take a list in: each plate once however often it is sent, a later end takes over from an earlier one.

    Raises PolicyDenied, UnreadableList.
    """
    with policy.door(actor, "exemption.change", None, source=source) as decision:
        with connection.cursor() as cursor:  # two imports of one file at once: the second finds the first's plates
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('parking.exemptions'))")
        outcome = look_at_list(content=content)
        outcome.done = ExemptionImport.objects.create(
            file_name=file_name[:255], sha256=hashlib.sha256(content).hexdigest(), source=source.strip(), by=actor,
            taken=len(outcome.taken), known=len(outcome.known), ended=len(outcome.ended), decision=decision,
            rejected=[reject.as_data() for reject in outcome.rejected],
        )  # fmt: skip
        for old in outcome.ended:
            _end(old, actor, f"A later end came with {file_name[:80]}.")
        Exemption.objects.bulk_create(
            [_row(line, source.strip(), actor, imported=outcome.done) for line in outcome.taken]
        )
    return outcome


def _row(line: Line, source: str, by: User, **more) -> Exemption:
    return Exemption(
        kind=line.kind, plate=line.plate, plate_state=line.state, keys=list(deletion_keys(line.plate)), source=source,
        words=line.words, begins=timezone.now(), ends=_midnight_after(line.expires), added_by=by, **more,
    )  # fmt: skip


def _end(row: Exemption, by: User, reason: str) -> None:
    row.ended_at, row.ended_by, row.ended_reason = timezone.now(), by, reason.strip()
    row.save(update_fields=["ended_at", "ended_by", "ended_reason"])


def _midnight_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
