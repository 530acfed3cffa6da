"""An agency with a published plate policy, a reader and zones; everything through the services where there is one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from django.utils import timezone
from shapely.geometry import box

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from parking.curbs.projection import Projection
from parking.curbs.types import Activity, CurbPolicy, CurbRule, CurbSet, CurbZone, TimeSpan
from parking.ingest.batch import read_batch
from parking.models import Device, PlatePolicy, Zone
from parking.models.plate_policy import PARTS
from parking.services import device as devices
from parking.services import ingest, plate_policy
from parking.services import zone as zones
from tests.factories.people import make_user

_serial = count(1)


@dataclass
class ParkingAgency:
    """People of every role that parking needs, and one reader with its token."""

    manager: User
    officer: User
    captain: User
    chief: User
    device: Device
    token: str


def people() -> dict[str, User]:
    """One person of each role."""
    roles = {"manager": Role.PARKING_MANAGER, "officer": Role.PARKING_OFFICER, "captain": Role.CAPTAIN,
             "chief": Role.CHIEF}  # fmt: skip
    return {name: make_user(role) for name, role in roles.items()}


def agency() -> ParkingAgency:
    """People, a published policy, a reader."""
    who = people()
    publish(who["manager"], who["chief"])
    device, token = reader(who["manager"])
    return ParkingAgency(**who, device=device, token=token)


def publish(drafter: User, chief: User) -> PlatePolicy:
    """A whole policy in force."""
    draft = plate_policy.draft_policy(
        actor=drafter,
        **{part: f"What the city says on {part}." for part in PARTS},
        public_comment_on=date(2026, 9, 15),
        public_comment_at="Regular meeting of the council",
    )
    return plate_policy.publish_policy(draft=draft, actor=chief)


def reader(manager: User, **fields) -> tuple[Device, str]:
    """A registered reader and its token."""
    return devices.register(
        actor=manager, **{"name": f"Reader {next(_serial)}", "format": "canonical", "car": "Car 12"} | fields
    )


def item(seq: str = "", **fields) -> dict:
    """A canonical item, captured a minute ago."""
    captured = timezone.now() - timedelta(minutes=1)
    return {
        "device_seq": seq or f"seq-{next(_serial)}",
        "captured_at": captured.astimezone(UTC).isoformat(),
        "plate": "8ABC123",
        "state": "US-CA",
        "confidence": 0.97,
        "observer": {"lat": 37.9030, "lon": -122.2993, "accuracy_m": 3.0, "heading": 0.0, "speed_mps": 7.0},
        "camera_side": "R",
        "vehicle": {"make": "Honda", "model": "", "color": "blue", "type": "sedan"},
    } | fields


def batch(*items: dict, sent_at: datetime | None = None) -> dict:
    """A canonical delivery."""
    return {"sent_at": (sent_at or timezone.now()).isoformat(), "reads": list(items)}


# Alder Street runs north at 122.3 W; both sides of its 1100 block are four-hour zones on weekdays from 7 to 6.
LON, LAT = -122.3000, 37.9000
BLOCK_M = 120.0
PUBLISHED = 1_772_352_000_000  # March 1, 2026
EAST, WEST = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
FOUR_HOURS = "33333333-3333-4333-8333-333333333333"
MONDAY_NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # 12:00 in California


def four_hours(policy_id: str = FOUR_HOURS, minutes: float = 240) -> CurbPolicy:
    """Parking for some hours on weekdays from 7 to 6, unlimited for residents of area A."""
    return CurbPolicy(
        id=policy_id,
        priority=10,
        rules=(CurbRule(Activity.PARKING, max_stay=minutes, user_classes_except=("permit-A",)),),
        spans=(TimeSpan(days=frozenset(range(5)), start=time(7), end=time(18)),),
        published_ms=PUBLISHED,
    )


def block_face(zone_id: str, side: str, **fields) -> CurbZone:
    """One side of the block, a strip 2.4 m wide along the curb."""
    flat = Projection(LAT, LON)
    near, far = (4.0, 6.4) if side == "E" else (-6.4, -4.0)
    strip = flat.shape_to_degrees(box(near, 0, far, BLOCK_M))
    return CurbZone(
        **{"id": zone_id, "geometry": strip, "policy_ids": (FOUR_HOURS,), "street": "Alder Street", "side": side,
           "cross_street_start": "Pine Street", "cross_street_end": "Oak Street", "published_ms": PUBLISHED,
           "start_ms": PUBLISHED,
           "resolution": "Resolution 2026-12", "signs_since": date(2026, 3, 1)} | fields
    )  # fmt: skip


def street(manager: User, **fields) -> dict[str, Zone]:
    """Both sides of the block, enforced."""
    curbs = CurbSet(zones=(block_face(EAST, "E", **fields), block_face(WEST, "W", **fields)), policies=(four_hours(),))
    zones.import_curbs(actor=manager, curbs=curbs, file_name="alder.json", format="cds", sha256="0" * 64, enforced=True)
    return {"east": Zone.objects.get(pk=EAST), "west": Zone.objects.get(pk=WEST)}


def seen(at: datetime, *, metres: float = 60, side: str = "R", plate: str = "8ABC123", **fields) -> dict:
    """An item: a patrol driving north in the middle of the street sees a car so many metres up the block."""
    lon, lat = Projection(LAT, LON).to_degrees(1.5 if side == "R" else -0.5, metres)
    observer = {"lat": lat, "lon": lon, "accuracy_m": 2.0, "heading": 0.0, "speed_mps": 7.0}
    return item(captured_at=at.isoformat(), plate=plate, camera_side=side, observer=observer, **fields)


def receive(device: Device, *items: dict, at: datetime) -> None:
    """Take a delivery in as the API does, received at that time."""
    ingest.take(device=device, parsed=read_batch(batch(*items, sent_at=at), received_at=at))
