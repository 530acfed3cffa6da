"""A small made-up town: a grid of streets with a zone on each side of every block, and patrol cars that drive it."""

import math
from dataclasses import replace
from datetime import UTC, datetime

from shapely.geometry import Polygon

from parking.curbs.projection import Projection
from parking.curbs.types import CurbZone, Scope
from parking.overtime.observation import Observation

PROJECTION = Projection(lat0=37.915, lon0=-122.31)
BLOCK_M, STREET_M, STRIP_M = 100.0, 10.0, 2.4
HEADINGS = {"E": 0.0, "W": 180.0, "N": 270.0, "S": 90.0}  # driving on the right, past the curb on the right
NOON = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def zone(street: str, block: int, side: str, /, **changes) -> CurbZone:
    """The zone along one side of one block: "v2" is the third street going north, "h0" the first going east."""
    kind, number = street[0], int(street[1:])
    near, far = STREET_M / 2 + 6, BLOCK_M - STREET_M / 2 - 6
    inner, outer = STREET_M / 2 - STRIP_M, STREET_M / 2
    sign = 1 if side in "EN" else -1
    along = (block * BLOCK_M + near, block * BLOCK_M + far)
    across = (number * BLOCK_M + sign * inner, number * BLOCK_M + sign * outer)
    corners = [(along[0], across[0]), (along[1], across[0]), (along[1], across[1]), (along[0], across[1])]
    if kind == "v":
        corners = [(y, x) for x, y in corners]
    crossing = "h" if kind == "v" else "v"
    made = CurbZone(
        id=f"{street}.{block}{side}",
        geometry=Polygon([PROJECTION.to_degrees(x, y) for x, y in corners]),
        policy_ids=("two-hours",),
        street=street,
        cross_street_start=f"{crossing}{block}",
        cross_street_end=f"{crossing}{block + 1}",
        side=side,
        scope=Scope.BLOCK_FACE,
    )
    return replace(made, **changes)


def town(size: int = 3, **changes) -> list[CurbZone]:
    """Every zone of a grid of `size` streets each way."""
    return [
        zone(f"{kind}{number}", block, side, **changes)
        for kind, sides in (("v", "EW"), ("h", "NS"))
        for number in range(size)
        for block in range(size)
        for side in sides
    ]


def spot(street: str, block: int, side: str, along: float) -> tuple[float, float]:
    """Where a car stands that is parked `along` metres from the block's southern or western corner, in metres."""
    kind, number = street[0], int(street[1:])
    sign = 1 if side in "EN" else -1
    across = number * BLOCK_M + sign * (STREET_M / 2 - STRIP_M / 2)
    place = (block * BLOCK_M + along, across)
    return (place[1], place[0]) if kind == "v" else place


def passing(
    street: str, block: int, side: str, along: float, *, error=(0.0, 0.0), camera="R", at=NOON, **changes
) -> Observation:
    """What a patrol car sees that drives past a parked car, its own position wrong by `error` (east, north)."""
    heading = HEADINGS[side] if camera != "L" else (HEADINGS[side] + 180) % 360
    look = math.radians(HEADINGS[side] + 90)
    lateral = 3.5 if camera == "R" else 6.0
    x, y = spot(street, block, side, along)
    x, y = x - lateral * math.sin(look) + error[0], y - lateral * math.cos(look) + error[1]
    longitude, latitude = PROJECTION.to_degrees(x, y)
    seen = Observation(
        at=at, latitude=latitude, longitude=longitude, accuracy_m=4.0, heading=heading, speed_mps=7.0,
        camera_side=camera,
    )  # fmt: skip
    return replace(seen, **changes)
