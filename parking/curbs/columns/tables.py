"""Rows of a GeoJSON or CSV file, each with its number and its shape."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import GEOSException
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from parking.curbs.faults import CurbFaults
from parking.curbs.shapes import from_geojson
from parking.curbs.types import Fault

PLACE_COLUMNS = ("wkt", "longitude", "latitude", "longitude_end", "latitude_end")


@dataclass(frozen=True)
class Row:
    """One row: where it stands, its values by column in lower case, its shape (None if it cannot be read)."""

    name: str
    values: Mapping[str, str]
    shape: BaseGeometry | None


def geojson_rows(document: Any) -> Iterator[Row]:
    """The features of a FeatureCollection."""
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(features, list):
        raise CurbFaults([Fault("document", "features", "This is not a GeoJSON FeatureCollection.")])
    for number, feature in enumerate(features, start=1):
        inner = feature if isinstance(feature, Mapping) else {}
        properties = inner.get("properties")
        values = _texts(properties if isinstance(properties, Mapping) else {})
        yield Row(f"feature {number}", values, from_geojson(inner.get("geometry")))


def csv_rows(text: str, mapping: Mapping[str, str | Sequence[str]]) -> Iterator[Row]:
    """The rows of a CSV file that are not empty."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        for values in reader:
            told = _texts(values)
            if any(told.values()):
                yield Row(f"row {reader.line_num}", told, _shape(told, mapping))
    except csv.Error as error:
        raise CurbFaults([Fault(f"row {reader.line_num}", "row", f"This is not CSV: {error}.")]) from error


def _texts(values: Mapping[Any, Any]) -> dict[str, str]:
    return {
        str(name).strip().lower(): "" if value is None else str(value).strip()
        for name, value in values.items()
        if name is not None
    }


def _shape(values: Mapping[str, str], mapping: Mapping[str, str | Sequence[str]]) -> BaseGeometry | None:
    told = {name: values.get(str(mapping[name]).lower(), "") for name in PLACE_COLUMNS if name in mapping}
    try:
        if "wkt" in told:
            return shapely.force_2d(shapely.from_wkt(told["wkt"]))
        begin = Point(float(told["longitude"]), float(told["latitude"]))
        if told.get("longitude_end") and told.get("latitude_end"):
            return LineString([begin, Point(float(told["longitude_end"]), float(told["latitude_end"]))])
        return begin
    except (GEOSException, KeyError, ValueError):
        return None
