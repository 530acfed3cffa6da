"""What is measured on curbs: length along the curb, centers, zones that overlap."""

from collections.abc import Iterable, Iterator, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from parking.curbs.projection import Projection
from parking.curbs.types import CurbArea, CurbSet, CurbSpace, CurbZone, Fault

OVERLAP_M2 = 1.0  # a sliver between two drawings is no overlap
LINE_WIDTH_M = 0.5
SLACK_M = 2.0
GRID_DEGREES = 1e-8


def curb_length_m(shape: BaseGeometry) -> float:
    """Length along the curb in metres: of a line itself; of a strip the mean of its two long sides.

    A strip's outline is two long sides and two ends: for width w and length l the outline is 2 (l + w) and the area
    l w, so l and w are the roots of x² - (outline / 2) x + area. Bends change that little. Parts are added up.
    """
    flat = Projection.around(shape).shape_to_metres(shape)
    if not flat.geom_type.endswith("Polygon"):
        return flat.length
    return sum(_strip_length(part) for part in getattr(flat, "geoms", [flat]))


def center(shape: BaseGeometry) -> tuple[float, float]:
    """Longitude and latitude of a point in the middle of a shape and on it."""
    point = shape.centroid if shape.covers(shape.centroid) else shape.representative_point()
    return point.x, point.y


def strip(line: BaseGeometry, width_m: float) -> BaseGeometry:
    """A line in degrees as a polygon of this width with flat ends."""
    flat = Projection.around(line)
    return flat.shape_to_degrees(flat.shape_to_metres(line).buffer(width_m / 2, cap_style="flat"))


def valid_together(one: CurbZone, other: CurbZone) -> bool:
    """Whether two zones are in force at some common moment; an end is not included."""
    return _starts(one) < _ends(other) and _starts(other) < _ends(one)


def overlaps(zones: Sequence[CurbZone]) -> list[tuple[CurbZone, CurbZone, float]]:
    """Pairs of zones in force at a common time that lie on each other, with the area in square metres.

    A line counts as LINE_WIDTH_M wide.
    """
    if len(zones) < 2:
        return []
    flat = Projection.around(shapely.GeometryCollection([zone.geometry for zone in zones]))
    shapes = [_areal(flat.shape_to_metres(zone.geometry)) for zone in zones]
    found = []
    for one, other in _pairs(shapes):
        area = shapes[one].intersection(shapes[other]).area
        if area > OVERLAP_M2 and valid_together(zones[one], zones[other]):
            found.append((zones[one], zones[other], area))
    return found


def largest(shape: BaseGeometry) -> BaseGeometry:
    """The largest polygon of a shape in degrees, valid on a grid of a millimetre; an empty one if there is none."""
    firm = shapely.set_precision(shape, GRID_DEGREES)
    parts = [part for part in getattr(firm, "geoms", [firm]) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area) if parts else shapely.Polygon()


def apart(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """The same polygons without overlap: the earlier keeps the place, if that leaves the later most of its own.

    What lies on another by more than half stays where it is: that is no matter of drawing.
    """
    left = list(shapes)
    for one, other in _pairs(shapes):
        if left[one].intersection(left[other]).area > 0:
            rest = largest(left[other].difference(left[one]))
            left[other] = rest if rest.area > left[other].area / 2 else left[other]
    return left


def warnings(curbs: CurbSet) -> list[Fault]:
    """What is doubtful about the drawing of a set that can be imported all the same."""
    found = [
        Fault(one.id, "geometry", f"This zone overlaps zone {other.id} by {size:.0f} m² while both are in force.")
        for one, other, size in overlaps(curbs.zones)
    ]
    return [*found, *_outside_areas(curbs), *_overlapping_spaces(curbs.spaces)]


def _pairs(shapes: Sequence[BaseGeometry]) -> list[tuple[int, int]]:
    """The places of shapes that touch, each pair once, in order."""
    found = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return sorted((int(one), int(other)) for one, other in zip(*found, strict=True) if one < other)


def _areal(shape: BaseGeometry) -> BaseGeometry:
    return shape if shape.geom_type.endswith("Polygon") else shape.buffer(LINE_WIDTH_M / 2, cap_style="flat")


def _strip_length(part: BaseGeometry) -> float:
    half, area = part.length / 2, part.area
    root = max(half * half - 4 * area, 0.0) ** 0.5
    return (half + root) / 2


def _starts(zone: CurbZone) -> float:
    return float("-inf") if zone.start_ms is None else zone.start_ms


def _ends(zone: CurbZone) -> float:
    return float("inf") if zone.end_ms is None else zone.end_ms


def _outside_areas(curbs: CurbSet) -> Iterator[Fault]:
    areas: dict[str, CurbArea] = {area.id: area for area in curbs.areas}
    for zone in curbs.zones:
        for area in (areas[name] for name in zone.area_ids if name in areas):
            flat = Projection.around(area.geometry)
            if not flat.shape_to_metres(area.geometry).buffer(SLACK_M).covers(flat.shape_to_metres(zone.geometry)):
                yield Fault(zone.id, "curb_area_ids", f"This zone reaches out of its area {area.name or area.id}.")


def _overlapping_spaces(spaces: Iterable[CurbSpace]) -> Iterator[Fault]:
    by_zone: dict[str, list[CurbSpace]] = {}
    for space in spaces:
        by_zone.setdefault(space.zone_id, []).append(space)
    for found in by_zone.values():
        flat = Projection.around(found[0].geometry)
        shapes = [flat.shape_to_metres(space.geometry) for space in found]
        for one, other in _pairs(shapes):
            if shapes[one].intersection(shapes[other]).area > OVERLAP_M2:
                yield Fault(found[one].id, "geometry", f"This space overlaps space {found[other].id}.")
