"""The canonical read: what every device format is turned into."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Position:
    """A place in WGS 84 with what is known of its error, in metres."""

    latitude: float
    longitude: float
    accuracy_m: float | None = None


@dataclass(frozen=True)
class PlateCandidate:
    """Another reading of the same plate, confidence 0 to 1."""

    plate: str
    confidence: float | None = None


@dataclass(frozen=True)
class Vehicle:
    """What the reader says of the car; every part may be unknown ("")."""

    make: str = ""
    model: str = ""
    color: str = ""
    type: str = ""


@dataclass(frozen=True)
class ReadImage:
    """A picture that belongs to a read: what it shows and its bytes, or a hash announcing a later upload."""

    kind: str  # plate, scene, wheel
    sha256: str = ""
    content: bytes | None = None


@dataclass(frozen=True)
class CanonicalRead:
    """One plate read.

    `device_seq` makes it idempotent together with its device. `captured_at` is aware, in UTC. `plate` is upper case
    letters and digits, "" when there is a picture without text. `state` is "US-CA" like, "" when unknown. Confidence
    0 to 1, None when unknown. `observer` is the reader's own place, `observed` the target's where the reader gives
    it; `heading` in degrees from north, `speed_mps` in metres a second; `camera_side` L, R, F, B or "".
    """

    device_seq: str
    captured_at: datetime
    plate: str
    state: str = ""
    confidence: float | None = None
    char_confidences: tuple[float, ...] = ()
    candidates: tuple[PlateCandidate, ...] = ()
    observer: Position | None = None
    heading: float | None = None
    speed_mps: float | None = None
    observed: Position | None = None
    camera_side: str = ""
    vehicle: Vehicle = Vehicle()
    images: tuple[ReadImage, ...] = ()
    source_format: str = "canonical"
    raw_id: str = ""


@dataclass(frozen=True)
class Rejected:
    """An item that could not be taken: its place in the batch, its sequence where it had one, and why."""

    index: int
    device_seq: str
    code: str
    reason: str
