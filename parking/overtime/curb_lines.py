"""Zones as curb lines in metres: along which line a car stands, on which side of the street, and where curbs end.

A strip (CDS polygons) becomes the long axis of its smallest rectangle and a half width. Zones that continue one
another are one curb. An end is closed where nobody parks beyond it: another street's curb is near (a corner), or the
next zone begins at once; the error of a position is not spread beyond a closed end.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from parking.curbs.types import CurbZone

Floats = NDArray[np.float64]

PARALLEL = math.cos(math.radians(20))
SAME_CURB_LATERAL_M = 3.0
SAME_CURB_GAP_M = 40.0
CLOSED_GAP_M = 8.0
CORNER_M = 20.0
STREET_M = (5.0, 25.0)  # how far apart the two curbs of a street are

_COMPASS = {name: 45.0 * place for place, name in enumerate(("N", "NE", "E", "SE", "S", "SW", "W", "NW"))}


@dataclass(frozen=True)
class CurbLines:
    """One entry a zone, in the order given.

    `outward`: unit vectors from the street's middle to the curb, (0, 0) where the side is not known; `two_sided`: the
    zone is no strip on one side (a lot, a whole roadway). `curb`: number of the curb. `open_start`, `open_end`: 1.0
    where cars may park beyond that end, else 0.0.
    """

    lines: NDArray[np.object_]
    length: Floats
    half_width: Floats
    outward: Floats
    two_sided: NDArray[np.bool_]
    curb: NDArray[np.int64]
    open_start: Floats
    open_end: Floats


def curb_lines(zones: Sequence[CurbZone], shapes: Sequence[BaseGeometry]) -> CurbLines:
    """Work out the lines of zones whose geometries in metres are `shapes`."""
    axes = [_axis(shape) for shape in shapes]
    lines = np.array([line for line, _ in axes], dtype=object)
    half_width = np.array([half for _, half in axes])
    pairs = _neighbours(lines)
    two_sided = np.array([zone.entire_roadway for zone in zones], dtype=bool) | (half_width > STREET_M[0])
    outward = np.array([_outward_by_label(zone, line) for zone, line in zip(zones, lines, strict=True)]).reshape(-1, 2)
    _outward_by_opposite(outward, lines, pairs)
    outward[two_sided] = 0
    open_start, open_end = _open_ends(lines, pairs)
    length = shapely.length(lines)
    return CurbLines(lines, length, half_width, outward, two_sided, _curbs(lines, pairs), open_start, open_end)


def _axis(shape: BaseGeometry) -> tuple[LineString, float]:
    """A zone's line and half width: lines as they are, anything else by its smallest rectangle."""
    if isinstance(shape, LineString):
        return shape, 0.0
    rectangle = shape.minimum_rotated_rectangle
    if not isinstance(rectangle, Polygon):  # a shape without an area: a point, points in a row
        west, south, east, north = shape.bounds
        return LineString([(west, south), (east + 0.01, north)]), 0.0
    corners = np.array(rectangle.exterior.coords[:4])
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    if sides[0] < sides[1]:
        corners = np.roll(corners, -1, axis=0)
    start, end = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
    return LineString([start, end]), shape.area / max(float(np.linalg.norm(end - start)), 1e-6) / 2


def tangents(lines: NDArray[np.object_], along: Floats) -> Floats:
    """Unit vectors of lines at distances along them, in the direction of their vertices."""
    before = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(along - 0.5, 0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(lines, along + 0.5))
    step = after - before
    return step / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)


@dataclass(frozen=True)
class _Pairs:
    """Two zones near each other, one row a pair in both orders: the gap between them and how it lies to the first."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    vector: Floats  # from the first zone's nearest point to the other's
    lateral: Floats
    gap: Floats
    parallel: NDArray[np.bool_]
    along: Floats  # of the nearest point, on the first zone


def _neighbours(lines: NDArray[np.object_]) -> _Pairs:
    one, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=SAME_CURB_GAP_M)
    one, other = one[one != other], other[one != other]
    shortest = shapely.get_coordinates(shapely.shortest_line(lines[one], lines[other])).reshape(-1, 2, 2)
    along = shapely.line_locate_point(lines[one], shapely.points(shortest[:, 0]))
    along_other = shapely.line_locate_point(lines[other], shapely.points(shortest[:, 1]))
    tangent, tangent_other = tangents(lines[one], along), tangents(lines[other], along_other)
    vector = shortest[:, 1] - shortest[:, 0]
    lateral = np.abs(tangent[:, 0] * vector[:, 1] - tangent[:, 1] * vector[:, 0])
    parallel = np.abs((tangent * tangent_other).sum(axis=1)) >= PARALLEL
    return _Pairs(one, other, vector, lateral, np.linalg.norm(vector, axis=1), parallel, along)


def _outward_by_label(zone: CurbZone, line: LineString) -> tuple[float, float]:
    """The normal of the zone's line on the compass side it is labelled with; none where the two do not agree."""
    bearing = _COMPASS.get(zone.side)
    if bearing is None:
        return 0.0, 0.0
    middle = np.array([line.length / 2])
    tangent = tangents(np.array([line], dtype=object), middle)[0]
    east, north = math.sin(math.radians(bearing)), math.cos(math.radians(bearing))
    agreement = -tangent[1] * east + tangent[0] * north
    if abs(agreement) < 0.5:
        return 0.0, 0.0
    sign = math.copysign(1.0, agreement)
    return -tangent[1] * sign, tangent[0] * sign


def _outward_by_opposite(outward: Floats, lines: NDArray[np.object_], pairs: _Pairs) -> None:
    """Where a zone has no label: away from the nearest parallel curb across the street."""
    across = pairs.parallel & (pairs.gap >= STREET_M[0]) & (pairs.gap <= STREET_M[1])
    across &= pairs.lateral > 0.9 * pairs.gap
    unknown = {place for place in range(len(lines)) if not outward[place].any()}
    for row in np.flatnonzero(across)[np.argsort(pairs.gap[across], kind="stable")]:
        zone = int(pairs.one[row])
        if zone in unknown:
            outward[zone] = -pairs.vector[row] / pairs.gap[row]
            unknown.remove(zone)


def _curbs(lines: NDArray[np.object_], pairs: _Pairs) -> NDArray[np.int64]:
    """Number the curbs: zones that continue one another along one line share a number."""
    parents = list(range(len(lines)))

    def root(place: int) -> int:
        while parents[place] != place:
            place = parents[place]
        return place

    for row in np.flatnonzero(pairs.parallel & (pairs.lateral <= SAME_CURB_LATERAL_M)):
        parents[root(int(pairs.one[row]))] = root(int(pairs.other[row]))
    return np.array([root(place) for place in range(len(lines))], dtype=np.int64)


def _open_ends(lines: NDArray[np.object_], pairs: _Pairs) -> tuple[Floats, Floats]:
    length = shapely.length(lines)[pairs.one]
    continued = pairs.parallel & (pairs.lateral <= SAME_CURB_LATERAL_M) & (pairs.gap <= CLOSED_GAP_M)
    corner = ~pairs.parallel & (pairs.gap <= CORNER_M)
    ends = []
    for near in (pairs.along < 0.25 * length, pairs.along > 0.75 * length):
        opened = np.ones(len(lines))
        opened[pairs.one[(continued | corner) & near]] = 0.0
        ends.append(opened)
    return ends[0], ends[1]
