"""Tables of curb rules, GeoJSON or CSV, with a mapping that names their columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from parking.curbs.columns.read import Reading, read_rows
from parking.curbs.columns.tables import csv_rows, geojson_rows
from parking.curbs.types import CurbSet

__all__ = ["DATASF", "Reading", "read_csv", "read_geojson"]

# The columns of San Francisco's "Parking regulations (except non-metered color curb)".
DATASF: Mapping[str, str | Sequence[str]] = {
    "id": "objectid",
    "regulation": "regulation",
    "days": "days",
    "begin": "hrs_begin",
    "end": "hrs_end",
    "limit": "hrlimit",
    "permit_areas": ("rpparea1", "rpparea2", "rpparea3"),
}


def read_geojson(document: Any, mapping: Mapping[str, str | Sequence[str]], reading: Reading) -> CurbSet:
    """A FeatureCollection whose properties are the columns. Raises CurbFaults with every bad feature, by its number."""
    return read_rows(geojson_rows(document), mapping, reading)


def read_csv(text: str, mapping: Mapping[str, str | Sequence[str]], reading: Reading) -> CurbSet:
    """A CSV file with a header; rows are numbered as a spreadsheet shows them. Raises CurbFaults.

    The place is a column of WKT ("wkt"), or "longitude" and "latitude", with "longitude_end" and "latitude_end" a line.
    """
    return read_rows(csv_rows(text, mapping), mapping, reading)
