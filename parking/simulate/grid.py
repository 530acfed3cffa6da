"""A street grid of any number of zones, for measuring and for trying things without a city."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from math import ceil, sqrt
from random import Random
from uuid import NAMESPACE_URL, uuid5

from shapely.geometry import MultiPoint, Polygon, box
from shapely.geometry.base import BaseGeometry

from parking.curbs.projection import Projection
from parking.curbs.types import Activity, CurbArea, CurbPolicy, CurbRule, CurbSet, CurbZone, TimeSpan

BLOCK_EAST_M, BLOCK_NORTH_M = 110.0, 80.0
STREET_M = 11.0  # from curb to curb
CORNER_M = 8.0  # kept free at each end of a face
WIDTH_M = 2.4
SPACE_M = 6.5
WEEKDAYS = frozenset(range(5))


@dataclass(frozen=True)
class _Face:
    """One side of a street between two crossings, as a box in metres."""

    street: str
    start: str
    end: str
    side: str
    box: tuple[float, float, float, float]
    length: float


def grid(zones: int, *, seed: int = 0, lat: float = 37.916, lon: float = -122.310) -> CurbSet:
    """A CurbSet of that many block faces round a place: two-hour, four-hour with permits, one-hour and free ones.

    The four-hour faces are of two permit areas, west and east, whose holders ("permit A", "permit B") are exempt.
    Ids depend on nothing but `seed` and the number of the face.
    """
    rng, projection = Random(seed), Projection(lat0=lat, lon0=lon)
    columns = ceil(sqrt(zones / 4)) + 1
    policies = _policies(seed)
    built = []
    for number, face in zip(range(zones), _faces(columns), strict=False):
        east = face.box[0] >= columns * BLOCK_EAST_M / 2
        kind = rng.choices(("two", "four", "one", "free"), (45, 35, 10, 10))[0]
        policy = policies[f"four {'B' if east else 'A'}" if kind == "four" else kind]
        built.append(_zone(_id(seed, f"zone {number}"), face, policy, "B" if east else "A", projection, seed))
    areas = tuple(_area(name, built, seed) for name in "AB")
    return CurbSet(tuple(built), tuple(policies.values()), tuple(area for area in areas if area.zone_ids))


def _id(seed: int, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"urn:ecpd:grid:{seed}:{name}"))


def _faces(columns: int) -> Iterator[_Face]:
    """Both sides of every street, row by row; endless to the north."""
    half, row = STREET_M / 2, 0
    while True:
        y = row * BLOCK_NORTH_M
        for column in range(columns):
            x = column * BLOCK_EAST_M
            left, right = x + half + CORNER_M, x + BLOCK_EAST_M - half - CORNER_M
            low, high = y + half + CORNER_M, y + BLOCK_NORTH_M - half - CORNER_M
            avenue, crossings = f"Avenue {row + 1}", (f"Street {column + 1}", f"Street {column + 2}")
            yield _Face(avenue, *crossings, "N", (left, y + half - WIDTH_M, right, y + half), right - left)
            yield _Face(avenue, *crossings, "S", (left, y - half, right, y - half + WIDTH_M), right - left)
            street, crossings = f"Street {column + 1}", (f"Avenue {row + 1}", f"Avenue {row + 2}")
            yield _Face(street, *crossings, "E", (x + half - WIDTH_M, low, x + half, high), high - low)
            yield _Face(street, *crossings, "W", (x - half, low, x - half + WIDTH_M, high), high - low)
        row += 1


def _zone(id: str, face: _Face, policy: CurbPolicy, area: str, projection: Projection, seed: int) -> CurbZone:
    return CurbZone(
        id=id,
        geometry=projection.shape_to_degrees(box(*face.box)),
        policy_ids=(policy.id,),
        name=f"{face.street}, {face.side} side, {face.start} to {face.end}",
        street=face.street,
        cross_street_start=face.start,
        cross_street_end=face.end,
        side=face.side,
        length_cm=round(face.length * 100),
        width_cm=round(WIDTH_M * 100),
        num_spaces=int(face.length / SPACE_M),
        parking_angle="parallel",
        area_ids=(_id(seed, f"area {area}"),),
        resolution="Invented resolution 1",
        signs_since=date(2026, 1, 1),
    )


def _area(name: str, zones: list[CurbZone], seed: int) -> CurbArea:
    id = _id(seed, f"area {name}")
    inside = [zone for zone in zones if id in zone.area_ids]
    return CurbArea(id, _around(inside), tuple(zone.id for zone in inside), f"Permit area {name}")


def _around(zones: list[CurbZone]) -> BaseGeometry:
    corners = [point for zone in zones for point in zone.geometry.exterior.coords]
    return MultiPoint(corners).envelope if corners else Polygon()


def _policies(seed: int) -> dict[str, CurbPolicy]:
    def limited(name: str, minutes: float, days: frozenset[int], begin: int, end: int, permit: str = "") -> CurbPolicy:
        rule = CurbRule(Activity.PARKING, max_stay=minutes, user_classes_except=(permit,) if permit else ())
        span = TimeSpan(days=days, start=time(begin), end=time(end))
        return CurbPolicy(_id(seed, f"policy {name}"), 1, (rule,), (span,), name=name)

    return {
        "two": limited("2 hours", 120, WEEKDAYS, 8, 18),
        "four A": limited("4 hours except permit A", 240, WEEKDAYS, 7, 18, "permit A"),
        "four B": limited("4 hours except permit B", 240, WEEKDAYS, 7, 18, "permit B"),
        "one": limited("1 hour", 60, WEEKDAYS | {5}, 9, 18),
        "free": CurbPolicy(_id(seed, "policy free"), 1, (CurbRule(Activity.PARKING),), name="no limit"),
    }
