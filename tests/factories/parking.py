"""An agency with a published plate policy, a reader and zones; everything through the services where there is one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from parking.models import Device, PlatePolicy
from parking.models.plate_policy import PARTS
from parking.services import device as devices
from parking.services import plate_policy
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
