"""The demo's curbs: El Cerrito's rule round its two BART stations. Knows no Django.

The rule is the city's own (el-cerrito.org, Parking Permits): four hours on weekdays from 7:00 to 18:00, not on holidays,
block by block in two areas, lifted by a residential permit. Everything else is invented: the geometry is approximate and
was not surveyed (a straight grid with the names of streets that are near), which block has which rule, the resolution and
the date of the signs.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from shapely.geometry import MultiPolygon, Polygon

from parking.curbs.geometry import curb_length_m
from parking.curbs.types import (
    Activity,
    CurbArea,
    CurbPolicy,
    CurbRule,
    CurbSet,
    CurbZone,
    Scope,
    TimeSpan,
)
from parking.demo.grid import Face, Grid, Street

TIME_ZONE = "America/Los_Angeles"
RESOLUTION = "2026-17 (invented)"
SIGNS_SINCE = date(2026, 3, 2)
SINCE_MS = int(datetime(2026, 3, 2, tzinfo=ZoneInfo(TIME_ZONE)).timestamp() * 1000)
IDS = uuid.uuid5(uuid.NAMESPACE_URL, "el-cerrito demo")
AREA_MARGIN_M = 25.0
SPACE_CM = 610  # 20 feet of curb for a parked car


def _id(*parts: object) -> str:
    return str(uuid.uuid5(IDS, " ".join(str(part) for part in parts)))


def _span(days: range, first: int, last: int, **parts: frozenset[int]) -> TimeSpan:
    return TimeSpan(
        days=frozenset(days), start=time(first), end=time(last), period="holidays", period_except=True, **parts
    )


def _policy(name: str, priority: int, rule: CurbRule, *spans: TimeSpan) -> CurbPolicy:
    """Priorities are ten apart: an export to CDS 1.0 needs room before each for who is exempt."""
    return CurbPolicy(_id("policy", name), priority, (rule,), spans, published_ms=SINCE_MS, name=name)


def _four_hours(area: str, priority: int) -> CurbPolicy:
    rule = CurbRule(Activity.PARKING, max_stay=240, user_classes_except=(f"permit_{area.lower()}",))
    return _policy(f"Four hours, Area {area}", priority, rule, _span(range(5), 7, 18))


RED = _policy("red curb", 10, CurbRule(Activity.NO_STOPPING))
SWEEPING = _policy(
    "street cleaning",
    20,
    CurbRule(Activity.NO_PARKING),
    _span(range(1, 2), 8, 10, weeks_of_month=frozenset({1, 3})),
)
DISABLED = _policy("Disabled parking", 30, CurbRule(Activity.PARKING, user_classes=("disabled_parking_permit",)))
THIRTY_MINUTES = _policy("Thirty minutes", 50, CurbRule(Activity.PARKING, max_stay=30), _span(range(6), 8, 18))
TWO_HOURS = _policy("Two hours", 60, CurbRule(Activity.PARKING, max_stay=120), _span(range(6), 8, 18))
FOUR_HOURS_A = _four_hours("A", 70)
FOUR_HOURS_B = _four_hours("B", 80)
NOT_FOR_OTHERS = _policy("reserved", 90, CurbRule(Activity.NO_PARKING))
POLICIES = (
    *(RED, SWEEPING, DISABLED, THIRTY_MINUTES, TWO_HOURS),
    *(FOUR_HOURS_A, FOUR_HOURS_B, NOT_FOR_OTHERS),
)


@dataclass(frozen=True)
class Special:
    """A stretch of a face with another rule, in metres from where parking begins; None is all of it."""

    face: Face
    policies: tuple[CurbPolicy, ...]
    start: float = 0.0
    end: float | None = None


@dataclass(frozen=True)
class Neighborhood:
    """A station's surroundings: its grid, the runs of blocks with its four-hour rule, and what differs there."""

    name: str
    letter: str
    grid: Grid
    rule: CurbPolicy
    runs: tuple[tuple[str, tuple[str, ...]], ...]
    swept: frozenset[tuple[str, str]]
    specials: tuple[Special, ...]

    @property
    def faces(self) -> list[Face]:
        """Every block face, in order."""
        return [face for street, crossings in self.runs for face in self.grid.faces(street, crossings)]


