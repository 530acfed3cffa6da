"""Taking reads in: the gate, then everything of one delivery in one transaction, before the sender is answered."""

import json
from dataclasses import dataclass, field
from typing import cast

from django.db import connection, transaction
from django.utils import timezone

from ecpd.files import all_or_nothing
from ecpd.policy import engine as policy
from ecpd.policy import versions
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.verdicts import Outcome, Verdict
from ecpd.queue import enqueue
from parking import store
from parking.ingest.canonical import CanonicalRead
from parking.ingest.images import media_type
from parking.ingest.parsed import Parsed
from parking.models import Device, IngestBatch, IngestGate, PlateImage
from parking.selectors.plate_policy import policy_in_force
from parking.services import second_opinion

# One statement a delivery. What the device sent before is left alone and comes back as a duplicate.
TAKE = """
INSERT INTO parking_read (device_id, batch_id, received_at, state, alternatives, device_seq,
    captured_at, plate, plate_state, confidence, candidates, latitude, longitude, accuracy_m, heading, speed_mps,
    observed, camera_side, make, model, color, type, source_format, raw_id)
SELECT %(device)s, %(batch)s, %(now)s, CASE WHEN plate = '' THEN 'unreadable' ELSE 'received' END, '[]',
    device_seq, captured_at, plate, plate_state, confidence, candidates, latitude, longitude, accuracy_m, heading,
    speed_mps, observed, camera_side, make, model, color, type, source_format, raw_id
FROM jsonb_to_recordset(%(rows)s) AS sent(device_seq text, captured_at timestamptz, plate text, plate_state text,
    confidence float, candidates jsonb, latitude float, longitude float, accuracy_m float, heading float,
    speed_mps float, observed jsonb, camera_side text, make text, model text, color text, type text,
    source_format text, raw_id text)
ON CONFLICT (device_id, device_seq) DO NOTHING RETURNING device_seq, id
"""


@dataclass
class Taken:
    """What became of a delivery: each item's index, sequence, status, code and reason, in the order it was sent."""

    batch: IngestBatch
    items: list[dict] = field(default_factory=list)

    def count(self, status: str) -> int:
        """How many items have this status."""
        return sum(item["status"] == status for item in self.items)


def take(*, device: Device, parsed: Parsed, raw: object = None) -> Taken:
    """Keep a delivery. Raises PolicyDenied when the gate is shut (PK-09).

    Pictures that came along are on disk, and rows committed, before this returns: these senders never send again.
    """
    gate = _gate(device)
    now = timezone.now()
    with all_or_nothing(), transaction.atomic():
        batch = IngestBatch.objects.create(
            device=device,
            gate=gate,
            sent_at=parsed.sent_at,
            skew_seconds=parsed.skew,
            raw=raw,
            rejected=[{"index": r.index, "seq": r.device_seq, "code": r.code, "reason": r.reason}
                      for r in parsed.rejected],
            notes=[{"index": n.index, "seq": n.device_seq, "code": n.code, "reason": n.reason} for n in parsed.notes],
        )  # fmt: skip
        keys = _insert(device, batch, now, [read for _, read in parsed.reads])
        _note_images(keys, parsed)
        batch.accepted, batch.duplicates = len(keys), len(parsed.reads) - len(keys) + len(parsed.repeated)
        batch.save(update_fields=["accepted", "duplicates"])
        Device.objects.filter(pk=device.pk).update(last_seen_at=now, skew_seconds=parsed.skew)
        if keys:
            enqueue("parking.tasks.look_at_reads")
    return Taken(batch, _answers(parsed, set(keys)))


def _insert(device: Device, batch: IngestBatch, now, reads: list[CanonicalRead]) -> dict[str, int]:
    if not reads:
        return {}
    rows = json.dumps([_row(read) for read in reads])
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"device": device.pk, "batch": batch.pk, "now": now, "rows": rows})
        return dict(cursor.fetchall())


def _row(read: CanonicalRead) -> dict:
    place = read.observer
    return {
        "device_seq": read.device_seq,
        "captured_at": read.captured_at.isoformat(),
        "plate": read.plate,
        "plate_state": read.state,
        "confidence": read.confidence,
        "candidates": [{"plate": c.plate, "confidence": c.confidence} for c in read.candidates],
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "accuracy_m": place.accuracy_m if place else None,
        "heading": read.heading,
        "speed_mps": read.speed_mps,
        "observed": {"lat": read.observed.latitude, "lon": read.observed.longitude} if read.observed else None,
        "camera_side": read.camera_side,
        "make": read.vehicle.make,
        "model": read.vehicle.model,
        "color": read.vehicle.color,
        "type": read.vehicle.type,
        "source_format": read.source_format,
        "raw_id": read.raw_id,
    }


def _note_images(keys: dict[str, int], parsed: Parsed) -> None:
    taken = [read for _, read in parsed.reads if read.device_seq in keys]
    for image in (image for read in taken for image in read.images if image.content):
        store.store(image.content or b"")
    rows = [
        PlateImage(
            read_id=keys[read.device_seq],
            kind=image.kind,
            sha256=image.sha256,
            size=len(image.content) if image.content else None,
            media_type=media_type(image.content) if image.content else "",
            state=PlateImage.State.STORED if image.content else PlateImage.State.ANNOUNCED,
        )
        for read in taken
        for image in read.images
    ]
    PlateImage.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.state == PlateImage.State.STORED for row in rows):
        second_opinion.ask(PlateImage.objects.filter(second_opinion.UNSURE, read__in=[row.read_id for row in rows]))


def _answers(parsed: Parsed, taken: set[str]) -> list[dict]:
    items = [_answer(index, read.device_seq, "accepted" if read.device_seq in taken else "duplicate")
             for index, read in parsed.reads]  # fmt: skip
    items += [_answer(index, seq, "duplicate") for index, seq in parsed.repeated]
    items += [_answer(bad.index, bad.device_seq, "rejected", bad.code, bad.reason) for bad in parsed.rejected]
    return sorted(items, key=lambda item: item["index"])


def _answer(index: int, seq: str, status: str, code: str = "", reason: str = "") -> dict:
    return {"index": index, "device_seq": seq, "status": status, "code": code, "reason": reason}


def _gate(device: Device) -> IngestGate:
    """The day's answer of the policy door for this reader; asked when there is none yet. Raises PolicyDenied."""
    actor, today = device.registered_by, timezone.localdate()
    in_force, manual = policy_in_force(), versions.in_force()
    known = IngestGate.objects.filter(device=device, day=today, policy=in_force, manual_version=manual, actor=actor)
    gate = known.first()
    if gate is None or gate.role_opened != actor.may("read.ingest"):
        return _ask(device, actor, today, in_force, manual)
    if gate.refusal is not None:
        raise _refused(gate)
    return gate


def _ask(device: Device, actor, today, in_force, manual) -> IngestGate:
    common = {"device": device, "day": today, "policy": in_force, "manual_version": manual, "actor": actor}
    try:
        with policy.door(actor, "read.ingest", device) as decision:
            return IngestGate.objects.create(**common, decision=decision)
    except PolicyDenied as denied:
        refusal = [verdict.as_json() for verdict in denied.verdicts]
        IngestGate.objects.create(**common, decision_id=cast(int, denied.decision_id), refusal=refusal)
        raise


def _refused(gate: IngestGate) -> PolicyDenied:
    verdicts = [Verdict(v["rule_id"], Outcome(v["outcome"]), v["sentence"], v["remedy"]) for v in gate.refusal or []]
    return PolicyDenied(verdicts, action="read.ingest", decision_id=gate.decision_id)
