"""Shapes of an import: GeoJSON in, a valid shapely geometry out, or a fault that says what is wrong with it."""

from collections.abc import Collection
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from parking.curbs.feature import Feature

NOWHERE = shapely.Point()
KINDS = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
DIGITS = 7  # of a degree: a centimetre


def read_shape(feature: Feature, name: str, kinds: Collection[str]) -> BaseGeometry:
    """The shape under a field; an empty point and a fault if it is not one of these kinds, valid, and on Earth."""
    value = feature.raw(name, required=True)
    if value is None:
        return NOWHERE
    found = from_geojson(value)
    trouble = "This is not a GeoJSON geometry." if found is None else trouble_of(found, kinds)
    if trouble or found is None:
        feature.fault(name, trouble)
        return NOWHERE
    return found


def from_geojson(value: Any) -> BaseGeometry | None:
    """A geometry without its height; None if the object is none."""
    try:
        return shapely.force_2d(shape(value))
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError, RecursionError):
        return None


def sound(value: Any) -> BaseGeometry | None:
    """A geometry of our own rows, of whatever kind; None where its coordinates make none that can be drawn."""
    found = from_geojson(value)
    if found is None or trouble_of(found, KINDS) or _is_open(value):
        return None
    return found


def _is_open(value: dict) -> bool:
    """Whether an outline does not end where it began, which shapely closes by itself."""
    areas = {"Polygon": [value["coordinates"]], "MultiPolygon": value["coordinates"]}.get(value["type"], [])
    return any(list(ring[0]) != list(ring[-1]) for area in areas for ring in area)


def trouble_of(found: BaseGeometry, kinds: Collection[str]) -> str:
    """What is wrong with a shape in longitude and latitude, in a sentence; empty if nothing is."""
    if found.geom_type not in kinds:
        return f"This is a {found.geom_type}; it must be a {' or a '.join(kinds)}."
    if found.is_empty:
        return "This shape is empty."
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return "This shape is not in longitude and latitude (WGS 84)."
    if not found.is_valid:
        return f"This shape is not valid: {explain_validity(found)}."
    if (found.length == 0 and not found.geom_type.endswith("Point")) or (
        found.geom_type.endswith("Polygon") and found.area == 0
    ):
        return "This shape has no extent."
    return ""


def to_geojson(found: BaseGeometry, digits: int | None = None) -> dict[str, Any]:
    """GeoJSON of a shape, as lists; rounded to `digits` of a degree if given."""
    return {"type": found.geom_type, "coordinates": _lists(mapping(found)["coordinates"], digits)}


def _lists(value: Any, digits: int | None) -> Any:
    if isinstance(value, tuple | list):
        return [_lists(item, digits) for item in value]
    return float(value) if digits is None else round(float(value), digits)
