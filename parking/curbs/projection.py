"""A flat map of a small place: degrees to metres east and north of a reference point, and back.

Equirectangular, with the two radii of curvature of the WGS 84 ellipsoid at the reference latitude:
x = N(lat0) cos(lat0) (lon - lon0), y = M(lat0) (lat - lat0). Its error grows with the distance from the reference
latitude: lengths east to west are wrong by tan(lat0) per radian of latitude, at 37.9 degrees 0.012 % a kilometre.
Two points within 5 km of the reference, as far apart as a block (200 m), are right to 0.15 m; the two ends of a city
5 km across to 3 m. For matching a position to a curb take the reference within a few kilometres.
"""

from dataclasses import dataclass, field
from math import cos, radians, sin, sqrt
from typing import Any, TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

EQUATOR_M = 6_378_137.0  # WGS 84: semi-major axis
ECCENTRICITY_SQUARED = 6.69437999014e-3  # WGS 84

Number = TypeVar("Number", float, np.ndarray)


@dataclass(frozen=True)
class Projection:
    """Degrees to metres round (`lat0`, `lon0`); numbers and numpy arrays alike."""

    lat0: float
    lon0: float
    metres_per_lon: float = field(init=False, repr=False, compare=False)
    metres_per_lat: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        w = sqrt(1 - ECCENTRICITY_SQUARED * sin(radians(self.lat0)) ** 2)
        east = EQUATOR_M / w * cos(radians(self.lat0))
        north = EQUATOR_M * (1 - ECCENTRICITY_SQUARED) / w**3
        object.__setattr__(self, "metres_per_lon", radians(east))
        object.__setattr__(self, "metres_per_lat", radians(north))

    def to_metres(self, lon: Number, lat: Number) -> tuple[Number, Number]:
        """Metres east and north of the reference; longitude comes first, as in GeoJSON."""
        return (lon - self.lon0) * self.metres_per_lon, (lat - self.lat0) * self.metres_per_lat

    def to_degrees(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Longitude and latitude of a point `x` metres east and `y` north of the reference."""
        return x / self.metres_per_lon + self.lon0, y / self.metres_per_lat + self.lat0

    def coordinates_to_metres(self, coordinates: Any) -> np.ndarray:
        """An (n, 2) array of metres from (n, 2) longitudes and latitudes."""
        return (np.asarray(coordinates, dtype=float) - self._origin) * self._scale

    def coordinates_to_degrees(self, coordinates: Any) -> np.ndarray:
        """An (n, 2) array of longitudes and latitudes from (n, 2) metres."""
        return np.asarray(coordinates, dtype=float) / self._scale + self._origin

    def shape_to_metres(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in degrees as a shape in metres: `length` and `area` then mean something."""
        return shapely.transform(shape, self.coordinates_to_metres)

    def shape_to_degrees(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in metres as a shape in degrees."""
        return shapely.transform(shape, self.coordinates_to_degrees)

    @classmethod
    def around(cls, shape: BaseGeometry) -> "Projection":
        """A projection whose reference is the middle of the shape's bounds (degrees)."""
        west, south, east, north = shape.bounds
        return cls(lat0=(south + north) / 2, lon0=(west + east) / 2)

    @property
    def _origin(self) -> np.ndarray:
        return np.array([self.lon0, self.lat0])

    @property
    def _scale(self) -> np.ndarray:
        return np.array([self.metres_per_lon, self.metres_per_lat])
