"""Block faces as a patrol drives them: spaces in the order of travel, each with its place and its heading.

Cars park with the curb on their right, and the patrol drives so too: along the north side of a street it heads west.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan2, degrees

import numpy as np
import shapely
from numpy.typing import NDArray

from parking.curbs.projection import Projection
from parking.curbs.types import Activity, CurbSet, CurbZone
from parking.overtime.curb_lines import curb_lines

SPACE_M = 6.5
OPPOSITE_M = (5.0, 13.0)  # between the middles of two rows of parked cars
NOT_FOR_CARS = frozenset(Activity) - {Activity.PARKING, Activity.NO_LOADING, Activity.NO_UNLOADING}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Face:
    """A zone's curb in metres. One row a space, in the order of travel: places, headings (degrees from north).

    `outward`: unit vector from the street to the curb. `along`: metres from the start of travel to each space.
    `opposite`: number of the face across the street, None when there is none near enough for a side camera.
    """

    zone: CurbZone
    spaces: Floats
    headings: Floats
    along: Floats
    length: float
    outward: tuple[float, float]
    start: tuple[float, float]
    end: tuple[float, float]
    opposite: int | None = None


def faces_of(curbs: CurbSet, projection: Projection) -> list[Face]:
    """The faces of all zones on which cars may park at some time; lots and whole roadways are left out."""
    zones = [zone for zone in curbs.zones if _is_for_cars(zone, curbs) and not zone.entire_roadway]
    if not zones:
        raise ValueError("None of these zones is a curb on which cars may park.")
    lines = curb_lines(zones, [projection.shape_to_metres(zone.geometry) for zone in zones])
    kept = [n for n in range(len(zones)) if not lines.two_sided[n] and lines.length[n] >= SPACE_M]
    faces = [_face(zones[n], lines.lines[n], lines.outward[n]) for n in kept]
    return _with_opposites(faces)


def _is_for_cars(zone: CurbZone, curbs: CurbSet) -> bool:
    """Whether parking is what the zone's ordinary (last) policy is about."""
    policies = sorted((p for p in curbs.policies if p.id in zone.policy_ids), key=lambda p: p.priority)
    return not policies or any(rule.activity not in NOT_FOR_CARS for rule in policies[-1].rules)


def _face(zone: CurbZone, line: shapely.LineString, outward: Floats) -> Face:
    length = line.length
    count = min(zone.num_spaces or int(length / SPACE_M), int(length / 5.0)) or 1
    if outward.any() and _right_of(line) @ outward < 0:
        line = line.reverse()
    along = (np.arange(count) + 0.5) * length / count
    spaces = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(along + 0.5, length)))
    step = ahead - shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(along - 0.5, 0)))
    ends = shapely.get_coordinates(line)[[0, -1]]
    out = _right_of(line)
    return Face(
        zone=zone,
        spaces=spaces,
        headings=np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360.0,
        along=along,
        length=length,
        outward=(float(out[0]), float(out[1])),
        start=(float(ends[0, 0]), float(ends[0, 1])),
        end=(float(ends[1, 0]), float(ends[1, 1])),
    )


def _right_of(line: shapely.LineString) -> Floats:
    """Unit vector to the right of the line's direction, end to end."""
    ends = shapely.get_coordinates(line)[[0, -1]]
    step = ends[1] - ends[0]
    return np.array([step[1], -step[0]]) / max(float(np.hypot(*step)), 1e-9)


def bearing(vector: tuple[float, float]) -> float:
    """Degrees from north, clockwise, of a vector east and north."""
    return degrees(atan2(vector[0], vector[1])) % 360.0


def _with_opposites(faces: Sequence[Face]) -> list[Face]:
    """Each face with the number of that across the street: parallel, outward the other way, side by side."""
    middles = np.array([(np.array(face.start) + face.end) / 2 for face in faces])
    outward = np.array([face.outward for face in faces])
    tree = shapely.STRtree(shapely.points(middles))
    found = []
    for number, face in enumerate(faces):
        near = tree.query(shapely.Point(middles[number]), predicate="dwithin", distance=OPPOSITE_M[1] + 15.0)
        apart = (middles[near] - middles[number]) @ -outward[number]
        facing = outward[near] @ outward[number] < -0.9
        fits = near[facing & (apart >= OPPOSITE_M[0]) & (apart <= OPPOSITE_M[1])]
        found.append(replace(face, opposite=int(fits[0]) if len(fits) else None))
    return found
