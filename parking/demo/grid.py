"""A neighborhood as a grid of streets round a point: blocks, their two curbs, center lines. Knows no Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, radians, sin

from shapely.geometry import LineString, Polygon

from parking.curbs.projection import Projection

CURB_M = 5.5  # from the center line to the curb
STRIP_M = 2.4  # a parked car and its mirrors
REACH_M = 60.0  # how far a street goes on behind its last crossing
CORNER_M = 12.0  # from the middle of a crossing to where parking begins


@dataclass(frozen=True)
class Street:
    """A street's name and its center line in longitude and latitude, for labels on a map."""

    name: str
    line: LineString


@dataclass(frozen=True)
class Face:
    """One side of one block. `side` is that of the grid: E or W of a street that runs north, N or S of one across."""

    street: str
    start: str
    end: str
    side: str


@dataclass(frozen=True)
class Grid:
    """Streets in metres from (`lat`, `lon`): `norths` run towards `bearing` at a distance east of the point, `easts`
    run across them at a distance north of it; both distances in the grid's own directions."""

    lat: float
    lon: float
    bearing: float
    norths: Mapping[str, float]
    easts: Mapping[str, float]
    flat: Projection = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "flat", Projection(self.lat, self.lon))

    def position(self, north: float, east: float) -> tuple[float, float]:
        """Longitude and latitude of a point of the grid."""
        turn = radians(self.bearing)
        x, y = north * sin(turn) + east * cos(turn), north * cos(turn) - east * sin(turn)
        return self.flat.to_degrees(x, y)

    def faces(self, street: str, crossings: Sequence[str]) -> list[Face]:
        """Both sides of each block of a street between neighboring crossings, in their order."""
        sides = ("W", "E") if street in self.norths else ("S", "N")
        return [Face(street, start, end, side) for start, end in pairwise(crossings) for side in sides]

    def length(self, face: Face) -> float:
        """Metres of curb of a face on which one could park."""
        begin, end = self._ends(face)
        return end - begin

    def strip(self, face: Face, start: float = 0.0, end: float | None = None) -> Polygon:
        """The strip along a face's curb, from `start` to `end` metres (all of it), in longitude and latitude."""
        begin, last = self._ends(face)
        first, last = begin + start, last if end is None else begin + end
        out = 1 if face.side in ("E", "N") else -1
        near, far = out * (CURB_M - STRIP_M), out * CURB_M
        corners = [(first, near), (last, near), (last, far), (first, far)]
        return Polygon([self._along(face.street, along, beside) for along, beside in corners])

    def streets(self) -> list[Street]:
        """The center lines, each from one end of the grid to the other."""
        return [
            *(Street(name, self._center(name, self.easts.values())) for name in self.norths),
            *(Street(name, self._center(name, self.norths.values())) for name in self.easts),
        ]

    def _center(self, street: str, across: Iterable[float]) -> LineString:
        met = list(across)
        ends = (min(met) - REACH_M, max(met) + REACH_M)
        return LineString([self._along(street, end, 0.0) for end in ends])

    def _along(self, street: str, along: float, beside: float) -> tuple[float, float]:
        """A point `along` a street and `beside` its center line, east or north of it counted positive."""
        if street in self.norths:
            return self.position(along, self.norths[street] + beside)
        return self.position(self.easts[street] + beside, along)

    def _ends(self, face: Face) -> tuple[float, float]:
        across = self.easts if face.street in self.norths else self.norths
        return across[face.start] + CORNER_M, across[face.end] - CORNER_M
