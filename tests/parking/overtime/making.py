"""Sightings, places and rules for tests, with everything in California on a Tuesday."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from parking.curbs.types import Activity, CurbPolicy, CurbRule, Scope, TimeSpan
from parking.ingest.canonical import Vehicle
from parking.overtime.places import Place
from parking.overtime.sighting import Sighting
from parking.overtime.stay import Stay, Track, rebuild
from parking.overtime.zone_rules import ZoneRules

CALIFORNIA = ZoneInfo("America/Los_Angeles")
TUESDAY = date(2026, 11, 24)
PLACES = {
    "here": Place("here", "face|here", "block 1", name="Elm Street, E side"),
    "here too": Place("here too", "face|here", "block 1"),
    "opposite": Place("opposite", "face|opposite", "block 1"),
    "away": Place("away", "face|away", "block 2"),
    "space": Place("space", "zone|space", "block 3", scope=Scope.SPACE),
    "cleared": Place("cleared", "face|cleared", "block 4", no_return_distance_m=150),
    "long": Place("long", "face|long", "block 5", valid_minutes=6 * 24 * 60),
}
SPOTS = {
    "here": 0.0,
    "here too": 60.0,
    "opposite": 0.0,
    "away": 500.0,
    "space": 900.0,
    "cleared": 1200.0,
    "long": 2000.0,
}


def at(hour: int, minute: int = 0, day: date = TUESDAY, second: int = 0) -> datetime:
    """A moment on the Californian clock."""
    return datetime.combine(day, time(hour, minute, second), CALIFORNIA)


def seen(
    when: datetime, zone: str | None = "here", plate: str = "8ABC123", *, moved: float = 0.0, **changes
) -> Sighting:
    """A sighting; `moved` metres along from the zone's usual spot. Its id is its moment, unless another is given."""
    values = {
        "id": f"{when.isoformat()} {zone} {plate}", "plate": plate, "at": when, "zone_id": zone,
        "x": 0.0, "y": SPOTS.get(zone or "here", 0.0) + moved, "sigma_m": 5.0, "probability": 0.98 if zone else 0.6,
    }  # fmt: skip
    return Sighting(**{**values, **changes})


def stay_of(*sightings: Sighting) -> Stay:
    """The stay that sightings of one vehicle make up; there must be exactly one."""
    (stay,) = track_of(*sightings).stays
    return stay


def track_of(*sightings: Sighting) -> Track:
    """The track of one vehicle."""
    return rebuild(sightings, PLACES)


def limit(minutes: float = 120, begins: time | None = time(8), ends: time | None = time(18), **rule) -> ZoneRules:
    """A limit on weekdays."""
    span = TimeSpan(days=frozenset(range(5)), start=begins, end=ends)
    return rules(CurbRule(Activity.PARKING, max_stay=minutes, **rule), span)


def rules(rule: CurbRule, *spans: TimeSpan, zone: str = "here") -> ZoneRules:
    """One rule in the spans given, always when none is."""
    return ZoneRules(PLACES[zone], (CurbPolicy(id="policy", priority=1, rules=(rule,), spans=spans),))


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


RED_FORD = Vehicle(make="Ford", color="red")
BLUE_HONDA = Vehicle(make="Honda", color="blue")