PLAZA = Neighborhood(
    name="El Cerrito Plaza",
    letter="A",
    grid=Grid(
        lat=37.9030,
        lon=-122.2993,
        bearing=333,
        norths={"San Pablo Avenue": -300, "Liberty Street": -110, "Richmond Street": 75, "Norvell Street": 165,
                "Everett Street": 255},
        easts={"Central Avenue": -150, "Fairmount Avenue": -25, "Lincoln Avenue": 100, "Eureka Avenue": 220,
               "Stockton Avenue": 340},
    ),
    rule=FOUR_HOURS_A,
    runs=(
        ("Liberty Street", ("Fairmount Avenue", "Lincoln Avenue", "Eureka Avenue")),
        ("Richmond Street", ("Central Avenue", "Fairmount Avenue", "Lincoln Avenue", "Eureka Avenue")),
        ("Norvell Street", ("Central Avenue", "Fairmount Avenue", "Lincoln Avenue", "Eureka Avenue", "Stockton Avenue")),
        ("Central Avenue", ("Richmond Street", "Norvell Street", "Everett Street")),
        ("Fairmount Avenue", ("Richmond Street", "Norvell Street")),
        ("Lincoln Avenue", ("Richmond Street", "Norvell Street", "Everett Street")),
        ("Eureka Avenue", ("Richmond Street", "Norvell Street")),
    ),
    swept=frozenset({("Norvell Street", "E"), ("Lincoln Avenue", "S")}),
    specials=(
        Special(Face("Fairmount Avenue", "Richmond Street", "Norvell Street", "N"), (TWO_HOURS,)),
        Special(Face("Fairmount Avenue", "Richmond Street", "Norvell Street", "S"), (TWO_HOURS,), 18),
        Special(Face("Fairmount Avenue", "Richmond Street", "Norvell Street", "S"), (THIRTY_MINUTES,), 0, 18),
        Special(Face("Richmond Street", "Central Avenue", "Fairmount Avenue", "W"), (DISABLED, NOT_FOR_OTHERS), 82, 95),
        Special(Face("Richmond Street", "Central Avenue", "Fairmount Avenue", "W"), (RED,), 95),
    ),
)  # fmt: skip
DEL_NORTE = Neighborhood(
    name="El Cerrito del Norte",
    letter="B",
    grid=Grid(
        lat=37.9252,
        lon=-122.3169,
        bearing=333,
        norths={"San Pablo Avenue": -170, "Key Boulevard": 95, "Elm Street": 185, "Liberty Street": 275},
        easts={"Potrero Avenue": -330, "Blake Street": -210, "Hill Street": -90, "Cutting Boulevard": 110},
    ),
    rule=FOUR_HOURS_B,
    runs=(
        ("Key Boulevard", ("Potrero Avenue", "Blake Street", "Hill Street", "Cutting Boulevard")),
        ("Elm Street", ("Potrero Avenue", "Blake Street", "Hill Street", "Cutting Boulevard")),
        ("Liberty Street", ("Blake Street", "Hill Street", "Cutting Boulevard")),
        ("Hill Street", ("Key Boulevard", "Elm Street", "Liberty Street")),
        ("Blake Street", ("Key Boulevard", "Elm Street", "Liberty Street")),
    ),
    swept=frozenset({("Elm Street", "E"), ("Blake Street", "N")}),
    specials=(
        Special(Face("Hill Street", "Key Boulevard", "Elm Street", "N"), (TWO_HOURS,)),
        Special(Face("Hill Street", "Key Boulevard", "Elm Street", "S"), (TWO_HOURS,)),
        Special(Face("Key Boulevard", "Hill Street", "Cutting Boulevard", "W"), (THIRTY_MINUTES,), 0, 30),
    ),
)
NEIGHBORHOODS = (PLAZA, DEL_NORTE)
STREETS: tuple[Street, ...] = tuple(street for place in NEIGHBORHOODS for street in place.grid.streets())


