"""Features along one side of a street, cut where any of them begins or ends, so that zones do not overlap."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan2, degrees

import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from parking.curbs.curblr.regulations import Regulation
from parking.curbs.geometry import apart, largest
from parking.curbs.projection import Projection

CURB_FROM_CENTER_M = 4.8  # the middle of a parked car; the drawing is no survey
WIDTH_M = {"parallel": 2.4, "perpendicular": 5.0, "angled": 5.0}
SHORTEST_M = 0.5  # less is the noise of two measurements
GAP_M = 1.5  # how far the lines of neighbors may end apart
COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


@dataclass(frozen=True)
class Placed:
    """A feature's regulations and where they hold: metres along one side of a referenced street."""

    name: str
    line: BaseGeometry
    reference: str
    side: str
    start: float
    end: float
    street: str
    angle: str
    regulations: tuple[Regulation, ...]


@dataclass(frozen=True)
class Piece:
    """A part of a street's side that the same features cover."""

    start: float
    end: float
    features: tuple[Placed, ...]

    @property
    def drawn(self) -> Placed:
        """The feature whose line it is drawn from: the longest."""
        return max(self.features, key=lambda feature: feature.end - feature.start)

    @property
    def regulations(self) -> frozenset[Regulation]:
        """What holds along it, each regulation once."""
        return frozenset(regulation for feature in self.features for regulation in feature.regulations)


@dataclass(frozen=True)
class Stretch:
    """Neighboring pieces with the same regulations, and the shape they have together."""

    pieces: tuple[Piece, ...]
    shape: BaseGeometry
    compass: str

    @property
    def start(self) -> float:
        """Metres along the referenced street."""
        return self.pieces[0].start

    @property
    def end(self) -> float:
        """Metres along the referenced street."""
        return self.pieces[-1].end

    @property
    def features(self) -> tuple[Placed, ...]:
        """The features that hold along it or a part of it."""
        return tuple(dict.fromkeys(feature for piece in self.pieces for feature in piece.features))

    @property
    def regulations(self) -> tuple[Regulation, ...]:
        """What holds along it."""
        return tuple(dict.fromkeys(regulation for feature in self.features for regulation in feature.regulations))


def cut(features: Iterable[Placed]) -> list[Stretch]:
    """Stretches in which the same regulations hold; where strips cross at a corner, the earlier keeps the corner."""
    sides: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    for feature in features:
        sides[feature.reference, feature.side].append(feature)
    found = [stretch for along in sides.values() for stretch in _along(along)]
    shapes = apart([stretch.shape for stretch in found])
    return [replace(stretch, shape=shape) for stretch, shape in zip(found, shapes, strict=True)]


def _along(features: list[Placed]) -> Iterator[Stretch]:
    flat = Projection.around(shapely.GeometryCollection([feature.line for feature in features]))
    for pieces in _runs(_pieces(features)):
        lines = [_line(piece, flat) for piece in pieces]
        strips = [_strip(line, piece.drawn) for line, piece in zip(lines, pieces, strict=True)]
        shape = flat.shape_to_degrees(_together(strips))
        yield Stretch(tuple(pieces), largest(shape), _direction(lines[0], strips[0], features[0].side))


def _pieces(along: list[Placed]) -> Iterator[Piece]:
    edges = sorted({edge for feature in along for edge in (feature.start, feature.end)})
    for start, end in pairwise(edges):
        covering = tuple(feature for feature in along if feature.start <= start and end <= feature.end)
        if covering and end - start >= SHORTEST_M:
            yield Piece(start, end, covering)


def _runs(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """A border within one and the same regulation is none."""
    held: list[Piece] = []
    for piece in pieces:
        if held and held[-1].end == piece.start and held[-1].regulations == piece.regulations:
            held.append(piece)
            continue
        if held:
            yield held
        held = [piece]
    if held:
        yield held


def _line(piece: Piece, flat: Projection) -> BaseGeometry:
    """The piece of the center line, in metres."""
    feature = piece.drawn
    length = feature.end - feature.start
    first, last = (piece.start - feature.start) / length, (piece.end - feature.start) / length
    return substring(flat.shape_to_metres(feature.line), first, last, normalized=True)


def _strip(line: BaseGeometry, feature: Placed) -> BaseGeometry:
    """The strip along the curb; a feature whose side is unknown has it along the center line."""
    offset = {"left": CURB_FROM_CENTER_M, "right": -CURB_FROM_CENTER_M}.get(feature.side, 0.0)
    moved = line.offset_curve(offset) if offset else line
    return moved.buffer(WIDTH_M.get(feature.angle, WIDTH_M["parallel"]) / 2, cap_style="flat")


def _together(strips: list[BaseGeometry]) -> BaseGeometry:
    """One shape of strips that nearly touch: lines of neighbors end a little apart."""
    if len(strips) == 1:
        return strips[0]
    return shapely.union_all(strips).buffer(GAP_M, join_style="mitre").buffer(-GAP_M, join_style="mitre")


def _direction(center: BaseGeometry, curb: BaseGeometry, side: str) -> str:
    """Which way the curb lies, seen from the middle of the street; empty where the side is unknown."""
    if side not in ("left", "right") or curb.is_empty:
        return ""
    middle = center.interpolate(0.5, normalized=True)
    there = curb.centroid
    bearing = degrees(atan2(there.x - middle.x, there.y - middle.y)) % 360
    return COMPASS[round(bearing / 45) % 8]
