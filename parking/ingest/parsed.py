"""What every parser is told about a device, and what every parser answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from parking.ingest.canonical import CanonicalRead, Rejected


@dataclass(frozen=True)
class Limits:
    """How much a delivery may hold and how far its times may be off. Lengths of texts are those of the columns."""

    items: int = 500
    retention: timedelta = timedelta(days=30)  # PK-05: what is older would have been deleted already
    future: timedelta = timedelta(seconds=120)
    skew: timedelta = timedelta(seconds=30)  # a clock further off is worth a warning
    correctable: timedelta = timedelta(hours=24)  # beyond, a measured skew excuses no time
    fix_age_s: float = 10.0  # a position older than this says little at 20 mph
    image_bytes: int = 4 * 1024 * 1024
    images: int = 6
    candidates: int = 10


@dataclass(frozen=True)
class DeviceSettings:
    """What the city knows of a device: its time zone ("" refuses times without an offset), where its cameras look.

    `camera_sides` maps a camera's id to L, R, F or B.
    """

    time_zone: str = ""
    camera_sides: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """Something that was left out or doubted while the read was kept. `index` is -1 when it concerns the batch."""

    index: int
    device_seq: str
    code: str
    reason: str


@dataclass(frozen=True)
class Camera:
    """One camera in a heartbeat; None where the agent does not say."""

    id: str
    name: str = ""
    streaming: bool | None = None
    frames_per_second: float | None = None


@dataclass(frozen=True)
class DeviceStatus:
    """A heartbeat: the device's own name for itself, its time, how long it has been up, its cameras."""

    name: str
    at: datetime | None
    uptime_s: float | None = None
    cameras: tuple[Camera, ...] = ()


@dataclass
class Parsed:
    """A delivery, taken apart. `index` counts the items of the delivery from 0.

    `skew` is `sent_at` minus the time of receipt, in seconds; positive means that the device's clock is ahead.
    `repeated` names items whose `device_seq` stood in the same delivery before: they are duplicates.
    """

    reads: list[tuple[int, CanonicalRead]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    repeated: list[tuple[int, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sent_at: datetime | None = None
    skew: float | None = None
    status: DeviceStatus | None = None