@cache
def el_cerrito() -> CurbSet:
    """The demo's zones, policies and areas. The same ids every time."""
    zones = {place.letter: _zones(place) for place in NEIGHBORHOODS}
    return CurbSet(
        zones=tuple(zone for found in zones.values() for zone in found),
        policies=POLICIES,
        areas=tuple(_area(place, zones[place.letter]) for place in NEIGHBORHOODS),
        time_zone=TIME_ZONE,
        author="Demonstration: not a publication of the City of El Cerrito",
    )


def _zones(place: Neighborhood) -> list[CurbZone]:
    return [zone for face in place.faces for zone in _zones_of(place, face)]


def _zones_of(place: Neighborhood, face: Face) -> list[CurbZone]:
    """A face cut at its special stretches; what is left has the neighborhood's rule."""
    specials = sorted((one for one in place.specials if one.face == face), key=lambda one: one.start)
    usual = (SWEEPING, place.rule) if (face.street, face.side) in place.swept else (place.rule,)
    found, reached, length = [], 0.0, place.grid.length(face)
    for special in specials:
        if special.start > reached:
            found.append(_zone(place, face, reached, special.start, usual))
        reached = length if special.end is None else special.end
        found.append(_zone(place, face, special.start, reached, special.policies))
    if reached < length:
        found.append(_zone(place, face, reached, length, usual))
    return found


def _zone(place: Neighborhood, face: Face, start: float, end: float, policies: tuple[CurbPolicy, ...]) -> CurbZone:
    shape = place.grid.strip(face, start, end)
    length_cm = round(100 * curb_length_m(shape))
    return CurbZone(
        id=_id("zone", place.letter, face, start, end),
        geometry=shape,
        policy_ids=tuple(policy.id for policy in policies),
        name=f"{face.street} between {face.start} and {face.end}, {face.side} side{_suffix(place, policies)}",
        street=face.street,
        cross_street_start=face.start,
        cross_street_end=face.end,
        side=face.side,
        length_cm=length_cm,
        width_cm=240,
        num_spaces=0 if RED in policies else max(length_cm // SPACE_CM, 1),
        parking_angle="parallel",
        area_ids=(_id("area", place.letter),),
        published_ms=SINCE_MS,
        updated_ms=SINCE_MS,
        start_ms=SINCE_MS,
        scope=Scope.BOTH_SIDES if TWO_HOURS in policies else Scope.BLOCK_FACE,
        resolution=RESOLUTION,
        signs_since=SIGNS_SINCE,
    )


def _suffix(place: Neighborhood, policies: tuple[CurbPolicy, ...]) -> str:
    """Parts of one face are told apart by what is special about them."""
    return "" if place.rule in policies else f" ({policies[0].name.lower()})"


def _area(place: Neighborhood, zones: list[CurbZone]) -> CurbArea:
    """Round all its zones, with a margin."""
    parts = [zone.geometry for zone in zones if isinstance(zone.geometry, Polygon)]
    round_all = place.grid.flat.shape_to_metres(MultiPolygon(parts)).convex_hull.buffer(
        AREA_MARGIN_M, join_style="mitre"
    )
    return CurbArea(
        id=_id("area", place.letter),
        geometry=place.grid.flat.shape_to_degrees(round_all),
        zone_ids=tuple(zone.id for zone in zones),
        name=f"Area {place.letter} ({place.name})",
        published_ms=SINCE_MS,
        updated_ms=SINCE_MS,
    )
