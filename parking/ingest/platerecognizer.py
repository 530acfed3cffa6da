"""Plate Recognizer Stream: its webhook, as a multipart form with pictures or as JSON alone.

Source: guides.platerecognizer.com, "Webhooks and outputs" of Stream; github parkpow/deep-license-plate-recognition
(MIT), webhook samples. Scores 0 to 1, plates in lower case, regions "us-ca" (two letters alone are a country). The
plate is a text, or in vehicle mode an object with the readings in `props.plate`.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from parking.ingest import foreign
from parking.ingest.batch import take
from parking.ingest.canonical import Rejected
from parking.ingest.errors import BadBatch, BadItem
from parking.ingest.item import Clock
from parking.ingest.parsed import DeviceSettings, DeviceStatus, Limits, Parsed
from parking.ingest.regions import region
from parking.ingest.times import local_instant

TOP = 1.0


def read_platerecognizer(
    payload: Any,
    files: Mapping[str, bytes] | None = None,
    *,
    received_at: datetime,
    settings: DeviceSettings | None = None,
    limits: Limits | None = None,
) -> Parsed:
    """One webhook call. `payload`: the decoded JSON, or the text of the form's field `json`.

    `files`: the bytes of the form's files by field name: `upload` is the scene, `plate_img` the plate. The time is
    `timestamp` ("…Z"), else `timestamp_local`; without an offset the device's time zone decides or the read is
    refused. Raises BadBatch: `not_json`, `wrong_type`, `too_many`.
    """
    limits, settings = limits or Limits(), settings or DeviceSettings()
    hook, data = _parts(_decoded(payload))
    results = data.get("results")
    if results is None and hook.get("event") not in (None, "recognition"):
        return Parsed(status=DeviceStatus(name=foreign.short(data.get("camera_id"), 80), at=None))
    if not isinstance(results, list):
        raise BadBatch("wrong_type", "The webhook's data has no list “results”.")
    if len(results) > limits.items:
        raise BadBatch("too_many", f"A delivery holds at most {limits.items} results.")
    return _read(data, results, files or {}, Clock(received_at), settings, limits)


def _decoded(payload: Any) -> Any:
    if not isinstance(payload, str | bytes):
        return payload
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        raise BadBatch("not_json", "The form's field “json” holds no JSON.") from None


def _parts(payload: Any) -> tuple[dict, dict]:
    body = foreign.inner(payload)
    data = body.get("data")
    if isinstance(data, str):  # older versions send the data as text inside the JSON
        data = _decoded(data)
    if not isinstance(data, dict):
        raise BadBatch("wrong_type", "The body is no webhook of Plate Recognizer Stream: “data” is missing.")
    return foreign.inner(body.get("hook")), data


def _read(
    data: dict, results: list, files: Mapping[str, bytes], clock: Clock, settings: DeviceSettings, limits: Limits
) -> Parsed:
    parsed = Parsed()
    try:
        captured_at = _time(data, settings, clock.received_at)
    except BadItem as wrong:
        parsed.rejected.extend(Rejected(index, "", wrong.code, str(wrong)) for index in range(len(results)))
        return parsed
    pictures = _pictures(files, alone=len(results) == 1)
    items = (
        _item(data, result, index, captured_at, settings) | {"images": pictures} if isinstance(result, dict) else result
        for index, result in enumerate(results)
    )
    take(enumerate(items), clock, limits, parsed)
    return parsed


def _time(data: dict, settings: DeviceSettings, near: datetime) -> str:
    name = "timestamp" if data.get("timestamp") is not None else "timestamp_local"
    return local_instant(data.get(name), name, settings.time_zone, near).isoformat()


def _pictures(files: Mapping[str, bytes], *, alone: bool) -> list[dict]:
    """The frame belongs to every result in it; a picture of one plate to none when there are several."""
    found = [{"kind": "scene", "content": files["upload"]}] if files.get("upload") else []
    if alone and files.get("plate_img"):
        found.append({"kind": "plate", "content": files["plate_img"]})
    return found


def _item(data: dict, result: dict, index: int, captured_at: str, settings: DeviceSettings) -> dict:
    camera = foreign.short(data.get("camera_id"), 80)
    reading = _in_vehicle_mode(result) if not isinstance(result.get("plate"), str) else _plain(result)
    name = foreign.short(data.get("filename"), 200)
    given = f"{name}#{index}" if name else None
    return reading | {
        "device_seq": foreign.identity(given, camera, captured_at, index, reading["plate"]),
        "captured_at": captured_at,
        "camera_side": foreign.side(settings, camera),
        "source_format": "platerecognizer",
        "raw_id": name[-80:],
    }


def _plain(result: dict) -> dict:
    return {
        "plate": result.get("plate"),
        "confidence": foreign.scaled(result.get("score"), TOP),
        "state": _state(foreign.inner(result.get("region")).get("code")),
        "candidates": foreign.candidates(result.get("candidates"), "plate", "score", TOP, 10),
        "vehicle": _vehicle(result, result.get("model_make"), result.get("color")),
    }


def _in_vehicle_mode(result: dict) -> dict:
    seen = foreign.inner(foreign.inner(result.get("plate")).get("props"))
    more = foreign.inner(foreign.inner(result.get("vehicle")).get("props"))
    best = foreign.first(seen.get("plate"))
    return {
        "plate": best.get("value"),
        "confidence": foreign.scaled(best.get("score"), TOP),
        "state": _state(foreign.first(seen.get("region")).get("value")),
        "candidates": foreign.candidates(seen.get("plate"), "value", "score", TOP, 10)[1:],
        "vehicle": _vehicle(result, more.get("make_model"), more.get("color")),
    }


def _state(code: Any) -> str:
    return region(foreign.short(code, 40), bare_is_state=False)


def _vehicle(result: dict, models: Any, colors: Any) -> dict:
    model, color = foreign.first(models), foreign.first(colors)
    return {
        "make": foreign.short(model.get("make"), 40),
        "model": foreign.short(model.get("model"), 40),
        "color": foreign.short(color.get("color", color.get("value")), 20),
        "type": foreign.short(foreign.inner(result.get("vehicle")).get("type"), 20).lower(),
    }
