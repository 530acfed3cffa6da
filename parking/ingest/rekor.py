"""Rekor Scout and OpenALPR agents: alpr_group, alpr_results, alpr_alert and heartbeat posts.

Sources: docs.rekor.ai, "Application integration" (JSON group results, plate results, heartbeat); OpenALPR's
documentation of the agent. Confidences 0 to 100, times in milliseconds, states "us-ca" (old agents: "ca").
`travel_direction` is the direction in which the vehicle moves through the picture, so it is no heading of the reader.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from parking.ingest import foreign
from parking.ingest.batch import measured, take
from parking.ingest.canonical import CanonicalRead, Rejected
from parking.ingest.dedupe import sightings
from parking.ingest.errors import BadBatch, BadItem
from parking.ingest.item import Clock
from parking.ingest.parsed import Camera, DeviceSettings, DeviceStatus, Limits, Parsed
from parking.ingest.times import from_epoch_ms

TOP = 100.0
NO_POSITION = -1.0
GROUPED_WITHIN_S = 10.0  # groups arrive up to this long after their first frame


def read_rekor(
    payload: Any, *, received_at: datetime, settings: DeviceSettings | None = None, limits: Limits | None = None
) -> Parsed:
    """One post of the agent, or a list of them. A heartbeat gives no read but `status` and, by its time, `skew`.

    Raises BadBatch: `wrong_type` for what is no post, `too_many`.
    """
    limits, settings = limits or Limits(), settings or DeviceSettings()
    posts = payload if isinstance(payload, list) else [payload]
    if not isinstance(payload, list) and (not isinstance(payload, dict) or "data_type" not in payload):
        raise BadBatch("wrong_type", "The body is no post of a Rekor or OpenALPR agent: “data_type” is missing.")
    if len(posts) > limits.items:
        raise BadBatch("too_many", f"A delivery holds at most {limits.items} posts.")
    return _Delivery(received_at, settings, limits).read(posts)


class _Delivery:
    """Posts that came together: groups are taken as they are; frames that no group covers are grouped here."""

    def __init__(self, received_at: datetime, settings: DeviceSettings, limits: Limits) -> None:
        self.clock, self.settings, self.limits = Clock(received_at), settings, limits
        self.parsed = Parsed()
        self.items: list[tuple[int, dict]] = []
        self.covered: set[str] = set()

    def read(self, posts: list) -> Parsed:
        """Sort the posts by their kind, then pass what they hold through the canonical checks."""
        kinds = {"alpr_group": self._group, "vehicle": self._group, "alpr_alert": self._alert}
        frames = []
        for index, post in enumerate(posts):
            kind = foreign.inner(post).get("data_type")
            if kind == "alpr_results":
                frames.append((index, post))
            elif kind == "heartbeat":
                self._heartbeat(post)
            elif isinstance(kind, str) and kind in kinds:
                kinds[kind](index, post)
            else:
                self._refuse(index, "unknown_type", "The post is of a kind that brings no reads.")
        take(self.items, self.clock, self.limits, self.parsed)
        self._frames(frames)
        return self.parsed

    def _refuse(self, index: int, code: str, reason: str) -> None:
        self.parsed.rejected.append(Rejected(index, "", code, reason))

    def _group(self, index: int, post: dict) -> None:
        uuids = post.get("uuids")
        self.covered.update(uuid for uuid in (uuids if isinstance(uuids, list) else ()) if isinstance(uuid, str))
        self._add(index, _from_group, post)

    def _alert(self, index: int, post: dict) -> None:
        """The agent's own list says nothing here; the read inside counts like any other."""
        group = foreign.inner(post.get("group"))
        if group:
            self._group(index, group)
        else:
            self._add(index, _from_alert, post)

    def _frames(self, frames: list[tuple[int, dict]]) -> None:
        self.items = []
        for index, post in frames:
            uuid = post.get("uuid")
            if not (isinstance(uuid, str) and uuid in self.covered):
                for result in foreign.objects(post.get("results")):
                    self._add(index, _from_frame, post, result)
        loose = Parsed()
        take(self.items, self.clock, self.limits, loose)
        self.parsed.reads.extend(_grouped(loose.reads))
        self.parsed.rejected.extend(loose.rejected)
        self.parsed.notes.extend(loose.notes)

    def _add(self, index: int, translate: Callable[..., dict], post: dict, *more: dict) -> None:
        try:
            self.items.append((index, translate(post, self.settings, *more)))
        except BadItem as wrong:
            self._refuse(index, wrong.code, str(wrong))

    def _heartbeat(self, post: dict) -> None:
        at = _when(post)
        if at is not None:
            measured(at, self.clock.received_at, self.limits, self.parsed)
        self.parsed.status = DeviceStatus(
            name=foreign.short(post.get("agent_uid"), 80) or foreign.short(post.get("site_id"), 80),
            at=at,
            uptime_s=foreign.numeric(post.get("daemon_uptime_seconds")),
            cameras=tuple(_camera(one) for one in foreign.objects(post.get("video_streams"))[:32]),
        )


