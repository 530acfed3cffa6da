"""One canonical item to one CanonicalRead. The adapters end here too, so every read passes the same checks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from parking.ingest import images, places
from parking.ingest.canonical import CanonicalRead, PlateCandidate, ReadImage, Vehicle
from parking.ingest.errors import BadItem
from parking.ingest.parsed import Limits
from parking.ingest.regions import region
from parking.ingest.times import instant
from parking.ingest.values import PLATE_LENGTH, array, fraction, mapping, plate, sequence, text

Notes = places.Notes
KINDS = ("plate", "scene", "wheel")
SIDES = ("", "L", "R", "F", "B")
_NO_VEHICLE = Vehicle()


@dataclass(frozen=True)
class Clock:
    """When a delivery came in, and how far the device's clock was ahead of ours then."""

    received_at: datetime
    ahead: timedelta = timedelta()

    def check(self, captured_at: datetime, limits: Limits) -> None:
        """Refuse what lies in the future once the clock is corrected, or is older than anything kept (PK-05).

        Raises BadItem: `in_future`, `too_old`.
        """
        if captured_at > self.received_at + limits.future + self.ahead:
            raise BadItem("in_future", "The read lies in the future; set the device's clock.")
        if captured_at < self.received_at - limits.retention + max(self.ahead, timedelta()):
            raise BadItem("too_old", f"The read is older than {limits.retention.days} days.")


def read_item(item: Any, clock: Clock, limits: Limits) -> tuple[CanonicalRead, Notes]:
    """The read in `item`, and what was left out of it. Raises BadItem."""
    if not isinstance(item, dict):
        raise BadItem("wrong_type", "An item must be an object.")
    notes: Notes = []
    get = item.get
    seq = sequence(get("device_seq"))
    captured_at = instant(get("captured_at"), "captured_at")
    clock.check(captured_at, limits)
    observer, heading, speed = places.observer(get("observer"), limits.fix_age_s, notes)
    pictures = _images(get("images"), limits, notes)
    found = plate(get("plate"))
    if not found and not pictures:
        raise BadItem("nothing_seen", "The item has neither plate text nor a picture.")
    read = CanonicalRead(
        device_seq=seq,
        captured_at=captured_at,
        plate=found,
        state=_state(get("state"), notes),
        confidence=fraction(get("confidence"), "confidence"),
        char_confidences=_char_confidences(get("char_confidences")),
        candidates=_candidates(get("candidates"), limits, notes),
        observer=observer,
        heading=heading,
        speed_mps=speed,
        observed=places.position(mapping(get("observed"), "observed"), "observed", notes),
        camera_side=_side(get("camera_side")),
        vehicle=_vehicle(get("vehicle")),
        images=pictures,
        source_format=text(get("source_format"), "source_format", 20) or "canonical",
        raw_id=text(get("raw_id"), "raw_id", 80),
    )
    return read, notes


def seq_of(item: Any) -> str:
    """The item's sequence where it has a usable one, else ""."""
    try:
        return sequence(item.get("device_seq")) if isinstance(item, dict) else ""
    except BadItem:
        return ""


def _state(value: Any, notes: Notes) -> str:
    written = text(value, "state", 40)
    found = region(written) if written else ""
    if written.strip("-") and not found:
        notes.append(("state_unknown", f"“{written}” names no state."))
    return found


def _side(value: Any) -> str:
    side = text(value, "camera_side", 1).upper()
    if side not in SIDES:
        raise BadItem("bad_camera_side", "“camera_side” must be L, R, F or B.")
    return side


def _char_confidences(value: Any) -> tuple[float, ...]:
    values = array(value, "char_confidences")
    if len(values) > PLATE_LENGTH:
        raise BadItem("too_long", f"“char_confidences” has more than {PLATE_LENGTH} entries.")
    return tuple(fraction(one, "char_confidences") or 0.0 for one in values)


def _candidates(value: Any, limits: Limits, notes: Notes) -> tuple[PlateCandidate, ...]:
    values = array(value, "candidates")
    if not values:
        return ()
    if len(values) > limits.candidates:
        notes.append(("candidates_cut", f"Only the first {limits.candidates} candidates are kept."))
    return tuple(_candidate(one) for one in values[: limits.candidates])


def _candidate(value: Any) -> PlateCandidate:
    one = mapping(value, "candidates")
    found = plate(one.get("plate"), "candidates.plate")
    return PlateCandidate(found, fraction(one.get("confidence"), "candidates.confidence"))


def _vehicle(value: Any) -> Vehicle:
    seen = mapping(value, "vehicle")
    if not seen:
        return _NO_VEHICLE
    return Vehicle(
        make=text(seen.get("make"), "vehicle.make", 40),
        model=text(seen.get("model"), "vehicle.model", 40),
        color=text(seen.get("color", seen.get("colour")), "vehicle.color", 20),
        type=text(seen.get("type"), "vehicle.type", 20),
    )


def _images(value: Any, limits: Limits, notes: Notes) -> tuple[ReadImage, ...]:
    values = array(value, "images")
    if len(values) > limits.images:
        notes.append(("images_cut", f"Only the first {limits.images} pictures are kept."))
    found = []
    for one in values[: limits.images]:
        try:
            found.append(_image(mapping(one, "images"), limits))
        except BadItem as wrong:  # a damaged picture is no reason to lose the read
            notes.append((wrong.code, str(wrong)))
    return tuple(found)


def _image(one: dict, limits: Limits) -> ReadImage:
    kind, announced = text(one.get("kind"), "images.kind", 10), text(one.get("sha256"), "images.sha256", 64).lower()
    if kind not in KINDS:
        raise BadItem("bad_image_kind", f"A picture's kind must be one of {', '.join(KINDS)}.")
    if announced and (len(announced) != 64 or announced.strip("0123456789abcdef")):
        raise BadItem("bad_sha256", "“images.sha256” must be 64 hexadecimal digits.")
    content = _content(one, limits)
    if content is None:
        if not announced:
            raise BadItem("missing", "A picture needs “sha256” or “base64”.")
        return ReadImage(kind, announced)
    picture = images.stored(kind, content)
    if announced and announced != picture.sha256:
        raise BadItem("image_hash", "The picture is not the one its hash announces.")
    return picture


def _content(one: dict, limits: Limits) -> bytes | None:
    """The picture's bytes: as base64 text in JSON, as bytes where an adapter took them from a form."""
    raw, encoded = one.get("content"), one.get("base64")
    if isinstance(raw, bytes):
        return images.checked(raw, limits.image_bytes)
    if encoded is None:
        return None
    if not isinstance(encoded, str):
        raise BadItem("wrong_type", "“images.base64” must be a text.")
    return images.decode(encoded, limits.image_bytes)
