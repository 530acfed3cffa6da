"""Alerts, readers, zones, and what is done with plate data; through the services where there is one."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from parking.models import Alert, PlatePurge, StreetLabel, Zone
from parking.models.plate_policy import PARTS
from parking.services import access, plate_policy, zone
from parking.services import alert as alerts
from parking.services import share as sharing
from parking.services.looking import look_at_all
from tests.factories import parking as make
from tests.factories.leads import allowed
from tests.owners_hand import listed
from tests.parking.pages.town import Town, serial

TICKS = {"plate_checked": True, "state_checked": True, "vehicle_checked": True, "no_placard_seen": True}
LINE = {"type": "LineString", "coordinates": [[-122.3001, 37.9001], [-122.3001, 37.9009]]}


def alert(town: Town) -> Alert:
    """A car of its own that overstayed, seen twice."""
    plate = f"8ABC{100 + serial()}"
    for at in (make.MONDAY_NOON - timedelta(hours=4), make.MONDAY_NOON + timedelta(minutes=34)):
        make.receive(town.agency.device, make.seen(at, plate=plate), at=at)
    look_at_all()
    return Alert.objects.get(plate=plate)


def confirmed(town: Town) -> Alert:
    """An alert that an officer confirmed."""
    found = alert(town)
    alerts.confirm(alert=found, actor=town.people["officer"], plate=found.plate, plate_state="US-CA", vehicle="sedan",
                   **TICKS)  # fmt: skip
    return found


def more_alerts(town: Town) -> None:
    """An alert that waits, one that was dismissed, another read of the cited car, another reader."""
    alert(town)
    alerts.dismiss(alert=alert(town), actor=town.people["officer"], reason="driver")
    again = make.MONDAY_NOON + timedelta(hours=1, minutes=serial() % 60)
    make.receive(town.agency.device, make.seen(again, plate=town.citation.plate), at=again)
    make.reader(town.people["manager"])


def more_plate_data(town: Town) -> None:
    """A look, holds, a deletion, an agency with a request, a version of the usage policy."""
    manager, captain = town.people["manager"], town.people["captain"]
    access.look(
        user=captain, purpose="investigation", reason="Case 26-000123, a hit and run.", terms={"plate": "8ABC1"}
    )
    held = access.place_hold(actor=manager, plate="8ABC123", reason="A claim against the city.")
    access.release_hold(hold=held, actor=town.people["other"], reason="The claim is settled.")
    access.place_hold(actor=manager, plate="7ABC123", reason="A contest needs it.")
    PlatePurge.objects.create(reads=1, images=1, stays=1, batches=1, kept=0, retention_days=30, resolution="2026-12",
                              digest="0" * 64, before=timezone.now())  # fmt: skip
    _refused(town)
    plate_policy.draft_policy(actor=manager, **{part: f"Words on {part}." for part in PARTS},
                              public_comment_on=date(2026, 9, 15), public_comment_at="Meeting of the council")  # fmt: skip


def _refused(town: Town) -> None:
    captain = town.people["captain"]
    agency = sharing.enter_agency(actor=captain, listed=listed(f"City {serial()} Police"), contact="Records")
    sharing.share(
        actor=captain, agency=agency, request="Letter of Nov 20, 2026", purpose="A hit and run there", plate="8ABC123",
        received_on=date(2026, 11, 20), since=timezone.now() - timedelta(days=1), until=timezone.now(), refuse=True,
        reasons="The letter names no case.",
    )  # fmt: skip


def more_zones(town: Town) -> None:
    """Another zone, other rules of the first one, a street's name on the map."""
    number, now, manager = serial(), timezone.now(), town.people["manager"]
    with transaction.atomic():
        allowed(manager, "zone.change")
        Zone.objects.create(street=f"Street {number}", side="E", geometry=LINE, enforced=False, published_at=now,
                            starts_at=now, updated_at=now, added_by=manager)  # fmt: skip
        StreetLabel.objects.create(name=f"Street {number}", geometry=LINE)
    rule = make.four_hours(f"44444444-4444-4444-8444-{number:012d}", minutes=number + 60)
    zone.change_rules(zone=town.zone, actor=manager, resolution=f"Resolution {number}", policies=[rule])
