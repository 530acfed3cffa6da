"""Genetec AutoVu SharpV: JSON of its HTTP extension.

Source: techdocs.genetec.com, SharpV administrator guide 14.2, "Examples of JSON and XML ALPR events". The sample's
Timestamp has no offset, 0.0 and 0.0 are no position, "-" and a Score of -1 mean unknown. Which keys stand in
PlateAnalytics depends on the camera: State Name, Confidence Score (0 to 100 as a text), Vehicle Type and others.
"""

from datetime import datetime
from typing import Any

from parking.ingest import foreign
from parking.ingest.batch import take
from parking.ingest.canonical import Rejected
from parking.ingest.errors import BadBatch, BadItem
from parking.ingest.item import Clock
from parking.ingest.parsed import DeviceSettings, Limits, Parsed
from parking.ingest.regions import region
from parking.ingest.times import local_instant

TOP = 100.0


def read_sharpv(
    payload: Any, *, received_at: datetime, settings: DeviceSettings | None = None, limits: Limits | None = None
) -> Parsed:
    """One event, or a list of them. Times without an offset need the device's time zone (else `naive_time`).

    Raises BadBatch: `wrong_type`, `too_many`.
    """
    limits, settings = limits or Limits(), settings or DeviceSettings()
    events = payload if isinstance(payload, list) else [payload]
    if not isinstance(payload, list) and (not isinstance(payload, dict) or "PlateRead" not in payload):
        raise BadBatch("wrong_type", "The body is no event of a SharpV: “PlateRead” is missing.")
    if len(events) > limits.items:
        raise BadBatch("too_many", f"A delivery holds at most {limits.items} events.")
    parsed, items = Parsed(), []
    for index, event in enumerate(events):
        try:
            items.append((index, _item(event, settings, received_at)))
        except BadItem as wrong:
            parsed.rejected.append(Rejected(index, _given(event), wrong.code, str(wrong)))
    take(items, Clock(received_at), limits, parsed)
    return parsed


def _given(event: Any) -> str:
    return foreign.short(foreign.inner(event).get("Id"), 80)


def _item(event: Any, settings: DeviceSettings, near: datetime) -> dict:
    if not isinstance(event, dict):
        raise BadItem("wrong_type", "An event must be an object.")
    captured_at = local_instant(event.get("Timestamp"), "Timestamp", settings.time_zone, near).isoformat()
    facts = _facts(event.get("PlateAnalytics"))
    camera = foreign.short(event.get("LprCameraName"), 80)
    source = foreign.short(event.get("SourceUrl"), 200)
    pictures = foreign.picture("plate", event.get("PlateImage")) + foreign.picture("scene", event.get("ContextImage"))
    return {
        "device_seq": foreign.identity(event.get("Id"), source, camera, captured_at, event.get("PlateRead")),
        "captured_at": captured_at,
        "plate": event.get("PlateRead"),
        "state": region(facts.get("state name", "")),
        "confidence": foreign.scaled(facts.get("confidence score"), TOP),
        "observer": foreign.place(event.get("Latitude"), event.get("Longitude")),
        "camera_side": foreign.side(settings, camera),
        "vehicle": {
            "make": facts.get("vehicle make", ""),
            "color": facts.get("vehicle color", "")[:20],
            "type": facts.get("vehicle type", "")[:20],
        },
        "images": pictures,
        "source_format": "sharpv",
        "raw_id": _given(event),
    }


def _facts(analytics: Any) -> dict[str, str]:
    """Key in lower case to value, without the unknown ones."""
    found = {}
    for one in foreign.objects(analytics):
        key, value = foreign.short(one.get("Key"), 40).lower(), foreign.short(one.get("Value"), 40)
        if key and value:
            found.setdefault(key, value)
    return found
