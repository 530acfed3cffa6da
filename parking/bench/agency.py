"""A city to measure in: a manager, a published policy, a reader, zones. Scratch databases only."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from ecpd.accounts.measuring import for_measuring
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from parking.curbs.types import CurbSet
from parking.models import Device, PlatePolicy
from parking.models.plate_policy import PARTS
from parking.services import device as devices
from parking.services import plate_policy
from parking.services import zone as zones
from parking.simulate.days import working_day_until

RESOLUTION = "Bench resolution"
OPENS_UTC = 15  # 7 in the morning in California, in winter


@dataclass(frozen=True)
class City:
    """Who registers readers, and a reader with its token."""

    manager: User
    device: Device
    token: str


def found(curbs: CurbSet) -> City:
    """Make a city with these curbs, all enforced; another call makes another reader in the same city."""
    manager, chief = for_measuring("bench-manager", Role.PARKING_MANAGER), for_measuring("bench-chief", Role.CHIEF)
    if not PlatePolicy.objects.exists():
        parts = dict.fromkeys(PARTS, "For the bench.")
        draft = plate_policy.draft_policy(actor=manager, **parts, public_comment_on=timezone.localdate())
        plate_policy.publish_policy(draft=draft, actor=chief)
    signed = tuple(
        replace(zone, resolution=RESOLUTION, signs_since=date(2026, 1, 1), start_ms=0) for zone in curbs.zones
    )
    zones.import_curbs(
        actor=manager,
        curbs=replace(curbs, zones=signed),
        file_name="bench",
        format="cds",
        sha256="0" * 64,
        enforced=True,
    )
    device, token = devices.register(
        actor=manager, name=f"Bench {Device.objects.count() + 1}", format=Device.Format.CANONICAL
    )
    return City(manager, device, token)


def newest_weekday() -> datetime:
    """Seven in the morning of the newest working day that is over, in UTC: its reads are neither in the future nor old."""
    day = working_day_until(timezone.now().astimezone(UTC) - timedelta(days=1))
    return day.replace(hour=OPENS_UTC, minute=0, second=0, microsecond=0)