def _when(heartbeat: dict) -> datetime | None:
    try:
        return from_epoch_ms(heartbeat.get("timestamp"), "timestamp")
    except BadItem:
        return None


def _grouped(reads: list[tuple[int, CanonicalRead]]) -> list[tuple[int, CanonicalRead]]:
    """Frames of one car within ten seconds become one read, the surest."""
    index_of = {read.device_seq: index for index, read in reads}
    groups = sightings((read for _, read in reads), seconds=GROUPED_WITHIN_S)
    return [(index_of[group.best.device_seq], replace(group.best, raw_id=group.seqs[0])) for group in groups]


def _common(post: dict, settings: DeviceSettings, captured: str, guess: dict) -> dict:
    return {
        "captured_at": _time(post, captured),
        "plate": guess.get("plate"),
        "state": foreign.short(guess.get("region"), 40),
        "confidence": foreign.scaled(guess.get("confidence"), TOP),
        "candidates": foreign.candidates(guess.get("candidates"), "plate", "confidence", TOP, 10),
        "observer": foreign.place(post.get("gps_latitude"), post.get("gps_longitude"), NO_POSITION),
        "camera_side": foreign.side(settings, _camera_id(post)),
        "images": foreign.picture("plate", guess.get("plate_crop_jpeg")),
        "source_format": "rekor",
    }


def _from_group(post: dict, settings: DeviceSettings) -> dict:
    best = foreign.inner(post.get("best_plate"))
    guess = {
        **best,
        "plate": post.get("best_plate_number", best.get("plate")),
        "confidence": post.get("best_confidence", best.get("confidence")),
        "region": post.get("best_region", best.get("region")),
        "candidates": post.get("candidates", best.get("candidates")),
    }
    item = _common(post, settings, "epoch_start", guess)
    item["images"] += foreign.picture("scene", post.get("vehicle_crop_jpeg"))
    item["vehicle"] = _vehicle(foreign.inner(post.get("vehicle")))
    item["device_seq"] = item["raw_id"] = _id(post.get("best_uuid"), post, item)
    return item


def _from_alert(post: dict, settings: DeviceSettings) -> dict:
    item = _common(post, settings, "epoch_time", {"plate": post.get("plate_number")})
    item["device_seq"] = _id(post.get("best_uuid", post.get("uuid")), post, item)
    return item


def _from_frame(post: dict, settings: DeviceSettings, result: dict) -> dict:
    item = _common(post, settings, "epoch_time", result)
    number, uuid = result.get("plate_index"), post.get("uuid")
    own = f"{uuid}-{number if type(number) is int and 0 <= number < 1000 else 0}" if isinstance(uuid, str) else None
    item["device_seq"] = _id(own, post, item)
    return item


def _id(given: Any, post: dict, item: dict) -> str:
    return foreign.identity(given, _camera_id(post), item["captured_at"], item["plate"])


def _camera_id(post: dict) -> str:
    camera = post.get("camera_id", post.get("camera_number"))
    return str(camera) if type(camera) is int and 0 <= camera < 10**18 else foreign.short(camera, 80)


def _time(post: dict, name: str) -> str:
    return from_epoch_ms(post.get(name), name).astimezone(UTC).isoformat()


def _vehicle(seen: dict) -> dict:
    make = foreign.short(foreign.first(seen.get("make")).get("name"), 40)
    model = foreign.short(foreign.first(seen.get("make_model")).get("name"), 80)
    return {
        "make": make.title(),
        "model": model.removeprefix(f"{make}_").replace("_", " ").title()[:40],
        "color": foreign.short(foreign.first(seen.get("color")).get("name"), 20).replace("_", " "),
        "type": foreign.short(foreign.first(seen.get("body_type")).get("name"), 20).replace("_", " "),
    }


def _camera(stream: dict) -> Camera:
    running = stream.get("is_streaming")
    return Camera(
        id=_camera_id(stream),
        name=foreign.short(stream.get("camera_name"), 80),
        streaming=running if isinstance(running, bool) else None,
        frames_per_second=foreign.numeric(stream.get("fps")),
    )
