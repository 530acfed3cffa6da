"""A small map of one alert, drawn as SVG: curbs, street names, where the two pictures were taken. Needs no tiles."""

from dataclasses import dataclass
from math import atan2, degrees, hypot

from shapely.geometry import box, shape

from parking.curbs.projection import Projection
from parking.models import Alert, StreetLabel, Zone
from parking.selectors.curb_rows import drawable

WIDTH, HEIGHT = 640, 400
HALF_M = 70.0  # metres shown to each side of the middle, across the width


@dataclass(frozen=True)
class Label:
    """A street's name: where it stands and how it is turned (degrees)."""

    text: str
    x: float
    y: float
    turn: float


@dataclass(frozen=True)
class Dot:
    """A place with its uncertainty, in pixels."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class AlertMap:
    """What the template draws. Paths are SVG path data."""

    zone: str
    others: str
    streets: str
    labels: list[Label]
    first: Dot | None
    last: Dot | None
    words: str
    not_drawn: str = ""
    width: int = WIDTH
    height: int = HEIGHT


class _Frame:
    """Degrees to pixels round one place."""

    def __init__(self, lon: float, lat: float) -> None:
        self.flat = Projection(lat, lon)
        self.scale = WIDTH / (2 * HALF_M)
        half_height = HEIGHT / 2 / self.scale
        self.window = box(-HALF_M, -half_height, HALF_M, half_height)

    def metres(self, geometry: dict):
        """The part of a geometry in the window, in metres."""
        return self.flat.shape_to_metres(shape(geometry)).intersection(self.window)

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Metres to pixels; north is up."""
        return round(WIDTH / 2 + x * self.scale, 1), round(HEIGHT / 2 - y * self.scale, 1)

    def dot(self, lon: float | None, lat: float | None, sigma: float | None) -> Dot | None:
        """A place with its standard error."""
        if lon is None or lat is None:
            return None
        return Dot(*self.pixel(*self.flat.to_metres(lon, lat)), round(max(sigma or 5.0, 2.0) * self.scale, 1))


def map_of(alert: Alert, zones: list[Zone], streets: list[StreetLabel]) -> AlertMap | None:
    """The map of an alert, None when its reads have no place."""
    first, last = alert.first_read, alert.last_read
    middle = next((read for read in (last, first) if read is not None and read.x is not None), None)
    if middle is None:
        return None
    frame = _Frame(middle.x, middle.y)
    (zones, no_zones), (streets, no_streets) = drawable(zones), drawable(streets)
    shown = {zone.pk: frame.metres(zone.geometry) for zone in zones}
    lines = [(street.name, frame.metres(street.geometry)) for street in streets]
    here = shown.pop(alert.zone_id, None)
    dots = [frame.dot(read.x, read.y, read.sigma_m) if read else None for read in (first, last)]
    return AlertMap(
        zone=_path(frame, [here] if here is not None else []),
        others=_path(frame, shown.values()),
        streets=_path(frame, [line for _, line in lines]),
        labels=[label for name, line in lines if (label := _label(frame, name, line))],
        first=dots[0],
        last=dots[1],
        words=_words(alert, frame),
        not_drawn=", ".join(map(str, (*no_zones, *no_streets))),
    )


def _words(alert: Alert, frame: _Frame) -> str:
    first, last = alert.first_read, alert.last_read
    places = [(read.x, read.y) for read in (first, last) if read and read.x is not None and read.y is not None]
    if len(places) < 2:
        return f"Map: {alert.place}."
    one, other = (frame.flat.to_metres(*place) for place in places)
    return f"Map: both pictures on {alert.place}, {hypot(one[0] - other[0], one[1] - other[1]):.0f} meters apart."


def _path(frame: _Frame, geometries) -> str:
    pieces = []
    for geometry in geometries:
        for part in getattr(geometry, "geoms", [geometry]):
            if part.is_empty:
                continue
            ring = part.exterior if hasattr(part, "exterior") else part
            points = " L".join(f"{x} {y}" for x, y in (frame.pixel(*point) for point in ring.coords))
            pieces.append(f"M{points}{'Z' if hasattr(part, 'exterior') else ''}")
    return " ".join(pieces)


def _label(frame: _Frame, name: str, line) -> Label | None:
    """The name along the street's longest straight piece in the window; none where it is hardly seen."""
    pieces = [(a, b) for part in getattr(line, "geoms", [line]) if not part.is_empty
              for a, b in zip(part.coords, part.coords[1:], strict=False)]  # fmt: skip
    if not pieces:
        return None
    (ax, ay), (bx, by) = max(pieces, key=lambda piece: hypot(piece[0][0] - piece[1][0], piece[0][1] - piece[1][1]))
    if hypot(ax - bx, ay - by) < 25:
        return None
    x, y = frame.pixel(ax + (bx - ax) * 0.3, ay + (by - ay) * 0.3)
    return Label(name, x, y, _turn(bx - ax, by - ay))


def _turn(east: float, north: float) -> float:
    turn = -degrees(atan2(north, east))
    return round(turn - 180 if turn > 90 else turn + 180 if turn <= -90 else turn, 1)
